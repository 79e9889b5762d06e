import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";
import { openSqliteDatabase, publishSqliteDatabase } from "../src/index.js";
import { temporaryFolder } from "./temporary-folder.js";

/** A database under a name that it is not to keep. */
async function openWorkplace() {
  const folder = temporaryFolder();
  const [temporary, path] = [join(folder, ".x.tmp"), join(folder, "new.db")];
  const database = await openSqliteDatabase({ path: temporary, mode: "create" });
  await database.query("CREATE TABLE t (n BIGINT)");
  await database.query("INSERT INTO t (n) VALUES (7)");
  return { folder, temporary, path, database };
}

describe("publishSqliteDatabase", () => {
  it("gives a whole database its name, and takes the other", async () => {
    const { folder, temporary, path, database } = await openWorkplace();
    await database.close();
    await publishSqliteDatabase(temporary, path);
    expect(readdirSync(folder)).toEqual(["new.db"]);
    const published = await openSqliteDatabase({ path, mode: "open" });
    expect(await published.query("SELECT n FROM t")).toEqual([{ n: 7 }]);
    await published.close();
  });

  it.each<[string, (path: string) => void]>([
    ["a file", (path) => writeFileSync(path, "text")],
    ["a link to nothing", (path) => symlinkSync("nowhere", path)],
    ["a write-ahead log", (path) => writeFileSync(`${path}-wal`, "text")],
    ["a journal", (path) => writeFileSync(`${path}-journal`, "text")],
  ])("leaves alone what is there: %s", async (_, make) => {
    const { folder, temporary, path, database } = await openWorkplace();
    await database.close();
    make(path);
    const before = readdirSync(folder);
    expect(await codeOfAsync(() => publishSqliteDatabase(temporary, path))).toBe("FILE_EXISTS");
    expect(readdirSync(folder)).toEqual(before);
  });

  it("gives no database the name of another's log", async () => {
    const { temporary, path, database } = await openWorkplace();
    await database.close();
    await (await openSqliteDatabase({ path, mode: "create" })).close();
    for (const suffix of ["-wal", "-shm", "-journal", "-WAL"]) {
      const name = path + suffix;
      expect(await codeOfAsync(() => publishSqliteDatabase(temporary, name))).toBe("FILE_EXISTS");
      expect(await codeOfAsync(() => openSqliteDatabase({ path: name, mode: "create" }))).toBe("FILE_EXISTS");
    }
    const alone = join(temporaryFolder(), "alone-wal");
    await publishSqliteDatabase(temporary, alone);
    expect(readFileSync(alone).length).toBeGreaterThan(0);
  });

  it("does not take one that is open, nor one that is not there", async () => {
    const { temporary, path, database } = await openWorkplace();
    expect(await codeOfAsync(() => publishSqliteDatabase(temporary, path))).toBe("DATABASE_BUSY");
    expect(readFileSync(temporary).length).toBeGreaterThan(0);
    await database.close();
    expect(await codeOfAsync(() => publishSqliteDatabase(`${temporary}x`, path))).toBe("FILE_UNREADABLE");
  });
});
