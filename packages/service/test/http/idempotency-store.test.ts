import { codeOf, codeOfAsync, fixedClock, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createHttpService,
  createIdempotencyStore,
  createRequestLog,
  openIdempotencyStore,
  type IdempotencyStore,
  type StoredAnswer,
} from "../../src/index.js";
import { notes, NOW, START, temporaryDatabase } from "./served.js";

const DAY = 24 * 60 * 60 * 1000;
const FIVE_MINUTES = 5 * 60 * 1000;

describe("a store of answers", () => {
  const ANSWER: StoredAnswer = { status: 201, contentType: "a/b", text: "x", headers: {} };
  const REQUEST = { owner: "o", operation: "p", key: "k", digest: "d" };

  async function openStores() {
    const database = await temporaryDatabase();
    const clock = fixedClock(START);
    const random = seededRandom("answers");
    const store = await createIdempotencyStore(database, { clock, random });
    const other = await openIdempotencyStore(database, { clock, random });
    return { database, clock, store, other };
  }

  async function claimOf(store: IdempotencyStore): Promise<string> {
    const begun = await store.begin(REQUEST);
    return begun.state === "begun" ? begun.claim : begun.state;
  }

  it("takes whoever does not come to an end for dead, whose answer counts no more", async () => {
    const { store, other, clock } = await openStores();
    const dead = await claimOf(store);
    clock.advance(FIVE_MINUTES - 1);
    expect(await other.begin(REQUEST)).toEqual({ state: "in-progress" });
    clock.advance(1);
    const alive = await claimOf(other);
    expect(await codeOfAsync(() => store.complete(dead, ANSWER))).toBe("IDEMPOTENCY_IN_PROGRESS");
    await store.release(dead);
    await other.complete(alive, ANSWER);
    expect(await store.begin(REQUEST)).toEqual({ state: "answered", answer: ANSWER });
    await other.release(alive);
    expect(await store.begin(REQUEST)).toEqual({ state: "answered", answer: ANSWER });
  });

  it("tells keys of owners and operations apart", async () => {
    const { store } = await openStores();
    await claimOf(store);
    const others = [{ owner: "q" }, { operation: "q" }, { key: "q" }, { owner: "o,p", operation: "" }];
    const states = await Promise.all(
      others.map(async (each) => (await store.begin({ ...REQUEST, ...each })).state),
    );
    expect(states).toEqual(others.map(() => "begun"));
  });

  it("keeps no key, and the times that it goes by", async () => {
    const { store, database } = await openStores();
    await claimOf(store);
    const [row] = await database.query("SELECT * FROM idempotency");
    expect(row).toMatchObject({ request: "d", claimed: NOW, expires: NOW + DAY, answer: null });
    expect(row?.["id"]).toMatch(/^.{43}$/);
  });

  it("is made once, opened where it was made, and says so where it is damaged", async () => {
    const database = await temporaryDatabase();
    expect(await codeOfAsync(() => openIdempotencyStore(database))).toBe("NOT_FOUND");
    const store = await createIdempotencyStore(database);
    expect(await codeOfAsync(() => createIdempotencyStore(database))).toBe("ALREADY_EXISTS");
    await store.complete(await claimOf(store), ANSWER);
    await database.query("UPDATE idempotency SET answer = '{'");
    expect(await codeOfAsync(() => store.begin(REQUEST))).toBe("DATABASE_INVALID");
  });

  it("is demanded by an operation that replays, and so is a scope", async () => {
    const database = await temporaryDatabase();
    const idempotency = await createIdempotencyStore(database);
    const { scope: _, ...unscoped } = notes(() => Promise.resolve({ status: 204 }));
    const options = { access: "open", log: createRequestLog({ write: () => undefined }) } as const;
    const made = notes(() => Promise.resolve({ status: 204 }));
    expect(codeOf(() => createHttpService([made], options))).toBe("ARGUMENT_INVALID");
    expect(codeOf(() => createHttpService([unscoped], { ...options, idempotency }))).toBe("ARGUMENT_INVALID");
  });
});
