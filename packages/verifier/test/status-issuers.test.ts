import type { Signer } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createTrustPolicy, verifyCredential, verifyPresentation, type TrustPolicy } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import {
  compose,
  linkBelow,
  openWorld,
  reissue,
  signerOf,
  STRANGER,
  type CountingSource,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld("status issuers")));
afterAll(() => world.close());

const PUBLISHER = signerOf("publisher");

/** The published lists, signed by somebody else. */
async function listsBy(signer: Signer): Promise<CountingSource> {
  const source = await world.source();
  for (const [address, text] of source.lists) {
    const list = JSON.parse(text as string) as object;
    source.lists.set(address, JSON.stringify(await reissue(list, signer, { "/issuer": signer.did })));
  }
  return source;
}

function trusting(...statusIssuers: readonly { issuer: string; lists: readonly string[] }[]): TrustPolicy {
  const { did } = world.organisation;
  return createTrustPolicy({ identityIssuers: [did], authorityRoots: [{ did }], statusIssuers });
}

async function credential(signer: Signer, trust: TrustPolicy): Promise<Outcome> {
  const options = { ...world.expectations, trust, status: await listsBy(signer) };
  return outcomeOf(await verifyCredential(JSON.stringify(world.root), options));
}

const INVALID = ["STATUS_LIST_INVALID /credentialStatus/0", "STATUS_LIST_INVALID /credentialStatus/1"];

describe("who signs status lists (DESIGN 4.9)", () => {
  it("is the issuer, and whom the policy names for that issuer", async () => {
    const named = trusting({ issuer: world.organisation.did, lists: [PUBLISHER.did] });
    expect(await credential(PUBLISHER, named)).toEqual(VERIFIED);
    expect(await credential(world.organisation.signer, named)).toEqual(VERIFIED);
    expect(await credential(STRANGER, named)).toEqual(refused("status", ...INVALID));
  });

  it("is nobody whom it names for another issuer, or for nothing", async () => {
    const other = trusting({ issuer: STRANGER.did, lists: [PUBLISHER.did] });
    expect(await credential(PUBLISHER, other)).toEqual(refused("status", ...INVALID));
    expect(await credential(PUBLISHER, trusting())).toEqual(refused("status", ...INVALID));
  });

  it("adds up where an issuer is named twice", async () => {
    const issuer = world.organisation.did;
    const trust = trusting({ issuer, lists: [STRANGER.did] }, { issuer, lists: [PUBLISHER.did] });
    expect(await credential(PUBLISHER, trust)).toEqual(VERIFIED);
    expect(await credential(STRANGER, trust)).toEqual(VERIFIED);
  });

  it("is the same for what agents of its chain issued", async () => {
    const { lead, sub, root, organisation, expectations } = world;
    const { credentialStatus } = root;
    const link = await linkBelow(root, lead.signer, sub.agent.did, {
      changes: { "/credentialStatus": credentialStatus },
    });
    const text = await compose(sub.signer, [sub.identity, lead.identity, root, link]);
    const judged = async (trust: TrustPolicy): Promise<Outcome> => {
      const options = { ...expectations, trust, status: await listsBy(PUBLISHER) };
      return outcomeOf(await verifyPresentation(text, options));
    };
    expect(await judged(trusting({ issuer: organisation.did, lists: [PUBLISHER.did] }))).toEqual(VERIFIED);
    expect(await judged(trusting({ issuer: lead.agent.did, lists: [PUBLISHER.did] }))).toMatchObject({
      failed: "status",
    });
  });

  it("makes nobody an issuer", async () => {
    const trust = createTrustPolicy({
      identityIssuers: [],
      authorityRoots: [],
      statusIssuers: [{ issuer: STRANGER.did, lists: [world.organisation.did] }],
    });
    expect(await credential(world.organisation.signer, trust)).toEqual(
      refused("issuer", "ISSUER_UNTRUSTED /issuer"),
    );
  });
});
