import { describe, expect, it } from "vitest";
import type { SqlValue } from "@writ/core";
import { temporaryDatabase } from "./temporary-folder.js";

const TABLE = "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, value BLOB, name TEXT NOT NULL UNIQUE)";
const INSERT = "INSERT INTO t (id, value, name) VALUES ($1, $2, $3)";

describe("values", () => {
  it.each<SqlValue>([
    null,
    "",
    "text, Ärger, 漢字, 🜁",
    "'); DROP TABLE t; --",
    "$1",
    0,
    -1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    new Uint8Array(0),
    Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff),
  ])("come back as they went in (%#)", async (value) => {
    const database = await temporaryDatabase(TABLE);
    await database.query(INSERT, [1, value, "a"]);
    expect((await database.query("SELECT value FROM t WHERE id = $1", [1]))[0]?.["value"]).toStrictEqual(
      value,
    );
    expect((await database.query("SELECT $1 AS value", [value]))[0]?.["value"]).toStrictEqual(value);
  });

  it("are stored as integers, not as floating-point numbers", async () => {
    const database = await temporaryDatabase();
    expect(await database.query("SELECT typeof($1) AS type", [5])).toMatchObject([{ type: "integer" }]);
  });

  it.each([
    ["a fraction", 1.5],
    ["a number that is not one", NaN],
    ["an integer that is not safe", 2 ** 53],
    ["a text with a NUL", "a\0b"],
    ["half a surrogate pair", "a\ud800"],
    ["undefined", undefined],
    ["a boolean", true],
    ["an object", {}],
    ["a bigint", 1n],
  ])("that would change are refused: %s", async (_, value) => {
    const database = await temporaryDatabase(TABLE);
    const given = value as SqlValue;
    await expect(database.query(INSERT, [1, given, "a"])).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    expect(await database.query("SELECT id FROM t")).toEqual([]);
  });

  it("are refused in a row where they are no safe integers", async () => {
    const database = await temporaryDatabase();
    const query = database.query("SELECT 9007199254740993 AS n");
    await expect(query).rejects.toMatchObject({ code: "DATABASE_INVALID" });
  });

  it("are copied before the call returns", async () => {
    const database = await temporaryDatabase(TABLE);
    const bytes = Buffer.from([1, 2, 3]);
    const parameters = [1, bytes, "a"];
    const written = database.query(INSERT, parameters);
    bytes.fill(9);
    parameters[0] = 2;
    await written;
    const rows = await database.query("SELECT id, value FROM t");
    expect(rows).toEqual([{ id: 1, value: new Uint8Array([1, 2, 3]) }]);
  });

  it("that are byte strings own their memory", async () => {
    const database = await temporaryDatabase(TABLE);
    await database.query(INSERT, [1, new Uint8Array([1, 2, 3]), "a"]);
    const [first] = await database.query("SELECT value FROM t");
    const [second] = await database.query("SELECT value FROM t");
    const bytes = first?.["value"] as Uint8Array;
    expect(bytes.buffer.byteLength).toBe(3);
    bytes.fill(9);
    expect(second?.["value"]).toEqual(new Uint8Array([1, 2, 3]));
  });

  it("stay out of messages", async () => {
    const database = await temporaryDatabase(TABLE, "CREATE TABLE s (n INTEGER) STRICT");
    const query = database.query("INSERT INTO s (n) VALUES ($1)", ["hunter2"]);
    await expect(query).rejects.toMatchObject({
      code: "DATABASE_CONSTRAINT",
      message: expect.not.stringContaining("hunter2") as string,
    });
  });
});

describe("rows", () => {
  it("are frozen, and so is their list", async () => {
    const database = await temporaryDatabase();
    const rows = await database.query("SELECT 1 AS n UNION ALL SELECT 2");
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    expect(rows.every((row) => Object.isFrozen(row))).toBe(true);
    expect(Object.isFrozen(rows)).toBe(true);
  });

  it("come from writes that return them, and not from others", async () => {
    const database = await temporaryDatabase(TABLE);
    expect(await database.query(INSERT, [1, null, "a"])).toEqual([]);
    const returned = await database.query("UPDATE t SET name = $1 RETURNING id, name", ["b"]);
    expect(returned).toEqual([{ id: 1, name: "b" }]);
  });

  it("show columns that another connection added", async () => {
    const database = await temporaryDatabase(TABLE, "INSERT INTO t (id, name) VALUES (1, 'a')");
    const all = "SELECT * FROM t";
    expect(await database.query(all)).toEqual([{ id: 1, value: null, name: "a" }]);
    await database.query("ALTER TABLE t ADD COLUMN more TEXT");
    expect(await database.query(all)).toEqual([{ id: 1, value: null, name: "a", more: null }]);
  });
});

