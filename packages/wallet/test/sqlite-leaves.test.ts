import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Database, SqlValue } from "@writ/core";
import { describe, expect, it } from "vitest";

import { leafRows, type LeafRow, type Shape } from "../src/store/sqlite-leaves.js";
import { bytesOf } from "./sqlite-files.js";
import { openDatabase, temporaryFolder } from "./world.js";

const SHAPE: Shape = ["integer", "bytes"];

/** The bytes of a file with a table of two columns, `n` and `b`, and what `fill` does with it. */
async function fileOf(fill: (database: Database) => Promise<unknown>, pageSize = 4096): Promise<Buffer> {
  const path = join(temporaryFolder(), "some.db");
  const database = await openDatabase(path, "create");
  if (pageSize !== 4096) {
    for (const sql of ["journal_mode = DELETE", `page_size = ${String(pageSize)}`])
      await database.query(`PRAGMA ${sql}`);
    await database.query("VACUUM");
  }
  await database.query("CREATE TABLE things (n BIGINT, b BYTEA)");
  await fill(database);
  await database.close();
  return readFileSync(path);
}

const insert = (database: Database, ...row: readonly SqlValue[]): Promise<unknown> =>
  database.query(`INSERT INTO things VALUES ($1, $2)`, row);

async function rowsIn(file: Uint8Array, shape = SHAPE): Promise<readonly LeafRow[]> {
  const found: LeafRow[] = [];
  for await (const row of leafRows(bytesOf(file), shape)) found.push(row);
  return found;
}

/** Sizes that fit a page just so, overflow by a little, and go on over many. */
const SIZES = [0, 1, 100, 476, 477, 3000, 4050, 4051, 4052, 4053, 4054, 4060, 4061, 4062, 9000, 70_000];
const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 251);

/** A file of several pages of leaves; each row has its number and 500 bytes of it. */
const LAST = 60;
const filled = (): Promise<Buffer> =>
  fileOf(async (database) => {
    for (let n = 1; n <= LAST; n++) await insert(database, n + 1000, bytes(500));
  });
const numbersIn = async (file: Uint8Array): Promise<readonly number[]> =>
  (await rowsIn(file)).map(([n]) => Number(n) - 1000).sort((a, b) => a - b);
const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Where the pages of a kind begin. */
const pagesOf = (file: Buffer, kind: number): readonly number[] =>
  upTo(file.length / 4096 - 1)
    .map((page) => page * 4096)
    .filter((at) => file[at] === kind);

