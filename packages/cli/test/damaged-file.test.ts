import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openSqliteDatabase } from "@writ/database";
import { afterAll, describe, expect, it } from "vitest";

import { isSound, restoreLength, takeLogIn } from "../src/environment/damaged-file.js";

const folder = mkdtempSync(join(tmpdir(), "writ-damaged-file-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the length of a file that is cut off", () => {
  it.each([
    ["is as its header says", 3072, 1024, 6, 6144],
    ["is so of the largest pages, whose size does not fit", 65_536, 1, 2, 131_072],
    ["is at most twice what is there", 3072, 1024, 7, 3072],
    ["stays where the header says less", 3072, 1024, 1, 3072],
    ["stays where pages have no size", 3072, 0, 4, 3072],
    ["stays where there is not even a header", 40, 0, 0, 40],
  ])("%s", async (_, size, pageSize, pageCount, length) => {
    const bytes = Buffer.alloc(Math.max(size, 100), 1);
    bytes.writeUInt16BE(pageSize, 16);
    bytes.writeUInt32BE(pageCount, 28);
    const file = join(folder, "cut.db");
    writeFileSync(file, bytes.subarray(0, size));
    await restoreLength(file);
    expect(statSync(file).size).toBe(length);
  });
});

it("a file that is no database is not sound", async () => {
  const file = join(folder, "text.db");
  writeFileSync(file, "x".repeat(4096));
  expect(await isSound(file)).toBe(false);
});

it("a file with more indexes than any wallet is not looked through", async () => {
  const path = join(folder, "wide.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  await database.query("CREATE TABLE things (n BIGINT)");
  for (let n = 0; n < 31; n++) await database.query(`CREATE INDEX i${String(n)} ON things (n)`);
  expect(await isSound(path)).toBe(true);
  await database.query("CREATE INDEX one_more ON things (n)");
  expect(await isSound(path)).toBe(false);
  await database.close();
});

it("the log of a file that is cut off is taken in", async () => {
  const path = join(folder, "logged.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  await database.query("CREATE TABLE things (b BYTEA)");
  for (let n = 0; n < 100; n++) await database.query("INSERT INTO things VALUES (zeroblob(4000))");
  await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
  await database.query("UPDATE things SET b = x'07' WHERE rowid = 1");
  const copy = join(folder, "copy.db");
  for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, copy + suffix);
  await database.close();
  truncateSync(copy, Math.floor(statSync(copy).size / 8192 + 10) * 4096);
  expect(statSync(`${copy}-wal`).size).toBeGreaterThan(0);
  expect(await takeLogIn(copy)).toBe(false);
  expect(existsSync(`${copy}-wal`)).toBe(false);
});
