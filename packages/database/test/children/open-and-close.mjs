// Opens the database, reads, and closes it: path.
import { openSqliteDatabase } from "../../dist/index.js";

const database = await openSqliteDatabase({ path: process.argv[2], mode: "open" });
await database.query("SELECT count(*) AS n FROM sqlite_schema");
await database.close();
