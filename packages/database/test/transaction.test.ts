import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Database, SqlExecutor } from "@writ/core";
import { openSqliteDatabase } from "../src/index.js";
import { temporaryDatabase } from "./temporary-folder.js";

const COUNTER = ["CREATE TABLE counter (n BIGINT NOT NULL UNIQUE)", "INSERT INTO counter (n) VALUES (0)"];

async function count(database: SqlExecutor): Promise<number> {
  const [row] = await database.query("SELECT n FROM counter");
  return row?.["n"] as number;
}

async function increment(transaction: SqlExecutor): Promise<void> {
  const n = await count(transaction);
  await sleep(0);
  await transaction.query("UPDATE counter SET n = $1", [n + 1]);
}

describe("a transaction", () => {
  it("returns what its work returns, and keeps what it wrote", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const result = await database.transaction(async (transaction) => {
      await increment(transaction);
      return "done";
    });
    expect(result).toBe("done");
    expect(await count(database)).toBe(1);
  });

  it.each<[string, () => Promise<void>]>([
    ["rejects", () => Promise.reject(new Error("the work"))],
    [
      "throws",
      () => {
        throw new Error("the work");
      },
    ],
  ])("undoes everything when its work %s", async (_, fail) => {
    const database = await temporaryDatabase(...COUNTER);
    const failing = database.transaction(async (transaction) => {
      await increment(transaction);
      await transaction.query("CREATE TABLE other (n BIGINT)");
      await fail();
    });
    await expect(failing).rejects.toThrow("the work");
    await expect(database.transaction(() => fail())).rejects.toThrow("the work");
    expect(await count(database)).toBe(0);
    await expect(database.query("SELECT 1 FROM other")).rejects.toMatchObject({ code: "DATABASE_SCHEMA" });
    await database.transaction(increment);
    expect(await count(database)).toBe(1);
  });

  it("undoes everything when it cannot be committed", async () => {
    const database = await temporaryDatabase(
      ...COUNTER,
      "CREATE TABLE child (parent BIGINT REFERENCES counter (n) DEFERRABLE INITIALLY DEFERRED)",
    );
    const failing = database.transaction(async (transaction) => {
      await transaction.query("INSERT INTO child (parent) VALUES (99)");
    });
    await expect(failing).rejects.toMatchObject({ code: "DATABASE_CONSTRAINT" });
    expect(await database.query("SELECT parent FROM child")).toEqual([]);
    await database.transaction(increment);
    expect(await count(database)).toBe(1);
  });

  it("goes on after a statement that failed alone", async () => {
    const database = await temporaryDatabase(...COUNTER);
    await database.transaction(async (transaction) => {
      await increment(transaction);
      const duplicate = transaction.query("INSERT INTO counter (n) VALUES (1)");
      await expect(duplicate).rejects.toMatchObject({ code: "DATABASE_CONSTRAINT" });
    });
    expect(await count(database)).toBe(1);
  });

  it("is over when SQLite has rolled it back, even if its work does not notice", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const seen: unknown[] = [];
    const failing = database.transaction(async (transaction) => {
      await transaction.query("UPDATE counter SET n = 5");
      await transaction
        .query("INSERT OR ROLLBACK INTO counter (n) VALUES (5)")
        .catch((error: unknown) => seen.push(error));
      await transaction.query("UPDATE counter SET n = 6").catch((error: unknown) => seen.push(error));
    });
    const over = { code: "ARGUMENT_INVALID", message: expect.stringContaining("rolled back") as string };
    await expect(failing).rejects.toMatchObject(over);
    expect(seen).toMatchObject([{ code: "DATABASE_CONSTRAINT" }, { code: "ARGUMENT_INVALID" }]);
    expect(await count(database)).toBe(0);
  });

  it("loses no update to 199 others at the same time", async () => {
    const database = await temporaryDatabase(...COUNTER);
    await Promise.all(Array.from({ length: 200 }, () => database.transaction(increment)));
    expect(await count(database)).toBe(200);
  });

  it("loses no update to those of another connection", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const other = await openSqliteDatabase({ path: database.path, mode: "open" });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? database : other).transaction(increment)),
    );
    expect(await count(other)).toBe(40);
    await other.close();
  });

  it("is neither seen nor joined by a query from outside", async () => {
    const database = await temporaryDatabase(...COUNTER, "CREATE TABLE log (n BIGINT)");
    const outside: Promise<unknown>[] = [];
    const events = new EventEmitter();
    const opened = once(events, "opened");
    const failing = database.transaction(async (transaction) => {
      await increment(transaction);
      events.emit("opened");
      await sleep(20);
      throw new Error("the work");
    });
    await opened;
    outside.push(count(database), database.query("INSERT INTO log (n) VALUES (1)"));
    await expect(failing).rejects.toThrow("the work");
    expect(await Promise.all(outside)).toEqual([0, []]);
    expect(await database.query("SELECT n FROM log")).toEqual([{ n: 1 }]);
  });

  it("holds statements that its work did not wait for", async () => {
    const database = await temporaryDatabase(...COUNTER);
    await database.transaction((transaction) => {
      void transaction.query("UPDATE counter SET n = 7");
      return Promise.resolve();
    });
    expect(await count(database)).toBe(7);
  });
});

describe("a transaction's handle", () => {
  it("is of no use when the work has ended", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const kept: SqlExecutor[] = [];
    await database.transaction((transaction) => Promise.resolve(kept.push(transaction)));
    const failing = database.transaction((transaction) => {
      kept.push(transaction);
      return Promise.reject(new Error("the work"));
    });
    await expect(failing).rejects.toThrow("the work");
    expect(kept).toHaveLength(2);
    for (const handle of kept) {
      await expect(handle.query("UPDATE counter SET n = 9")).rejects.toMatchObject({
        code: "ARGUMENT_INVALID",
      });
      // Another transaction being open does not revive it.
      await database.transaction(async () => {
        await expect(handle.query("UPDATE counter SET n = 9")).rejects.toMatchObject({
          code: "ARGUMENT_INVALID",
        });
      });
    }
    expect(await count(database)).toBe(0);
  });

  it.each<[string, (database: Database) => Promise<unknown>]>([
    ["a query", (database) => database.query("SELECT 1")],
    ["a transaction", (database) => database.transaction(() => Promise.resolve())],
    ["closing", (database) => database.close()],
  ])("is all that its work may use; the database would wait for ever: %s", async (_, call) => {
    const database = await temporaryDatabase(...COUNTER);
    await database.transaction(async () => {
      await expect(call(database)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    });
    await call(database);
  });
});

describe("close", () => {
  it("waits for what runs, and refuses what comes later", async () => {
    const database = await temporaryDatabase(...COUNTER);
    const running = [database.transaction(increment), database.transaction(increment)];
    const closed = database.close();
    const late = { code: "ARGUMENT_INVALID", message: expect.stringContaining("closed") as string };
    await expect(database.query("SELECT 1")).rejects.toMatchObject(late);
    await closed;
    await expect(Promise.all(running)).resolves.toHaveLength(2);
    await expect(database.query("SELECT 1")).rejects.toMatchObject(late);
    await expect(database.transaction(increment)).rejects.toMatchObject(late);
    await expect(database.close()).resolves.toBeUndefined();
    const again = await openSqliteDatabase({ path: database.path, mode: "open" });
    expect(await count(again)).toBe(2);
    await again.close();
  });
});
