// Gives a wallet another secret and kills itself before one of the statements that write, or before the
// end of one of the transactions; ends with 0 where there are not so many: path, mode, which one.
import { openSqliteDatabase } from "@writ/database";
import { killedAt } from "@writ/testkit";
import { createDatabaseWalletStore, rekeyWallet } from "../../dist/index.js";

const [, , path, mode, at] = process.argv;
const database = await openSqliteDatabase({ path, mode: "open" });
const raw = (byte) => ({ type: "raw", key: new Uint8Array(32).fill(byte) });
await rekeyWallet(createDatabaseWalletStore(killedAt(database, Number(at))), {
  secret: raw(1),
  newSecret: raw(2),
  mode,
});
await database.close();
