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

const READS = { count: 0 };
const counting = (file: Uint8Array) => (offset: number, length: number) => {
  READS.count += 1;
  return bytesOf(file)(offset, length);
};

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

  it("are not of rows with fewer columns, more of them, or columns of another kind", async () => {
    const file = await fileOf(async (database) => {
      await database.query("CREATE TABLE wide (n BIGINT, b BYTEA, more BIGINT)");
      for (const more of [0, 1, null]) await database.query("INSERT INTO wide VALUES (1, x'01', $1)", [more]);
      await database.query("CREATE TABLE narrow (n BIGINT)");
      await database.query("INSERT INTO narrow VALUES (1)");
      await insert(database, 2, null);
      await database.query("INSERT INTO things VALUES (3, 1.5)");
      await database.query("INSERT INTO things VALUES (4, x'')");
    });
    expect((await rowsIn(file)).map(([n]) => n)).toEqual([4]);
  });

  it("are not of columns that are said to have less than nothing", async () => {
    const file = await fileOf((database) =>
      database.query("INSERT INTO things VALUES (NULL, 1125899906842624)"),
    );
    const leaf = pagesOf(file, 0x0d).at(-1) ?? 0;
    const cell = leaf + file.readUInt16BE(leaf + 8);
    // Three bytes of header and eight of the number; a column without a value would have six less.
    expect(file.readUInt8(cell)).toBe(3 + 8);
    file.writeUInt8(3 + 8 - 6, cell);
    expect(await rowsIn(file, ["bytes", "integer"])).toEqual([]);
  });

  it("have any number, of which the longest takes nine bytes", async () => {
    const file = await fileOf(async (database) => {
      for (const row of ["-1", "-9223372036854775808", "9223372036854775807"])
        await database.query(`INSERT INTO things (rowid, n, b) VALUES (${row}, 1, x'07')`);
    });
    expect((await rowsIn(file)).length).toBe(3);
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

  it("are those of other pages where one says that it has more than it can", async () => {
    const whole = await filled();
    for (const at of pagesOf(whole, 0x0d)) {
      const file = Buffer.from(whole);
      file.writeUInt16BE(0xffff, at + 3);
      expect(await numbersIn(file)).toEqual(expect.arrayContaining([...upTo(LAST)]));
    }
  });

  it("are those of other cells where one is said to be elsewhere, or to be longer", async () => {
    const whole = await filled();
    const leaf = pagesOf(whole, 0x0d)[1] ?? 0;
    // The last of them, after which others lie.
    const pointer = leaf + 6 + 2 * whole.readUInt16BE(leaf + 3);
    const cell = leaf + whole.readUInt16BE(pointer);
    const changes: ((file: Buffer) => void)[] = [
      (file) => file.writeUInt16BE(0xffff, pointer),
      (file) => file.writeUInt16BE(4095, pointer),
      (file) => file.writeUInt16BE(0, pointer),
      (file) => file.fill(0xff, cell, cell + 9),
      (file) => file.writeUInt16BE(file.readUInt16BE(cell) + 1, cell),
      (file) => file.writeUInt16BE(file.readUInt16BE(cell) - 1, cell),
    ];
    for (const change of changes) {
      const file = Buffer.from(whole);
      change(file);
      expect((await numbersIn(file)).length).toBe(LAST - 1);
    }
  });

  it("are those before the end of a file that is cut off", async () => {
    const whole = await filled();
    const leaf = pagesOf(whole, 0x0d).at(-1) ?? 0;
    for (let more = 1; more < 16; more++) {
      const found = await numbersIn(whole.subarray(0, leaf + more));
      expect(found.length).toBeGreaterThan(LAST / 2);
    }
  });

  it("are the others where what overflows from one ends too soon, or is another's", async () => {
    // Of each byte it shows which row's it is, and where in the row.
    const long = (n: number): Buffer =>
      Buffer.from(Array.from({ length: 9000 }, (_, at) => (at % 2 === 0 ? n : Math.floor(at / 500))));
    const file = await fileOf(async (database) => {
      for (let n = 1; n <= 20; n++) await insert(database, n, long(n));
    });
    const intact = async (): Promise<number> =>
      (await rowsIn(file)).filter(([n, b]) => long(Number(n)).equals(b as Uint8Array)).length;
    expect(await intact()).toBe(20);
    const first = pagesOf(file, 0).find((at) => file.readUInt32BE(at) > 1) ?? 0;
    const genuine = file.readUInt32BE(first);
    for (const next of [0, 0xffffffff, ...upTo(file.length / 4096)]) {
      file.writeUInt32BE(next, first);
      expect([next, await intact()]).toEqual([next, next === genuine ? 20 : 19]);
    }
  });

  it("are the others of a page where some are said to be where long ones would begin", async () => {
    const file = await fileOf(async (database) => {
      for (let n = 1; n <= 11; n++) await insert(database, n + 1000, bytes(20));
    });
    const leaf = pagesOf(file, 0x0d).at(-1) ?? 0;
    file.writeUInt16BE(0x9f20, leaf + 1000);
    for (let index = 0; index < 3; index++) file.writeUInt16BE(1000, leaf + 8 + 2 * index);
    expect((await rowsIn(file)).length).toBe(8);
  });

  it("are not said to be none where they cannot be read", async () => {
    const file = await fileOf((database) => insert(database, 1, bytes(9000)));
    const overflow = pagesOf(file, 0)[0] ?? 0;
    let isFirst = true;
    const read = (offset: number, length: number) => {
      const fails = offset === overflow && isFirst;
      if (fails) isFirst = false;
      return fails ? Promise.reject(new TypeError("EIO")) : bytesOf(file)(offset, length);
    };
    await expect(async () => {
      for await (const row of leafRows(read, SHAPE)) expect(row).toBeUndefined();
    }).rejects.toThrow(TypeError);
  });

  it("are none of a file without a header, of an empty one, and of sizes that no page has", async () => {
    const file = await filled();
    for (const size of [0, 2, 256, 4095, 3072]) {
      const other = Buffer.from(file);
      other.writeUInt16BE(size, 16);
      READS.count = 0;
      for await (const row of leafRows(counting(other), SHAPE)) expect(row).toBeUndefined();
      expect(READS.count).toBe(1);
    }
    expect(await rowsIn(new Uint8Array())).toEqual([]);
    expect(await rowsIn(file.subarray(0, 99))).toEqual([]);
  });
});

