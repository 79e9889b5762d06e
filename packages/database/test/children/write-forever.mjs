// Inserts 1, 2, 3 … and acknowledges each on its standard output: path.
import { writeSync } from "node:fs";
import { openSqliteDatabase } from "../../dist/index.js";

const database = await openSqliteDatabase({ path: process.argv[2], mode: "open" });
for (let n = 1; ; n++) {
  await database.query("INSERT INTO written (n) VALUES ($1)", [n]);
  writeSync(1, `${n}\n`);
}
