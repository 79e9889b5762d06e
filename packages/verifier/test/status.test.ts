import { gzipSync } from "node:zlib";

import { encodeBase64url, encodeStatusList, MIN_STATUS_ENTRIES, type StatusListCredential } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createMemoryStatusSource,
  noStatusSource,
  verifyCredential,
  type ObtainedList,
} from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { HOUR, MINUTE, NOW, openWorld, reissue, STRANGER, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

const entry = (index: number) => world.root.credentialStatus?.[index];
const address = (index: number): string => entry(index)?.statusListCredential ?? "";

/** The list at the address of an entry, with other members, signed by the organisation or another. */
async function listWith(
  index: number,
  changes: Readonly<Record<string, unknown>>,
  signer = world.organisation.signer,
): Promise<string> {
  const genuine = (await world.source()).lists.get(address(index)) as string;
  return JSON.stringify(await reissue(JSON.parse(genuine) as StatusListCredential, signer, changes));
}

/** What is said of the root authority where the list of one of its entries is this. */
async function judged(index: number, list: string | Uint8Array | undefined, now = NOW): Promise<Outcome> {
  const status = await world.source();
  if (list === undefined) status.lists.delete(address(index));
  else status.lists.set(address(index), list);
  const expectations = { ...world.expectations, status, clock: () => now };
  return outcomeOf(await verifyCredential(JSON.stringify(world.root), expectations));
}

const at = (index: number): string => `/credentialStatus/${String(index)}`;
const invalid = (index = 0): Outcome => refused("status", `STATUS_LIST_INVALID ${at(index)}`);
const malformed: Outcome = refused("status", `STATUS_LIST_MALFORMED ${at(0)}`);
const outside: Outcome = refused("status", `STATUS_INDEX_RANGE ${at(0)}`);
const unavailable = (index = 0): Outcome => refused("status", `STATUS_UNAVAILABLE ${at(index)}`);

describe("the bit of an entry", () => {
  const withBits = async (index: number, bits: readonly number[]) =>
    judged(
      index,
      await listWith(index, {
        "/credentialSubject/encodedList": encodeStatusList(MIN_STATUS_ENTRIES, bits),
      }),
    );

  it("says revoked or suspended, by the purpose of its list", async () => {
    const own = (index: number) => Number(entry(index)?.statusListIndex);
    expect(await withBits(0, [own(0)])).toEqual(refused("status", `REVOKED ${at(0)}`));
    expect(await withBits(1, [own(1)])).toEqual(refused("status", `SUSPENDED ${at(1)}`));
  });

  it("is exactly its own", async () => {
    const own = Number(entry(0)?.statusListIndex);
    const others = [own - 1, own + 1, own ^ 7, own ^ 8, 0, MIN_STATUS_ENTRIES - 1];
    expect(await withBits(0, others)).toEqual(VERIFIED);
  });

  it("is looked up for every entry (HOSTILE 123)", async () => {
    const text = JSON.stringify(
      await reissue(world.root, world.organisation.signer, {
        "/credentialStatus/2": { ...entry(0), statusListIndex: "5" },
      }),
    );
    const status = await world.source();
    status.lists.set(
      address(0),
      await listWith(0, {
        "/credentialSubject/encodedList": encodeStatusList(MIN_STATUS_ENTRIES, [5]),
      }),
    );
    const result = await verifyCredential(text, { ...world.expectations, status });
    expect(outcomeOf(result)).toEqual(refused("status", `REVOKED ${at(2)}`));
  });

  it.each([
    ["0", VERIFIED],
    ["131071", VERIFIED],
    ["131072", outside],
    ["999999999", outside],
    ["1000000000", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    ["-1", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    ["1e3", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    ["007", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    ["5abc", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    ["", refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
    [7, refused("profile", "SCHEMA_INVALID /credentialStatus/0/statusListIndex")],
  ])("at %j is there or not (HOSTILE 110, 111)", async (statusListIndex, outcome) => {
    const changes = { "/credentialStatus/0/statusListIndex": statusListIndex };
    const text = JSON.stringify(await reissue(world.root, world.organisation.signer, changes));
    expect(outcomeOf(await verifyCredential(text, world.expectations))).toEqual(outcome);
  });

  it.each([
    [
      "an unknown type",
      { "/credentialStatus/0/type": "StatusList2021Entry" },
      "SCHEMA_INVALID /credentialStatus/0/type",
    ],
    [
      "another purpose",
      { "/credentialStatus/0/statusPurpose": "refresh" },
      "SCHEMA_INVALID /credentialStatus/0/statusPurpose",
    ],
    [
      "a size of its own",
      { "/credentialStatus/0/statusSize": 2 },
      "SCHEMA_INVALID /credentialStatus/0/statusSize",
    ],
    [
      "an address without TLS",
      { "/credentialStatus/0/statusListCredential": "http://a.example/r1" },
      "RESOURCE_INVALID /credentialStatus/0/statusListCredential",
    ],
    ["none at all", { "/credentialStatus": undefined }, "STATUS_MISSING /credentialStatus"],
    ["an empty list", { "/credentialStatus": [] }, "ARRAY_EMPTY /credentialStatus"],
  ])("is not looked for with %s (HOSTILE 124, 125)", async (_, changes, problem) => {
    const text = JSON.stringify(await reissue(world.root, world.organisation.signer, changes));
    expect(outcomeOf(await verifyCredential(text, world.expectations))).toEqual(refused("profile", problem));
  });
});

describe("a list that is not there (HOSTILE 120)", () => {
  it("leaves the status open, and so the credential unverified", async () => {
    expect(await judged(0, undefined)).toEqual(unavailable(0));
    expect(await judged(1, undefined)).toEqual(unavailable(1));
    const text = JSON.stringify(world.root);
    const none = await verifyCredential(text, { ...world.expectations, status: noStatusSource });
    expect(outcomeOf(none)).toEqual(both("STATUS_UNAVAILABLE"));
    const status = createMemoryStatusSource([]);
    const empty = await verifyCredential(text, { ...world.expectations, status });
    expect(outcomeOf(empty)).toEqual(both("STATUS_UNAVAILABLE"));
  });

  it('includes one whose source answers what is no answer, or "unchanged" without being asked', async () => {
    for (const answer of [undefined, 7, "unchanged", "", {}, []]) {
      expect(await answered(answer)).toEqual(both("STATUS_UNAVAILABLE"));
    }
  });

  it("includes one whose source fails, in whatever way", async () => {
    for (const failure of [new Error("time-out"), "404", undefined]) {
      const status = {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- sources may be careless
        get: () => Promise.reject(failure),
      };
      const result = await verifyCredential(JSON.stringify(world.root), { ...world.expectations, status });
      expect(outcomeOf(result).problems[0]).toBe(`STATUS_UNAVAILABLE ${at(0)}`);
    }
    const throwing = {
      get() {
        throw new Error("at once");
      },
    };
    const result = await verifyCredential(JSON.stringify(world.root), {
      ...world.expectations,
      status: throwing,
    });
    expect(outcomeOf(result).problems[0]).toBe(`STATUS_UNAVAILABLE ${at(0)}`);
  });
});

/** What is said of the root authority where a source gives this answer, whatever is asked. */
async function answered(answer: unknown): Promise<Outcome> {
  const status = { get: () => Promise.resolve(answer as ObtainedList) };
  return outcomeOf(await verifyCredential(JSON.stringify(world.root), { ...world.expectations, status }));
}

const both = (code: string): Outcome => refused("status", `${code} ${at(0)}`, `${code} ${at(1)}`);

describe("a list that is not to be relied on", () => {
  it("is signed by somebody else (HOSTILE 108)", async () => {
    expect(await judged(0, await listWith(0, { "/issuer": STRANGER.did }, STRANGER))).toEqual(invalid());
    expect(await judged(0, await listWith(0, {}, STRANGER))).toEqual(invalid());
  });

  it("was changed after it was signed, or not signed at all", async () => {
    const text = await listWith(0, {});
    expect(await judged(0, text.replace('"ttl":86400000', '"ttl":86400001'))).toEqual(invalid());
    const { proof: _, ...unsigned } = JSON.parse(text) as Record<string, unknown>;
    expect(await judged(0, JSON.stringify(unsigned))).toEqual(invalid());
  });

  it("has another purpose (HOSTILE 109)", async () => {
    expect(await judged(0, await listWith(0, { "/credentialSubject/statusPurpose": "suspension" }))).toEqual(
      invalid(0),
    );
    expect(await judged(1, await listWith(1, { "/credentialSubject/statusPurpose": "revocation" }))).toEqual(
      invalid(1),
    );
  });

  it("bears another address (HOSTILE 122)", async () => {
    const other = address(1);
    const changes = {
      "/id": other,
      "/credentialSubject/id": `${other}#list`,
      "/credentialSubject/statusPurpose": "revocation",
    };
    expect(await judged(0, await listWith(0, changes))).toEqual(invalid());
    expect(await judged(0, await listWith(0, { "/credentialSubject/id": `${other}#list` }))).toEqual(
      malformed,
    );
  });

  it("has expired, is not valid yet, or is past its ttl (HOSTILE 118)", async () => {
    const until = { "/validUntil": "2026-11-23T09:00:00Z" };
    expect(await judged(0, await listWith(0, until), NOW + HOUR - 1)).toEqual(VERIFIED);
    expect(await judged(0, await listWith(0, until), NOW + HOUR)).toEqual(invalid());
    const from = { "/validFrom": "2026-11-23T08:01:00Z" };
    expect(await judged(0, await listWith(0, from), NOW + MINUTE - 1)).toEqual(invalid());
    expect(await judged(0, await listWith(0, from), NOW + MINUTE)).toEqual(VERIFIED);
    const ttl = { "/credentialSubject/ttl": MINUTE };
    expect(await judged(0, await listWith(0, ttl), NOW + MINUTE - 1)).toEqual(VERIFIED);
    expect(await judged(0, await listWith(0, ttl), NOW + MINUTE)).toEqual(invalid());
    const open = { "/credentialSubject/ttl": undefined, "/validUntil": "2026-12-23T08:00:00Z" };
    expect(await judged(0, await listWith(0, open), NOW + 7 * HOUR)).toEqual(VERIFIED);
  });

  it.each([
    ["a status of its own (HOSTILE 121)", () => ({ "/credentialStatus": [entry(0)] })],
    ["another type", () => ({ "/type": ["VerifiableCredential"] })],
    [
      "another context",
      () => ({ "/@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"] }),
    ],
    ["no entries", () => ({ "/credentialSubject/encodedList": "u" })],
    ["entries that do not unpack", () => ({ "/credentialSubject/encodedList": "uH4sIAAAA" })],
    ["a size of its entries", () => ({ "/credentialSubject/statusSize": 1 })],
    ["an end before its begin", () => ({ "/validUntil": "2026-11-23T07:00:00Z" })],
  ])("has %s", async (_, changes) => {
    expect(await judged(0, await listWith(0, changes()))).toEqual(malformed);
  });

  it("has too few entries (HOSTILE 112)", async () => {
    const encodedList = `u${encodeBase64url(gzipSync(new Uint8Array(MIN_STATUS_ENTRIES / 8 - 1)))}`;
    expect(await judged(0, await listWith(0, { "/credentialSubject/encodedList": encodedList }))).toEqual(
      refused("status", `STATUS_LIST_TOO_SHORT ${at(0)}`),
    );
  });

  it("is made with a proof for something else", async () => {
    const list = JSON.parse(await listWith(0, {})) as StatusListCredential;
    const wrong = await reissue(list, world.organisation.signer, {}, { purpose: "authentication" });
    expect(await judged(0, JSON.stringify(wrong))).toEqual(invalid());
  });

  it.each([
    ["HTML", "<html><body>404</body></html>"],
    ["nothing", ""],
    ["bytes", Uint8Array.of(0xff, 0xfe, 0)],
    ["a list", "[]"],
    ["another document", "{}"],
    ["more than a MiB", new Uint8Array(1024 * 1024 + 1).fill(0x20)],
  ])("is %s", async (_, list) => {
    expect(await judged(0, list)).toEqual(malformed);
  });

  it("is no text at all", async () => {
    for (const text of [undefined, 7, {}]) {
      expect(await answered({ text })).toEqual(both("STATUS_LIST_MALFORMED"));
    }
  });
});
