import { encodeStatusList, MIN_STATUS_ENTRIES, STATUS_LIST_CONTEXT, type StatusEntry } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createTrustPolicy, verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import {
  compose,
  HOUR,
  linkBelow,
  NOW,
  openWorld,
  present,
  reissue,
  signerOf,
  SMALL,
  STRANGER,
  type CountingSource,
  type Party,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

/** A signed list at an address, with these bits set. */
async function listAt(
  address: string,
  statusPurpose: string,
  bits: readonly number[],
  signer = world.organisation.signer,
) {
  const list = {
    "@context": STATUS_LIST_CONTEXT,
    id: address,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: signer.did,
    validFrom: "2026-11-23T08:00:00Z",
    validUntil: "2026-11-24T08:00:00Z",
    credentialSubject: {
      id: `${address}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: encodeStatusList(MIN_STATUS_ENTRIES, bits),
    },
  };
  return JSON.stringify(await reissue(list, signer));
}

/** Sets the bit of one entry on the organisation's lists. */
async function withBit(entry: StatusEntry | undefined): Promise<CountingSource> {
  const source = await world.source();
  const { statusListCredential = "", statusPurpose = "", statusListIndex } = entry ?? {};
  source.lists.set(
    statusListCredential,
    await listAt(statusListCredential, statusPurpose, [Number(statusListIndex)]),
  );
  return source;
}

async function verified(text: string, status: CountingSource): Promise<Outcome> {
  return outcomeOf(await verifyPresentation(text, { ...world.expectations, status }));
}

/** Where a credential lies in a presentation. */
function placeIn(text: string, id: string): string {
  const { verifiableCredential } = JSON.parse(text) as { verifiableCredential: { id: string }[] };
  return `/verifiableCredential/${String(verifiableCredential.findIndex((credential) => credential.id === id))}`;
}

describe("the status of every link and identity (HOSTILE 150, 225)", () => {
  it.each<readonly [string, (of: World) => { id: string; credentialStatus?: readonly StatusEntry[] }]>([
    ["the presenting agent", ({ third }) => third.identity],
    ["the agent in the middle", ({ sub }) => sub.identity],
    ["the agent at the root", ({ lead }) => lead.identity],
    ["the root authority", ({ root }) => root],
  ])("counts: of %s", async (_, pick) => {
    const text = await present(world.third);
    const { id, credentialStatus } = pick(world);
    const at = `${placeIn(text, id)}/credentialStatus`;
    expect(await verified(text, await withBit(credentialStatus?.[0]))).toEqual(
      refused("status", `REVOKED ${at}/0`),
    );
    expect(await verified(text, await withBit(credentialStatus?.[1]))).toEqual(
      refused("status", `SUSPENDED ${at}/1`),
    );
  });

  it("names every problem, not the first alone", async () => {
    const source = await world.source();
    source.lists.clear();
    const { problems } = await verified(await present(world.sub), source);
    // Two entries each of the root and of two identities.
    expect(problems).toHaveLength(6);
    expect(source.asked).toHaveLength(2);
  });
});

describe("the list of what an agent issued", () => {
  const ADDRESS = "https://agents.example/lead/r1";

  /** A presentation of `sub` under a link of `lead` with a status on a list of somebody's. */
  async function linkWithStatus(): Promise<string> {
    const { lead, sub, root } = world;
    const status = {
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: "7",
      statusListCredential: ADDRESS,
    };
    const link = await linkBelow(root, lead.signer, sub.agent.did, {
      changes: { "/credentialStatus": [status], "/validUntil": "2026-11-23T10:00:00Z" },
    });
    return compose(sub.signer, [sub.identity, root, link, lead.identity]);
  }

  async function judged(
    signer: { did: string } & Party["signer"],
    bits: readonly number[],
  ): Promise<Outcome> {
    const source = await world.source();
    source.lists.set(ADDRESS, await listAt(ADDRESS, "revocation", bits, signer));
    return verified(await linkWithStatus(), source);
  }

  it("is signed by the agent or by the organisation at the root", async () => {
    const revoked = refused("status", "REVOKED /verifiableCredential/2/credentialStatus/0");
    for (const signer of [world.lead.signer, world.organisation.signer]) {
      expect(await judged(signer, [])).toEqual(VERIFIED);
      expect(await judged(signer, [7])).toEqual(revoked);
    }
  });

  it("is signed by nobody else: no stranger, no other agent, not the holder", async () => {
    const invalid = refused("status", "STATUS_LIST_INVALID /verifiableCredential/2/credentialStatus/0");
    for (const signer of [STRANGER, world.sub.signer, world.third.signer]) {
      expect(await judged(signer, [])).toEqual(invalid);
    }
  });

  it("is not the organisation's where the organisation is not the root", async () => {
    // The root is another organisation; the first one only vouches for identities.
    const other = signerOf("other organisation");
    const { lead, organisation, expectations } = world;
    const root = await reissue(world.root, other, {
      "/issuer": other.did,
      "/credentialSubject/principal": other.did,
      "/credentialStatus": [{ ...world.root.credentialStatus?.[0], statusListCredential: ADDRESS }],
    });
    const text = await compose(lead.signer, [lead.identity, root]);
    const trust = createTrustPolicy({
      identityIssuers: [organisation.did],
      authorityRoots: [{ did: other.did }],
    });
    const judge = async (signer: Party["signer"]) => {
      const status = await world.source();
      status.lists.set(ADDRESS, await listAt(ADDRESS, "revocation", [], signer));
      return outcomeOf(await verifyPresentation(text, { ...expectations, trust, status }));
    };
    expect(await judge(other)).toEqual(VERIFIED);
    expect(await judge(organisation.signer)).toEqual(
      refused("status", "STATUS_LIST_INVALID /verifiableCredential/1/credentialStatus/0"),
    );
  });

  it("does not make the root's organisation speak for identities that another one issued", async () => {
    const other = signerOf("other organisation");
    const { lead, organisation, expectations } = world;
    const root = await reissue(world.root, other, {
      "/issuer": other.did,
      "/credentialSubject/principal": other.did,
      "/credentialStatus": [{ ...world.root.credentialStatus?.[0], statusListCredential: ADDRESS }],
    });
    const identity = await reissue(lead.identity, organisation.signer, {
      "/credentialStatus": [{ ...world.root.credentialStatus?.[0], statusListCredential: ADDRESS }],
    });
    const trust = createTrustPolicy({
      identityIssuers: [organisation.did],
      authorityRoots: [{ did: other.did }],
    });
    const status = await world.source();
    status.lists.set(ADDRESS, await listAt(ADDRESS, "revocation", [], other));
    const text = await compose(lead.signer, [identity, root]);
    expect(outcomeOf(await verifyPresentation(text, { ...expectations, trust, status }))).toEqual(
      refused("status", "STATUS_LIST_INVALID /verifiableCredential/0/credentialStatus/0"),
    );
  });
});

describe("a link without status (HOSTILE 227)", () => {
  async function judged(changes: Readonly<Record<string, unknown>>, proof = {}): Promise<Outcome> {
    const { lead, sub, root, expectations } = world;
    const link = await linkBelow(root, lead.signer, sub.agent.did, { changes, proof });
    const text = await compose(sub.signer, [sub.identity, root, link, lead.identity]);
    return outcomeOf(await verifyPresentation(text, expectations));
  }

  it("lives for an hour at most", async () => {
    expect(await judged({})).toEqual(VERIFIED);
    expect(await judged({ "/validUntil": "2026-11-23T09:00:00.001Z" })).toEqual(
      refused("profile", "LIFE_TOO_LONG /verifiableCredential/2/validUntil"),
    );
  });

  it("begins no more than a minute after its proof was made", async () => {
    expect(await judged({}, { created: NOW - 60_000 })).toEqual(VERIFIED);
    expect(await judged({}, { created: NOW - 61_000 })).toEqual(
      refused("profile", "STATUS_MISSING /verifiableCredential/2/validFrom"),
    );
  });

  it("is not a root, however short its life", async () => {
    const { lead, root, organisation, expectations } = world;
    const bare = await reissue(root, organisation.signer, {
      "/credentialStatus": undefined,
      "/validUntil": "2026-11-23T08:10:00Z",
    });
    const result = await verifyPresentation(await compose(lead.signer, [lead.identity, bare]), expectations);
    expect(outcomeOf(result)).toEqual(
      refused("profile", "STATUS_MISSING /verifiableCredential/1/credentialStatus"),
    );
  });
});

describe("the source of lists", () => {
  it("is not asked before everything else about the credentials is established (HOSTILE 126)", async () => {
    const { lead, sub, root, middle, organisation } = world;
    const outside = { ...SMALL, within: "refunds", actions: ["payout.create"] };
    const cases: readonly (readonly [string, string])[] = [
      ["signature", await compose(lead.signer, [{ ...lead.identity, validUntil: "2026-11-25T08:00:00Z" }])],
      ["signature", await compose(lead.signer, [await reissue(lead.identity, STRANGER)])],
      ["signature", (await present(lead)).replace("challenge-1", "challenge-2")],
      [
        "issuer",
        await compose(lead.signer, [await reissue(lead.identity, STRANGER, { "/issuer": STRANGER.did })]),
      ],
      ["time", await compose(lead.signer, [lead.identity], { proof: { expires: NOW + HOUR } })],
      ["holder", await compose(STRANGER, [lead.identity])],
      ["chain", await compose(sub.signer, [sub.identity, middle])],
      [
        "chain",
        await compose(sub.signer, [
          sub.identity,
          lead.identity,
          root,
          await linkBelow(root, lead.signer, sub.agent.did, { grants: [outside] }),
        ]),
      ],
    ];
    for (const [failed, text] of cases) {
      const source = await world.source();
      expect(await verified(text, source)).toMatchObject({ failed });
      expect(source.asked).toEqual([]);
    }
    const source = await world.source();
    const foreign = await reissue(root, STRANGER, { "/issuer": STRANGER.did });
    const late = await reissue(root, organisation.signer, { "/validFrom": "2026-11-23T08:00:01Z" });
    for (const credential of [foreign, late, await reissue(root, STRANGER), middle]) {
      const result = await verifyCredential(JSON.stringify(credential), {
        ...world.expectations,
        status: source,
      });
      expect(result.verified).toBe(false);
    }
    expect(source.asked).toEqual([]);
  });

  it("is asked before the challenge is compared, so that nothing later can skip it", async () => {
    const source = await world.source();
    const text = await compose(world.lead.signer, [world.lead.identity], { proof: { challenge: "other" } });
    expect(await verified(text, source)).toMatchObject({ failed: "challenge" });
    expect(source.asked).toHaveLength(2);
  });
});
