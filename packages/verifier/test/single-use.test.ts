import { createSignatureCache } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createMemoryChallengeStore,
  decide,
  trustOrganisations,
  verifyPresentation,
  type ChallengeStore,
  type ChallengeUse,
  type PresentationExpectations,
} from "../src/index.js";
import { STORES } from "./challenge-stores.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { compose, INVOCATION, MINUTE, NOW, openWorld, present, STRANGER, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld("single use")));
afterAll(() => world.close());

const openStore = (): ChallengeStore =>
  createMemoryChallengeStore({ clock: world.clock, random: seededRandom("single use") });

/** A store that notes what it is asked to use up. */
function noting(store: ChallengeStore) {
  const asked: string[] = [];
  const consume = (challenge: string): Promise<ChallengeUse> => {
    asked.push(challenge);
    return store.consume(challenge);
  };
  return { asked, create: () => store.create(), consume };
}

async function verified(
  text: string,
  issuedBy: ChallengeStore,
  more: Partial<PresentationExpectations> & { readonly exactly?: string } = {},
): Promise<Outcome> {
  const { exactly, ...expected } = more;
  const expectedChallenge = { issuedBy, ...(exactly === undefined ? {} : { exactly }) };
  return outcomeOf(await verifyPresentation(text, { ...world.expectations, expectedChallenge, ...expected }));
}

const USED = refused("single-use", "CHALLENGE_USED /proof/challenge");
const UNKNOWN = refused("single-use", "CHALLENGE_UNKNOWN /proof/challenge");
const UNAVAILABLE = refused("single-use", "CHALLENGE_UNAVAILABLE /proof/challenge");
const MISMATCH = refused("challenge", "CHALLENGE_MISMATCH /proof/challenge");

describe.each(STORES)("a challenge of a store $name", ({ open }) => {
  it("row 100: is accepted once, and established as used once", async () => {
    const issuedBy = await open({ clock: world.clock });
    const text = await present(world.lead, {
      challenge: await issuedBy.create(),
      invocation: INVOCATION,
    });
    const result = await verifyPresentation(text, {
      ...world.expectations,
      expectedChallenge: { issuedBy },
    });
    expect(outcomeOf(result)).toEqual(VERIFIED);
    expect(result.checks.map(({ outcome }) => outcome)).toEqual(result.checks.map(() => "established"));
    expect(result.verified && (await decide(result.presentation))).toMatchObject({
      outcome: "allow",
      singleUse: "challenge",
    });
    expect(await verified(text, issuedBy)).toEqual(USED);
  });

  it("row 100: is accepted from exactly one of 1,000 presentations at once", async () => {
    const issuedBy = await open({ clock: world.clock });
    const challenge = await issuedBy.create();
    const text = await compose(world.lead.signer, [world.lead.identity], { proof: { challenge } });
    const signatures = createSignatureCache();
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, () => verified(text, issuedBy, { signatures })),
    );
    expect(outcomes.filter(({ failed }) => failed === undefined)).toHaveLength(1);
    expect(outcomes.filter(({ problems }) => problems[0] === USED.problems[0])).toHaveLength(999);
  });
});

