import { resolve } from "node:path";
import { WritError, type Database } from "@writ/core";
import { checkSchema } from "./check-schema.js";
import { checkPrivateDatabaseFile, createPrivateFile, removeDatabaseFiles } from "./private-file.js";
import { retryWhileBusy } from "./retry-while-busy.js";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.js";
import { createSqliteDatabase } from "./sqlite-database.js";

/** Where a database lies, and how long to wait for it. */
export interface SqliteOptions {
  /** A path in the file system, taken literally: `:memory:` and `file:` have no meaning of their own. */
  readonly path: string;
  /** Whether the file must not be there yet, or must be there already. */
  readonly mode: "create" | "open";
  /** How long a statement may wait for another process's lock, in milliseconds. 10,000 if not given. */
  readonly busyTimeoutMs?: number;
  /**
   * `check` looks through the whole file where a log lies beside it: a process that had it open was killed,
   * or has it open still. Nothing is looked through unless it is asked for.
   */
  readonly afterCrash?: "check";
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a SQLite file as a {@link Database} that any number of processes may share. A write that
 * was acknowledged survives the end of the process and loss of power.
 *
 * `create` makes the file, mode 0600, and missing folders above it, mode 0700. `open` takes only a
 * private regular file of this user (on Windows, any regular file) and never makes one. Who else
 * may write to the folder itself is for the caller to see to.
 *
 * @throws WritError `FILE_EXISTS` (create), `FILE_UNREADABLE`, `FILE_UNSAFE`, `DATABASE_INVALID`
 *   for a file that is not a whole SQLite database, or has
 *   views, triggers or other programs in its schema, `DATABASE_BUSY`, `ARGUMENT_INVALID`.
 */
export async function openSqliteDatabase(options: SqliteOptions): Promise<Database> {
  const { mode, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options;
  if (!(busyTimeoutMs >= 0)) throw new WritError("ARGUMENT_INVALID", "busyTimeoutMs must not be negative");
  const path = resolve(options.path);
  if (mode === "open") {
    const { hasLog } = await checkPrivateDatabaseFile(path);
    const connection = await connect(path, busyTimeoutMs);
    if (hasLog && options.afterCrash === "check") checkWhole(connection);
    return createSqliteDatabase(connection, busyTimeoutMs);
  }
  await createPrivateFile(path);
  try {
    return createSqliteDatabase(await connect(path, busyTimeoutMs), busyTimeoutMs);
  } catch (error) {
    // The file is this call's own, and holds nothing: left behind, it would block the next attempt.
    await removeDatabaseFiles(path);
    throw error;
  }
}

async function connect(path: string, busyTimeoutMs: number): Promise<SqliteConnection> {
  const connection = connectSqlite(path);
  try {
    await retryWhileBusy(() => {
      configure(connection);
    }, busyTimeoutMs);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function checkWhole(connection: SqliteConnection): void {
  try {
    const [row] = connection.run("PRAGMA quick_check(1)");
    if (row?.["quick_check"] === "ok") return;
    throw new WritError("DATABASE_INVALID", "the database file was damaged when it was last in use");
  } catch (error) {
    connection.close();
    throw error;
  }
}

function configure(connection: SqliteConnection): void {
  connection.run("PRAGMA trusted_schema = OFF");
  // What a page says of its cells is held against its size before it is believed.
  connection.run("PRAGMA cell_size_check = ON");
  // Before every other query: a view could stand where a table is looked for.
  checkSchema(connection.run("SELECT type, name, sql FROM sqlite_schema"));
  connection.run("PRAGMA foreign_keys = ON");
  // SQLite reads the schema for this, and so refuses a foreign or damaged file before it writes to it.
  const [row] = connection.run("PRAGMA journal_mode = WAL");
  if (row?.["journal_mode"] !== "wal") {
    throw new WritError("DATABASE_INVALID", "the database cannot have a write-ahead log in this place");
  }
  connection.run("PRAGMA synchronous = FULL");
  // What is deleted is overwritten: a key that was destroyed must not lie about in free pages.
  connection.run("PRAGMA secure_delete = ON");
  // On macOS only F_FULLFSYNC reaches the disk; elsewhere this changes nothing.
  connection.run("PRAGMA fullfsync = ON");
}
