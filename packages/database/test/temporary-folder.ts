import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Database } from "@writ/core";
import { openSqliteDatabase } from "../src/index.js";

/** A folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-database-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A database in a folder of its own, closed when the test ends, after these statements have run. */
export async function temporaryDatabase(
  ...statements: readonly string[]
): Promise<Database & { path: string }> {
  const path = join(temporaryFolder(), "test.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  onTestFinished(() => database.close());
  for (const statement of statements) await database.query(statement);
  return { ...database, path };
}