describe("the rows of an SQLite file", () => {
  it.each([512, 1024, 4096, 65_536])("are what SQLite wrote, with pages of %i bytes", async (pageSize) => {
    const file = await fileOf(async (database) => {
      for (const size of SIZES) await insert(database, size, bytes(size));
    }, pageSize);
    expect(file.readUInt16BE(16)).toBe(pageSize === 65_536 ? 1 : pageSize);
    const found = (await rowsIn(file)).map(([n, b]) => [n, Buffer.from(b as Uint8Array).toString("hex")]);
    expect(found.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(
      SIZES.map((size) => [size, Buffer.from(bytes(size)).toString("hex")]),
    );
  });

  it("have integers of every width", async () => {
    const edges = [7, 15, 23, 31, 47].flatMap((bits) => [
      2 ** bits - 1,
      2 ** bits,
      -(2 ** bits),
      -(2 ** bits) - 1,
    ]);
    const numbers = [0, 1, 2, -1, ...edges, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const file = await fileOf(async (database) => {
      for (const n of numbers) await insert(database, n, bytes(3));
      await database.query("INSERT INTO things VALUES (9223372036854775807, x'00')");
    });
    expect((await rowsIn(file)).map(([n]) => n)).toEqual(numbers);
  });

  it("are of one shape, and texts are bytes", async () => {
    const file = await fileOf(async (database) => {
      await insert(database, 7, "text");
      await insert(database, null, bytes(1));
      await insert(database, "7 of them", bytes(1));
      await database.query("INSERT INTO things VALUES (1.5, x'00')");
      await insert(database, 8, 9);
    });
    expect(await rowsIn(file)).toEqual([[7, Buffer.from("text")]].map((row) => row.map(plain)));
    expect(await rowsIn(file, ["integer"])).toEqual([]);
    expect(await rowsIn(file, ["integer", "bytes", "bytes"])).toEqual([]);
    expect(await rowsIn(file, ["integer", "integer"])).toEqual([[8, 9]]);
  });

  it("are all there where what leads to them is lost", async () => {
    const file = await filled();
    expect([pagesOf(file, 0x0d).length > 5, pagesOf(file, 0x05).length]).toEqual([true, 1]);
    for (const at of pagesOf(file, 0x05)) file.fill(0, at, at + 4096);
    file.fill(0xff, 100, 4096);
    expect(await numbersIn(file)).toEqual(upTo(LAST));
  });

  it("are those of other pages where one is lost, wherever it is", async () => {
    const whole = await filled();
    for (const at of pagesOf(whole, 0x0d)) {
      for (const damage of [0, 0xff]) {
        const file = Buffer.from(whole).fill(damage, at, at + 4096);
        const found = await numbersIn(file);
        expect(found.length).toBeGreaterThanOrEqual(LAST - 8);
        expect(found.length).toBeLessThan(LAST);
        expect(upTo(LAST)).toEqual(expect.arrayContaining([...found]));
      }
    }
  });

  it("are none of a file without a header, of an empty one, and of sizes that no page has", async () => {
    const file = await filled();
    for (const size of [0, 2, 256, 4095, 3072]) {
      const other = Buffer.from(file);
      other.writeUInt16BE(size, 16);
      expect(await rowsIn(other)).toEqual([]);
    }
    expect(await rowsIn(new Uint8Array())).toEqual([]);
    expect(await rowsIn(file.subarray(0, 99))).toEqual([]);
  });
});

describe("a file that was made to be read for ever", () => {
  const READS = { count: 0 };
  const counting = (file: Uint8Array) => (offset: number, length: number) => {
    READS.count += 1;
    return bytesOf(file)(offset, length);
  };

  it("has each page once, however many rows say that it is theirs", async () => {
    const file = await fileOf(async (database) => {
      for (let n = 0; n < 200; n++) await insert(database, n, bytes(9000));
    });
    const pages = file.length / 4096;
    // Every page that goes on elsewhere leads back to the first of them.
    const overflow = pagesOf(file, 0).find((at) => file.readUInt32BE(at) > 1) ?? 0;
    for (const at of pagesOf(file, 0)) file.writeUInt32BE(overflow / 4096 + 1, at);
    READS.count = 0;
    let rows = 0;
    for await (const _ of leafRows(counting(file), SHAPE)) rows += 1;
    expect(rows).toBeLessThan(3);
    expect(READS.count).toBeLessThan(2 * pages + 200);
  });

  it("has no more rows than fit into it twice", async () => {
    const file = await fileOf((database) => insert(database, 1000, bytes(500)));
    const leaf = pagesOf(file, 0x0d).at(-1) ?? 0;
    const cell = file.readUInt16BE(leaf + 8);
    const cells = 1500;
    file.writeUInt16BE(cells, leaf + 3);
    for (let index = 0; index < cells; index++) file.writeUInt16BE(cell, leaf + 8 + 2 * index);
    expect((await rowsIn(file)).length).toBe(Math.floor((2 * 4096) / 507));
  });

  it("has no row that is longer than any that was written", async () => {
    const file = await fileOf((database) => insert(database, 1000, bytes(2 ** 24)));
    expect(await rowsIn(file)).toEqual([]);
  });
});

function plain(value: number | Uint8Array): number | Uint8Array {
  return typeof value === "number" ? value : new Uint8Array(value);
}
