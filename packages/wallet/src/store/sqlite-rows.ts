import { integerOf, WritError, type Database, type SqlRow } from "@writ/core";

import { recordBytes, recordOf } from "./wallet-rows.js";
import type { StoredRecord } from "./wallet-store.js";

/** Some rows of a table. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** What is wrong with others of them, whose columns hold something else. */
  readonly damaged: readonly WritError[];
  /** Number of the last of both; none where there are no more. */
  readonly last?: number;
}

/** Rows after a number, in the order of their numbers. */
export type ReadRows<T> = (after: number, limit: number) => Promise<Rows<T>>;

/** Writ numbers no row higher; of those that somebody planted there, nothing is read. */
export const LAST_ROW: number = Number.MAX_SAFE_INTEGER;

/** What a store holds, read by none of its indexes: in a damaged file they may lead elsewhere than the tables, or nowhere. */
export interface WalletRows {
  readonly records: ReadRows<StoredRecord>;
  /** Of the manifest, each with its number. */
  readonly pages: ReadRows<readonly [page: number, content: Uint8Array]>;
}

/** The rows of a wallet in an SQLite file, for `surveyWallet` and `saveWallet`. Those of its successor are left out. */
export function createSqliteRows(database: Pick<Database, "query">): WalletRows {
  function reader<T>(table: string, columns: string, read: (row: SqlRow) => T): ReadRows<T> {
    // The plus keeps SQLite from asking the index of the wallet's own table.
    const sql = `SELECT rowid AS row, ${columns} FROM ${table}
      WHERE rowid > $1 AND rowid <= ${String(LAST_ROW)}
        AND generation IS NOT (SELECT generation FROM wallet WHERE +standing = 'successor')
      ORDER BY rowid LIMIT $2`;
    return async (after, limit) => {
      const found = await database.query(sql, [after, limit]);
      const each = found.map((row) => readOrError(() => read(row)));
      const last = found.at(-1);
      return {
        rows: each.flatMap(({ value }) => (value === undefined ? [] : [value])),
        damaged: each.flatMap(({ error }) => (error === undefined ? [] : [error])),
        ...(last === undefined ? {} : { last: integerOf(last, "row") }),
      };
    };
  }
  return {
    records: reader("wallet_records", "revision AS number, sealed AS content, id, tags", recordOf),
    pages: reader("wallet_pages", "page, content", (row) => [
      integerOf(row, "page"),
      recordBytes(row, "content"),
    ]),
  };
}

function readOrError<T>(read: () => T): { readonly value?: T; readonly error?: WritError } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof WritError) return { error };
    throw error;
  }
}
