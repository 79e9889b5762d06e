import type { AuthorityCredential } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { trustOrganisations, verifyPresentation, type TrustPolicy } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { compose, linkBelow, openWorld, reissue, signerOf, SMALL, STRANGER, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

async function verified(text: string, trust?: TrustPolicy): Promise<Outcome> {
  const policy = trust === undefined ? {} : { trust };
  return outcomeOf(await verifyPresentation(text, { ...world.expectations, ...policy }));
}

describe("a chain", () => {
  const all = () => {
    const { lead, sub, third, root, middle, leaf } = world;
    return { lead: lead.identity, sub: sub.identity, third: third.identity, root, middle, leaf };
  };

  it("may come in any order, beside another chain", async () => {
    const { lead, sub, third, root, middle, leaf } = all();
    expect(await verified(await compose(world.third.signer, [leaf, sub, middle, third, root, lead]))).toEqual(
      VERIFIED,
    );
    const own = await reissue(root, world.organisation.signer, {
      "/id": "urn:uuid:00000000-0000-4000-8000-000000000001",
      "/credentialSubject/id": world.third.agent.did,
    });
    const text = await compose(world.third.signer, [own, leaf, sub, middle, third, root, lead]);
    const result = await verifyPresentation(text, world.expectations);
    expect(result).toMatchObject({
      verified: true,
      presentation: { chains: [{ links: [{}] }, { links: [{}, {}, {}] }] },
    });
  });

  it("is whole: no link missing, none cut off, none of another's (HOSTILE 146 to 148)", async () => {
    const { lead, sub, third, root, middle, leaf } = all();
    const judged = async (credentials: readonly object[]) =>
      verified(await compose(world.third.signer, credentials));
    const missing = (at: number) =>
      refused("chain", `CHAIN_PARENT_MISSING /verifiableCredential/${String(at)}/credentialSubject/parent`);
    expect(await judged([third, sub, lead, root, leaf])).toEqual(missing(4));
    expect(await judged([third, sub, lead, middle, leaf])).toEqual(missing(3));
    expect(await judged([third, sub, lead, root, middle])).toEqual(
      refused("chain", ...[1, 2, 3, 4].map((at) => `HOLDER_BINDING /verifiableCredential/${String(at)}`)),
    );
    const foreign = await linkBelow(root, world.lead.signer, STRANGER.did);
    expect(await judged([third, sub, lead, root, middle, leaf, foreign])).toEqual(
      refused("chain", "HOLDER_BINDING /verifiableCredential/6"),
    );
  });

  it("names no subject twice (HOSTILE 145, 163)", async () => {
    const { lead, sub, root } = all();
    const back = await linkBelow(world.middle, world.sub.signer, world.lead.agent.did, { grants: [SMALL] });
    const text = await compose(world.lead.signer, [lead, sub, root, world.middle, back]);
    expect(await verified(text)).toEqual(
      refused("chain", "CHAIN_SUBJECT_REPEATED /verifiableCredential/4/credentialSubject/id"),
    );
    const self = await linkBelow(root, world.lead.signer, world.lead.agent.did);
    expect(await verified(await compose(world.lead.signer, [lead, root, self]))).toEqual(
      refused("chain", "CHAIN_SUBJECT_REPEATED /verifiableCredential/2/credentialSubject/id"),
    );
  });

  it("falls with a middle that has expired (HOSTILE 151)", async () => {
    const { lead, sub, third, root } = all();
    const { signer } = world.lead;
    const middle = await linkBelow(root, signer, world.sub.agent.did, {
      maxHops: 1,
      changes: { "/validUntil": "2026-11-23T08:04:00Z" },
    });
    const leaf = await linkBelow(middle, world.sub.signer, world.third.agent.did, {
      grants: [SMALL],
      changes: { "/validUntil": "2026-11-23T08:04:00Z" },
    });
    const text = await compose(world.third.signer, [third, sub, lead, root, middle, leaf]);
    const at = (time: string) =>
      verifyPresentation(text, { ...world.expectations, clock: () => Date.parse(time) }).then(outcomeOf);
    expect(await at("2026-11-23T08:03:59.999Z")).toEqual(VERIFIED);
    expect(await at("2026-11-23T08:04:00Z")).toEqual(
      refused(
        "time",
        "EXPIRED /verifiableCredential/4/validUntil",
        "EXPIRED /verifiableCredential/5/validUntil",
      ),
    );
  });

  it("has ten links at most (HOSTILE 144)", async () => {
    const { organisation } = world;
    const agents = Array.from({ length: 11 }, (_, index) => signerOf(`agent ${String(index)}`));
    const identities = await Promise.all(
      agents.map((agent, index) =>
        reissue(world.lead.identity, organisation.signer, {
          "/id": `urn:uuid:00000000-0000-4000-8000-0000000000${String(index + 10)}`,
          "/credentialSubject/id": agent.did,
        }),
      ),
    );
    const links: AuthorityCredential[] = [
      await reissue(world.root, organisation.signer, {
        "/credentialSubject/id": agents[0]?.did,
        "/credentialSubject/redelegation": { maxHops: 9 },
        "/credentialSubject/grants": [{ id: "a", actions: ["order.read"] }],
      }),
    ];
    for (let index = 1; index < 11; index++) {
      const [parent, signer, to] = [links[index - 1], agents[index - 1], agents[index]];
      if (parent === undefined || signer === undefined || to === undefined) throw new Error("unreachable");
      const grants = [{ id: "a", within: "a", actions: ["order.read"] }];
      links.push(await linkBelow(parent, signer, to.did, { grants, maxHops: Math.max(0, 9 - index) }));
    }
    const of = (length: number) =>
      compose(agents[length - 1] as never, [...identities.slice(0, length), ...links.slice(0, length)]);
    expect(await verified(await of(10))).toEqual(VERIFIED);
    const parent = "/verifiableCredential/12/credentialSubject/parent";
    expect(await verified(await of(11))).toEqual(refused("chain", `CHAIN_TOO_LONG ${parent}`));
  });

  it("begins where the policy says, in the name of whom it says (HOSTILE 149, 220)", async () => {
    const { lead } = all();
    const { organisation } = world;
    const principal = signerOf("principal").did;
    const root = await reissue(world.root, organisation.signer, {
      "/credentialSubject/principal": principal,
    });
    const text = await compose(world.lead.signer, [lead, root]);
    expect(await verified(text)).toEqual(
      refused("issuer", "PRINCIPAL_NOT_AUTHORIZED /verifiableCredential/1/credentialSubject/principal"),
    );
    expect(
      await verified(text, trustOrganisations([{ did: organisation.did, principals: [principal] }])),
    ).toEqual(VERIFIED);
    expect(
      await verified(text, trustOrganisations([{ did: organisation.did, principals: [STRANGER.did] }])),
    ).toMatchObject({
      failed: "issuer",
    });
    const own = await reissue(world.root, STRANGER, {
      "/issuer": STRANGER.did,
      "/credentialSubject/principal": organisation.did,
    });
    expect(await verified(await compose(world.lead.signer, [lead, own]))).toEqual(
      refused("issuer", "ISSUER_UNTRUSTED /verifiableCredential/1/issuer"),
    );
  });
});
