import { WritError, type GenericStatusEntry, type Signer } from "@writ/core";
import { codeOf, fixedClock, type FixedClock } from "@writ/testkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import {
  createStatusCache,
  type ObtainedList,
  type StatusCacheOptions,
  type StatusListDemand,
  type StatusListSource,
} from "../src/index.js";
import { ADDRESS, asked, entryAt, ISSUER, problemsOf, signedAt, signedList } from "./lists.js";
import { HOUR, MINUTE, NOW, START, STRANGER } from "./world.js";

const TTL = { "/credentialSubject/ttl": HOUR };

/** A source that answers what it is told to, and keeps what it was asked. */
interface ScriptedSource extends StatusListSource {
  answer: () => ObtainedList | "unchanged" | null | Promise<ObtainedList | "unchanged" | null>;
  readonly demands: StatusListDemand[];
}

let clock: FixedClock;
let source: ScriptedSource;

beforeEach(() => {
  clock = fixedClock(START);
  const demands: StatusListDemand[] = [];
  source = {
    answer: () => null,
    demands,
    async get(_, demand = {}) {
      demands.push(demand);
      return await source.answer();
    },
  };
});

const cacheOf = (options: StatusCacheOptions = {}) => createStatusCache(source, { clock, ...options });

const failing = () => Promise.reject(new Error("no network"));

/** What is said of an entry now, with the list of a cache. */
async function judged(
  cache: StatusListSource,
  {
    maxAgeMs,
    entry = entryAt(7),
    issuer = ISSUER,
  }: { maxAgeMs?: number; entry?: GenericStatusEntry; issuer?: Signer } = {},
): Promise<string> {
  const demand = maxAgeMs === undefined ? {} : { maxAgeMs };
  const listIssuers = [issuer.did];
  const answer = await asked(cache, entry, { now: clock(), listIssuers, ...demand });
  return problemsOf(answer)
    .map((problem) => problem.replace(" /credentialStatus", ""))
    .join();
}

/** The source answers a list signed at a time from now on. */
async function serve(
  changes: Readonly<Record<string, unknown>> = TTL,
  etag?: string,
  signer = ISSUER,
): Promise<ObtainedList> {
  const text = await signedList(changes, signer);
  const list = { text, ...(etag === undefined ? {} : { etag }) };
  source.answer = () => ({ ...list });
  return list;
}

