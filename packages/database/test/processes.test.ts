import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Database } from "@writ/core";
import { openSqliteDatabase } from "../src/index.js";
import { startChild } from "./children/child.js";
import { temporaryDatabase } from "./temporary-folder.js";

const COUNTER = ["CREATE TABLE counter (n BIGINT NOT NULL)", "INSERT INTO counter (n) VALUES (0)"];

const add = (database: Database, n: number): Promise<unknown> =>
  database.transaction((transaction) => transaction.query("UPDATE counter SET n = n + $1", [n]));

describe("several processes", () => {
  it("lose none of 4 × 100 increments", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const children = Array.from({ length: 4 }, () => startChild("increment.mjs", database.path, "100"));
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0, 0]);
    expect(await database.query("SELECT n FROM counter")).toEqual([{ n: 400 }]);
  });

  it("find after kill -9 all that was acknowledged", async () => {
    const database = await temporaryDatabase("CREATE TABLE written (n BIGINT NOT NULL PRIMARY KEY)");
    await database.close();
    const child = startChild("write-forever.mjs", database.path);
    let acknowledged = 0;
    while (acknowledged < 50) acknowledged = Number((await child.lines.next()).value);
    child.process.kill("SIGKILL");
    expect(await child.ended).toBeNull();
    for (;;) {
      const line = await child.lines.next();
      if (line.done === true) break;
      acknowledged = Number(line.value);
    }
    const again = await openSqliteDatabase({ path: database.path, mode: "open" });
    const [row] = await again.query("SELECT count(*) AS rows, max(n) AS last FROM written");
    expect(row?.["rows"]).toBe(row?.["last"]);
    expect(row?.["last"]).toBeGreaterThanOrEqual(acknowledged);
    expect(await again.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    await again.close();
  });

  it("wait for each other's lock until it goes, and without blocking", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const child = startChild("hold-lock.mjs", database.path);
    await child.lines.next();
    let ticks = 0;
    const ticker = setInterval(() => ticks++, 10);
    const other = await openSqliteDatabase({ path: database.path, mode: "open" });
    const waiting = [add(database, 1), other.query("UPDATE counter SET n = n + 10")];
    setTimeout(() => child.process.stdin?.end(), 500);
    await Promise.all(waiting);
    clearInterval(ticker);
    expect(ticks).toBeGreaterThan(3);
    expect(await database.query("SELECT n FROM counter")).toEqual([{ n: 1011 }]);
    expect(await child.ended).toBe(0);
    await other.close();
  });

  it("give up waiting after the time that was set", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const hasty = await openSqliteDatabase({ path: database.path, mode: "open", busyTimeoutMs: 100 });
    const child = startChild("hold-lock.mjs", database.path);
    await child.lines.next();
    const started = performance.now();
    await expect(add(hasty, 1)).rejects.toMatchObject({
      code: "DATABASE_BUSY",
      cause: expect.any(Error) as Error,
    });
    expect(performance.now() - started).toBeGreaterThanOrEqual(100);
    const update = hasty.query("UPDATE counter SET n = n + 1");
    await expect(update).rejects.toMatchObject({ code: "DATABASE_BUSY" });
    expect(performance.now() - started).toBeLessThan(5000);
    // Readers do not wait for a writer, and see nothing of what it has not committed.
    expect(await hasty.query("SELECT n FROM counter")).toEqual([{ n: 0 }]);
    child.process.stdin?.end();
    expect(await child.ended).toBe(0);
    await add(hasty, 1);
    expect(await hasty.query("SELECT n FROM counter")).toEqual([{ n: 1001 }]);
    await hasty.close();
  });

  it("leave the log to a process that opened the file a second time", async () => {
    const database = await temporaryDatabase(...COUNTER);
    await add(database, 1);
    const second = await openSqliteDatabase({ path: database.path, mode: "open" });
    // Whoever closes last removes the log. Had opening the file again dropped this process's locks,
    // the child would take itself for the last.
    expect(await startChild("open-and-close.mjs", database.path).ended).toBe(0);
    expect(existsSync(`${database.path}-wal`)).toBe(true);
    await second.close();
  });
});
