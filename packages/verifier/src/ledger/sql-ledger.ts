import { createSchema, openSchema, type Database } from "@writ/core";

import {
  prune,
  readAccounts,
  readActions,
  type LedgerAccount,
  type LedgerAction,
  type Pruned,
} from "./accounts.js";
import { charge, decidedBefore } from "./charge.js";
import { LEDGER_SCHEMA } from "./ledger-schema.js";
import type { Ledger } from "./ledger.js";

/** A ledger in a database, with what its operator may do. */
export interface SqlLedger extends Ledger {
  /** Every account. */
  accounts(): Promise<readonly LedgerAccount[]>;
  /** What was charged to the accounts of this name, as far as it is remembered; the oldest first. */
  actions(account: string): Promise<readonly LedgerAction[]>;
  /**
   * Forgets entries that no rate counts any more and keys of authority that has ended. Budgets are
   * sums and forget nothing. Others go on charging meanwhile.
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
  await createSchema(database, LEDGER_SCHEMA);
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
    recall: (key) => decidedBefore(database, key),
    accounts: () => readAccounts(database),
    actions: (account) => readActions(database, account),
    prune: (now) => prune(database, now),
  };
}
