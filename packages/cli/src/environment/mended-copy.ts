import { existsSync } from "node:fs";
import { copyFile, open, type FileHandle } from "node:fs/promises";

import { integerOf, WritError, type SqlRow } from "@writ/core";

import { withDatabase } from "./databases.js";

/**
 * A second copy of a damaged wallet, in which SQLite's own bookkeeping is mended: indexes are built again from their tables, and
 * a file whose end is cut off is as long again as it says, its lost pages empty. It may show more than the first, or less.
 *
 * @param copy a private one; the second lies beside it
 * @returns where it is; nothing where it could not be made
 */
export async function mendedCopy(copy: string): Promise<string | undefined> {
  const mended = nameOfMended(copy);
  try {
    for (const suffix of ["", "-wal"]) {
      if (existsSync(copy + suffix)) await copyFile(copy + suffix, mended + suffix);
    }
    await withFile(mended, restoreLength);
    await withFile(mended, forgetFreePages);
    for (const [name, page] of await ownIndexes(mended)) await rebuildIndex(mended, name, page);
    return (await ask(mended, "PRAGMA page_count")) === undefined ? undefined : mended;
  } catch (error) {
    if (error instanceof WritError || (error instanceof Error && "syscall" in error)) return undefined;
    throw error;
  }
}

/** Where the second copy of a file is. */
export function nameOfMended(copy: string): string {
  return `${copy}-mended`;
}

/** Whether SQLite finds a file's structure whole. */
export async function isSound(copy: string): Promise<boolean> {
  const [row] = (await ask(copy, "PRAGMA integrity_check(1)")) ?? [];
  return row?.["integrity_check"] === "ok";
}

/** Those of the wallet's tables: somebody may have added one that is far larger than what it is of. */
const OWN_INDEX = /^sqlite_autoindex_(wallet(_pages|_records|_tags)?|writ_schema)_[12]$/;
const MOST_INDEXES = 100;

/** The root page of each index; a damaged schema may say anything, and the same more than once. */
async function ownIndexes(copy: string): Promise<ReadonlyMap<string, number>> {
  const sql = `SELECT name, rootpage FROM sqlite_master WHERE type = 'index' LIMIT ${String(MOST_INDEXES)}`;
  const pages = new Map<string, number>();
  for (const { name, rootpage } of (await ask(copy, sql)) ?? []) {
    if (typeof name === "string" && typeof rootpage === "number" && OWN_INDEX.test(name)) {
      pages.set(name, rootpage);
    }
  }
  return pages;
}

/**
 * SQLite reads through the index that it builds again, and cannot where that is damaged: it is given an empty one.
 * Where it cannot read the table either, what is left of the index leads to what is left of the table.
 */
async function rebuildIndex(copy: string, name: string, page: number): Promise<void> {
  const before = await withFile(copy, (file) => emptyIndex(file, page));
  if (before === undefined) return;
  const built = await ask(copy, `REINDEX "${name}"`);
  if (built === undefined) await withFile(copy, (file) => write(file, before));
}

/** What SQLite answers; what is wrong where it does not is told by whoever opens the file next. */
async function ask(copy: string, sql: string): Promise<readonly SqlRow[] | undefined> {
  try {
    // Closed each time: its log is in the file then.
    return await withDatabase(copy, {}, async (database) => {
      const [size] = await database.query("PRAGMA page_count");
      const limit = 2 * integerOf(size ?? {}, "page_count");
      await database.query(`PRAGMA max_page_count = ${String(limit)}`);
      return database.query(sql);
    });
  } catch (error) {
    if (error instanceof WritError) return undefined;
    throw error;
  }
}

/** Bytes of a file, and where they stand. */
interface Part {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What the header of an SQLite file says (sqlite.org/fileformat.html, 1.3), and its first byte on a page (1.6). */
const HEADER_LENGTH = 100;
const PAGE_SIZE_AT = 16;
const RESERVED_AT = 20;
const PAGE_COUNT_AT = 28;
const FREE_PAGES_AT = 32;
const FREE_PAGES_LENGTH = 8;
const INDEX_LEAF = 10;
const CONTENT_START_AT = 5;

interface Header {
  readonly pageSize: number;
  /** Bytes at the end of each page that are not SQLite's. */
  readonly reserved: number;
  readonly pageCount: number;
}

async function readHeader(file: FileHandle): Promise<Header> {
  const header = Buffer.from(await read(file, 0, HEADER_LENGTH));
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT);
  return {
    // The largest does not fit into two bytes.
    pageSize: pageSize === 1 ? 2 ** 16 : pageSize,
    reserved: header.readUInt8(RESERVED_AT),
    pageCount: header.readUInt32BE(PAGE_COUNT_AT),
  };
}

/** What is built is put behind the rest: which pages are free is bookkeeping too, and may name what is not. */
async function forgetFreePages(file: FileHandle): Promise<void> {
  await write(file, { bytes: new Uint8Array(FREE_PAGES_LENGTH), at: FREE_PAGES_AT });
}

/** SQLite reads nothing of a file that is shorter than its header says. A header may be wrong: twice as long at most. */
async function restoreLength(file: FileHandle): Promise<void> {
  const { pageSize, pageCount } = await readHeader(file);
  const { size } = await file.stat();
  const length = pageSize * pageCount;
  if (size < length && length <= 2 * size) await file.truncate(length);
}

/** @returns what stood there before; nothing of a page that the file has not */
async function emptyIndex(file: FileHandle, page: number): Promise<Part | undefined> {
  const { pageSize, reserved } = await readHeader(file);
  const at = (page - 1) * pageSize;
  const { size } = await file.stat();
  if (at < 0 || at + pageSize > size) return undefined;
  const before = await read(file, at, pageSize);
  const empty = Buffer.alloc(pageSize);
  empty.writeUInt8(INDEX_LEAF, 0);
  empty.writeUInt16BE((pageSize - reserved) % 2 ** 16, CONTENT_START_AT);
  await write(file, { bytes: empty, at });
  return { bytes: before, at };
}

/** What is behind the end of the file is zero. */
async function read(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  return bytes;
}

async function write(file: FileHandle, { bytes, at }: Part): Promise<void> {
  await file.write(bytes, 0, bytes.length, at);
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r+");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
