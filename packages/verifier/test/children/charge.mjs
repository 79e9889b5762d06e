// Charges a ledger when its standard input says go, and acknowledges each answer on its standard output:
// path, and as JSON the name and count of the nonces, the charges and the time (absent: that of each charge).
import { writeSync } from "node:fs";
import { once } from "node:events";
import { openSqliteDatabase } from "@writ/database";
import { openLedger } from "../../dist/index.js";

const { name, count, charges, at } = JSON.parse(process.argv[3]);
const database = await openSqliteDatabase({ path: process.argv[2], mode: "open", busyTimeoutMs: 120_000 });
const ledger = await openLedger(database);
writeSync(1, "ready\n");
await once(process.stdin, "data");
await Promise.all(
  Array.from({ length: count }, async (_, index) => {
    const nonce = `${name}-${index}`;
    const now = at ?? Date.now();
    const { outcome } = await ledger.charge({
      holder: "did:web:holder.example",
      nonce,
      digestMultibase: "uEiA",
      at: now,
      keyUntil: now + 3_600_000,
      charges,
    });
    writeSync(1, `${nonce} ${outcome}\n`);
  }),
);
await database.close();
process.stdin.destroy();
