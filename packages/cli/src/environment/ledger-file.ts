import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { WritError, type Database } from "@writ/core";
import type { SqlLedger } from "@writ/verifier";

import { writeNotice } from "../terminal/output.js";
import { show } from "../terminal/safe-text.js";
import { withDatabase, withNewDatabase } from "./stores.js";

/**
 * Uses the ledger in a file. One that is not there is made, which is said: its accounts stand at nothing.
 */
export async function withLedger<T>(path: string, use: (ledger: SqlLedger) => Promise<T>): Promise<T> {
  const file = resolve(path);
  if (!existsSync(file)) await createLedgerFile(file);
  return withExistingLedger(file, use);
}

/** Of several processes that come first at once, one makes it. */
async function createLedgerFile(file: string): Promise<void> {
  const { createLedger } = await import("@writ/verifier");
  try {
    await withNewDatabase(file, createLedger, () => Promise.resolve());
    writeNotice(show`Made a new ledger, ${file}: nothing was charged before.`);
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "FILE_EXISTS") throw error;
  }
}

/**
 * Uses the ledger in a file that must be there.
 *
 * @throws WritError `FILE_UNREADABLE`, `DATABASE_INVALID` where the file holds no ledger.
 */
export async function withExistingLedger<T>(
  path: string,
  use: (ledger: SqlLedger) => Promise<T>,
): Promise<T> {
  const file = resolve(path);
  if (!existsSync(file)) throw new WritError("FILE_UNREADABLE", `there is no ledger at ${file}`);
  return withDatabase(file, async (database) => use(await openLedgerOf(database, file)));
}

/** A file that another process has only just made has its tables in a moment. */
async function openLedgerOf(database: Database, file: string): Promise<SqlLedger> {
  const { openLedger } = await import("@writ/verifier");
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openLedger(database);
    } catch (cause) {
      if (!(cause instanceof WritError) || cause.code !== "NOT_FOUND") throw cause;
      if (attempt === 10) throw new WritError("DATABASE_INVALID", `${file} holds no ledger`, { cause });
      await new Promise((resolveLater) => setTimeout(resolveLater, 50));
    }
  }
}
