import { createSchema, openSchema, type Database } from "@writ/core";

import { prune, readAccounts, type LedgerAccount, type Pruned } from "./accounts.js";
import { charge } from "./charge.js";
import { LEDGER_SCHEMA } from "./ledger-schema.js";
import type { Ledger } from "./ledger.js";

/** A ledger in a database, with what its operator may do. */
export interface SqlLedger extends Ledger {
  /** Every account, in the order of issuer and account. */
  accounts(): Promise<readonly LedgerAccount[]>;
  /**
   * Forgets entries that no rate counts any more and keys of authority that has ended. Budgets are
   * sums and forget nothing.
   *
   * @param now milliseconds since 1970
   * @returns how many rows are gone
   */
  prune(now: number): Promise<Pruned>;
}

/**
 * Makes a ledger in a database that has none: all accounts stand at nothing.
 *
 * @throws WritError `ALREADY_EXISTS`.
 */
export async function createLedger(database: Database): Promise<SqlLedger> {
  await createSchema(database, LEDGER_SCHEMA, () => Promise.resolve());
  return ledgerOn(database);
}

/**
 * Opens the ledger in a database.
 *
 * @throws WritError `NOT_FOUND`, `FORMAT_TOO_NEW`.
 */
export async function openLedger(database: Database): Promise<SqlLedger> {
  await openSchema(database, LEDGER_SCHEMA);
  return ledgerOn(database);
}

function ledgerOn(database: Database): SqlLedger {
  return {
    charge: (entry) => database.transaction((transaction) => charge(transaction, entry)),
    accounts: () => database.transaction(readAccounts),
    prune: (now) => database.transaction((transaction) => prune(transaction, now)),
  };
}
