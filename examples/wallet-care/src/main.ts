import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemRandom } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import * as wallets from "@writ/wallet";

const folder = await mkdtemp(join(tmpdir(), "writ-care-"));
const file = await openSqliteDatabase({ path: join(folder, "bot.wallet"), mode: "create" });
const store = wallets.createDatabaseWalletStore(file);
const oldSecret = { type: "raw", key: systemRandom(32) } as const;
const wallet = await wallets.createWallet(store, { secret: oldSecret });

// Another secret: at any moment one of the two opens the wallet. Whoever has it open opens it again after `full`.
const secret = { type: "raw", key: systemRandom(32) } as const;
const rekeyed = await wallets.rekeyWallet(store, { secret: oldSecret, newSecret: secret, mode: "full" });
assert.deepEqual(rekeyed, { mode: "full", generation: 2 });
wallet.close();

// What is wrong with it, record by record? It is only read.
const { whole, findings } = await wallets.surveyWallet(store, { secret });
assert.equal(whole.key, 1);
assert.deepEqual(findings, []);

// Something is lost. What is whole goes into a new wallet, with a secret of its own.
await file.query("DELETE FROM wallet_pages");
const saved = await openSqliteDatabase({ path: join(folder, "saved.wallet"), mode: "create" });
const into = wallets.createDatabaseWalletStore(saved);
const newSecret = { type: "raw", key: systemRandom(32) } as const;
const survey = await wallets.saveWallet(store, { secret, into, newSecret });
console.log(survey.findings.map(({ code, of, detail }) => `${code} ${of}: ${detail}`).at(0));
const sound = await wallets.openWallet(into, newSecret);
assert.equal(sound.did, wallet.did);

sound.close();
await saved.close();
await file.close();
await rm(folder, { recursive: true });
