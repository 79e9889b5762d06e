import {
  addProof,
  MIN_STATUS_ENTRIES,
  WritError,
  type DidResolver,
  type GenericStatusEntry,
} from "@writ/core";
import { describe, expect, it } from "vitest";

import { checkStatus } from "../src/status/check-status.js";
import { createObtainedLists } from "../src/status/obtained-lists.js";
import { readBits, readList } from "../src/status/read-list.js";
import {
  ADDRESS,
  asked,
  entryAt,
  ISSUER,
  problemsOf,
  PROOFS,
  signedList,
  timeOf,
  withBits,
} from "./lists.js";
import { countingSource, NOW, SERVICE, STRANGER } from "./world.js";

const at = "/credentialStatus";

/** What is said of an entry where the list has these values at JSON Pointers. */
async function judged(
  entries: GenericStatusEntry | readonly GenericStatusEntry[],
  changes: Readonly<Record<string, unknown>> = {},
  now = NOW,
) {
  return asked(countingSource(new Map([[ADDRESS, await signedList(changes)]])), entries, { now });
}

describe("the status of another's credential", () => {
  it("is told for each entry, whether it is one or a list of them", async () => {
    const one = await judged(entryAt(7));
    expect(one).toEqual({
      problems: [],
      statuses: [{ pointer: at, purpose: "revocation", value: 0 }],
      oldest: NOW,
    });
    const several = await judged([entryAt(7), entryAt(8)], withBits(MIN_STATUS_ENTRIES, 8));
    expect(several.statuses).toEqual([
      { pointer: `${at}/0`, purpose: "revocation", value: 0 },
      { pointer: `${at}/1`, purpose: "revocation", value: 1 },
    ]);
    expect(problemsOf(several)).toEqual([`REVOKED ${at}/1`]);
  });

  it("row 123: is that of every entry, of which one is set", async () => {
    const entries = [entryAt(1), entryAt(2), entryAt(3)];
    for (const set of [1, 2, 3]) {
      const answer = await judged(entries, withBits(MIN_STATUS_ENTRIES, set));
      expect(problemsOf(answer)).toEqual([`REVOKED ${at}/${String(set - 1)}`]);
      expect(answer.statuses).toHaveLength(3);
    }
  });

  it("is told by a list that somebody else has signed too, whose proof must verify", async () => {
    const list = JSON.parse(await signedList()) as object;
    const other = await addProof(list, { signer: STRANGER, purpose: "assertionMethod", created: NOW });
    const of = (document: object) =>
      asked(countingSource(new Map([[ADDRESS, JSON.stringify(document)]])), entryAt(7));
    expect(problemsOf(await of(other))).toEqual([]);
    const [own, foreign] = other.proof;
    const spoilt = { ...other, proof: [own, { ...foreign, created: "2026-11-23T07:00:00Z" }] };
    expect(problemsOf(await of(spoilt))).toEqual([`STATUS_LIST_INVALID ${at}`]);
    expect(problemsOf(await of({ ...other, proof: foreign }))).toEqual([`STATUS_LIST_INVALID ${at}`]);
  });

  it("is not known where the source fails, and says of what", async () => {
    const refused = new WritError("FETCH_REFUSED", "the address is not a public one");
    const source = { get: () => Promise.reject(refused) };
    expect(await asked(source, entryAt(7))).toMatchObject({
      problems: [
        {
          code: "STATUS_UNAVAILABLE",
          pointer: at,
          detail: "the status list could not be obtained: FETCH_REFUSED, the address is not a public one",
        },
      ],
    });
  });

  it("is none where there are no entries, and asks nobody", async () => {
    const source = countingSource(new Map());
    expect(await asked(source, [])).toEqual({ problems: [], statuses: [] });
    expect(source.asked).toEqual([]);
  });

  it("is suspended by a suspension, and told of no other purpose", async () => {
    const of = (statusPurpose: string) =>
      judged(entryAt(5, { statusPurpose }), {
        "/credentialSubject/statusPurpose": ["refresh", "suspension", "acme-frozen"],
        ...withBits(MIN_STATUS_ENTRIES, 5),
      });
    expect(problemsOf(await of("suspension"))).toEqual([`SUSPENDED ${at}`]);
    for (const purpose of ["refresh", "acme-frozen"]) {
      expect(await of(purpose)).toEqual({
        problems: [],
        statuses: [{ pointer: at, purpose, value: 1 }],
        oldest: NOW,
      });
    }
    expect(problemsOf(await of("revocation"))).toEqual([`STATUS_LIST_INVALID ${at}`]);
  });
});

