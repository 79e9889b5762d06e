// Holds the write lock until its standard input ends: path.
import { once } from "node:events";
import { openSqliteDatabase } from "../../dist/index.js";

const database = await openSqliteDatabase({ path: process.argv[2], mode: "open" });
await database.transaction(async (transaction) => {
  await transaction.query("UPDATE counter SET n = n + 1000");
  console.log("held");
  process.stdin.resume();
  await once(process.stdin, "end");
});
await database.close();
