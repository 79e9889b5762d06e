import type { Database } from "@writ/core";
import type { SqliteOptions } from "@writ/database";

/** Opens a database that is there; the caller closes it. */
export async function openDatabase(
  path: string,
  options: Pick<SqliteOptions, "afterCrash">,
): Promise<Database> {
  const { openSqliteDatabase } = await import("@writ/database");
  return openSqliteDatabase({ ...options, path, mode: "open" });
}

/** Opens a database, uses it, and closes it. */
export async function withDatabase<T>(
  path: string,
  options: Pick<SqliteOptions, "afterCrash">,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(path, options);
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/**
 * Makes a database with what is in it, and uses that. What could not be made whole is removed again; what
 * was made stays, whatever its use comes to.
 */
export async function withNewDatabase<R, T>(
  path: string,
  make: (database: Database) => Promise<R>,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  const { openSqliteDatabase, removeSqliteDatabase } = await import("@writ/database");
  const database = await openSqliteDatabase({ path, mode: "create" });
  let resource: R;
  try {
    resource = await make(database);
  } catch (error) {
    await database.close();
    await removeSqliteDatabase(path);
    throw error;
  }
  try {
    return await use(resource);
  } finally {
    await database.close();
  }
}
