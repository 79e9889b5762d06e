import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSqliteDatabase } from "../src/index.js";
import { temporaryFolder } from "./temporary-folder.js";

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("create", () => {
  it("makes private files and folders", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "a", "b", "new.db");
    const database = await openSqliteDatabase({ path, mode: "create" });
    await database.query("CREATE TABLE t (n BIGINT)");
    expect(readdirSync(dirname(path)).sort()).toEqual(["new.db", "new.db-shm", "new.db-wal"]);
    for (const name of readdirSync(dirname(path)))
      expect([name, modeOf(join(dirname(path), name))]).toEqual([name, 0o600]);
    expect(modeOf(join(folder, "a"))).toBe(0o700);
    expect(modeOf(dirname(path))).toBe(0o700);
    await database.close();
    expect(readdirSync(dirname(path))).toEqual(["new.db"]);
  });

  it.each<[string, (path: string) => void]>([
    ["a file", (path) => writeFileSync(path, "text")],
    ["an empty file", (path) => writeFileSync(path, "")],
    ["a folder", (path) => mkdirSync(path)],
    ["a link to nothing", (path) => symlinkSync("nowhere", path)],
    ["a journal", (path) => writeFileSync(`${path}-journal`, "text")],
    ["a write-ahead log", (path) => writeFileSync(`${path}-wal`, "text")],
  ])("leaves alone what is there: %s", async (_, make) => {
    const path = join(temporaryFolder(), "test.db");
    make(path);
    const before = readdirSync(dirname(path));
    const creating = openSqliteDatabase({ path, mode: "create" });
    await expect(creating).rejects.toMatchObject({ code: "FILE_EXISTS" });
    expect(readdirSync(dirname(path))).toEqual(before);
    for (const name of before) {
      const stats = lstatSync(join(dirname(path), name));
      expect(
        !stats.isFile() || stats.size === 0 || readFileSync(join(dirname(path), name), "utf8") === "text",
      ).toBe(true);
    }
  });

  it("says of a log that it is some other's", async () => {
    const path = join(temporaryFolder(), "test.db");
    writeFileSync(`${path}-wal`, "text");
    const hint = expect.stringContaining("keep both together") as string;
    await expect(openSqliteDatabase({ path, mode: "create" })).rejects.toMatchObject({ hint });
  });

  it("lets one of many at the same time have the file", async () => {
    const path = join(temporaryFolder(), "test.db");
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => openSqliteDatabase({ path, mode: "create" })),
    );
    const made = all.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const refused = all.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    expect(made).toHaveLength(1);
    expect(refused).toEqual(
      Array.from({ length: 7 }, () => expect.objectContaining({ code: "FILE_EXISTS" }) as Error),
    );
    await Promise.all(made.map((database) => database.close()));
  });

  it("says so when it cannot", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    const below = openSqliteDatabase({ path: join(folder, "file", "test.db"), mode: "create" });
    await expect(below).rejects.toMatchObject({ code: "FILE_UNREADABLE", cause: expect.any(Error) as Error });
    const nul = openSqliteDatabase({ path: join(folder, "a\0b"), mode: "create" });
    await expect(nul).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("leaves no file behind when SQLite cannot use it", async () => {
    // SQLite takes no path of more than 512 bytes, while the file system does.
    const folder = join(temporaryFolder(), ..."abc".split("").map((letter) => letter.repeat(200)));
    const creating = openSqliteDatabase({ path: join(folder, "test.db"), mode: "create" });
    await expect(creating).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([-1, NaN])("refuses to wait for %s milliseconds", async (busyTimeoutMs) => {
    const path = join(temporaryFolder(), "test.db");
    const opening = openSqliteDatabase({ path, mode: "create", busyTimeoutMs });
    await expect(opening).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    expect(existsSync(path)).toBe(false);
  });
});

describe("a path", () => {
  it.each(["we?ird#name %41+ü&mode=memory.db", ":memory:", "file:x?mode=memory", "-", "a b"])(
    "is taken literally: %s",
    async (name) => {
      const path = join(temporaryFolder(), name);
      const database = await openSqliteDatabase({ path, mode: "create" });
      await database.query("CREATE TABLE t (n BIGINT)");
      await database.close();
      expect(readdirSync(dirname(path))).toEqual([basename(path)]);
      const again = await openSqliteDatabase({ path, mode: "open" });
      expect(await again.query("SELECT n FROM t")).toEqual([]);
      await again.close();
    },
  );
});
