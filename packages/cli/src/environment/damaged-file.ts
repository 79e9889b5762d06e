import { open } from "node:fs/promises";

import { WritError } from "@writ/core";
import type { ReadBytes } from "@writ/wallet";

import { withDatabase } from "./databases.js";

/**
 * Takes the log of a private copy into it, and says whether SQLite finds its structure whole. A file that is cut off is given its
 * length first: the log would not be taken into one that is shorter than it was.
 */
export async function takeLogIn(path: string): Promise<boolean> {
  await restoreLength(path);
  return isSound(path);
}

/** So many tables and indexes has no wallet. */
const MOST_OF_A_SCHEMA = 32;

/** Whether SQLite finds a file's structure whole. */
export async function isSound(path: string): Promise<boolean> {
  try {
    return await withDatabase(path, {}, async (database) => {
      // Each row is held against each index: of a schema that is none of Writ's, that could take days.
      const parts = await database.query("SELECT name FROM sqlite_schema LIMIT $1", [MOST_OF_A_SCHEMA + 1]);
      if (parts.length > MOST_OF_A_SCHEMA) return false;
      const [row] = await database.query("PRAGMA integrity_check(1)");
      return row?.["integrity_check"] === "ok";
    });
  } catch (error) {
    // What it is, is told by whoever opens the file next.
    if (error instanceof WritError) return false;
    throw error;
  }
}

/** The header of an SQLite file, and where it says how many pages it has (sqlite.org/fileformat2.html, 1.3). */
const HEADER_LENGTH = 100;
const PAGE_COUNT_AT = 28;

/**
 * Makes a file whose end is cut off as long as its header says, with zeros: SQLite reads nothing of one that is shorter.
 * The header may be wrong: twice as long at most.
 */
export async function restoreLength(path: string): Promise<void> {
  const { sqlitePageSize } = await import("@writ/wallet");
  const file = await open(path, "r+");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_LENGTH), 0, HEADER_LENGTH, 0);
    const pageSize = sqlitePageSize(buffer.subarray(0, bytesRead));
    if (pageSize === undefined) return;
    const length = pageSize * buffer.readUInt32BE(PAGE_COUNT_AT);
    const { size } = await file.stat();
    if (size < length && length <= 2 * size) await file.truncate(length);
  } finally {
    await file.close();
  }
}

/** Uses the bytes of a file. */
export async function withBytesOf<T>(path: string, use: (read: ReadBytes) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(async (offset, length) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}
