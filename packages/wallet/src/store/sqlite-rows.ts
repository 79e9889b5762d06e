import { integerOf, type Database, type SqlRow } from "@writ/core";

import { recordBytes, recordOf } from "./wallet-rows.js";
import type { StoredRecord } from "./wallet-store.js";

/** Some rows of a table, and the number of the last of them; none where there are no more. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly last?: number;
}

/** Rows after a number, in the order of their numbers. */
export type ReadRows<T> = (after: number, limit: number) => Promise<Rows<T>>;

/** What a store holds, read by none of its indexes: in a damaged file they may lead elsewhere than the tables, or nowhere. */
export interface WalletRows {
  readonly records: ReadRows<StoredRecord>;
  /** Of the manifest, each with its number. */
  readonly pages: ReadRows<readonly [page: number, content: Uint8Array]>;
}

/** The rows of a wallet in an SQLite file, for `surveyWallet` and `saveWallet`. Those of its successor are left out. */
export function createSqliteRows(database: Pick<Database, "query">): WalletRows {
  function reader<T>(table: string, columns: string, read: (row: SqlRow) => T): ReadRows<T> {
    // A plus keeps SQLite from using the index.
    const sql = `SELECT rowid AS row, ${columns} FROM ${table}
      WHERE rowid > $1 AND rowid <= ${String(Number.MAX_SAFE_INTEGER)}
        AND +generation IS NOT (SELECT generation FROM wallet WHERE +standing = 'successor')
      ORDER BY rowid LIMIT $2`;
    return async (after, limit) => {
      const found = await database.query(sql, [after, limit]);
      const last = found.at(-1);
      return { rows: found.map(read), ...(last === undefined ? {} : { last: integerOf(last, "row") }) };
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
