import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemRandom, WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import * as wallets from "@writ/wallet";

const folder = await mkdtemp(join(tmpdir(), "writ-backup-"));
const secret = { type: "raw", key: systemRandom(32) } as const;
const wallet = await wallets.createWallet(wallets.createMemoryWalletStore(), { secret });

// What is yielded is a backup when all of it has come: until then it has another name.
const backup = join(folder, "bot.age");
const opens = { type: "passphrase", passphrase: "six random words that serve nothing else" } as const;
async function backUp(attempts = 10): Promise<void> {
  const temporary = `${backup}.tmp`;
  try {
    await writeFile(temporary, wallets.backupWallet(wallet, { to: opens }), { mode: 0o600 });
    await rename(temporary, backup);
  } catch (error) {
    await rm(temporary, { force: true });
    // Somebody changed the wallet meanwhile.
    const isChanged = error instanceof WritError && error.code === "WALLET_CONFLICT";
    if (!isChanged || attempts === 1) throw error;
    await backUp(attempts - 1);
  }
}
await backUp();

const path = join(folder, "restored.wallet");
const made = await openSqliteDatabase({ path, mode: "create" });
const store = wallets.createDatabaseWalletStore(made);
const newSecret = { type: "raw", key: systemRandom(32) } as const;
const summary = await wallets.restoreWallet(store, () => createReadStream(backup), {
  secret: opens,
  newSecret,
  expectedDid: wallet.did,
});
assert.deepEqual(summary.records, { key: 1, credential: 0, generic: 0, delegation: 0, renewal: 0 });

const restored = await wallets.openWallet(store, newSecret);
assert.equal(restored.did, wallet.did);
console.log(`Restored ${restored.did}, as of ${summary.createdAt}.`);

restored.close();
wallet.close();
await made.close();
await rm(folder, { recursive: true });
