import { createResolver, didKeyDocument } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { trustOrganisations, verifyCredential, verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED } from "./outcome.js";
import { compose, openWorld, present, reissue, signerOf, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

describe("trustOrganisations", () => {
  const [a, b] = [signerOf("a").did, signerOf("b").did];

  it("trusts each for identity and for authority in its own name", () => {
    expect(trustOrganisations([a, b])).toEqual({
      identityIssuers: [a, b],
      authorityRoots: [{ did: a }, { did: b }],
      statusIssuers: [],
    });
  });

  it("trusts them in the name of further principals, who issue nothing themselves", () => {
    expect(trustOrganisations([{ did: a, principals: [b] }])).toEqual({
      identityIssuers: [a],
      authorityRoots: [{ did: a, principals: [b] }],
      statusIssuers: [],
    });
  });

  it("row 149: trusts nobody where nobody is named", () => {
    expect(trustOrganisations([])).toEqual({ identityIssuers: [], authorityRoots: [], statusIssuers: [] });
  });
});

describe("a DID over the network (DESIGN 4.9)", () => {
  const WEB = "did:web:acme.example";

  /** A resolver for did:web that serves the organisation's key, and notes what it was asked for. */
  function webResolver(): { readonly resolver: ReturnType<typeof createResolver>; readonly asked: string[] } {
    const asked: string[] = [];
    const { did } = world.organisation;
    const document = JSON.parse(JSON.stringify(didKeyDocument(did)).replaceAll(did, WEB)) as { id: string };
    const resolver = createResolver({
      web: (requested) => {
        asked.push(requested);
        return Promise.resolve({ didResolutionMetadata: {}, didDocument: document, didDocumentMetadata: {} });
      },
    });
    return { resolver, asked };
  }

  const signer = () => ({
    ...world.organisation.signer,
    did: WEB,
    verificationMethod: world.organisation.signer.verificationMethod.replaceAll(world.organisation.did, WEB),
  });

  it("is resolved where the policy trusts it", async () => {
    const { resolver, asked } = webResolver();
    const identity = await reissue(world.lead.identity, signer(), { "/issuer": WEB });
    const trust = trustOrganisations([WEB]);
    const status = await world.source();
    const result = await verifyCredential(JSON.stringify(identity), {
      ...world.expectations,
      status,
      trust,
      resolver,
    });
    expect(asked).toEqual([WEB]);
    // The key is in order; the list is another organisation's.
    expect(outcomeOf(result)).toMatchObject({ failed: "status" });
  });

  it("is not resolved for whoever sends it: neither as issuer, nor as holder, nor in a proof", async () => {
    const { resolver, asked } = webResolver();
    const expectations = { ...world.expectations, resolver };
    const identity = await reissue(world.lead.identity, signer(), { "/issuer": WEB });
    const credential = await verifyCredential(JSON.stringify(identity), expectations);
    expect(outcomeOf(credential)).toEqual(refused("signature", "DID_UNAVAILABLE /proof"));
    const shown = await verifyPresentation(await compose(world.lead.signer, [identity]), expectations);
    expect(outcomeOf(shown)).toEqual(refused("signature", "DID_UNAVAILABLE /verifiableCredential/0/proof"));
    const holder = await verifyPresentation(await compose(signer(), [world.lead.identity]), expectations);
    expect(outcomeOf(holder)).toEqual(refused("signature", "DID_UNAVAILABLE /proof"));
    expect(asked).toEqual([]);
  });

  it("does not keep did:key from being its own document", async () => {
    const { resolver } = webResolver();
    const result = await verifyPresentation(await present(world.lead), { ...world.expectations, resolver });
    expect(outcomeOf(result)).toEqual(VERIFIED);
  });
});