describe("a list that verified", () => {
  it("is answered for five minutes without asking again", async () => {
    const cache = cacheOf();
    await serve();
    for (const [step, times] of [
      [0, 1],
      [1, 1],
      [5 * MINUTE - 2, 1],
      [1, 2],
      [5 * MINUTE - 1, 2],
      [1, 3],
    ] as const) {
      clock.advance(step);
      expect([await judged(cache), source.demands.length]).toEqual(["", times]);
    }
  });

  it("is asked for each time where that is wanted", async () => {
    const cache = cacheOf({ refreshAfterMs: 0 });
    await serve();
    await judged(cache);
    await judged(cache);
    expect(source.demands).toHaveLength(2);
  });

  it("is asked for again when the clock was set back", async () => {
    const cache = cacheOf();
    await serve(signedAt(NOW - HOUR));
    await judged(cache);
    clock.advance(-1);
    await judged(cache);
    expect(source.demands).toHaveLength(2);
  });

  it("is the same object each time, so that what was read of it is remembered", async () => {
    const cache = cacheOf();
    await serve();
    await judged(cache);
    const [first, second] = [await cache.get(ADDRESS), await cache.get(ADDRESS)];
    expect(first).toBe(second);
    expect(source.demands).toHaveLength(1);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["its ttl", { "/credentialSubject/ttl": MINUTE }],
    ["its validUntil", { "/validUntil": "2026-11-23T08:01:00Z" }],
    ["the first of both", { "/validUntil": "2026-11-23T08:01:00Z", ...TTL }],
  ])("row 118: is not answered past %s", async (_, changes) => {
    const cache = cacheOf();
    await serve(changes);
    await judged(cache);
    clock.advance(MINUTE - 1);
    expect([await judged(cache), source.demands.length]).toEqual(["", 1]);
    clock.advance(1);
    expect([await judged(cache), source.demands.length]).toEqual(["STATUS_LIST_INVALID", 2]);
    source.answer = failing;
    expect([await judged(cache), source.demands.length]).toEqual(["STATUS_UNAVAILABLE", 3]);
    await serve({ ...signedAt(clock()), ...TTL });
    expect([await judged(cache), source.demands.length]).toEqual(["", 4]);
  });

  it("is asked for again when its proof has expired", async () => {
    const cache = cacheOf();
    const text = await signedList(TTL, ISSUER, { expires: NOW + MINUTE });
    source.answer = () => ({ text });
    await judged(cache);
    clock.advance(MINUTE - 1);
    expect([await judged(cache), source.demands.length]).toEqual(["", 1]);
    clock.advance(1);
    expect([await judged(cache), source.demands.length]).toEqual(["STATUS_LIST_INVALID", 2]);
  });

  it("row 226: is not answered to whom it is too old, without asking again", async () => {
    const cache = cacheOf();
    await serve(signedAt(NOW));
    await judged(cache);
    clock.advance(MINUTE);
    expect([await judged(cache, { maxAgeMs: MINUTE }), source.demands.length]).toEqual(["", 1]);
    expect([await judged(cache, { maxAgeMs: MINUTE - 1 }), source.demands.length]).toEqual(["", 2]);
    expect(source.demands[1]).toEqual({ maxAgeMs: MINUTE - 1 });
    await serve(signedAt(clock()));
    expect([await judged(cache, { maxAgeMs: 0 }), source.demands.length]).toEqual(["", 3]);
    expect([await judged(cache, { maxAgeMs: 0 }), source.demands.length]).toEqual(["", 3]);
  });
});

describe("an entity tag", () => {
  it("is what the source is asked by, and keeps the list where it still stands", async () => {
    const cache = cacheOf();
    await serve(TTL, '"1"');
    await judged(cache);
    const kept = await cache.get(ADDRESS);
    source.answer = () => "unchanged";
    clock.advance(5 * MINUTE);
    expect(await judged(cache)).toBe("");
    expect(await cache.get(ADDRESS)).toBe(kept);
    expect(source.demands).toEqual([{}, { etag: '"1"' }]);
    clock.advance(5 * MINUTE);
    await serve({ ...TTL, ...signedAt(clock()) }, '"2"');
    expect(await judged(cache)).toBe("");
    expect(await cache.get(ADDRESS)).toMatchObject({ etag: '"2"' });
    expect(source.demands).toEqual([{}, { etag: '"1"' }, { etag: '"1"' }]);
  });

  it("is never that of a list that does not verify", async () => {
    const cache = cacheOf();
    source.answer = () => ({ text: "junk", etag: '"junk"' });
    await judged(cache);
    await judged(cache);
    expect(source.demands).toEqual([{}, {}]);
  });

  it("does not make a list good that is out of date", async () => {
    const cache = cacheOf();
    await serve({ "/credentialSubject/ttl": MINUTE }, '"1"');
    await judged(cache);
    source.answer = () => "unchanged";
    clock.advance(MINUTE);
    expect(await judged(cache)).toBe("STATUS_LIST_INVALID");
  });

  it("is not needed where the source gives the same object", async () => {
    const cache = cacheOf();
    const list = await serve();
    source.answer = () => list;
    await judged(cache);
    clock.advance(5 * MINUTE);
    await judged(cache);
    await judged(cache);
    expect(source.demands).toHaveLength(2);
  });

  it("is answered as any source does", async () => {
    const cache = cacheOf();
    await serve(TTL, '"1"');
    await judged(cache);
    expect(await cache.get(ADDRESS, { etag: '"1"' })).toBe("unchanged");
    expect(await cache.get(ADDRESS, { etag: '"0"' })).toMatchObject({ etag: '"1"' });
    const outer = createStatusCache(cache, { clock, refreshAfterMs: 0 });
    expect([await judged(outer), await judged(outer), source.demands.length]).toEqual(["", "", 1]);
  });

  it("that was not sent cannot be unchanged", async () => {
    const cache = cacheOf();
    source.answer = () => "unchanged";
    expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
    await serve({});
    await judged(cache);
    source.answer = () => "unchanged";
    clock.advance(5 * MINUTE);
    expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
  });
});

