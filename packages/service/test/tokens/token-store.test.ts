import { codeOfAsync, fixedClock, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createTokenStore, openTokenStore, type TokenScope, type TokenStore } from "../../src/index.js";
import { NOW, START, temporaryDatabase } from "../http/served.js";

async function openStore() {
  const database = await temporaryDatabase();
  const clock = fixedClock(START);
  const store = await createTokenStore(database, { clock, random: seededRandom("tokens") });
  return { database, clock, store };
}

const create = (store: TokenStore, lifeMs?: number) =>
  store.create({ name: "ci", scopes: ["issue"], ...(lifeMs === undefined ? {} : { lifeMs }) });

describe("a store of tokens", () => {
  it("gives out texts of 256 random bits, each another", async () => {
    const { store } = await openStore();
    const tokens = [];
    for (let count = 0; count < 20; count++) tokens.push((await create(store)).token);
    expect(new Set(tokens).size).toBe(20);
    expect(tokens.filter((token) => !/^writ_[A-Za-z0-9_-]{43}$/.test(token))).toEqual([]);
  });

  it("tells a token once, and lists what is known of all", async () => {
    const { store, clock } = await openStore();
    const { token, record } = await store.create({ name: "ci", scopes: ["status", "issue", "issue"] });
    expect(record).toEqual({
      id: expect.stringMatching(/^urn:uuid:/) as string,
      name: "ci",
      scopes: ["issue", "status"],
      created: NOW,
    });
    clock.advance(1000);
    const second = await create(store, 60_000);
    expect(second.record).toMatchObject({ created: NOW + 1000, expires: NOW + 61_000 });
    expect(await store.list()).toEqual([record, second.record]);
    expect(JSON.stringify(await store.list())).not.toContain(token.slice(-8));
  });

  it("holds nothing that could be presented", async () => {
    const { store, database } = await openStore();
    const { token } = await create(store);
    const rows = await database.query("SELECT * FROM tokens");
    expect(JSON.stringify(rows)).not.toContain(token.slice(5));
    expect(rows).toHaveLength(1);
    expect(await store.find(String(rows[0]?.["digest"]))).toBeUndefined();
    expect(await store.find(`writ_${String(rows[0]?.["digest"])}`)).toBeUndefined();
  });

  it("finds one until it ends, that excluded", async () => {
    const { store, clock } = await openStore();
    const { token, record } = await create(store, 1000);
    clock.advance(999);
    expect(await store.find(token)).toEqual(record);
    clock.advance(1);
    expect(await store.find(token)).toBeUndefined();
  });

  it("finds one until it is revoked, for whoever opened the store", async () => {
    const { store, database, clock } = await openStore();
    const { token, record } = await create(store);
    const other = await openTokenStore(database, { clock });
    clock.advance(5);
    expect(await other.revoke(record.id)).toEqual({ ...record, revoked: NOW + 5 });
    expect(await store.find(token)).toBeUndefined();
    clock.advance(5);
    expect(await store.revoke(record.id)).toEqual({ ...record, revoked: NOW + 5 });
    expect(await codeOfAsync(() => store.revoke("urn:uuid:x"))).toBe("NOT_FOUND");
  });

  it.each(["", "writ_", "x", `writ_${"A".repeat(43)}`, `writ_${"A".repeat(44)}`, "writ_" + "A".repeat(1e6)])(
    "does not know %#",
    async (token) => {
      const { store } = await openStore();
      await create(store);
      expect(await store.find(token)).toBeUndefined();
    },
  );

  it("does not know another text than the one that it gave out", async () => {
    const { store } = await openStore();
    const { token } = await create(store);
    const last = token.endsWith("A") ? "B" : "A";
    expect(await store.find(token.slice(0, -1) + last)).toBeUndefined();
    expect(await store.find(`${token}\n`)).toBeUndefined();
    expect(await store.find(token.toUpperCase())).toBeUndefined();
  });

  it.each([
    [{ scopes: [] as TokenScope[] }, "ARGUMENT_INVALID"],
    [{ scopes: ["all" as TokenScope] }, "ARGUMENT_INVALID"],
    [{ lifeMs: 0 }, "ARGUMENT_INVALID"],
    [{ lifeMs: 1.5 }, "ARGUMENT_INVALID"],
    [{ lifeMs: Number.NaN }, "ARGUMENT_INVALID"],
    [{ name: "" }, "SCHEMA_INVALID"],
    [{ name: "a\nb" }, "CHAR_FORBIDDEN"],
  ])("refuses %j", async (change, expected) => {
    const { store } = await openStore();
    const content = { name: "ci", scopes: ["issue"] as const, ...change };
    expect(await codeOfAsync(() => store.create(content))).toBe(expected);
    expect(await store.list()).toEqual([]);
  });

  it("is made once, and opened where it was made", async () => {
    const database = await temporaryDatabase();
    expect(await codeOfAsync(() => openTokenStore(database))).toBe("NOT_FOUND");
    await createTokenStore(database);
    expect(await codeOfAsync(() => createTokenStore(database))).toBe("ALREADY_EXISTS");
    const short = await openTokenStore(database, { random: () => new Uint8Array(8) });
    expect(await codeOfAsync(() => create(short))).toBe("ARGUMENT_INVALID");
  });

  it("says so where it is damaged", async () => {
    const { store, database } = await openStore();
    const { token } = await create(store);
    await database.query("UPDATE tokens SET scopes = 'all'");
    expect(await codeOfAsync(() => store.find(token))).toBe("DATABASE_INVALID");
  });
});
