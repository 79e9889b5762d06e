import { WritError } from "../errors/writ-error.js";
import type { SqlRow } from "./database.js";

/**
 * A column that holds a text. A damaged file may say that it holds something else.
 *
 * @throws WritError `DATABASE_INVALID`.
 */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw damaged(column);
  return value;
}

/** A column that holds an integer; throws as {@link textOf} does. */
export function integerOf(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw damaged(column);
  return value;
}

/** A column that holds bytes; throws as {@link textOf} does. */
export function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return value;
}

function damaged(column: string): WritError {
  return new WritError("DATABASE_INVALID", `the column ${column} does not hold what it must`);
}
