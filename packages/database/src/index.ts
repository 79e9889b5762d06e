export { openSqliteDatabase, type SqliteOptions } from "./open-sqlite-database.js";
