import { open, type FileHandle } from "node:fs/promises";

import { integerOf, textOf, WritError, type SqlRow } from "@writ/core";

import { withDatabase } from "./databases.js";

/**
 * Makes what SQLite would not read of a damaged database readable, where nothing but its own bookkeeping is damaged:
 * indexes are built again from their tables, and a file whose end is cut off is as long again as it says, its
 * lost pages empty. On a copy only: it is written to.
 *
 * @returns whether SQLite finds its structure whole as it was
 */
export async function mendCopy(copy: string): Promise<boolean> {
  const isCut = await withFile(copy, restoreLength);
  const [row] = (await ask(copy, "PRAGMA integrity_check(1)")) ?? [];
  if (row?.["integrity_check"] === "ok") return !isCut;
  const indexes = await ask(copy, "SELECT name, rootpage FROM sqlite_master WHERE type = 'index'");
  for (const index of indexes ?? []) {
    await rebuildIndex(copy, textOf(index, "name"), integerOf(index, "rootpage"));
  }
  return false;
}

/**
 * SQLite reads through the index that it builds again, and cannot where that is damaged: it is given an empty one.
 * Where it cannot read the table either, what is left of the index leads to what is left of the table.
 */
async function rebuildIndex(copy: string, name: string, page: number): Promise<void> {
  const before = await withFile(copy, (file) => emptyIndex(file, page));
  if (before === undefined) return;
  const built = await ask(copy, `REINDEX "${name.replaceAll('"', '""')}"`);
  if (built === undefined) await withFile(copy, (file) => write(file, before));
}

/** What SQLite answers; what is wrong where it does not is told by whoever opens the file next. */
async function ask(copy: string, sql: string): Promise<readonly SqlRow[] | undefined> {
  try {
    // Closed each time: its log is in the file then.
    return await withDatabase(copy, {}, (database) => database.query(sql));
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

/** SQLite reads nothing of a file that is shorter than its header says. A header may be wrong: twice as long at most. */
async function restoreLength(file: FileHandle): Promise<boolean> {
  const { pageSize, pageCount } = await readHeader(file);
  const { size } = await file.stat();
  const length = pageSize * pageCount;
  const isCut = size < length && length <= 2 * size;
  if (isCut) await file.truncate(length);
  return isCut;
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
