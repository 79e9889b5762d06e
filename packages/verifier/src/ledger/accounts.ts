import { integerOf, textOf, type SqlExecutor } from "@writ/core";

/** How long an entry is kept at least, so that a rate may be widened without losing count. */
export const LEDGER_RETENTION_MS: number = 90 * 24 * 60 * 60 * 1000;

/** The clocks of those who share a ledger may differ by so much. */
const CLOCK_MARGIN_MS = 60 * 60 * 1000;

/** What an account bears. */
export interface LedgerAccount {
  readonly issuer: string;
  readonly account: string;
  /** The sum of all spends, by unit. */
  readonly totals: Readonly<Record<string, number>>;
  /** How many actions are remembered one by one. */
  readonly actions: number;
  /** When the last one was, in milliseconds since 1970. */
  readonly last?: number;
}

/** Every account with its sums. */
export async function readAccounts(transaction: SqlExecutor): Promise<readonly LedgerAccount[]> {
  const rows = await transaction.query(
    `SELECT a.issuer, a.account, count(e.at) AS actions, max(e.at) AS last
     FROM ledger_accounts a LEFT JOIN ledger_entries e ON e.issuer = a.issuer AND e.account = a.account
     GROUP BY a.issuer, a.account ORDER BY a.issuer, a.account`,
  );
  const totals = await transaction.query(
    "SELECT issuer, account, unit, total FROM ledger_totals ORDER BY unit",
  );
  return rows.map((row) => {
    const [issuer, account] = [textOf(row, "issuer"), textOf(row, "account")];
    const own = totals.filter((total) => total["issuer"] === issuer && total["account"] === account);
    return {
      issuer,
      account,
      totals: Object.fromEntries(own.map((total) => [textOf(total, "unit"), integerOf(total, "total")])),
      actions: integerOf(row, "actions"),
      ...(row["last"] === null ? {} : { last: integerOf(row, "last") }),
    };
  });
}

/** How many rows were forgotten. */
export interface Pruned {
  readonly entries: number;
  readonly keys: number;
}

/** Forgets what no limit counts any more. */
export async function prune(transaction: SqlExecutor, now: number): Promise<Pruned> {
  let entries = 0;
  for (const row of await transaction.query("SELECT issuer, account, window_ms FROM ledger_accounts")) {
    const key = [textOf(row, "issuer"), textOf(row, "account")];
    const keptMs = Math.max(LEDGER_RETENTION_MS, integerOf(row, "window_ms")) + CLOCK_MARGIN_MS;
    const until = Math.max(0, now - keptMs);
    const gone = await transaction.query(
      "DELETE FROM ledger_entries WHERE issuer = $1 AND account = $2 AND at <= $3 RETURNING at",
      [...key, until],
    );
    if (gone.length === 0) continue;
    entries += gone.length;
    await transaction.query(
      "UPDATE ledger_accounts SET pruned_until = $3 WHERE issuer = $1 AND account = $2 AND pruned_until < $3",
      [...key, until],
    );
  }
  const keys = await transaction.query("DELETE FROM ledger_keys WHERE key_until <= $1 RETURNING nonce", [
    Math.max(0, now - CLOCK_MARGIN_MS),
  ]);
  return { entries, keys: keys.length };
}
