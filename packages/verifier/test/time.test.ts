import { formatTimestamp } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { compose, DAY, HOUR, MINUTE, NOW, openWorld, reissue, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

/** What is said of a credential with other times, at a time. */
async function judged(changes: Readonly<Record<string, unknown>>, now = NOW): Promise<Outcome> {
  const text = JSON.stringify(await reissue(world.root, world.organisation.signer, changes));
  return outcomeOf(await verifyCredential(text, { ...world.expectations, clock: () => now }));
}

const SPAN = {
  "/validFrom": formatTimestamp(NOW + MINUTE),
  "/validUntil": formatTimestamp(NOW + HOUR),
};

describe("the validity of a credential (HOSTILE 92)", () => {
  it.each([
    [NOW + MINUTE - 1, refused("time", "NOT_YET_VALID /validFrom")],
    [NOW + MINUTE, VERIFIED],
    [NOW + MINUTE + 1, VERIFIED],
    [NOW + HOUR - 1, VERIFIED],
    [NOW + HOUR, refused("time", "EXPIRED /validUntil")],
    [NOW + HOUR + 1, refused("time", "EXPIRED /validUntil")],
  ])("at %i begins with its first millisecond and ends before its last", async (now, outcome) => {
    expect(await judged(SPAN, now)).toEqual(outcome);
  });

  it("is read in its own zone, to the millisecond", async () => {
    const changes = { "/validFrom": "2026-11-23T10:00:00.001+02:00" };
    expect(await judged(changes, NOW)).toEqual(refused("time", "NOT_YET_VALID /validFrom"));
    expect(await judged(changes, NOW + 1)).toEqual(VERIFIED);
  });

  it("is judged at the same boundaries inside a presentation", async () => {
    const root = await reissue(world.root, world.organisation.signer, SPAN);
    const { lead } = world;
    for (const [now, outcome] of [
      [NOW + MINUTE - 1, refused("time", "NOT_YET_VALID /verifiableCredential/1/validFrom")],
      [NOW + MINUTE, VERIFIED],
    ] as const) {
      const text = await compose(lead.signer, [lead.identity, root]);
      const expectations = { ...world.expectations, clock: () => now };
      expect(outcomeOf(await verifyPresentation(text, expectations))).toEqual(outcome);
    }
  });
});

describe("times that are refused (HOSTILE 84 to 91)", () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ["30 February", { "/validFrom": "2026-02-30T08:00:00Z" }, "DATE_INVALID /validFrom"],
    ["29 February of a common year", { "/validUntil": "2026-02-29T08:00:00Z" }, "DATE_INVALID /validUntil"],
    ["24:00", { "/validUntil": "2026-11-23T24:00:00Z" }, "DATE_INVALID /validUntil"],
    ["a leap second", { "/validUntil": "2026-11-23T23:59:60Z" }, "DATE_INVALID /validUntil"],
    ["no zone", { "/validUntil": "2026-11-23T12:00:00" }, "DATE_INVALID /validUntil"],
    ["a number as text", { "/validUntil": "12" }, "DATE_INVALID /validUntil"],
    ["words", { "/validUntil": "never" }, "DATE_INVALID /validUntil"],
    ["a number", { "/validUntil": 4102444800 }, "SCHEMA_INVALID /validUntil"],
    ["1969", { "/validFrom": "1969-12-31T23:59:59Z" }, "DATE_INVALID /validFrom"],
    ["no end", { "/validUntil": undefined }, "SCHEMA_INVALID /validUntil"],
    ["no begin", { "/validFrom": undefined }, "SCHEMA_INVALID /validFrom"],
    ["an end at the begin", { "/validUntil": "2026-11-23T08:00:00Z" }, "VALIDITY_INVALID /validUntil"],
    ["an end before the begin", { "/validUntil": "2026-11-23T07:59:59Z" }, "VALIDITY_INVALID /validUntil"],
    [
      "over 90 days",
      { "/validUntil": formatTimestamp(NOW + 90 * DAY + 1000) },
      "VALIDITY_INVALID /validUntil",
    ],
  ])("%s", async (_, changes, problem) => {
    expect(await judged(changes)).toEqual(refused("profile", problem));
  });

  it("but not 90 days", async () => {
    expect(await judged({ "/validUntil": formatTimestamp(NOW + 90 * DAY) })).toEqual(VERIFIED);
  });
});

describe("the proof of a credential", () => {
  const at = async (proof: object, now = NOW): Promise<Outcome> => {
    const text = JSON.stringify(await reissue(world.root, world.organisation.signer, {}, proof));
    return outcomeOf(await verifyCredential(text, { ...world.expectations, clock: () => now }));
  };

  it("is made at most a minute ahead of the clock", async () => {
    expect(await at({ created: NOW + MINUTE })).toEqual(VERIFIED);
    expect(await at({ created: NOW + 2 * MINUTE }, NOW + MINUTE)).toEqual(VERIFIED);
    expect(await at({ created: NOW + 2 * MINUTE }, NOW + MINUTE - 1)).toEqual(
      refused("signature", "PROOF_CREATED /proof/created"),
    );
  });

  it("ends when it says", async () => {
    const expires = NOW + MINUTE;
    expect(await at({ expires }, NOW + MINUTE - 1)).toEqual(VERIFIED);
    expect(await at({ expires }, NOW + MINUTE)).toEqual(refused("signature", "PROOF_EXPIRED /proof/expires"));
  });
});

describe("the proof of a presentation", () => {
  const at = async (proof: object, now = NOW): Promise<Outcome> => {
    const text = await compose(world.lead.signer, [world.lead.identity], { proof });
    return outcomeOf(await verifyPresentation(text, { ...world.expectations, clock: () => now }));
  };

  it("is of use for five minutes, to the millisecond", async () => {
    expect(await at({}, NOW + 5 * MINUTE - 1)).toEqual(VERIFIED);
    expect(await at({}, NOW + 5 * MINUTE)).toEqual(refused("signature", "PROOF_EXPIRED /proof/expires"));
    expect(await at({}, NOW - MINUTE)).toMatchObject({ failed: "time" });
    expect(await at({}, NOW - MINUTE - 1)).toEqual(refused("signature", "PROOF_CREATED /proof/created"));
  });

  it("does not say longer, and does say", async () => {
    const long = refused("time", "PROOF_EXPIRED /proof/expires");
    expect(await at({ expires: NOW + 5 * MINUTE + 1000 })).toEqual(long);
    expect(await at({ expires: NOW + DAY })).toEqual(long);
    expect(await at({ expires: undefined })).toEqual(long);
    expect(await at({ created: NOW - MINUTE, expires: NOW + 4 * MINUTE })).toEqual(VERIFIED);
    expect(await at({ created: NOW - MINUTE, expires: NOW + 5 * MINUTE })).toEqual(long);
  });
});
