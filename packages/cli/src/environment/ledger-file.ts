import type { SqlLedger } from "@writ/verifier";

import { withComponent, withExistingComponent, type Component } from "./component-file.js";

const LEDGER: Component<SqlLedger> = {
  what: "ledger",
  whenNew: "nothing was charged before",
  create: async (database) => (await import("@writ/verifier")).createLedger(database),
  open: async (database) => (await import("@writ/verifier")).openLedger(database),
};

/**
 * Uses the ledger in a file. One that is not there is made, which is said: its accounts stand at nothing.
 */
export async function withLedger<T>(path: string, use: (ledger: SqlLedger) => Promise<T>): Promise<T> {
  return withComponent(LEDGER, path, use);
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
  return withExistingComponent(LEDGER, path, use);
}
