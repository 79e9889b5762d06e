import { pathToFileURL } from "node:url";
import { DatabaseSync, type StatementSyncInstance } from "@photostructure/sqlite";
import { WritError, type SqlRow } from "@writ/core";
import type { Bindings } from "./bind-parameters.js";
import { checkStatement } from "./check-statement.js";
import { createLeastRecentlyUsed } from "./least-recently-used.js";
import { sqliteError } from "./sqlite-error.js";

/** One connection to one file. Everything runs at once and blocks; every failure is a {@link WritError}. */
export interface SqliteConnection {
  /** Runs a caller's statement and returns all its rows, each frozen and without a prototype. */
  run(sql: string, bindings?: Bindings): readonly SqlRow[];
  /** Starts a transaction that holds the write lock from its beginning. */
  begin(): void;
  commit(): void;
  /** Undoes the transaction, unless SQLite has done so already. */
  rollback(): void;
  /** False also when SQLite has ended a transaction by itself, as it does when the disk is full. */
  readonly inTransaction: boolean;
  close(): void;
}

interface Prepared {
  readonly statement: StatementSyncInstance;
  readonly parameters: number;
}

/** While SQLite itself waits for a lock the event loop stands still; longer waits are the caller's. */
const BLOCKING_WAIT_MS = 5;

const MAX_PREPARED = 128;

/** The largest value, row and statement: many times what Writ writes, and not enough to fill the memory. */
const MAX_LENGTH_BYTES = 64 * 1024 * 1024;

/**
 * Connects to a file that is there.
 *
 * @throws WritError `FILE_UNREADABLE`.
 */
export function connectSqlite(path: string): SqliteConnection {
  const database = translated(() => openFile(path));
  const prepared = createLeastRecentlyUsed<Prepared>({
    capacity: MAX_PREPARED,
    make: (sql) => ({ parameters: checkStatement(sql), statement: database.prepare(sql) }),
    drop: ({ statement }) => {
      statement.close();
    },
  });

  return {
    run: (sql, bindings = {}) =>
      translated(() => {
        const { statement, parameters } = prepared(sql);
        // The driver refuses a value too many, but takes one too few for NULL.
        if (Object.keys(bindings).length < parameters) {
          throw new WritError("ARGUMENT_INVALID", "the statement has more parameters than there are values");
        }
        const rows = statement.all(bindings) as SqlRow[];
        for (const row of rows) Object.freeze(row);
        return Object.freeze(rows);
      }),
    begin: () => {
      translated(() => {
        database.exec("BEGIN IMMEDIATE");
      });
    },
    commit: () => {
      translated(() => {
        database.exec("COMMIT");
      });
    },
    rollback: () => {
      translated(() => {
        if (database.isTransaction) database.exec("ROLLBACK");
      });
    },
    get inTransaction() {
      return database.isTransaction;
    },
    close: () => {
      translated(() => {
        database.close();
      });
    },
  };
}

function openFile(path: string): InstanceType<typeof DatabaseSync> {
  const url = pathToFileURL(path);
  // Without it, SQLite would make a file that was removed after it had been checked.
  url.searchParams.set("mode", "rw");
  return new DatabaseSync(url, {
    timeout: BLOCKING_WAIT_MS,
    // A statement cannot switch off what keeps the file whole.
    defensive: true,
    // "name" is a column or an error, never a text.
    enableDoubleQuotedStringLiterals: false,
    limits: { length: MAX_LENGTH_BYTES },
  });
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof WritError ? error : sqliteError(error);
  }
}
