import { STORES } from "./world.js";
import { rekeySuite } from "./rekey-suite.js";
import { storeSuite } from "./store-suite.js";
import { tamperingSuite } from "./tampering-suite.js";
import { walletSuite } from "./wallet-suite.js";

for (const [name, openStore] of STORES) {
  storeSuite(name, openStore);
  walletSuite(name, openStore);
  tamperingSuite(name, openStore);
  rekeySuite(name, openStore);
}
