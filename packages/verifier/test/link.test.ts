import { digestMultibase } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyPresentation } from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import {
  compose,
  EU,
  linkBelow,
  openWorld,
  reissue,
  STRANGER,
  type LinkOptions,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

async function verified(text: string): Promise<Outcome> {
  return outcomeOf(await verifyPresentation(text, world.expectations));
}

/** What is said of `sub` who presents one link below the root. */
async function linked(options: LinkOptions, signer = world.lead.signer, root = world.root): Promise<Outcome> {
  const { lead, sub } = world;
  const link = await linkBelow(root, signer, sub.agent.did, options);
  return verified(await compose(sub.signer, [sub.identity, root, link, lead.identity]));
}

const AT = "/verifiableCredential/2";
const GRANT = `${AT}/credentialSubject/grants/0`;

describe("a link below another", () => {
  it("stands", async () => {
    expect(await linked({})).toEqual(VERIFIED);
  });

  it.each<readonly [string, LinkOptions, string]>([
    [
      "an action more",
      { grants: [{ ...EU, actions: ["refund.*"] }] },
      `ATTENUATION_VIOLATED ${GRANT}/actions/0`,
    ],
    [
      "a tree beside",
      { grants: [{ ...EU, resources: ["https://api.acme.example/v1/order"] }] },
      `ATTENUATION_VIOLATED ${GRANT}/resources/0`,
    ],
    [
      "more to spend",
      { grants: [{ ...EU, spend: { unit: "EUR", amountAt: "/amount", perAction: 20_001 } }] },
      `ATTENUATION_VIOLATED ${GRANT}/spend/perAction`,
    ],
    ["no parent grant of the name", { grants: [{ ...EU, within: "eu" }] }, `GRANT_WITHIN ${GRANT}/within`],
    [
      "a begin before its parent's",
      { changes: { "/validFrom": "2026-11-23T07:59:59Z", "/validUntil": "2026-11-23T08:59:59Z" } },
      `CHAIN_VALIDITY ${AT}/validFrom`,
    ],
    [
      "another principal",
      { changes: { "/credentialSubject/principal": STRANGER.did } },
      `CHAIN_PRINCIPAL ${AT}/credentialSubject/principal`,
    ],
    ["as many hops", { maxHops: 2 }, `CHAIN_HOPS ${AT}/credentialSubject/redelegation`],
    [
      "another parent's id",
      { changes: { "/credentialSubject/parent/id": "urn:uuid:00000000-0000-4000-8000-000000000000" } },
      `CHAIN_PARENT_MISMATCH ${AT}/credentialSubject/parent`,
    ],
    [
      "a parent that is not there",
      { changes: { "/credentialSubject/parent/digestMultibase": digestMultibase({}) } },
      `CHAIN_PARENT_MISSING ${AT}/credentialSubject/parent`,
    ],
    [
      "two parents",
      { changes: { "/credentialSubject/parent": [{}, {}] } },
      `SCHEMA_INVALID ${AT}/credentialSubject/parent`,
    ],
    [
      "two grants of one id",
      { grants: [EU, { ...EU, actions: ["order.read"] }] },
      `GRANT_DUPLICATE ${AT}/credentialSubject/grants/1/id`,
    ],
  ])("falls with %s (HOSTILE 140 to 153)", async (_, options, problem) => {
    const failed = /SCHEMA|DUPLICATE/.test(problem) ? "profile" : "chain";
    expect(await linked(options)).toEqual(refused(failed, problem));
  });

  it("ends with its parent", async () => {
    const root = await reissue(world.root, world.organisation.signer, {
      "/validUntil": "2026-11-23T08:59:59Z",
    });
    expect(await linked({}, world.lead.signer, root)).toEqual(
      refused("chain", `CHAIN_VALIDITY ${AT}/validUntil`),
    );
  });

  it("is issued by its parent's subject (HOSTILE 218)", async () => {
    expect(await linked({}, STRANGER)).toEqual(refused("chain", `CHAIN_ISSUER ${AT}/issuer`));
    expect(await linked({}, world.organisation.signer)).toEqual(
      refused("chain", `CHAIN_ISSUER ${AT}/issuer`),
    );
    expect(await linked({}, world.sub.signer)).toEqual(refused("chain", `CHAIN_ISSUER ${AT}/issuer`));
  });

  it("is permitted by its parent (HOSTILE 143)", async () => {
    const root = await reissue(world.root, world.organisation.signer, {
      "/credentialSubject/redelegation": undefined,
    });
    expect(await linked({}, world.lead.signer, root)).toEqual(
      refused("chain", `CHAIN_HOPS ${AT}/credentialSubject/parent`),
    );
  });

  it("was made for the parent as it is, not for one that was issued anew", async () => {
    const { lead, sub, root, middle } = world;
    const anew = await reissue(root, world.organisation.signer, { "/validUntil": "2026-11-23T15:00:00Z" });
    expect(await verified(await compose(sub.signer, [sub.identity, anew, middle, lead.identity]))).toEqual(
      refused("chain", `CHAIN_PARENT_MISSING ${AT}/credentialSubject/parent`),
    );
    // The same content under another signature is the same parent.
    const again = await reissue(
      root,
      world.organisation.signer,
      {},
      { created: Date.parse("2026-11-23T08:00:01Z") },
    );
    expect(await verified(await compose(sub.signer, [sub.identity, again, middle, lead.identity]))).toEqual(
      VERIFIED,
    );
  });
});
