/** A value of a column: texts, integers, byte strings, null. */
export type SqlValue = string | number | Uint8Array | null;

/** One row, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Runs one statement. */
export interface SqlExecutor {
  /**
   * @param sql one statement, with `$1`, `$2` … for the parameters; one text serves every engine
   * @returns the rows that it yields, or none
   * @throws WritError `DATABASE_CONSTRAINT`, `DATABASE_SCHEMA` for an unknown table or column,
   *   `DATABASE_BUSY`, `DATABASE_INVALID`, `DATABASE_UNAVAILABLE`.
   */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
}

/**
 * Port: a relational database. Asynchronous from the start, so that an embedded engine and a server
 * serve alike.
 */
export interface Database extends SqlExecutor {
  /**
   * Runs `work` in one transaction that no other writer interleaves with. What it returns is
   * durable; if it throws, nothing has happened. Not to be nested, and not to go on after a statement
   * that failed: some engines have given the transaction up by then.
   */
  transaction<T>(work: (transaction: SqlExecutor) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
