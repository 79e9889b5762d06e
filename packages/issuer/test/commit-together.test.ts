import { WritError, type Database } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { commitTogether } from "../src/commit-together.js";
import { grantAuthority, listIssuedCredentials } from "../src/index.js";
import { enrol, openWorld, temporaryDatabase } from "./world.js";

/** A database that counts its commits, with a table of names. */
async function openNames() {
  const { path: _, ...database } = await temporaryDatabase();
  await database.query("CREATE TABLE names (name TEXT NOT NULL PRIMARY KEY)");
  let commits = 0;
  const counting: Database = {
    ...database,
    transaction: async (work) => {
      const result = await database.transaction(work);
      commits += 1;
      return result;
    },
  };
  const insert = (name: string) =>
    commitTogether(counting, async (transaction) => {
      await transaction.query("INSERT INTO names (name) VALUES ($1)", [name]);
      return name;
    });
  const names = async () => {
    const rows = await database.query("SELECT name FROM names ORDER BY name");
    return rows.map((row) => row["name"]);
  };
  return { counting, insert, names, commits: () => commits };
}

describe("what waits for one database", () => {
  it("is committed together, and each gets what is its own", async () => {
    const { insert, names, commits } = await openNames();
    const many = Array.from({ length: 200 }, (_, n) => `name ${String(n).padStart(3, "0")}`);
    expect(await Promise.all(many.map(insert))).toEqual(many);
    expect(await names()).toEqual(many);
    // As many as may go together, and the rest.
    expect(commits()).toBe(2);
    await insert("alone");
    expect(commits()).toBe(3);
  });

  it("is all answered where a server runs the work again, as after a conflict", async () => {
    const { counting, names } = await openNames();
    const twice: Database = {
      ...counting,
      async transaction(work) {
        const conflict = new Error("conflict");
        const first = counting.transaction(async (transaction) => {
          await work(transaction);
          throw conflict;
        });
        await expect(first).rejects.toBe(conflict);
        return counting.transaction(work);
      },
    };
    const insert = (name: string) =>
      commitTogether(twice, async (transaction) => {
        await transaction.query("INSERT INTO names (name) VALUES ($1)", [name]);
        return name;
      });
    expect(await Promise.all(["a", "b", "c"].map(insert))).toEqual(["a", "b", "c"]);
    expect(await names()).toEqual(["a", "b", "c"]);
  });

  it("is refused one by one: nothing stays of what is refused, and all of what is not", async () => {
    const { insert, names, commits } = await openNames();
    await insert("b");
    const settled = await Promise.allSettled(["a", "b", "c", "b", "d"].map(insert));
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(settled[1]).toMatchObject({ reason: { code: "DATABASE_CONSTRAINT" } });
    expect(await names()).toEqual(["a", "b", "c", "d"]);
    expect(commits()).toBe(4);
  });

  it("is refused within a transaction, which it would wait for, whoever else waits", async () => {
    const { counting, insert, names } = await openNames();
    const others: Promise<string>[] = [];
    const within = await counting.transaction(async (transaction) => {
      await transaction.query("INSERT INTO names (name) VALUES ('outer')");
      const code = await codeOfAsync(() => insert("inner"));
      return code;
    });
    expect(within).toBe("ARGUMENT_INVALID");
    // The same while somebody's work waits for that transaction to end.
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const code = counting.transaction(async () => {
      await begun;
      return codeOfAsync(() => insert("inner"));
    });
    others.push(insert("a"), insert("b"));
    begin();
    expect(await code).toBe("ARGUMENT_INVALID");
    expect(await Promise.all(others)).toEqual(["a", "b"]);
    expect(await names()).toEqual(["a", "b", "outer"]);
  });

  it("fails all of it where no transaction begins, and goes on with what comes", async () => {
    const { counting, names } = await openNames();
    let isBusy = true;
    const busy: Database = {
      ...counting,
      transaction: (work) =>
        isBusy ? Promise.reject(new WritError("DATABASE_BUSY", "busy")) : counting.transaction(work),
    };
    const insert = (name: string) =>
      commitTogether(busy, (transaction) =>
        transaction.query("INSERT INTO names (name) VALUES ($1)", [name]),
      );
    const codes = await Promise.all(["a", "b"].map((name) => codeOfAsync(() => insert(name))));
    expect(codes).toEqual(["DATABASE_BUSY", "DATABASE_BUSY"]);
    isBusy = false;
    await insert("c");
    expect(await names()).toEqual(["c"]);
  });

  it("fails all of it where the commit does, and runs nothing again", async () => {
    const { counting, names } = await openNames();
    let runs = 0;
    const failing: Database = {
      ...counting,
      transaction: (work) =>
        counting.transaction(async (transaction) => {
          await work(transaction);
          throw new WritError("DATABASE_BUSY", "the commit failed");
        }),
    };
    const insert = (name: string) =>
      commitTogether(failing, async (transaction) => {
        runs += 1;
        await transaction.query("INSERT INTO names (name) VALUES ($1)", [name]);
      });
    const codes = await Promise.all(["a", "b", "c"].map((name) => codeOfAsync(() => insert(name))));
    expect(codes).toEqual(["DATABASE_BUSY", "DATABASE_BUSY", "DATABASE_BUSY"]);
    expect(runs).toBe(3);
    expect(await names()).toEqual([]);
  });
});

it("many grants at once are as many credentials, none with the status entry of another", async () => {
  const { organisation, database } = await openWorld();
  const agent = await enrol(organisation, "a");
  const grant = (n: number) =>
    grantAuthority(organisation, agent, { grants: [{ id: `g${String(n)}`, actions: ["order.read"] }] });
  const granted = await Promise.all(Array.from({ length: 40 }, (_, n) => grant(n)));
  expect(granted.map(({ credentialSubject }) => credentialSubject.grants[0]?.id)).toEqual(
    Array.from({ length: 40 }, (_, n) => `g${String(n)}`),
  );
  const entries = granted.flatMap(({ credentialStatus = [] }) =>
    credentialStatus.map((entry) => `${entry.statusListCredential} ${entry.statusListIndex}`),
  );
  expect(new Set(entries).size).toBe(80);
  expect(await listIssuedCredentials(organisation, agent)).toHaveLength(41);
  expect(await database.query("SELECT id FROM credentials WHERE digest IS NULL")).toEqual([]);
});
