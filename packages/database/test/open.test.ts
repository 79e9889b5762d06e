import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqliteDatabase } from "../src/index.js";
import { temporaryDatabase, temporaryFolder } from "./temporary-folder.js";

/** The path of a whole, closed database. */
async function closedDatabase(): Promise<string> {
  const database = await temporaryDatabase("CREATE TABLE t (n BIGINT)", "INSERT INTO t (n) VALUES (1)");
  await database.query("CREATE TABLE filler AS SELECT zeroblob(20000) AS bytes");
  await database.close();
  return database.path;
}

describe("open", () => {
  it("takes a private database", async () => {
    const database = await openSqliteDatabase({ path: await closedDatabase(), mode: "open" });
    expect(await database.query("SELECT n FROM t")).toEqual([{ n: 1 }]);
    await database.close();
  });

  it("makes nothing where nothing is", async () => {
    const folder = temporaryFolder();
    for (const path of [join(folder, "test.db"), join(folder, "folder", "test.db")]) {
      const opening = openSqliteDatabase({ path, mode: "open" });
      await expect(opening).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, string, (path: string) => void]>([
    [
      "FILE_UNSAFE",
      "a link",
      (path) => {
        renameSync(path, `${path}.real`);
        symlinkSync(`${path}.real`, path);
      },
    ],
    [
      "FILE_UNSAFE",
      "a pipe",
      (path) => {
        renameSync(path, `${path}.real`);
        execFileSync("mkfifo", ["-m", "600", path]);
      },
    ],
    [
      "FILE_UNSAFE",
      "a folder",
      (path) => {
        renameSync(path, `${path}.real`);
        mkdirSync(path, { mode: 0o700 });
      },
    ],
    ["FILE_UNSAFE", "a file that others may read", (path) => chmodSync(path, 0o604)],
    ["FILE_UNSAFE", "a file that others may write", (path) => chmodSync(path, 0o602)],
    ["FILE_UNSAFE", "a file that the group may read", (path) => chmodSync(path, 0o640)],
    ["FILE_UNSAFE", "mode 0644", (path) => chmodSync(path, 0o644)],
    [
      "FILE_UNSAFE",
      "a log that others may read",
      (path) => writeFileSync(`${path}-wal`, "", { mode: 0o644 }),
    ],
    [
      "FILE_UNSAFE",
      "an index that others may read",
      (path) => writeFileSync(`${path}-shm`, "", { mode: 0o644 }),
    ],
    [
      "FILE_UNSAFE",
      "a journal that others may read",
      (path) => writeFileSync(`${path}-journal`, "", { mode: 0o644 }),
    ],
    ["FILE_UNSAFE", "a log that is a link", (path) => symlinkSync(path, `${path}-wal`)],
    ["DATABASE_INVALID", "an empty file", (path) => truncateSync(path, 0)],
    ["DATABASE_INVALID", "a file cut within its header", (path) => truncateSync(path, 50)],
    ["DATABASE_INVALID", "a file cut within its first page", (path) => truncateSync(path, 600)],
    ["DATABASE_INVALID", "a file cut after its first page", (path) => truncateSync(path, 4096)],
    [
      "DATABASE_INVALID",
      "a file that lacks its last byte",
      (path) => truncateSync(path, statSync(path).size - 1),
    ],
    ["DATABASE_INVALID", "a text", (path) => writeFileSync(path, "not a database ".repeat(500))],
    [
      "DATABASE_INVALID",
      "the magic and nothing else",
      (path) => writeFileSync(path, "SQLite format 3\0".repeat(500)),
    ],
    [
      "DATABASE_INVALID",
      "a damaged schema without a write-ahead log",
      (path) => {
        const bytes = readFileSync(path);
        bytes.fill(1, 18, 20);
        bytes.fill(0xff, 100, 4096);
        writeFileSync(path, bytes);
      },
    ],
    [
      "DATABASE_INVALID",
      "another magic",
      (path) => {
        const bytes = readFileSync(path);
        bytes.write("SQLite format 4\0");
        writeFileSync(path, bytes);
      },
    ],
  ])("refuses with %s and leaves as it is: %s", async (code, _, change) => {
    const path = await closedDatabase();
    change(path);
    const before = contents(dirname(path));
    await expect(openSqliteDatabase({ path, mode: "open" })).rejects.toMatchObject({ code });
    expect(contents(dirname(path))).toEqual(before);
  });

  // Only root can give a file away.
  it.skipIf(process.geteuid?.() !== 0)("refuses another user's file", async () => {
    const path = await closedDatabase();
    chownSync(path, 12_345, 12_345);
    await expect(openSqliteDatabase({ path, mode: "open" })).rejects.toMatchObject({ code: "FILE_UNSAFE" });
  });

  it("refuses a format that SQLite does not know", async () => {
    const path = await closedDatabase();
    const bytes = readFileSync(path);
    bytes[47] = 0x84;
    writeFileSync(path, bytes);
    const opening = openSqliteDatabase({ path, mode: "open" }).then((database) =>
      database.query("SELECT n FROM t"),
    );
    await expect(opening).rejects.toMatchObject({ code: "DATABASE_INVALID" });
  });

  it("finds damage further in when it is read", async () => {
    const path = await closedDatabase();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, 8192);
    writeFileSync(path, bytes);
    const database = await openSqliteDatabase({ path, mode: "open" });
    await expect(database.query("SELECT n FROM t")).rejects.toMatchObject({ code: "DATABASE_INVALID" });
    await database.close();
  });

  it("looks through the whole file after a crash, where that is asked for", async () => {
    const database = await temporaryDatabase("CREATE TABLE t (n BIGINT)", "INSERT INTO t (n) VALUES (1)");
    await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
    await database.query("CREATE TABLE u (n BIGINT)");
    const bytes = readFileSync(database.path);
    const path = join(temporaryFolder(), "crashed.db");
    const crashed = (content: Uint8Array) => {
      writeFileSync(path, content, { mode: 0o600 });
      writeFileSync(`${path}-wal`, readFileSync(`${database.path}-wal`), { mode: 0o600 });
    };
    crashed(bytes);
    const whole = await openSqliteDatabase({ path, mode: "open", afterCrash: "check" });
    expect(await whole.query("SELECT n FROM t")).toEqual([{ n: 1 }]);
    await whole.close();
    crashed(bytes.fill(0xff, 4096, 8192));
    const opening = openSqliteDatabase({ path, mode: "open", afterCrash: "check" });
    await expect(opening).rejects.toMatchObject({ code: "DATABASE_INVALID" });
    // Without a log, and unasked, it is found out by what reads it.
    crashed(bytes);
    await (await openSqliteDatabase({ path, mode: "open" })).close();
    const closed = await openSqliteDatabase({ path, mode: "open", afterCrash: "check" });
    await expect(closed.query("SELECT n FROM t")).rejects.toMatchObject({ code: "DATABASE_INVALID" });
    await closed.close();
  });

  it("takes what a crash left: a page half written, and the log that holds it", async () => {
    const database = await temporaryDatabase("CREATE TABLE t (n BIGINT)", "INSERT INTO t (n) VALUES (1)");
    const path = join(temporaryFolder(), "crashed.db");
    const half = new Uint8Array(100);
    writeFileSync(path, Buffer.concat([readFileSync(database.path), half]), { mode: 0o600 });
    writeFileSync(`${path}-wal`, readFileSync(`${database.path}-wal`), { mode: 0o600 });
    const crashed = await openSqliteDatabase({ path, mode: "open" });
    expect(await crashed.query("SELECT n FROM t")).toEqual([{ n: 1 }]);
    expect(await crashed.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    await crashed.close();
  });
});

/** Every entry of a folder with its kind, mode and bytes. */
function contents(folder: string): unknown[] {
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    return [name, stats.mode, stats.isFile() ? readFileSync(path).toString("base64") : ""];
  });
}