describe("a file that was made to be read for ever", () => {
  it("has each page of what overflows twice at most, however many rows say that it is theirs", async () => {
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
    expect(rows).toBeLessThan(5);
    expect(READS.count).toBeLessThan(3 * pages);
  });

  it("has no more rows than fit into it twice", async () => {
    const file = await fileOf((database) => insert(database, 1000, bytes(500)));
    const leaf = pagesOf(file, 0x0d).at(-1) ?? 0;
    const cell = file.readUInt16BE(leaf + 8);
    const cells = 1500;
    file.writeUInt16BE(cells, leaf + 3);
    for (let index = 0; index < cells; index++) file.writeUInt16BE(cell, leaf + 8 + 2 * index);
    expect((await rowsIn(file)).length).toBe(Math.ceil((2 * 4096) / 505));
  });

  it("has no more failures on a page than damage makes", async () => {
    const file = await fileOf(async (database) => {
      for (let n = 1; n <= 3; n++) await insert(database, n + 1000, bytes(20));
    });
    const leaf = pagesOf(file, 0x0d).at(-1) ?? 0;
    const [first, , last] = upTo(3).map((n) => file.readUInt16BE(leaf + 6 + 2 * n));
    for (const [failures, rows] of [
      [20, 2],
      [40, 1],
    ] as const) {
      const cells = [first ?? 0, ...Array.from({ length: failures }, () => 0xffff), last ?? 0];
      file.writeUInt16BE(cells.length, leaf + 3);
      for (const [index, cell] of cells.entries()) file.writeUInt16BE(cell, leaf + 8 + 2 * index);
      expect((await rowsIn(file)).length).toBe(rows);
    }
  });

  it("has no row that is longer than any that was written", async () => {
    const file = await fileOf((database) => insert(database, 1000, bytes(2 ** 24)));
    expect(await rowsIn(file)).toEqual([]);
  });
});

function plain(value: number | Uint8Array): number | Uint8Array {
  return typeof value === "number" ? value : new Uint8Array(value);
}
