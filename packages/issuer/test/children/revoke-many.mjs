// Says that it is ready, and once it is told to begin revokes one credential after the other: path, and the file
// with their ids.
import { readFileSync, writeSync } from "node:fs";
import { openSqliteDatabase } from "@writ/database";
import { openRegistry, revokeCredential } from "../../dist/index.js";

const [, , path, ids] = process.argv;
const database = await openSqliteDatabase({ path, mode: "open" });
const registry = await openRegistry(database);
writeSync(1, "ready\n");
await new Promise((begin) => process.stdin.once("data", begin));
for (const id of JSON.parse(readFileSync(ids, "utf8"))) await revokeCredential(registry, id);
await database.close();
process.stdin.destroy();
