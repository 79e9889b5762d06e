export { openSqliteDatabase, type SqliteOptions } from "./open-sqlite-database.js";
export { removeSqliteDatabase } from "./private-file.js";
export { publishSqliteDatabase } from "./publish-sqlite-database.js";