describe("a source that fails", () => {
  const fails: readonly (readonly [string, () => Promise<never>])[] = [
    ["throws", failing],
    ["hangs", () => new Promise<never>(() => undefined)],
  ];

  it.each(fails)(
    "and %s leaves the list that is in date, and is left alone for ten seconds",
    async (_, fail) => {
      const cache = cacheOf({ timeoutMs: 1 });
      await serve();
      await judged(cache);
      source.answer = fail;
      clock.advance(5 * MINUTE);
      const steps: readonly (readonly [step: number, times: number])[] = [
        [0, 2],
        [0, 2],
        [9_999, 2],
        [1, 3],
        [0, 3],
      ];
      for (const [step, times] of steps) {
        clock.advance(step);
        expect([await judged(cache), source.demands.length]).toEqual(["", times]);
      }
      clock.advance(-1);
      expect([await judged(cache), source.demands.length]).toEqual(["", 4]);
      clock.advance(HOUR);
      expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
    },
  );

  it.each(fails)("and %s leaves nothing to whom the list is too old", async (_, fail) => {
    const cache = cacheOf({ timeoutMs: 1 });
    await serve();
    await judged(cache);
    source.answer = fail;
    clock.advance(MINUTE);
    expect(await judged(cache, { maxAgeMs: MINUTE - 1 })).toBe("STATUS_UNAVAILABLE");
    expect(await judged(cache, { maxAgeMs: MINUTE })).toBe("");
  });

  it("leaves nothing of a list without an end of its own", async () => {
    const cache = cacheOf();
    await serve({});
    await judged(cache);
    source.answer = failing;
    clock.advance(5 * MINUTE - 1);
    expect(await judged(cache)).toBe("");
    clock.advance(1);
    expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
  });

  it("is asked anew after it hung", async () => {
    const cache = cacheOf({ timeoutMs: 1 });
    source.answer = () => new Promise(() => undefined);
    expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
    await serve();
    expect(await judged(cache)).toBe("");
  });

  it("row 120: is told from one that has no list", async () => {
    const cache = cacheOf();
    await serve();
    await judged(cache);
    source.answer = () => null;
    clock.advance(5 * MINUTE);
    expect(await judged(cache)).toBe("STATUS_UNAVAILABLE");
    await serve();
    expect(await judged(cache)).toBe("");
  });
});

