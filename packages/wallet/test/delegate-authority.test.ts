import {
  asJson,
  buildChain,
  createResolver,
  digestMultibase,
  formatTimestamp,
  verifyProofs,
  type Grant,
} from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { addCredentials, delegateAuthority, type DelegationOptions } from "../src/index.js";
import {
  authorityOf,
  HOUR,
  identityOf,
  MINUTE,
  NOW,
  openWorld,
  ORGANISATION,
  REFUNDS,
  signerOf,
  type AuthorityOptions,
  type WalletWorld,
} from "./world.js";

const SUB = signerOf("sub").did;
const CHILD: Grant = { ...REFUNDS, id: "eu", within: "refunds" };
const OPTIONS: DelegationOptions = { to: SUB, grants: [CHILD] };

/** A wallet with an identity and one authority that may be handed on twice. */
async function openLead(authority: AuthorityOptions = {}) {
  const world = await openWorld("lead");
  const identity = await identityOf(world.wallet.did);
  const parent = await authorityOf(world.wallet.did, { maxHops: 2, ...authority });
  await addCredentials(world.wallet, [identity, parent]);
  return { ...world, identity, parent };
}

describe("delegateAuthority", () => {
  it("signs a link below the wallet's own, for an hour, and hands out what belongs to it", async () => {
    const { wallet, identity, parent, signer } = await openLead();
    const { credential, bundle } = await delegateAuthority(wallet, OPTIONS);
    const { proof, id, ...rest } = credential;
    expect(rest).toEqual({
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      type: ["VerifiableCredential", "DelegatedAuthorityCredential"],
      issuer: wallet.did,
      validFrom: "2026-11-23T08:00:00Z",
      validUntil: "2026-11-23T09:00:00Z",
      credentialSubject: {
        id: SUB,
        principal: ORGANISATION.did,
        parent: { id: parent.id, digestMultibase: digestMultibase(parent) },
        grants: [CHILD],
      },
    });
    expect(id).toMatch(/^urn:uuid:/);
    expect(proof).toMatchObject({
      proofPurpose: "assertionMethod",
      created: "2026-11-23T08:00:00Z",
      verificationMethod: signer.verificationMethod,
    });
    expect(bundle).toEqual([credential, parent, identity]);
    const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: wallet.did } }] });
  });

  it("lets the receiver hand it on again, as often as it is told", async () => {
    const lead = await openLead();
    const middle = await openWorld("middle");
    const first = await delegateAuthority(lead.wallet, { ...OPTIONS, to: middle.wallet.did, maxHops: 1 });
    expect(first.credential.credentialSubject.redelegation).toEqual({ maxHops: 1 });
    const identity = await identityOf(middle.wallet.did);
    await addCredentials(middle.wallet, [...first.bundle.map(asJson), identity]);
    const second = await delegateAuthority(middle.wallet, {
      to: SUB,
      grants: [
        {
          id: "one",
          within: "eu",
          actions: ["refund.create"],
          spend: { unit: "EUR", amountAt: "/amount", perAction: 5 },
        },
      ],
    });
    expect(second.bundle).toEqual([second.credential, ...first.bundle.slice(0, 2), identity, lead.identity]);
    const links = [first.credential, lead.parent];
    const chain = buildChain({ credential: second.credential, pointer: "" }, (digest) => {
      const credential = links.find((link) => digestMultibase(link) === digest);
      return credential && { credential, pointer: "" };
    });
    expect(chain.links).toHaveLength(3);
    expect(chain.grants[0]?.effective.spend).toEqual({ unit: "EUR", amountAt: "/amount", perAction: 5 });
  });

  it("ends at its parent's end where no life is given", async () => {
    const { wallet, clock, parent } = await openLead();
    clock.advance(7 * HOUR + 30 * MINUTE);
    const { credential } = await delegateAuthority(wallet, OPTIONS);
    expect(credential.validUntil).toBe(parent.validUntil);
    expect(credential.validFrom).toBe("2026-11-23T15:30:00Z");
  });

  it("lives as long as it is told, up to an hour", async () => {
    const { wallet } = await openLead();
    const end = async (lifeMs: number) =>
      (await delegateAuthority(wallet, { ...OPTIONS, lifeMs })).credential.validUntil;
    expect(await end(MINUTE)).toBe("2026-11-23T08:01:00Z");
    expect(await end(HOUR)).toBe("2026-11-23T09:00:00Z");
  });

  it("hands on the authority that is named, where there are several", async () => {
    const { wallet, parent } = await openLead();
    const other = await authorityOf(wallet.did, { maxHops: 1 });
    await addCredentials(wallet, [other]);
    expect(await codeOfAsync(() => delegateAuthority(wallet, OPTIONS))).toBe("AUTHORITY_AMBIGUOUS");
    for (const { id } of [parent, other]) {
      const { credential } = await delegateAuthority(wallet, { ...OPTIONS, authority: id });
      expect(credential.credentialSubject.parent?.id).toBe(id);
    }
  });

  it("hands on the only one that is valid now", async () => {
    const { wallet, parent } = await openLead();
    const later = { validFrom: formatTimestamp(NOW + HOUR), validUntil: formatTimestamp(NOW + 2 * HOUR) };
    await addCredentials(wallet, [await authorityOf(wallet.did, { maxHops: 1, members: later })]);
    const { credential } = await delegateAuthority(wallet, OPTIONS);
    expect(credential.credentialSubject.parent?.id).toBe(parent.id);
  });
});

type Case = readonly [string, Partial<DelegationOptions>, string, string];

const wide = (members: object): Partial<DelegationOptions> => ({
  grants: [{ ...CHILD, ...members }],
});
const GRANT = "/credentialSubject/grants/0";

