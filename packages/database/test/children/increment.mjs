// Adds one to the counter, in a transaction that reads and then writes: path, times.
import { openSqliteDatabase } from "../../dist/index.js";

const [path, times] = process.argv.slice(2);
const database = await openSqliteDatabase({ path, mode: "open" });
for (let done = 0; done < Number(times); done++) {
  await database.transaction(async (transaction) => {
    const [row] = await transaction.query("SELECT n FROM counter");
    await transaction.query("UPDATE counter SET n = $1", [row.n + 1]);
  });
}
await database.close();