describe("an entry of several bits", () => {
  const LONG = MIN_STATUS_ENTRIES * 2;
  const statusMessage = ["pending", "accepted", "rejected", "undefined"].map((message, value) => ({
    status: `0x${String(value)}`,
    message,
  }));
  const message = (more: Partial<GenericStatusEntry> = {}) =>
    entryAt(4, { statusPurpose: "message", statusSize: 2, statusMessage, ...more });
  const ofMessages = (...bits: readonly number[]) => ({
    "/credentialSubject/statusPurpose": "message",
    ...withBits(LONG, ...bits),
  });

  it.each([
    [[], 0, "pending"],
    [[9], 1, "accepted"],
    [[8], 2, "rejected"],
    [[8, 9], 3, "undefined"],
  ])("row 117: of bits %j has the value %i, and its message", async (bits, value, told) => {
    const answer = await judged(message(), ofMessages(...bits));
    expect(answer.statuses).toEqual([{ pointer: at, purpose: "message", value, message: told }]);
    expect(answer.problems).toEqual([]);
  });

  it("finds its message by the value, not by the place", async () => {
    const answer = await judged(message({ statusMessage: [...statusMessage].reverse() }), ofMessages(9));
    expect(answer.statuses).toMatchObject([{ value: 1, message: "accepted" }]);
  });

  it.each([
    [[], 0, "unset"],
    [[4], 1, "set"],
  ])("without messages is unset or set", async (bits, value, told) => {
    const entry = entryAt(4, { statusPurpose: "message" });
    const answer = await judged(entry, ofMessages(...bits));
    expect(answer.statuses).toEqual([{ pointer: at, purpose: "message", value, message: told }]);
  });

  it.each(["0x1", "0x2", "0x3"])("revokes by any value but 0: by %s", async (status) => {
    const value = Number(status);
    const bits = [...(value & 2 ? [8] : []), ...(value & 1 ? [9] : [])];
    const answer = await judged(message({ statusPurpose: "revocation" }), withBits(LONG, ...bits));
    expect(problemsOf(answer)).toEqual([`REVOKED ${at}`]);
    expect(answer.statuses).toMatchObject([{ value }]);
  });

  it("row 112: needs 131,072 entries of its size", async () => {
    const short = { "/credentialSubject/statusPurpose": "message", ...withBits(LONG - 8) };
    expect(problemsOf(await judged(message(), short))).toEqual([`STATUS_LIST_TOO_SHORT ${at}`]);
  });

  it("row 125: has a size that its list does not say, which has no such term", async () => {
    const saying = { ...ofMessages(), "/credentialSubject/statusSize": 2 };
    expect(problemsOf(await judged(message(), saying))).toEqual([`STATUS_LIST_INVALID ${at}`]);
  });

  it("row 111: is in the list", async () => {
    const last = message({ statusListIndex: "131071" });
    expect(problemsOf(await judged(last, ofMessages()))).toEqual([]);
    const beyond = message({ statusListIndex: "131072" });
    expect(problemsOf(await judged(beyond, ofMessages()))).toEqual([`STATUS_INDEX_RANGE ${at}`]);
    // No number has the value of these digits, and none that is near it stands for it.
    const huge = message({ statusListIndex: "9".repeat(26) });
    expect(problemsOf(await judged(huge, ofMessages()))).toEqual([`STATUS_INDEX_RANGE ${at}`]);
  });
});