describe("parameters", () => {
  it("go by number, and one may stand twice", async () => {
    const database = await temporaryDatabase();
    const rows = await database.query("SELECT $2 AS a, $1 AS b, $2 AS c", ["one", "two"]);
    expect(rows).toEqual([{ a: "two", b: "one", c: "two" }]);
  });

  it.each([
    ["too few", [1]],
    ["too many", [1, 2, 3]],
  ])("must be as many as the statement has: %s", async (_, parameters) => {
    const database = await temporaryDatabase();
    await expect(database.query("SELECT $1 AS a, $2 AS b", parameters)).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });

  it("are not looked for in literals", async () => {
    const database = await temporaryDatabase();
    expect(await database.query("SELECT '$1; x' AS a /* $2; */ -- $3; x")).toEqual([{ a: "$1; x" }]);
  });
});

describe("failures", () => {
  it.each([
    ["a primary key that is there", INSERT, [1, null, "b"], "DATABASE_CONSTRAINT"],
    ["a unique value that is there", INSERT, [2, null, "a"], "DATABASE_CONSTRAINT"],
    ["a null where there must be none", INSERT, [2, null, null], "DATABASE_CONSTRAINT"],
    ["a reference to nothing", "INSERT INTO child (parent) VALUES ($1)", [7], "DATABASE_CONSTRAINT"],
    ["no such table", "SELECT 1 FROM nowhere", [], "DATABASE_SCHEMA"],
    ["no such table to write", "INSERT INTO nowhere (a) VALUES (1)", [], "DATABASE_SCHEMA"],
    ["no such column", "SELECT missing FROM t", [], "DATABASE_SCHEMA"],
    ["no such column to write", "INSERT INTO t (missing) VALUES (1)", [], "DATABASE_SCHEMA"],
    [
      "no such column of a table with a space",
      'INSERT INTO "my table" (missing) VALUES (1)',
      [],
      "DATABASE_SCHEMA",
    ],
    ["a name in double quotes", 'SELECT "missing" FROM t', [], "DATABASE_SCHEMA"],
    ["bad syntax", "SELEC 1", [], "ARGUMENT_INVALID"],
    ["no statement", "", [], "ARGUMENT_INVALID"],
  ])("have a code and a cause: %s", async (_, sql, parameters, code) => {
    const child = "CREATE TABLE child (parent BIGINT REFERENCES t (id))";
    const spaced = 'CREATE TABLE "my table" (n BIGINT)';
    const database = await temporaryDatabase(
      TABLE,
      child,
      spaced,
      "INSERT INTO t (id, name) VALUES (1, 'a')",
    );
    const query = database.query(sql, parameters);
    await expect(query).rejects.toMatchObject({ name: "WritError", code, cause: expect.any(Error) as Error });
    expect(await database.query("SELECT id, name FROM t")).toEqual([{ id: 1, name: "a" }]);
  });

  it("are not chosen by data that quotes one", async () => {
    const trigger = "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'no such table: t'); END";
    const database = await temporaryDatabase(TABLE, trigger);
    await expect(database.query(INSERT, [1, null, "a"])).rejects.toMatchObject({
      code: "DATABASE_CONSTRAINT",
    });
  });

  it.each([
    "BEGIN",
    "commit",
    " -- so\n ROLLBACK",
    "END",
    "SAVEPOINT a",
    "RELEASE a",
    "ATTACH 'x' AS x",
    "; BEGIN",
  ])("include what is not a statement's to do: %s", async (sql) => {
    const database = await temporaryDatabase();
    const refusal = { code: "ARGUMENT_INVALID", message: expect.stringContaining("transaction()") as string };
    await expect(database.query(sql)).rejects.toMatchObject(refusal);
  });

  it("include a second statement, which the driver would leave out", async () => {
    const database = await temporaryDatabase(TABLE);
    const sql = "INSERT INTO t (id, name) VALUES (1, 'a'); INSERT INTO t (id, name) VALUES (2, 'b')";
    await expect(database.query(sql)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    expect(await database.query("SELECT id FROM t;\n")).toEqual([]);
  });
});

it("takes more different statements than it keeps prepared", async () => {
  const database = await temporaryDatabase();
  for (const round of [1, 2]) {
    for (let n = 0; n < 300; n++) {
      expect(await database.query(`SELECT ${String(n)} AS n, $1 AS round`, [round])).toEqual([{ n, round }]);
    }
  }
});

describe("settings", () => {
  it.each([
    ["journal_mode", "wal"],
    ["synchronous", 2],
    ["foreign_keys", 1],
    ["trusted_schema", 0],
    ["cell_size_check", 1],
    ["fullfsync", 1],
  ])("%s is %s", async (name, value) => {
    const database = await temporaryDatabase();
    expect(await database.query(`PRAGMA ${name}`)).toEqual([{ [name]: value }]);
  });

  it("let no statement write the schema itself", async () => {
    const database = await temporaryDatabase(TABLE);
    await database.query("PRAGMA writable_schema = ON");
    await expect(database.query("DELETE FROM sqlite_schema")).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });
});

describe("a database that is full", () => {
  it("cannot be written, says so, and keeps what it holds", async () => {
    const database = await temporaryDatabase(TABLE);
    await database.query(INSERT, [1, null, "a"]);
    await database.query("PRAGMA max_page_count = 10");
    const writing = database.query(INSERT, [2, new Uint8Array(100_000), "b"]);
    await expect(writing).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    expect(await database.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });
});