const REFUSED: readonly Case[] = [
  [
    "an action more",
    wide({ actions: ["refund.create", "refund.delete"] }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/actions/1`,
  ],
  [
    "a resource beside",
    wide({ resources: ["https://api.acme.example/v1/ordersx/"] }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/resources/0`,
  ],
  [
    "a higher amount",
    wide({ spend: { unit: "EUR", amountAt: "/amount", perAction: 20_001 } }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/spend/perAction`,
  ],
  [
    "another unit",
    wide({ spend: { unit: "USD", amountAt: "/amount" } }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/spend/unit`,
  ],
  [
    "a wider argument",
    wide({ args: { "/amount": { range: { min: 0, max: 20_000 } } } }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/args/~1amount`,
  ],
  [
    "an argument more",
    wide({ args: { "/amount": { range: { min: 1, max: 2 } }, "/note": { any: true } } }),
    "ATTENUATION_VIOLATED",
    `${GRANT}/args/~1note`,
  ],
  ["a grant that the parent has not", wide({ within: "payouts" }), "GRANT_WITHIN", `${GRANT}/within`],
  ["a grant within none", { grants: [REFUNDS] }, "GRANT_WITHIN", `${GRANT}/within`],
  ["an unknown dimension", wide({ colour: "red" }), "SCHEMA_INVALID", `${GRANT}/colour`],
  ["no grants", { grants: [] }, "ARRAY_EMPTY", "/credentialSubject/grants"],
  ["as many hops as it has", { maxHops: 2 }, "CHAIN_HOPS", "/credentialSubject/redelegation"],
  ["a receiver who is no DID", { to: "sub-agent" }, "DID_SYNTAX", "/credentialSubject/id"],
  [
    "the organisation as receiver",
    { to: ORGANISATION.did },
    "CHAIN_SUBJECT_REPEATED",
    "/credentialSubject/id",
  ],
  ["a life of over an hour", { lifeMs: HOUR + 1 }, "LIFE_TOO_LONG", ""],
  ["no life", { lifeMs: 0 }, "VALIDITY_INVALID", "/validUntil"],
  ["a negative life", { lifeMs: -MINUTE }, "VALIDITY_INVALID", "/validUntil"],
  ["a life that is no number", { lifeMs: NaN }, "ARGUMENT_INVALID", ""],
  [
    "an authority that it has not",
    { authority: "urn:uuid:00000000-0000-4000-8000-000000000000" },
    "NOT_FOUND",
    "",
  ],
];

describe("a delegation that a verifier would refuse is not signed", () => {
  it.each(REFUSED)("%s", async (_, options, code, pointer) => {
    const { wallet } = await openLead();
    const delegate = () => delegateAuthority(wallet, { ...OPTIONS, ...options });
    expect(await refusalOfAsync(delegate)).toEqual({ code, pointer });
  });

  it("to itself", async () => {
    const { wallet } = await openLead();
    const delegate = () => delegateAuthority(wallet, { ...OPTIONS, to: wallet.did });
    expect(await codeOfAsync(delegate)).toBe("CHAIN_SUBJECT_REPEATED");
  });

  it("says which dimension of which grant is too wide, asked and allowed", async () => {
    const { wallet } = await openLead();
    const error: unknown = await delegateAuthority(wallet, {
      ...OPTIONS,
      ...wide({ actions: ["refund.create", "payout.create"] }),
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "ATTENUATION_VIOLATED",
      problem: {
        link: 1,
        grant: "eu",
        dimension: "actions",
        asked: "payout.create",
        allowed: ["refund.create", "order.*"],
      },
    });
  });

  it("from authority that may not be handed on", async () => {
    const { wallet } = await openLead({ maxHops: 0 });
    const delegate = () => delegateAuthority(wallet, OPTIONS);
    expect(await refusalOfAsync(delegate)).toEqual({
      code: "CHAIN_HOPS",
      pointer: "/credentialSubject/parent",
    });
  });

  it("beyond the parent's end", async () => {
    const { wallet, clock } = await openLead();
    clock.advance(7 * HOUR + 30 * MINUTE);
    const delegate = () => delegateAuthority(wallet, { ...OPTIONS, lifeMs: 31 * MINUTE });
    expect(await refusalOfAsync(delegate)).toEqual({ code: "CHAIN_VALIDITY", pointer: "/validUntil" });
  });

  it("from authority, or by an agent, that is not valid now", async () => {
    const at = async ({ wallet, clock }: WalletWorld, milliseconds: number) => {
      clock.advance(milliseconds);
      return refusalOfAsync(() => delegateAuthority(wallet, OPTIONS));
    };
    expect(await at(await openLead(), 8 * HOUR)).toEqual({ code: "EXPIRED", pointer: "/validUntil" });
    const members = { validUntil: formatTimestamp(NOW + 10 * HOUR) };
    // The authority goes on, the identity has ended.
    expect(await at(await openLead({ members }), 8 * HOUR)).toEqual({
      code: "EXPIRED",
      pointer: "/validUntil",
    });
    const later = { validFrom: formatTimestamp(NOW + MINUTE) };
    expect(await at(await openLead({ members: later }), 0)).toEqual({
      code: "NOT_YET_VALID",
      pointer: "/validFrom",
    });
  });

  it("without authority, or without identity", async () => {
    const { wallet } = await openWorld();
    expect(await codeOfAsync(() => delegateAuthority(wallet, OPTIONS))).toBe("NOT_FOUND");
    await addCredentials(wallet, [await authorityOf(wallet.did, { maxHops: 1 })]);
    expect(await codeOfAsync(() => delegateAuthority(wallet, OPTIONS))).toBe("IDENTITY_MISSING");
  });
});
