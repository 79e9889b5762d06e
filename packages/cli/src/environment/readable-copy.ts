import { existsSync } from "node:fs";
import { copyFile, open, type FileHandle } from "node:fs/promises";

import { integerOf, textOf, WritError, type SqlRow } from "@writ/core";

import { withDatabase } from "./databases.js";

/**
 * Which of two copies of a wallet that may be damaged is read: as it is, or, where not all of its records can be read so
 * and all can then, or nothing can be read so, a second one beside it, in which SQLite's own bookkeeping is mended. There indexes are built again from
 * their tables, and a file whose end is cut off is as long again as it says, its lost pages empty.
 *
 * @param copy a private one
 */
export async function readableCopy(copy: string): Promise<string> {
  if ((await isSound(copy)) || ((await hasHeader(copy)) && (await hasAllRecords(copy)))) return copy;
  const mended = `${copy}-mended`;
  for (const suffix of ["", "-wal"]) {
    if (existsSync(copy + suffix)) await copyFile(copy + suffix, mended + suffix);
  }
  await withFile(mended, restoreLength);
  await withFile(mended, forgetFreePages);
  const indexes = await ask(mended, "SELECT name, rootpage FROM sqlite_master WHERE type = 'index'");
  for (const index of indexes ?? []) {
    const name = textOf(index, "name");
    if (OWN_INDEX.test(name)) await rebuildIndex(mended, name, integerOf(index, "rootpage"));
  }
  if (!(await hasHeader(mended))) return copy;
  return !(await hasHeader(copy)) || (await hasAllRecords(mended)) ? mended : copy;
}

/** Whether SQLite finds a file's structure whole. */
export async function isSound(copy: string): Promise<boolean> {
  const [row] = (await ask(copy, "PRAGMA integrity_check(1)")) ?? [];
  return row?.["integrity_check"] === "ok";
}

/** Those of the wallet's tables: somebody may have added one that is far larger than what it is of. */
const OWN_INDEX = /^sqlite_autoindex_(wallet(_pages|_records|_tags)?|writ_schema)_\d+$/;

/** Whether a file can be opened as a wallet. */
async function hasHeader(copy: string): Promise<boolean> {
  const rows = await ask(copy, "SELECT header FROM writ_schema, wallet WHERE component = 'wallet'");
  return rows !== undefined && rows.length > 0;
}

/** Whether all records can be read in the order in which they are looked through. */
async function hasAllRecords(copy: string): Promise<boolean> {
  const rows = await ask(
    copy,
    `SELECT SUM(LENGTH(sealed) + LENGTH(tags)) AS bytes FROM (
      SELECT sealed, tags FROM wallet_records WHERE generation IS NOT NULL ORDER BY generation, id)`,
  );
  return rows !== undefined;
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
