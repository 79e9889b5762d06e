// Makes keys in a wallet until it is killed, or so many as it is told, and says each name once the key is
// kept: path, name, and if wanted how many, and how SQLite is to synchronise.
import { writeSync } from "node:fs";
import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, createKey, openWallet } from "../../dist/index.js";

const [, , path, name, count = "Infinity", synchronous = "FULL"] = process.argv;
const database = await openSqliteDatabase({ path, mode: "open", busyTimeoutMs: 120_000 });
await database.query(`PRAGMA synchronous = ${synchronous}`);
const secret = { type: "raw", key: new Uint8Array(32).fill(1) };
const wallet = await openWallet(createDatabaseWalletStore(database), secret);
for (let n = 0; n < Number(count); n++) {
  await createKey(wallet, { name: `${name}-${n}` });
  writeSync(1, `${name}-${n}\n`);
}
await database.close();
