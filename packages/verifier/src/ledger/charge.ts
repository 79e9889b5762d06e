import {
  formatTimestamp,
  integerOf,
  textOf,
  WritError,
  type Charge,
  type Limit,
  type SqlExecutor,
} from "@writ/core";

import type { Exceeded, LedgerAnswer, LedgerEntry, LedgerKey, Recalled } from "./ledger.js";

/** {@link Ledger.charge} within a transaction; what it throws undoes all of it. */
export async function charge(transaction: SqlExecutor, entry: LedgerEntry): Promise<LedgerAnswer> {
  const known = await decidedBefore(transaction, entry);
  if (known !== undefined) return known;
  await assertRemembered(transaction, entry);
  const exceeded: Exceeded[] = [];
  for (const each of entry.charges) {
    for (const limit of each.limits) {
      if (await breaks(transaction, each, limit, entry.at)) exceeded.push({ charge: each, limit });
    }
  }
  if (exceeded.length > 0) return { outcome: "exceeded", exceeded };
  await transaction.query(
    "INSERT INTO ledger_keys (holder, nonce, digest, decided_at, key_until) VALUES ($1, $2, $3, $4, $5)",
    [entry.holder, entry.nonce, entry.digestMultibase, entry.at, entry.keyUntil],
  );
  await transaction.query("UPDATE ledger_state SET latest = $1 WHERE latest < $1", [entry.at]);
  for (const each of entry.charges) await book(transaction, each, entry);
  return { outcome: "charged" };
}

/** Clocks of those who share a ledger may differ, but not by so much. */
const MAX_CLOCK_STEP_MS = 24 * 60 * 60 * 1000;

/**
 * That the key is not there says that it was not used, unless it may have been forgotten. And a clock
 * that was set back would count no rate, and let what has ended be used again.
 */
async function assertRemembered(transaction: SqlExecutor, { at, keyUntil }: LedgerEntry): Promise<void> {
  const [row] = await transaction.query("SELECT latest, keys_pruned_until FROM ledger_state");
  if (row === undefined) throw new WritError("LEDGER_UNAVAILABLE", "the ledger has lost its state");
  const latest = integerOf(row, "latest");
  if (at < latest - MAX_CLOCK_STEP_MS) {
    throw new WritError("CLOCK_BACKWARDS", `the ledger was last used at ${formatTimestamp(latest)}`);
  }
  if (keyUntil <= integerOf(row, "keys_pruned_until")) {
    throw new WritError("LEDGER_UNAVAILABLE", "the key of this action may have been forgotten");
  }
}

/** {@link Ledger.recall}. */
export async function decidedBefore(
  executor: SqlExecutor,
  { holder, nonce, digestMultibase }: LedgerKey,
): Promise<Recalled | undefined> {
  const [row] = await executor.query(
    "SELECT digest, decided_at FROM ledger_keys WHERE holder = $1 AND nonce = $2",
    [holder, nonce],
  );
  if (row === undefined) return undefined;
  if (textOf(row, "digest") !== digestMultibase) return { outcome: "nonce_reused" };
  return { outcome: "already_charged", at: integerOf(row, "decided_at") };
}

/** Whether the account, with the action, would bear more than the limit. */
async function breaks(
  transaction: SqlExecutor,
  { issuer, account, spend }: Charge,
  limit: Limit,
  at: number,
): Promise<boolean> {
  if ("budget" in limit) {
    if (spend === undefined) throw new WritError("LEDGER_UNAVAILABLE", "a budget needs a spend");
    const total = await totalOf(transaction, issuer, account, spend.unit);
    return total + spend.amount > limit.budget;
  }
  const [row] = await transaction.query(
    "SELECT pruned_until, kept FROM ledger_accounts WHERE issuer = $1 AND account = $2",
    [issuer, account],
  );
  if (row === undefined) return false;
  // The window (t−s, t] is open to later entries too: the clocks of those who charge may differ.
  const begin = Math.max(0, at - limit.seconds * 1000);
  if (integerOf(row, "kept") >= limit.max) {
    const counted = await transaction.query(
      "SELECT at FROM ledger_entries WHERE issuer = $1 AND account = $2 AND at > $3 LIMIT 1 OFFSET $4",
      [issuer, account, begin, limit.max - 1],
    );
    if (counted.length > 0) return true;
  }
  if (integerOf(row, "pruned_until") > begin) {
    throw new WritError("LEDGER_UNAVAILABLE", "the window of a rate reaches back to what was forgotten");
  }
  return false;
}

async function totalOf(
  transaction: SqlExecutor,
  issuer: string,
  account: string,
  unit: string,
): Promise<number> {
  const [row] = await transaction.query(
    "SELECT total FROM ledger_totals WHERE issuer = $1 AND account = $2 AND unit = $3",
    [issuer, account, unit],
  );
  return row === undefined ? 0 : integerOf(row, "total");
}

/** Charges an account, also where no limit of today asks for it: a later grant may. */
async function book(
  transaction: SqlExecutor,
  { issuer, account, spend, limits }: Charge,
  { at, holder, nonce }: LedgerEntry,
): Promise<void> {
  const windows = limits.map((limit) => ("seconds" in limit ? limit.seconds * 1000 : 0));
  await transaction.query(
    `INSERT INTO ledger_accounts (issuer, account, window_ms, pruned_until, kept) VALUES ($1, $2, $3, 0, 1)
     ON CONFLICT (issuer, account) DO UPDATE SET kept = ledger_accounts.kept + 1, window_ms = CASE
       WHEN ledger_accounts.window_ms < excluded.window_ms THEN excluded.window_ms
       ELSE ledger_accounts.window_ms END`,
    [issuer, account, Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, ...windows))],
  );
  await transaction.query(
    `INSERT INTO ledger_entries (issuer, account, at, holder, nonce, unit, amount)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [issuer, account, at, holder, nonce, spend?.unit ?? null, spend?.amount ?? null],
  );
  if (spend === undefined) return;
  const total = await totalOf(transaction, issuer, account, spend.unit);
  if (!Number.isSafeInteger(total + spend.amount)) {
    throw new WritError("LEDGER_UNAVAILABLE", "the sum of an account cannot be told exactly any more");
  }
  await transaction.query(
    `INSERT INTO ledger_totals (issuer, account, unit, total) VALUES ($1, $2, $3, $4)
     ON CONFLICT (issuer, account, unit) DO UPDATE SET total = ledger_totals.total + excluded.total`,
    [issuer, account, spend.unit, spend.amount],
  );
}
