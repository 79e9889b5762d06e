import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { isSound, restoreLength } from "../src/environment/damaged-file.js";

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
