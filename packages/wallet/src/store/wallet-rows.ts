import { integerOf, WritError, type SqlRow } from "@writ/core";

import { TAG_LENGTH, type StoredRecord, type StoreState, type StoreView } from "./wallet-store.js";

/** A wallet has one row of each standing at most. */
export type Standing = "current" | "successor";

/** What was read at one moment. */
export function viewOf(rows: readonly SqlRow[], standing: Standing): StoreView {
  const pages = new Map<number, Uint8Array>();
  const records: StoredRecord[] = [];
  let version: Pick<StoreView, "generation" | "counter" | "root"> | undefined;
  for (const row of rows) {
    if (row["part"] === "page") pages.set(integerOf(row, "number"), recordBytes(row, "content"));
    else if (row["part"] === "record") records.push(recordOf(row));
    else {
      version = {
        generation: integerOf(row, "generation"),
        counter: countIn(row, "number"),
        ...(row["content"] === null ? {} : { root: rootIn(row, "content") }),
      };
    }
  }
  if (version === undefined) throw missing(standing);
  return { ...version, pages, records };
}

/** Which content a wallet's row is of. */
export function versionOf(row: SqlRow): Omit<StoreState, "header"> {
  return {
    generation: countIn(row, "generation"),
    counter: countIn(row, "counter"),
    root: rootIn(row, "root"),
  };
}

/** A record as its row holds it. */
export function recordOf(row: SqlRow): StoredRecord {
  return {
    id: recordBytes(row, "id"),
    revision: integerOf(row, "number"),
    sealed: recordBytes(row, "content"),
    tags: tagsOf(row),
  };
}

/** The tags of a record. */
export function tagsOf(row: SqlRow): readonly Uint8Array[] {
  return tagsIn(recordBytes(row, "tags"));
}

/** Tags that stand one behind the other. */
export function tagsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / TAG_LENGTH);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * TAG_LENGTH, (index + 1) * TAG_LENGTH),
  );
}

/** What is damaged here is refused by whoever opens the wallet, and passed over by whoever saves its records. */
function countIn(row: SqlRow, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : Number.NaN;
}

/** The same of a root: none is of no bytes. */
function rootIn(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** A damaged file may say that a column holds something else. */
export function recordBytes(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new WritError("RECORD_TAMPERED", `the column ${column} does not hold bytes`);
}

/** @throws WritError `HEADER_CORRUPT`; `NOT_FOUND` for a successor. */
export function assertFound(rows: readonly SqlRow[], standing: Standing): void {
  if (rows.length === 0) throw missing(standing);
}

/** The tables are there, and the wallet's own row is not. */
export function missing(standing: Standing): WritError {
  return standing === "current"
    ? new WritError("HEADER_CORRUPT", "the wallet has lost its header")
    : new WritError("NOT_FOUND", "there is no successor");
}