describe("a list of somebody else's", () => {
  const invalid = [`STATUS_LIST_INVALID ${at}`];
  const problemsWith = async (changes: Readonly<Record<string, unknown>>, now = NOW) =>
    problemsOf(await judged(entryAt(7), changes, now));

  it("row 108: is signed by the credential's issuer, or one who is allowed to", async () => {
    const foreign = countingSource(new Map([[ADDRESS, await signedList({}, SERVICE)]]));
    expect(problemsOf(await asked(foreign, entryAt(7)))).toEqual(invalid);
    const listIssuers = [ISSUER.did, SERVICE.did];
    expect(problemsOf(await asked(foreign, entryAt(7), { listIssuers }))).toEqual([]);
    const forged = await signedList({ "/issuer": ISSUER.did }, STRANGER);
    expect(problemsOf(await asked(countingSource(new Map([[ADDRESS, forged]])), entryAt(7)))).toEqual(
      invalid,
    );
  });

  it("may name its issuer by an object", async () => {
    expect(await problemsWith({ "/issuer": { id: ISSUER.did, name: "ACME" } })).toEqual([]);
    expect(await problemsWith({ "/issuer": { id: STRANGER.did } })).toEqual(invalid);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["row 122: another address", { "/id": "https://issuer.example/status/4" }],
    ["row 109: another purpose", { "/credentialSubject/statusPurpose": ["suspension", "message"] }],
    ["row 118: an end that is past", { "/validUntil": "2026-11-23T08:00:00Z" }],
    ["row 118: a begin that is to come", { "/validFrom": "2026-11-23T08:00:00.001Z" }],
  ])("with %s will not do", async (_, changes) => {
    expect(await problemsWith(changes)).toEqual(invalid);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["row 121: a status of its own", { "/credentialStatus": [entryAt(7)] }],
    ["another type", { "/type": ["VerifiableCredential"] }],
    ["row 115: entries that do not unpack", { "/credentialSubject/encodedList": "uH4sIAAAA" }],
  ])("with %s is none", async (_, changes) => {
    expect(await problemsWith(changes)).toEqual([`STATUS_LIST_MALFORMED ${at}`]);
  });

  it("row 118: may have no end, but a ttl that it keeps to", async () => {
    const year = 365 * 24 * 3_600_000;
    expect(await problemsWith({}, NOW + year)).toEqual([]);
    const ttl = { "/credentialSubject/ttl": 60_000 };
    expect(await problemsWith(ttl, NOW + 59_999)).toEqual([]);
    expect(await problemsWith(ttl, NOW + 60_000)).toEqual(invalid);
    const until = { "/validUntil": "2026-11-23T08:01:00Z" };
    expect(await problemsWith(until, NOW + 59_999)).toEqual([]);
    expect(await problemsWith(until, NOW + 60_000)).toEqual(invalid);
  });

  it("is of the closed form where the credential is Writ's own", async () => {
    const source = countingSource(new Map([[ADDRESS, await signedList()]]));
    expect(problemsOf(await asked(source, entryAt(7), { profile: "strict" }))).toEqual([
      `STATUS_LIST_MALFORMED ${at}`,
    ]);
    const own = await signedList({
      "/validUntil": "2026-11-24T08:00:00Z",
      "/credentialSubject/id": `${ADDRESS}#list`,
    });
    const both = countingSource(new Map([[ADDRESS, own]]));
    expect(problemsOf(await asked(both, entryAt(7), { profile: "strict" }))).toEqual([]);
    expect(problemsOf(await asked(both, entryAt(7), { profile: "generic" }))).toEqual([]);
  });

  it("is read by each question in its own form, and asked for once", async () => {
    const source = countingSource(new Map([[ADDRESS, await signedList()]]));
    const question = { entries: entryAt(7), listIssuers: [ISSUER.did] } as const;
    const answer = await checkStatus(
      [
        { ...question, profile: "generic", pointer: "/a" },
        { ...question, profile: "strict", pointer: "/b" },
      ],
      createObtainedLists(source),
      PROOFS,
      timeOf(NOW),
    );
    expect(problemsOf(answer)).toEqual([`STATUS_LIST_MALFORMED /b${at}`]);
    expect(source.asked).toEqual([ADDRESS]);
  });
});

