import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openSqliteDatabase } from "@writ/database";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { writeOutput } from "../src/environment/files.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-files-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe("writeOutput", () => {
  it.each(["-wal", "-shm", "-journal", "-WAL"])(
    "puts nothing in the place of a database's %s",
    async (suffix) => {
      const folder = temporaryFolder();
      const path = join(folder, "bot.wallet");
      const database = await openSqliteDatabase({ path, mode: "create" });
      onTestFinished(() => database.close());
      await database.query("CREATE TABLE t (n BIGINT)");
      await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
      await database.query("INSERT INTO t (n) VALUES (1)");
      const [names, log] = [readdirSync(folder), readFileSync(`${path}-wal`)];
      expect(await codeOfAsync(() => writeOutput(path + suffix, "text", "replace"))).toBe("FILE_EXISTS");
      expect(readdirSync(folder)).toEqual(names);
      expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
    },
  );

  it("takes such a name where no database is", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "notes"), "no database");
    for (const name of ["notes-wal", "other-journal"]) {
      await writeOutput(join(folder, name), "text", "refuse");
      expect(readFileSync(join(folder, name), "utf8")).toBe("text");
    }
  });
});
