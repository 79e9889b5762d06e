// Uses up challenges when its standard input says go, and says on its standard output what became of each:
// path, and as JSON the challenges.
import { writeSync } from "node:fs";
import { once } from "node:events";
import { openSqliteDatabase } from "@writ/database";
import { openChallengeStore } from "../../dist/index.js";

const challenges = JSON.parse(process.argv[3]);
const database = await openSqliteDatabase({ path: process.argv[2], mode: "open", busyTimeoutMs: 120_000 });
const store = await openChallengeStore(database);
writeSync(1, "ready\n");
await once(process.stdin, "data");
await Promise.all(
  challenges.map(async (challenge) => {
    writeSync(1, `${challenge} ${await store.consume(challenge)}\n`);
  }),
);
await database.close();
process.stdin.destroy();
