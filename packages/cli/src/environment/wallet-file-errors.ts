import { WritError, type Database, type ErrorCode } from "@writ/core";

const RESTORE = "`writ wallet restore` makes a wallet of a backup.";

/** Of a file from which not even the doctor can save anything. */
const NOTHING_CAN_BE_SAVED: string = `Nothing can be saved from it. ${RESTORE}`;

const ASK_THE_DOCTOR = `\`writ wallet doctor\` says whether anything can be saved from it. ${RESTORE}`;

/** What is to be done about a file that cannot be used. */
const HINTS: ReadonlyMap<ErrorCode, string> = new Map([
  ["HEADER_CORRUPT", NOTHING_CAN_BE_SAVED],
  ["DATABASE_SCHEMA", NOTHING_CAN_BE_SAVED],
  ["DATABASE_INVALID", ASK_THE_DOCTOR],
]);

/** The same hint where it is the doctor who gives it: it sends nobody to itself. */
export function hintOfDoctor({ hint }: WritError): string | undefined {
  return hint === ASK_THE_DOCTOR ? NOTHING_CAN_BE_SAVED : hint;
}

/** Does something with a wallet's file; what is wrong with the file is told with its name and what to do. */
export async function namingFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ofFile(error, file);
  }
}

/** A database that does the same: for a store, which does nothing in a transaction but its statements. */
export function databaseNamingFile(file: string, database: Database): Database {
  return {
    query: (sql, parameters) => namingFile(file, () => database.query(sql, parameters)),
    transaction: (work) => namingFile(file, () => database.transaction(work)),
    close: () => database.close(),
  };
}

function ofFile(error: unknown, file: string): unknown {
  if (!(error instanceof WritError)) return error;
  const general = HINTS.get(error.code);
  if (general === undefined) return error;
  // One that knows more of what is wrong has a hint of its own.
  const { hint = general } = error;
  const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
  return new WritError(error.code, message, { hint, cause: error });
}
