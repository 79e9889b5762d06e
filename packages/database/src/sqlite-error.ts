import { WritError, type ErrorCode } from "@writ/core";

/** SQLite's primary result codes (sqlite.org/rescode) and what they are to a caller. */
const BY_RESULT_CODE: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [3, ["FILE_UNREADABLE", "the database file does not permit this"]], // SQLITE_PERM
  [5, ["DATABASE_BUSY", "another process holds the database"]], // SQLITE_BUSY
  [6, ["DATABASE_BUSY", "another statement holds the table"]], // SQLITE_LOCKED
  [8, ["FILE_UNREADABLE", "the database file cannot be written"]], // SQLITE_READONLY
  [10, ["DATABASE_UNAVAILABLE", "the database file could not be read or written"]], // SQLITE_IOERR
  [11, ["DATABASE_INVALID", "the database file is damaged"]], // SQLITE_CORRUPT
  [13, ["DATABASE_UNAVAILABLE", "there is no room to write the database file"]], // SQLITE_FULL
  [14, ["FILE_UNREADABLE", "the database file cannot be opened"]], // SQLITE_CANTOPEN
  [15, ["DATABASE_BUSY", "another process holds the write-ahead log"]], // SQLITE_PROTOCOL
  [18, ["DATABASE_INVALID", "a value or row is too large"]], // SQLITE_TOOBIG
  [19, ["DATABASE_CONSTRAINT", "the statement violates a constraint"]], // SQLITE_CONSTRAINT
  [20, ["DATABASE_CONSTRAINT", "a value is not of its column's type"]], // SQLITE_MISMATCH
  [26, ["DATABASE_INVALID", "the file is not a database"]], // SQLITE_NOTADB
]);

const SQLITE_ERROR = 1;
const UNKNOWN_NAME = /^no such (table|column)\b|^table .+ has no column named /;

/**
 * What a failure in the driver is to a caller. The text is Writ's own, because SQLite's can quote
 * values; SQLite's stays in `cause`.
 */
export function sqliteError(cause: unknown): WritError {
  const resultCode = resultCodeOf(cause);
  if (resultCode === undefined) {
    if (isOutOfRange(cause)) {
      return new WritError("DATABASE_INVALID", "a row holds an integer that is not a safe one", { cause });
    }
    return new WritError("ARGUMENT_INVALID", "the driver does not take this call", { cause });
  }
  // SQLite has one result code for an unknown name and for bad syntax; only its text tells them
  // apart. The names are the statement's, never a value's, so that data cannot choose the code.
  if (resultCode === SQLITE_ERROR && cause instanceof Error && UNKNOWN_NAME.test(cause.message)) {
    return new WritError("DATABASE_SCHEMA", "the statement names a table or column that is not there", {
      cause,
    });
  }
  // The number of the format in the file's header is damaged, or of a version to come.
  if (resultCode === SQLITE_ERROR && cause instanceof Error && cause.message === "unsupported file format") {
    return new WritError("DATABASE_INVALID", "the database file is of an unknown format", { cause });
  }
  const [code, detail] = BY_RESULT_CODE.get(resultCode) ?? [
    "ARGUMENT_INVALID",
    "the statement cannot be run",
  ];
  return new WritError(code, detail, { cause });
}

function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  // The low byte is the primary code; the rest says more (sqlite.org/rescode, section 3).
  return error.errcode & 0xff;
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}
