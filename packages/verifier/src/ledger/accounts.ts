import { integerOf, textOf, type Database, type Spend, type SqlExecutor, type SqlRow } from "@writ/core";

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
export async function readAccounts(executor: SqlExecutor): Promise<readonly LedgerAccount[]> {
  const sums = new Map<string, Record<string, number>>();
  for (const row of await executor.query("SELECT issuer, account, unit, total FROM ledger_totals")) {
    const key = keyOf(row).join(" ");
    sums.set(key, { ...sums.get(key), [textOf(row, "unit")]: integerOf(row, "total") });
  }
  const rows = await executor.query(
    `SELECT a.issuer, a.account, a.kept,
       (SELECT max(e.at) FROM ledger_entries e WHERE e.issuer = a.issuer AND e.account = a.account) AS last
     FROM ledger_accounts a`,
  );
  return rows.map((row) => {
    const [issuer, account] = keyOf(row);
    return {
      issuer,
      account,
      totals: sums.get(`${issuer} ${account}`) ?? {},
      actions: integerOf(row, "kept"),
      ...(row["last"] === null ? {} : { last: integerOf(row, "last") }),
    };
  });
}

/** One action that was charged to an account. */
export interface LedgerAction {
  readonly issuer: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly holder: string;
  readonly nonce: string;
  readonly spend?: Spend;
}

/** The actions on accounts of a name that are remembered, the oldest first. */
export async function readActions(executor: SqlExecutor, account: string): Promise<readonly LedgerAction[]> {
  const rows = await executor.query(
    "SELECT issuer, at, holder, nonce, unit, amount FROM ledger_entries WHERE account = $1 ORDER BY at",
    [account],
  );
  return rows.map((row) => ({
    issuer: textOf(row, "issuer"),
    at: integerOf(row, "at"),
    holder: textOf(row, "holder"),
    nonce: textOf(row, "nonce"),
    ...(row["unit"] === null
      ? {}
      : { spend: { unit: textOf(row, "unit"), amount: integerOf(row, "amount") } }),
  }));
}

/** How many rows were forgotten. */
export interface Pruned {
  readonly entries: number;
  readonly keys: number;
}

/** Forgets what no limit counts any more, one account at a time, so that charges come in between. */
export async function prune(database: Database, now: number): Promise<Pruned> {
  let entries = 0;
  for (const row of await database.query("SELECT issuer, account FROM ledger_accounts")) {
    entries += await database.transaction((transaction) => pruneAccount(transaction, keyOf(row), now));
  }
  const ended = [Math.max(0, now - CLOCK_MARGIN_MS)];
  const keys = await database.transaction(async (transaction) => {
    const [row] = await transaction.query(
      "SELECT count(*) AS n FROM ledger_keys WHERE key_until <= $1",
      ended,
    );
    await transaction.query("DELETE FROM ledger_keys WHERE key_until <= $1", ended);
    await transaction.query(
      "UPDATE ledger_state SET keys_pruned_until = $1 WHERE keys_pruned_until < $1",
      ended,
    );
    return row === undefined ? 0 : integerOf(row, "n");
  });
  return { entries, keys };
}

async function pruneAccount(transaction: SqlExecutor, key: AccountKey, now: number): Promise<number> {
  const [account] = await transaction.query(
    "SELECT window_ms FROM ledger_accounts WHERE issuer = $1 AND account = $2",
    key,
  );
  if (account === undefined) return 0;
  const keptMs = Math.max(LEDGER_RETENTION_MS, integerOf(account, "window_ms")) + CLOCK_MARGIN_MS;
  const until = Math.max(0, now - keptMs);
  const old = "issuer = $1 AND account = $2 AND at <= $3";
  const [row] = await transaction.query(`SELECT count(*) AS n FROM ledger_entries WHERE ${old}`, [
    ...key,
    until,
  ]);
  const gone = row === undefined ? 0 : integerOf(row, "n");
  if (gone === 0) return 0;
  await transaction.query(`DELETE FROM ledger_entries WHERE ${old}`, [...key, until]);
  await transaction.query(
    `UPDATE ledger_accounts SET kept = kept - $4,
       pruned_until = CASE WHEN pruned_until < $3 THEN $3 ELSE pruned_until END
     WHERE issuer = $1 AND account = $2`,
    [...key, until, gone],
  );
  return gone;
}

type AccountKey = readonly [issuer: string, account: string];

function keyOf(row: SqlRow): AccountKey {
  return [textOf(row, "issuer"), textOf(row, "account")];
}
