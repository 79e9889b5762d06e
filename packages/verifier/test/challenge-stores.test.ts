import { codeOf, codeOfAsync, fixedClock, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  CHALLENGE_LIFE_MS,
  createChallengeStore,
  createMemoryChallengeStore,
  openChallengeStore,
} from "../src/index.js";
import { openShared, STORES } from "./challenge-stores.js";
import { temporaryDatabase } from "./ledgers.js";
import { MINUTE, NOW, START } from "./world.js";

const MALFORMED = ["", "x", "é".repeat(32), "x".repeat(33), "x".repeat(1_000_000), "x".repeat(31) + "\n"];

describe.each(STORES)("a store of challenges $name", ({ open }) => {
  /** A store whose clock the test sets. */
  async function openTimed(lifeMs?: number) {
    let now = NOW;
    const options = { clock: () => now, random: seededRandom("challenges") };
    const store = await open(lifeMs === undefined ? options : { ...options, lifeMs });
    return { store, at: (time: number) => void (now = time) };
  }

  it("gives out texts of 192 random bits, each another", async () => {
    const { store } = await openTimed();
    const challenges = [];
    for (let count = 0; count < 50; count++) challenges.push(await store.create());
    expect(new Set(challenges).size).toBe(50);
    expect(challenges.filter((challenge) => !/^[A-Za-z0-9_-]{32}$/.test(challenge))).toEqual([]);
  });

  it("row 100: takes each once", async () => {
    const { store } = await openTimed();
    const [first, second] = [await store.create(), await store.create()];
    expect(await store.consume(first)).toBe("consumed");
    expect(await store.consume(first)).toBe("used");
    expect(await store.consume(second)).toBe("consumed");
    expect(await store.consume(first)).toBe("used");
  });

  it("row 100: accepts exactly one of 1,000 at once", async () => {
    const { store } = await openTimed();
    const challenge = await store.create();
    const uses = await Promise.all(Array.from({ length: 1000 }, () => store.consume(challenge)));
    expect(uses.filter((use) => use === "consumed")).toHaveLength(1);
    expect(uses.filter((use) => use === "used")).toHaveLength(999);
  });

  it("knows none that it did not give out", async () => {
    const { store } = await openTimed();
    const challenge = await store.create();
    const other = challenge.startsWith("A") ? `B${challenge.slice(1)}` : `A${challenge.slice(1)}`;
    for (const text of [other, ...MALFORMED]) expect(await store.consume(text)).toBe("unknown");
    expect(await store.consume(challenge)).toBe("consumed");
  });

  it.each([
    [undefined, CHALLENGE_LIFE_MS],
    [1000, 1000],
  ])("lets one expire after its life, that excluded: %s", async (lifeMs, expected) => {
    const { store, at } = await openTimed(lifeMs);
    const [first, second] = [await store.create(), await store.create()];
    at(NOW + expected - 1);
    expect(await store.consume(first)).toBe("consumed");
    at(NOW + expected);
    expect(await store.consume(second)).toBe("expired");
    expect(await store.consume(first)).toBe("used");
    at(NOW);
    expect(await store.consume(first)).toBe("used");
  });

  it("forgets one when it has been over for as long again", async () => {
    const { store, at } = await openTimed(MINUTE);
    const [used, unused] = [await store.create(), await store.create()];
    await store.consume(used);
    at(NOW + 2 * MINUTE - 1);
    await store.create();
    expect([await store.consume(used), await store.consume(unused)]).toEqual(["used", "expired"]);
    at(NOW + 2 * MINUTE);
    await store.create();
    expect([await store.consume(used), await store.consume(unused)]).toEqual(["unknown", "unknown"]);
    at(NOW);
    expect([await store.consume(used), await store.consume(unused)]).toEqual(["unknown", "unknown"]);
  });

  it("takes none where its clock tells no time", async () => {
    const { store, at } = await openTimed();
    const challenge = await store.create();
    at(Number.NaN);
    expect(await store.consume(challenge)).toBe("expired");
  });

  it("gives out none twice, though its randomness repeats itself", async () => {
    const store = await open({ clock: fixedClock(START), random: (length) => new Uint8Array(length) });
    const challenge = await store.create();
    await store.consume(challenge);
    expect(await codeOfAsync(() => store.create())).toMatch(/^(ARGUMENT_INVALID|DATABASE_CONSTRAINT)$/);
    expect(await store.consume(challenge)).toBe("used");
    const short = await open({ random: () => new Uint8Array(8) });
    expect(await codeOfAsync(() => short.create())).toBe("ARGUMENT_INVALID");
  });

  it.each([0, -1, 1.5, Number.NaN, 24 * 60 * MINUTE + 1])("has no life of %d ms", async (lifeMs) => {
    expect(await codeOfAsync(() => Promise.resolve().then(() => open({ lifeMs })))).toBe("ARGUMENT_INVALID");
  });
});

describe("a store of challenges in a database", () => {
  const options = { clock: fixedClock(START) };

  it("is shared by all who open it, and made once", async () => {
    const database = await temporaryDatabase();
    expect(await codeOfAsync(() => openChallengeStore(database))).toBe("NOT_FOUND");
    const store = await createChallengeStore(database, options);
    const other = await openShared(database.path, options);
    expect(await codeOfAsync(() => createChallengeStore(database))).toBe("ALREADY_EXISTS");
    const challenge = await store.create();
    expect(await other.consume(challenge)).toBe("consumed");
    expect(await store.consume(challenge)).toBe("used");
  });

  it("holds nothing that could be presented", async () => {
    const database = await temporaryDatabase();
    const store = await createChallengeStore(database, options);
    const challenge = await store.create();
    const rows = await database.query("SELECT * FROM challenges");
    expect(rows).toEqual([
      { digest: expect.stringMatching(/^.{43}$/) as string, expires: NOW + CHALLENGE_LIFE_MS, used: 0 },
    ]);
    expect(JSON.stringify(rows)).not.toContain(challenge);
    expect(await store.consume(String(rows[0]?.["digest"]))).toBe("unknown");
  });

  it("keeps no row of what is long over", async () => {
    const database = await temporaryDatabase();
    let now = NOW;
    const store = await createChallengeStore(database, { clock: () => now, lifeMs: MINUTE });
    for (; now < NOW + 60 * MINUTE; now += MINUTE) await store.create();
    expect(await database.query("SELECT count(*) AS n FROM challenges")).toEqual([{ n: 2 }]);
  });

  it("says so where it fails, or is damaged", async () => {
    const database = await temporaryDatabase();
    const store = await createChallengeStore(database, options);
    const challenge = await store.create();
    await database.query("UPDATE challenges SET used = 'no'");
    expect(await codeOfAsync(() => store.consume(challenge))).toBe("DATABASE_INVALID");
    await database.query("DROP TABLE challenges");
    expect(await codeOfAsync(() => store.consume(challenge))).toBe("DATABASE_SCHEMA");
    expect(await codeOfAsync(() => store.create())).toBe("DATABASE_SCHEMA");
  });
});

describe("a store of challenges in memory", () => {
  it("refuses a life that is none when it is made", () => {
    expect(codeOf(() => createMemoryChallengeStore({ lifeMs: 0 }))).toBe("ARGUMENT_INVALID");
  });
});
