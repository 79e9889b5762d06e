import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { afterAll, describe, expect, it } from "vitest";

import { databaseNamingFile } from "../src/environment/wallet-file-errors.js";

const folder = mkdtempSync(join(tmpdir(), "writ-file-errors-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a database that names its file", () => {
  it("does so in statements and in transactions, and changes no other error", async () => {
    const path = join(folder, "bot.wallet");
    const database = databaseNamingFile(path, await openSqliteDatabase({ path, mode: "create" }));
    const broken = "SELECT * FROM elsewhere";
    const named = {
      code: "DATABASE_SCHEMA",
      message: expect.stringContaining(`${path}: `) as string,
      hint: expect.stringContaining("writ wallet restore") as string,
    };
    await expect(database.query(broken)).rejects.toMatchObject(named);
    await expect(database.transaction((transaction) => transaction.query(broken))).rejects.toMatchObject(
      named,
    );
    const other = new WritError("WALLET_CONFLICT", "at the same time");
    await expect(database.transaction(() => Promise.reject(other))).rejects.toBe(other);
    expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await database.close();
  });
});
