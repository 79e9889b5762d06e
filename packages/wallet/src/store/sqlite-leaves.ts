import { concatBytes, toHex, WritError } from "@writ/core";

/** Reads some bytes of a file: fewer where it ends, none beyond. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** What the columns of a table hold. A text is given as its bytes. */
export type Shape = readonly ("integer" | "bytes")[];

/** Integers and byte strings, as the shape says. */
export type LeafRow = readonly (number | Uint8Array)[];

/** Where the header of a file says how large its pages are (sqlite.org/fileformat2.html, 1.3). */
const HEADER_LENGTH = 100;
const PAGE_SIZE_AT = 16;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

/** A leaf of a table, its count of cells, and where each of them is (1.6). */
const TABLE_LEAF = 0x0d;
const CELL_COUNT_AT = 3;
const CELL_POINTERS_AT = 8;

/** Rows share nothing in a whole file. Of what damaged ones say is theirs too, so much is read. */
const MOST_OF_A_PAGE = 2;
/** What cannot be read counts as so many bytes of it: an error takes longer than they do. */
const COST_OF_A_FAILURE = 256;
/** No row that was written is longer. */
const LONGEST_ROW = 2 ** 24;

/**
 * The rows of one shape in an SQLite file, as the leaves of its tables hold them. No tree, index or schema leads to
 * them, so none that is damaged hides any; and each page is read once as a leaf and twice as what overflows from one, at
 * most, whatever others say of it. What cannot be read is passed over. Which table a row is of, and whether it is still in it,
 * is not told.
 */
export async function* leafRows(read: ReadBytes, shape: Shape): AsyncIterable<LeafRow> {
  const size = sqlitePageSize(await read(0, HEADER_LENGTH));
  if (size === undefined) return;
  const overflow = overflowOf(read, size);
  // The first page has the header, and no tables but the schema.
  for (let number = 2; ; number++) {
    const page = await read((number - 1) * size, size);
    if (page.length === 0) return;
    if (page[0] !== TABLE_LEAF) continue;
    let left = MOST_OF_A_PAGE * size;
    for (const at of cellsOn(page)) {
      if (left < 0) break;
      try {
        const cell = cellAt(page, at, size);
        const columns = columnsIn(cell, shape);
        if (columns === undefined) continue;
        left -= cell.local.length;
        const rest =
          cell.next === undefined ? [] : await overflow(cell.next, cell.length - cell.local.length);
        yield valuesOf(concatBytes(cell.local, ...rest), columns);
      } catch (error) {
        if (!(error instanceof WritError)) throw error;
        left -= COST_OF_A_FAILURE;
      }
    }
  }
}

/** How large the pages of an SQLite file are, by its first hundred bytes; `undefined` where these do not say it. */
export function sqlitePageSize(header: Uint8Array): number | undefined {
  if (header.length < HEADER_LENGTH) return undefined;
  const size = unsigned(header, PAGE_SIZE_AT, 2);
  // The largest does not fit into two bytes.
  if (size === 1) return LARGEST_PAGE;
  return size >= SMALLEST_PAGE && Number.isInteger(Math.log2(size)) ? size : undefined;
}

/** Where the cells of a leaf begin, as far as there is room for so many. */
function cellsOn(page: Uint8Array): readonly number[] {
  const room = Math.max(0, Math.floor((page.length - CELL_POINTERS_AT) / 2));
  const count = room === 0 ? 0 : Math.min(unsigned(page, CELL_COUNT_AT, 2), room);
  return Array.from({ length: count }, (_, index) => unsigned(page, CELL_POINTERS_AT + 2 * index, 2));
}

/** A row, as far as it lies on the page. */
interface Cell {
  /** Of the whole row. */
  readonly length: number;
  readonly local: Uint8Array;
  /** The page on which the rest begins. */
  readonly next?: number;
}

function cellAt(page: Uint8Array, at: number, size: number): Cell {
  const [length, numbered] = varint(page, at);
  const [, start] = varint(page, numbered);
  if (length > LONGEST_ROW) throw damaged("a row is longer than any that was written");
  const local = localLength(length, size);
  const end = start + local;
  const bytes = take(page, start, local);
  return local === length ? { length, local: bytes } : { length, local: bytes, next: unsigned(page, end, 4) };
}

/** How much of a row lies on the page itself (1.6, "Cell Payload Overflow Pages"); Writ's files reserve no part of a page. */
function localLength(length: number, size: number): number {
  const most = size - 35;
  if (length <= most) return length;
  const least = Math.floor(((size - 12) * 32) / 255) - 23;
  const filled = least + ((length - least) % (size - 4));
  return filled <= most ? filled : least;
}

/** Follows what overflows from a page. */
function overflowOf(
  read: ReadBytes,
  size: number,
): (first: number, length: number) => Promise<readonly Uint8Array[]> {
  const uses = new Map<number, number>();
  return async (first, length) => {
    const parts: Uint8Array[] = [];
    let next = first;
    for (let left = length; left > 0; left -= size - 4) {
      const used = uses.get(next) ?? 0;
      if (next === 0 || used === MOST_OF_A_PAGE) throw damaged("what overflows from a page ends too soon");
      uses.set(next, used + 1);
      const page = await read((next - 1) * size, size);
      next = unsigned(page, 0, 4);
      parts.push(take(page, 4, Math.min(left, size - 4)));
    }
    return parts;
  };
}

/** Where a value stands in a row. */
interface Column {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** The columns of a row that has the shape; `undefined` for one that has another (2.1, "Record Format"). */
function columnsIn({ length, local }: Cell, shape: Shape): readonly Column[] | undefined {
  const [headerLength, start] = varint(local, 0);
  const columns: Column[] = [];
  let at = headerLength;
  let typeAt = start;
  for (const kind of shape) {
    const [type, after] = varint(local, typeAt);
    if ((kind === "integer") !== type in INTEGER_LENGTHS || (kind === "bytes" && type < 12)) return undefined;
    const width = INTEGER_LENGTHS[type] ?? Math.floor((type - 12) / 2);
    columns.push({ type, at, length: width });
    [at, typeAt] = [at + width, after];
  }
  return typeAt === headerLength && at === length ? columns : undefined;
}

/** Bytes of an integer of each type; the last two are 0 and 1 themselves. */
const INTEGER_LENGTHS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0 };

function valuesOf(row: Uint8Array, columns: readonly Column[]): LeafRow {
  return columns.map(({ type, at, length }) => {
    if (type >= 12) return take(row, at, length);
    return length === 0 ? type - 8 : integer(row, at, length);
  });
}

/** A number with a sign, the highest byte first. */
function integer(bytes: Uint8Array, at: number, length: number): number {
  const number = Number(BigInt.asIntN(8 * length, BigInt(`0x${toHex(take(bytes, at, length))}`)));
  if (!Number.isSafeInteger(number)) throw damaged("a number is larger than any that was written");
  return number;
}

function unsigned(bytes: Uint8Array, at: number, length: number): number {
  return take(bytes, at, length).reduce((value, byte) => value * 256 + byte, 0);
}

/** A number of up to nine bytes, and where it ends (1.6, "varint"); so large a one as loses its last bits fits nothing. */
function varint(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = unsigned(bytes, at + index, 1);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  return [value, at + 9];
}

/** @throws WritError `DATABASE_INVALID` where they are not all there. */
function take(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (at + length > bytes.length) throw damaged("a row goes beyond its page, or a page beyond the file");
  return bytes.subarray(at, at + length);
}

function damaged(message: string): WritError {
  return new WritError("DATABASE_INVALID", message);
}