describe("a challenge", () => {
  it("is one that the store gave out, and that has not expired", async () => {
    const issuedBy = openStore();
    expect(await verified(await present(world.lead), issuedBy)).toEqual(UNKNOWN);
    let now = NOW - MINUTE;
    const store = createMemoryChallengeStore({ clock: () => now, lifeMs: MINUTE });
    const text = await present(world.lead, { challenge: await store.create() });
    now = NOW;
    const result = await verifyPresentation(text, {
      ...world.expectations,
      expectedChallenge: { issuedBy: store },
    });
    expect(outcomeOf(result)).toEqual(UNKNOWN);
    expect(!result.verified && result.problems[0]?.detail).toContain("expired");
  });

  it("is exactly the one that is expected, where one is", async () => {
    const store = noting(openStore());
    const [ours, another] = [await store.create(), await store.create()];
    const text = await present(world.lead, { challenge: another });
    expect(await verified(text, store, { exactly: ours })).toEqual(MISMATCH);
    expect(store.asked).toEqual([]);
    expect(await verified(text, store, { exactly: another })).toEqual(VERIFIED);
    expect(store.asked).toEqual([another]);
  });

  it("is the one that was expected when the verification began", async () => {
    const issuedBy = openStore();
    const [ours, another] = [await issuedBy.create(), await issuedBy.create()];
    const text = await present(world.lead, { challenge: another });
    const expectedChallenge = { issuedBy, exactly: ours };
    const verifying = verifyPresentation(text, { ...world.expectations, expectedChallenge });
    expectedChallenge.exactly = another;
    expect(outcomeOf(await verifying)).toEqual(MISMATCH);
  });

  it("row 101: is there", async () => {
    const store = noting(openStore());
    const { signer, identity } = world.lead;
    const without = await compose(signer, [identity], { proof: { challenge: undefined as never } });
    expect(await verified(without, store)).toEqual(MISMATCH);
    const empty = (await compose(signer, [identity])).replace(/"challenge":"[^"]*"/, '"challenge":""');
    expect(await verified(empty, store)).toEqual(refused("profile", "SCHEMA_INVALID /proof/challenge"));
    expect(store.asked).toEqual([]);
  });

  it("is the same in every proof, and used up once for all of them", async () => {
    const store = noting(openStore());
    const [one, two] = [await store.create(), await store.create()];
    const signed = async (challenge: string | undefined, created: number) => {
      const proof = { challenge: challenge as string, created };
      const text = await compose(world.lead.signer, [world.lead.identity], { proof });
      return JSON.parse(text) as { readonly proof: object };
    };
    const [first, twin, other, none] = [
      await signed(one, NOW),
      await signed(one, NOW + 1000),
      await signed(two, NOW),
      await signed(undefined, NOW),
    ];
    const withProofs = (...proofs: readonly { readonly proof: object }[]) =>
      JSON.stringify({ ...first, proof: proofs.map(({ proof }) => proof) });
    const mismatches = async (set: string) => (await verified(set, store)).problems;
    const at = (index: number) => `CHALLENGE_MISMATCH /proof/${String(index)}/challenge`;
    expect(await mismatches(withProofs(first, other))).toContain(at(1));
    expect(await mismatches(withProofs(none, first))).toContain(at(0));
    expect(await mismatches(withProofs(first, none))).toContain(at(1));
    expect(store.asked).toEqual([]);
    expect(await verified(withProofs(first, twin), store)).toEqual(VERIFIED);
    expect(store.asked).toEqual([one]);
  });

  it("is not used up by what fails before it", async () => {
    const store = noting(openStore());
    const challenge = await store.create();
    const text = await present(world.lead, { challenge });
    const { lead, middle } = world;
    const foreign = await compose(STRANGER, [lead.identity], { proof: { challenge } });
    const broken = await compose(lead.signer, [lead.identity, middle], { proof: { challenge } });
    const old = await compose(lead.signer, [lead.identity], {
      proof: { challenge, expires: NOW + 6 * MINUTE },
    });
    const failing: readonly (readonly [string, Partial<PresentationExpectations>, string?])[] = [
      ["json", {}, "{"],
      ["profile", {}, text.replace("VerifiablePresentation", "Other")],
      ["signature", {}, text.replace('"domain":"https://shop', '"domain":"https://shopp')],
      ["issuer", { trust: trustOrganisations([]) }],
      ["time", {}, old],
      ["holder", {}, foreign],
      ["chain", {}, broken],
      ["status", { status: { get: () => Promise.resolve(null) } }],
      ["challenge", { expectedDomain: "https://elsewhere.example" }],
    ];
    for (const [name, change, sent = text] of failing) {
      expect((await verified(sent, store, change)).failed).toBe(name);
    }
    expect(store.asked).toEqual([]);
    expect(await verified(text, store)).toEqual(VERIFIED);
  });

  it("is used up before the invocation is looked at", async () => {
    const store = noting(openStore());
    const challenge = await store.create();
    const authority = { digestMultibase: "uEiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", grant: "x" };
    const text = await compose(world.lead.signer, [world.lead.identity, world.root], {
      changes: { "/invocation": { ...INVOCATION, authority, nonce: "n" } },
      proof: { challenge },
    });
    expect((await verified(text, store)).failed).toBe("invocation");
    expect(await verified(text, store)).toEqual(USED);
  });
});

describe("a store that could not tell is no yes", () => {
  it.each<readonly [string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("broken"))],
    ["answers nothing", () => Promise.resolve(undefined)],
    ["answers true", () => Promise.resolve(true)],
    ["answers another word", () => Promise.resolve("ok")],
  ])("one that %s", async (_, consume) => {
    const issuedBy = { create: () => Promise.resolve(""), consume } as unknown as ChallengeStore;
    expect(await verified(await present(world.lead), issuedBy)).toEqual(UNAVAILABLE);
  });

  it.each<readonly [string, unknown]>([
    ["null", null],
    ["no store", {}],
    ["a store that is none", { issuedBy: {} }],
    ["a store of null", { issuedBy: null }],
    ["an empty text beside a store", { issuedBy: createMemoryChallengeStore(), exactly: "" }],
    ["a number beside a store", { issuedBy: createMemoryChallengeStore(), exactly: 7 }],
  ])("row 101: %s is no expectation", async (_, given) => {
    const expectedChallenge = given as PresentationExpectations["expectedChallenge"];
    const text = await present(world.lead);
    const call = () => verifyPresentation(text, { ...world.expectations, expectedChallenge });
    expect(await codeOfAsync(call)).toBe("ARGUMENT_INVALID");
  });
});
