import { open } from "node:fs/promises";

import { WritError } from "@writ/core";
import type { ReadBytes } from "@writ/wallet";

import { withDatabase } from "./databases.js";

/** Whether SQLite finds a file's structure whole. */
export async function isSound(path: string): Promise<boolean> {
  try {
    const [row] = await withDatabase(path, {}, (database) => database.query("PRAGMA integrity_check(1)"));
    return row?.["integrity_check"] === "ok";
  } catch (error) {
    // What it is, is told by whoever opens the file next.
    if (error instanceof WritError) return false;
    throw error;
  }
}

/** Where the header of an SQLite file says how large it is (sqlite.org/fileformat.html, 1.3). */
const HEADER_LENGTH = 100;
const PAGE_SIZE_AT = 16;
const PAGE_COUNT_AT = 28;

/**
 * Makes a file whose end is cut off as long as its header says, with zeros: SQLite reads nothing of one that is shorter.
 * The header may be wrong: twice as long at most.
 */
export async function restoreLength(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const header = Buffer.alloc(HEADER_LENGTH);
    await file.read(header, 0, HEADER_LENGTH, 0);
    const pageSize = header.readUInt16BE(PAGE_SIZE_AT);
    // The largest does not fit into two bytes.
    const length = (pageSize === 1 ? 2 ** 16 : pageSize) * header.readUInt32BE(PAGE_COUNT_AT);
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
