import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { WritError, type Database } from "@writ/core";

import { withNewDatabase } from "./databases.js";

/**
 * Makes a database under another name in its folder; it gets its own when it is whole. Broken off, nothing
 * of the name is there.
 *
 * @throws WritError `FILE_EXISTS`, of the database, and what `make` throws.
 */
export async function withPublishedDatabase<T>(
  file: string,
  make: (database: Database) => Promise<T>,
): Promise<T> {
  const { publishSqliteDatabase, removeSqliteDatabase } = await import("@writ/database");
  // Before the work, not only after it.
  if (existsSync(file)) throw new WritError("FILE_EXISTS", `${file} is there already`);
  const temporary = join(dirname(file), `.${randomBytes(8).toString("hex")}.tmp`);
  try {
    const made = await withNewDatabase(temporary, make, (result) => Promise.resolve(result));
    await publishSqliteDatabase(temporary, file);
    return made;
  } finally {
    await removeSqliteDatabase(temporary);
  }
}