describe("what is asked of a source", () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, list) =>
      entryAt(0, { statusListCredential: `https://issuer.example/${String(list)}` }),
    );

  it("is 32 lists at most", async () => {
    const source = countingSource(new Map());
    expect(problemsOf(await asked(source, entries(32)))).toHaveLength(32);
    expect(source.asked).toHaveLength(32);
    await expect(asked(source, entries(33))).rejects.toMatchObject({ code: "TOO_MANY_ITEMS" });
    expect(source.asked).toHaveLength(32);
  });

  it("is asked all at once: a slow list does not hold up the others", async () => {
    const started: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const source = {
      async get(address: string) {
        started.push(address);
        if (started.length === 3) release();
        await gate;
        return null;
      },
    };
    expect(problemsOf(await asked(source, entries(3)))).toHaveLength(3);
    expect(started).toHaveLength(3);
  });

  it("is each list once, which is verified once", async () => {
    const source = countingSource(new Map([[ADDRESS, await signedList()]]));
    let resolved = 0;
    const resolver: DidResolver = {
      resolve(did) {
        resolved++;
        return PROOFS.resolver.resolve(did);
      },
    };
    const question = {
      profile: "generic",
      entries: [entryAt(0), entryAt(1)],
      listIssuers: [ISSUER.did],
      pointer: "",
    } as const;
    expect(
      problemsOf(
        await checkStatus([question, question], createObtainedLists(source), { resolver }, timeOf(NOW)),
      ),
    ).toEqual([]);
    expect([source.asked.length, resolved]).toEqual([1, 1]);
  });

  it("is how old the list may be, where a bound is given", async () => {
    const demands: unknown[] = [];
    const source = {
      get: (_: string, demand: unknown) => {
        demands.push(demand);
        return Promise.resolve(null);
      },
    };
    await asked(source, entryAt(0));
    await asked(source, entryAt(0), { maxAgeMs: 5000 });
    expect(demands).toEqual([{}, { maxAgeMs: 5000 }]);
  });

  it("is to accept a list that verified, by an issuer who may sign it, and no other", async () => {
    const accepted: unknown[] = [];
    const of = (text: string) => ({
      get: () => Promise.resolve({ text }),
      accept: ({ id }: { readonly id: string }, { text: obtained }: { readonly text: unknown }) =>
        accepted.push([id, obtained]),
    });
    const good = await signedList();
    await asked(of(good), [entryAt(0), entryAt(1)]);
    expect(accepted).toEqual([
      [ADDRESS, good],
      [ADDRESS, good],
    ]);
    accepted.length = 0;
    for (const bad of [
      await signedList({}, STRANGER),
      await signedList({ "/issuer": ISSUER.did }, STRANGER),
      await signedList({ "/validFrom": "2026-11-23T08:00:01Z" }),
      await signedList({ "/id": "https://issuer.example/status/4" }),
      good.replace('"type":"BitstringStatusList"', '"type":"BitstringStatusList","x":1'),
    ]) {
      expect(problemsOf(await asked(of(bad), entryAt(0)))).toEqual([`STATUS_LIST_INVALID ${at}`]);
    }
    for (const bad of [await signedList({ "/credentialSubject/encodedList": "uH4sIAAAA" }), "junk"]) {
      expect(problemsOf(await asked(of(bad), entryAt(0)))).toEqual([`STATUS_LIST_MALFORMED ${at}`]);
    }
    expect(accepted).toEqual([]);
  });

  it("leaves the status open where it fails to say whether a list is the newest", async () => {
    const source = {
      ...countingSource(new Map([[ADDRESS, await signedList()]])),
      accept() {
        throw new Error("no room");
      },
    };
    const answer = await asked(source, entryAt(0));
    expect(problemsOf(answer)).toEqual([`STATUS_UNAVAILABLE ${at}`]);
    expect(answer.statuses).toEqual([]);
  });
});

describe("what was read of a list", () => {
  it("is remembered with it, and judged anew at each time", async () => {
    const text = await signedList({ "/credentialSubject/ttl": 60_000, ...withBits(MIN_STATUS_ENTRIES, 8) });
    const list = { text };
    const source = { get: () => Promise.resolve(list) };
    expect(problemsOf(await asked(source, entryAt(7)))).toEqual([]);
    expect(problemsOf(await asked(source, entryAt(8)))).toEqual([`REVOKED ${at}`]);
    expect(problemsOf(await asked(source, entryAt(7), { now: NOW + 60_000 }))).toEqual([
      `STATUS_LIST_INVALID ${at}`,
    ]);
    expect(problemsOf(await asked(source, entryAt(7), { listIssuers: [STRANGER.did] }))).toEqual([
      `STATUS_LIST_INVALID ${at}`,
    ]);
  });

  it("is read anew where the source has put another text into the same object", async () => {
    const list = { text: await signedList() };
    const source = { get: () => Promise.resolve(list) };
    expect(problemsOf(await asked(source, entryAt(8)))).toEqual([]);
    list.text = await signedList(withBits(MIN_STATUS_ENTRIES, 8));
    expect(problemsOf(await asked(source, entryAt(8)))).toEqual([`REVOKED ${at}`]);
  });

  it("is asked no promise whether it is the newest", async () => {
    const source = {
      ...countingSource(new Map([[ADDRESS, await signedList()]])),
      accept: () => Promise.reject(new Error("older")) as unknown as undefined,
    };
    expect(problemsOf(await asked(source, entryAt(0)))).toEqual([`STATUS_UNAVAILABLE ${at}`]);
  });

  it("has its bits unpacked once, unless they are many", async () => {
    const unpacked = async (length: number) => {
      const obtained = { text: await signedList(withBits(length)) };
      const list = readList(obtained, "generic");
      return [readBits(list), readBits(list)] as const;
    };
    const [first, again] = await unpacked(8 * 1024 * 1024);
    expect(again).toBe(first);
    const [large, anew] = await unpacked(8 * 1024 * 1024 + 8);
    expect(anew).not.toBe(large);
  });
});
