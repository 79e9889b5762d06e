import { DatabaseSync } from "@photostructure/sqlite";
import type { SqlRow } from "@writ/core";
import { describe, expect, it } from "vitest";
import { checkSchema } from "../src/check-schema.js";
import { openSqliteDatabase } from "../src/index.js";
import { temporaryDatabase } from "./temporary-folder.js";

const TABLE = "CREATE TABLE t (id BIGINT NOT NULL UNIQUE, n BIGINT)";

/** The path of a closed database into which somebody with another program has written. */
async function plantedIn(...planted: readonly string[]): Promise<string> {
  const database = await temporaryDatabase(TABLE, "INSERT INTO t (id, n) VALUES (1, 2)");
  await database.close();
  const { path } = database;
  const foreign = new DatabaseSync(path);
  for (const statement of planted) foreign.exec(statement);
  foreign.close();
  return path;
}

const opening = (path: string) => openSqliteDatabase({ path, mode: "open" });

describe("a schema", () => {
  it.each([
    ["a view", "CREATE VIEW v AS SELECT n FROM t"],
    [
      "a view without an end in a table's place",
      `ALTER TABLE t RENAME TO u;
       CREATE VIEW t AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c`,
    ],
    ["a trigger", "CREATE TRIGGER r AFTER DELETE ON t BEGIN INSERT INTO t VALUES (OLD.id, OLD.n); END"],
    ["a virtual table", "CREATE VIRTUAL TABLE v USING fts5(a)"],
    ["a computed column", "CREATE TABLE u (n BIGINT, m BLOB AS (zeroblob(900000000)))"],
    ["a computed column that is stored", "CREATE TABLE u (n BIGINT, m BLOB GENERATED ALWAYS AS (n) STORED)"],
    ["a computed column without spaces", "CREATE TABLE u(n BIGINT,m AS(n))"],
    ["a default that is computed", "CREATE TABLE u (n BIGINT, m BLOB DEFAULT (zeroblob(900000000)))"],
    ["a check", "CREATE TABLE u (n BIGINT CHECK (n > 1))"],
    ["a check of a name", "CREATE TABLE u (n BIGINT, CHECK (n))"],
    ["what acts when a row goes", "CREATE TABLE u (n BIGINT REFERENCES t (id) ON DELETE CASCADE)"],
    ["what acts on a conflict", "CREATE TABLE u (n BIGINT UNIQUE ON CONFLICT REPLACE)"],
    ["another order", "CREATE TABLE u (n TEXT COLLATE NOCASE UNIQUE)"],
    ["an index on an expression", "CREATE INDEX i ON t (abs(n))"],
    ["an index on an expression of words", "CREATE INDEX i ON t (n IS NULL)"],
    ["an index on some rows", "CREATE INDEX i ON t (n) WHERE n"],
    ["an index on rows that compute", "CREATE INDEX i ON t (n) WHERE n = 1 + 1"],
    ["an index on rows that are like", "CREATE INDEX i ON t (n) WHERE n GLOB 1"],
    ["a quoted name", 'CREATE TABLE u ("as" BIGINT)'],
    ["a comment", "CREATE TABLE u (n BIGINT /* AS (1) */)"],
    ["a table of a kind of its own", "CREATE TABLE u (n BIGINT PRIMARY KEY) WITHOUT ROWID"],
  ])("is refused with %s", async (_, planted) => {
    const path = await plantedIn(planted);
    await expect(opening(path)).rejects.toMatchObject({ code: "DATABASE_INVALID" });
  });

  it("is refused with the type and the name of what is foreign, and what to do", async () => {
    const path = await plantedIn("CREATE INDEX i ON t (n)", 'CREATE INDEX "by \u202e number" ON t (n)');
    await expect(opening(path)).rejects.toMatchObject({
      code: "DATABASE_INVALID",
      message: 'the index "by \u202e number" in the database\'s schema is not of Writ',
      hint: "Remove it with SQLite's own tool, or restore a backup.",
    });
  });

  it("is refused without all of a name that is long, and with no type that SQLite does not have", async () => {
    const path = await plantedIn(`CREATE VIEW ${"v".repeat(5000)} AS SELECT 1`);
    await expect(opening(path)).rejects.toMatchObject({
      message: `the view "${"v".repeat(64)}…" in the database's schema is not of Writ`,
    });
    const foreign = (row: SqlRow) => () => {
      checkSchema([row]);
    };
    for (const type of ["x".repeat(5000), 7, null]) {
      expect(foreign({ type, name: null, sql: null })).toThrow(
        "an object without a name in the database's schema is not of Writ",
      );
      expect(foreign({ type, name: "n", sql: null })).toThrow(
        'the object "n" in the database\'s schema is not of Writ',
      );
    }
  });

  it("is taken with what Writ makes, and what SQLite makes by itself", async () => {
    const path = await plantedIn(
      `CREATE TABLE u (
        id TEXT NOT NULL PRIMARY KEY,
        t_id BIGINT NOT NULL REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED,
        state TEXT NOT NULL DEFAULT 'active',
        UNIQUE (id, state)
      )`,
      "ALTER TABLE u ADD COLUMN n BIGINT NOT NULL DEFAULT 0",
      "CREATE INDEX IF NOT EXISTS i ON u (t_id, n)",
      "CREATE INDEX some ON u (t_id) WHERE n = 1",
      "ANALYZE",
      "VACUUM",
    );
    const database = await opening(path);
    expect(await database.query("SELECT n FROM t")).toEqual([{ n: 2 }]);
    await database.close();
  });
});

describe("a value", () => {
  it("is refused where it is larger than any that Writ writes", async () => {
    const database = await temporaryDatabase(TABLE);
    await expect(database.query("SELECT zeroblob(70000000) AS n")).rejects.toMatchObject({
      code: "DATABASE_INVALID",
    });
    expect(await database.query("SELECT length(zeroblob(60000000)) AS n")).toEqual([{ n: 60_000_000 }]);
  });
});