describe("row 119: a list that is older than one that was seen", () => {
  it("is refused, whether or not the newer one is still kept", async () => {
    const cache = cacheOf({ refreshAfterMs: 0 });
    clock.advance(MINUTE);
    await serve({ ...TTL, ...signedAt(NOW + 1) });
    expect(await judged(cache)).toBe("");
    await serve({ ...TTL, ...signedAt(NOW) });
    expect(await judged(cache)).toBe("STATUS_LIST_INVALID");
    expect(await judged(cache)).toBe("STATUS_LIST_INVALID");
    await serve({ ...TTL, ...signedAt(NOW + 1) });
    expect(await judged(cache)).toBe("");
  });

  it("does not take the place of the newer one", async () => {
    const cache = cacheOf();
    clock.advance(MINUTE);
    await serve({ ...TTL, ...signedAt(NOW + 1) }, '"new"');
    await judged(cache);
    await serve({ ...TTL, ...signedAt(NOW) }, '"old"');
    clock.advance(5 * MINUTE);
    expect(await judged(cache)).toBe("STATUS_LIST_INVALID");
    source.answer = () => "unchanged";
    expect(await judged(cache)).toBe("");
    expect(source.demands.at(-1)).toEqual({ etag: '"new"' });
  });

  it("is one of the same issuer: nobody makes the lists of another look old", async () => {
    const cache = cacheOf({ refreshAfterMs: 0 });
    clock.advance(MINUTE);
    await serve({ ...TTL, ...signedAt(clock()) }, undefined, STRANGER);
    expect(await judged(cache, { issuer: STRANGER })).toBe("");
    await serve({ ...TTL, ...signedAt(NOW) });
    expect(await judged(cache)).toBe("");
  });

  it("is not made so by one that is dated ahead, or does not verify", async () => {
    const cache = cacheOf({ refreshAfterMs: 0 });
    await serve();
    expect(await judged(cache)).toBe("");
    const bad = [
      await signedList(signedAt(NOW + HOUR)),
      await signedList({ ...signedAt(NOW), "/issuer": ISSUER.did }, STRANGER),
      (await signedList(signedAt(NOW))).replace("2026-11-23T08:00:00", "2026-11-23T07:59:59"),
      "junk",
    ];
    for (const text of bad) {
      source.answer = () => ({ text });
      expect(await judged(cache)).toBe(`STATUS_LIST_${text === "junk" ? "MALFORMED" : "INVALID"}`);
    }
    await serve();
    expect(await judged(cache)).toBe("");
  });

  it("is not one that was signed at the same time", async () => {
    const cache = cacheOf({ refreshAfterMs: 0 });
    await serve(TTL);
    await judged(cache);
    await serve({});
    expect(await judged(cache)).toBe("");
  });
});

describe("a list that does not verify", () => {
  it("is not kept, and does not push out the one that does", async () => {
    const cache = cacheOf();
    await serve(TTL, '"1"');
    await judged(cache);
    clock.advance(5 * MINUTE);
    source.answer = () => ({ text: "junk", etag: '"2"' });
    expect(await judged(cache)).toBe("STATUS_LIST_MALFORMED");
    expect(await judged(cache)).toBe("STATUS_LIST_MALFORMED");
    source.answer = () => "unchanged";
    expect(await judged(cache)).toBe("");
    expect(source.demands.slice(1)).toEqual([{ etag: '"1"' }, { etag: '"1"' }, { etag: '"1"' }]);
  });

  it("is none of the cache's, if it was obtained elsewhere", async () => {
    const cache = cacheOf();
    const elsewhere = await serve();
    const list = JSON.parse(elsewhere.text as string) as Parameters<NonNullable<typeof cache.accept>>[0];
    cache.accept?.(list, elsewhere);
    await cache.get(ADDRESS);
    expect(source.demands).toHaveLength(1);
  });
});

describe("a list that bears another address than it was obtained from", () => {
  it("is not kept for the one that it bears", async () => {
    const cache = cacheOf();
    const { text } = await serve();
    const list = JSON.parse(text as string) as Parameters<NonNullable<typeof cache.accept>>[0];
    cache.accept?.(list, (await cache.get("https://issuer.example/other")) as ObtainedList);
    await cache.get(ADDRESS);
    expect(source.demands).toHaveLength(2);
  });
});

describe("those who ask at the same time", () => {
  it("share one question", async () => {
    const cache = cacheOf();
    await serve();
    const answers = await Promise.all(Array.from({ length: 50 }, () => judged(cache)));
    expect(new Set(answers)).toEqual(new Set([""]));
    expect(source.demands).toHaveLength(1);
  });

  it("share its failure, and the next one asks anew", async () => {
    const cache = cacheOf();
    source.answer = failing;
    const answers = await Promise.all(Array.from({ length: 50 }, () => judged(cache)));
    expect(new Set(answers)).toEqual(new Set(["STATUS_UNAVAILABLE"]));
    await judged(cache);
    expect(source.demands).toHaveLength(2);
  });

  it("get each the list of its own address", async () => {
    const cache = createStatusCache(
      { get: async (address) => ({ text: await signedList({ ...TTL, "/id": address }) }) },
      { clock },
    );
    const entry = (list: string) => entryAt(7, { statusListCredential: `https://issuer.example/${list}` });
    expect(await Promise.all(["a", "b"].map((list) => judged(cache, { entry: entry(list) })))).toEqual([
      "",
      "",
    ]);
  });

  it("do not share what was asked with another demand", async () => {
    const cache = cacheOf();
    await serve();
    await Promise.all([judged(cache), judged(cache, { maxAgeMs: 1000 }), judged(cache, { maxAgeMs: 1000 })]);
    expect(source.demands).toEqual([{}, { maxAgeMs: 1000 }]);
  });
});

describe("a question that takes long", () => {
  /** A cache with a list that is due, and a question under way while a newer list is taken. */
  async function overtaken(end: () => Promise<"unchanged">): Promise<string> {
    const cache = cacheOf();
    await serve(TTL, '"1"');
    await judged(cache);
    clock.advance(5 * MINUTE);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    source.answer = () => gate.then(end);
    const slow = judged(cache);
    await serve({ ...TTL, ...signedAt(clock()) }, '"2"');
    expect(await judged(cache, { maxAgeMs: 0 })).toBe("");
    release();
    return slow;
  }

  it.each<readonly [string, () => Promise<"unchanged">]>([
    ["that the former still stands", () => Promise.resolve("unchanged")],
    ["nothing", failing],
  ])("does not bring back an older list, if at last it says %s", async (_, end) => {
    expect(await overtaken(end)).toBe("");
  });
});

describe("many addresses", () => {
  const addressOf = (list: number) => `https://issuer.example/many/${String(list)}`;

  async function ask(cache: StatusListSource, list: number, time = NOW): Promise<string> {
    const id = { "/id": addressOf(list) };
    await serve({ ...TTL, ...id, ...signedAt(time) });
    return judged(cache, { entry: entryAt(7, { statusListCredential: addressOf(list) }) });
  }

  it("push out the list that was used longest ago", async () => {
    const cache = cacheOf({ maxLists: 2 });
    for (const list of [0, 1, 0, 2]) expect(await ask(cache, list)).toBe("");
    expect(source.demands).toHaveLength(3);
    await ask(cache, 0);
    expect(source.demands).toHaveLength(3);
    await ask(cache, 1);
    expect(source.demands).toHaveLength(4);
  });

  it("do not make the cache forget which list was the newest, up to 64 times as many", async () => {
    const cache = cacheOf({ maxLists: 1 });
    clock.advance(MINUTE);
    await ask(cache, 0, NOW + 1);
    for (let list = 1; list < 64; list++) await ask(cache, list);
    expect(await ask(cache, 0, NOW)).toBe("STATUS_LIST_INVALID");
    expect(await ask(cache, 0, NOW + 1)).toBe("");
    for (let list = 1; list <= 64; list++) await ask(cache, list);
    expect(await ask(cache, 0, NOW)).toBe("");
  });
});

describe("createStatusCache", () => {
  it("leaves no timer behind", async () => {
    vi.useFakeTimers();
    try {
      await serve();
      await judged(cacheOf());
      source.answer = failing;
      await judged(cacheOf());
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks what it wraps to accept as well", async () => {
    const cache = cacheOf();
    await serve();
    const seen: string[] = [];
    source.accept = ({ id }) => void seen.push(id);
    expect(await judged(cache)).toBe("");
    expect(seen).toEqual([ADDRESS]);
    source.accept = () => {
      throw new WritError("STATUS_LIST_INVALID", "there is a newer one");
    };
    expect(await judged(cache)).toBe("STATUS_LIST_INVALID");
  });

  it.each<StatusCacheOptions>([
    { refreshAfterMs: -1 },
    { refreshAfterMs: 0.5 },
    { refreshAfterMs: NaN },
    { refreshAfterMs: Infinity },
    { timeoutMs: 0 },
    { timeoutMs: 2 ** 31 },
    { maxLists: 0 },
    { maxLists: 1.5 },
  ])("refuses %j", (options) => {
    expect(codeOf(() => createStatusCache(source, options))).toBe("ARGUMENT_INVALID");
  });
});
