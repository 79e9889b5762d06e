import { WRIT_CONTEXT } from "@writ/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createTrustPolicy,
  verifyCredential,
  verifyPresentation,
  type IdentityPolicy,
} from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import {
  compose,
  INVOCATION,
  linkBelow,
  openWorld,
  present,
  reissue,
  SERVICE,
  STRANGER,
  type World,
} from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

async function verified(text: string, identities?: IdentityPolicy): Promise<Outcome> {
  const policy = identities === undefined ? {} : { identities };
  return outcomeOf(await verifyPresentation(text, { ...world.expectations, ...policy }));
}

/** The principal identity of a DID, by the organisation. */
const principalOf = (did: string) =>
  reissue(world.lead.identity, world.organisation.signer, {
    "/type": ["VerifiableCredential", "PrincipalIdentityCredential"],
    "/credentialSubject": { id: did, type: "Service", name: "somebody" },
  });

describe("the holder (HOSTILE 95 to 99)", () => {
  it("shows nothing of another's alone", async () => {
    const stolen = await compose(STRANGER, [world.lead.identity, world.root]);
    expect(await verified(stolen)).toEqual(refused("holder", "HOLDER_BINDING /verifiableCredential"));
  });

  it("shows nothing of another's beside its own", async () => {
    const { lead, sub, root } = world;
    expect(await verified(await compose(sub.signer, [sub.identity, lead.identity, root]))).toEqual(
      refused("chain", "HOLDER_BINDING /verifiableCredential/1", "HOLDER_BINDING /verifiableCredential/2"),
    );
  });

  it("signs, and nobody else", async () => {
    const text = await compose(STRANGER, [world.lead.identity], {
      changes: { "/holder": world.lead.agent.did },
    });
    expect(await verified(text)).toEqual(refused("signature", "HOLDER_MISMATCH /proof/verificationMethod"));
  });

  it("is named", async () => {
    const text = await compose(world.lead.signer, [world.lead.identity], {
      changes: { "/holder": undefined },
    });
    expect(await verified(text)).toEqual(refused("profile", "SCHEMA_INVALID /holder"));
  });

  it("is an agent", async () => {
    const service = await principalOf(SERVICE.did);
    expect(await verified(await compose(SERVICE, [service]))).toEqual(
      refused("holder", "IDENTITY_KIND /verifiableCredential/0/type"),
    );
    const both = await compose(world.lead.signer, [
      world.lead.identity,
      await principalOf(world.lead.agent.did),
    ]);
    expect(await verified(both)).toEqual(refused("holder", "IDENTITY_KIND /verifiableCredential/1/type"));
    expect(await verified(await compose(SERVICE, [service]), "chain-only")).toEqual(
      refused("holder", "IDENTITY_KIND /verifiableCredential/0/type"),
    );
  });

  it.each([
    [
      "a subject without id",
      { "/credentialSubject/id": undefined },
      "SCHEMA_INVALID /verifiableCredential/0/credentialSubject/id",
    ],
    [
      "several subjects",
      { "/credentialSubject": [{ id: "did:key:z6Mk" }, { id: "did:key:z6Ml" }] },
      "SCHEMA_INVALID /verifiableCredential/0/credentialSubject",
    ],
  ])("is bound by no credential with %s", async (_, changes, problem) => {
    const odd = await reissue(world.lead.identity, world.organisation.signer, changes);
    expect(await verified(await compose(world.lead.signer, [odd]))).toEqual(refused("profile", problem));
  });
});

describe("identities (DESIGN 4.7)", () => {
  const of = (...credentials: readonly object[]) => compose(world.sub.signer, credentials);
  const MISSING = "IDENTITY_MISSING /verifiableCredential";

  it.each<readonly [IdentityPolicy | undefined, readonly (string | undefined)[]]>([
    [undefined, [undefined, "chain", "holder"]],
    ["every-subject", [undefined, "chain", "holder"]],
    ["holder-only", [undefined, undefined, "holder"]],
    ["chain-only", [undefined, undefined, undefined]],
  ])("are demanded as the policy says: %s", async (policy, failed) => {
    const { lead, sub, root, middle } = world;
    const texts = [
      await of(sub.identity, root, middle, lead.identity),
      await of(sub.identity, root, middle),
      await of(root, middle),
    ];
    for (const [index, text] of texts.entries()) {
      const check = failed[index];
      expect(await verified(text, policy)).toEqual(check === undefined ? VERIFIED : refused(check, MISSING));
    }
  });

  it("of the holder alone do not do where those on the way are demanded", async () => {
    const { lead, root, middle } = world;
    expect(await verified(await of(root, middle, lead.identity))).toEqual(refused("holder", MISSING));
  });

  it("are absent from the result under `chain-only`, unless they were shown", async () => {
    const expectations = { ...world.expectations, identities: "chain-only" } as const;
    const bare = await verifyPresentation(await of(world.root, world.middle), expectations);
    expect(bare.verified && "agent" in bare.presentation).toBe(false);
    const shown = await verifyPresentation(await of(world.sub.identity), expectations);
    expect(shown.verified && shown.presentation.agent?.name).toBe("sub");
  });

  it("count from a trusted issuer only", async () => {
    const own = await reissue(world.sub.identity, STRANGER, { "/issuer": STRANGER.did });
    expect(await verified(await of(own))).toEqual(
      refused("issuer", "ISSUER_UNTRUSTED /verifiableCredential/0/issuer"),
    );
  });

  it("of a principal do for a subject on the way", async () => {
    const { lead, sub, organisation } = world;
    const root = await reissue(world.root, organisation.signer, { "/credentialSubject/id": SERVICE.did });
    const link = await linkBelow(root, SERVICE, sub.agent.did);
    const service = await principalOf(SERVICE.did);
    expect(await verified(await of(sub.identity, root, link, service))).toEqual(VERIFIED);
    expect(await verified(await of(sub.identity, root, link, lead.identity))).toEqual(
      refused("chain", "HOLDER_BINDING /verifiableCredential/3", MISSING),
    );
  });

  it("are in force, each of them", async () => {
    const { lead, sub, root, middle, organisation } = world;
    const ended = await reissue(lead.identity, organisation.signer, {
      "/validFrom": "2026-11-23T07:00:00Z",
      "/validUntil": "2026-11-23T08:00:00Z",
    });
    expect(await verified(await of(sub.identity, root, middle, ended))).toEqual(
      refused("time", "EXPIRED /verifiableCredential/3/validUntil"),
    );
  });
});

describe("what is in a presentation (HOSTILE 104 to 107)", () => {
  const of = (...credentials: readonly unknown[]) => compose(world.lead.signer, credentials);

  it("is at least one credential", async () => {
    expect(await verified(await of())).toEqual(refused("profile", "ARRAY_EMPTY /verifiableCredential"));
    const none = await compose(world.lead.signer, [], { changes: { "/verifiableCredential": undefined } });
    expect(await verified(none)).toEqual(refused("profile", "SCHEMA_INVALID /verifiableCredential"));
  });

  it("is no presentation, text, envelope or number", async () => {
    const inner = JSON.parse(await present(world.lead)) as object;
    const enveloped = { "@context": WRIT_CONTEXT, type: ["EnvelopedVerifiableCredential"], id: "data:a" };
    for (const [odd, at] of [
      [inner, "/type"],
      ["eyJhbGciOi", "/type"],
      [enveloped, "/type"],
      [7, "/type"],
      [{}, "/type"],
    ] as const) {
      expect(await verified(await of(world.lead.identity, odd))).toEqual(
        refused("profile", `TYPE_UNSUPPORTED /verifiableCredential/1${at}`),
      );
    }
  });

  it("is from issuers whom the policy trusts, whatever the signatures", async () => {
    const trust = createTrustPolicy({ identityIssuers: [world.organisation.did], authorityRoots: [] });
    const result = await verifyPresentation(await present(world.lead), { ...world.expectations, trust });
    expect(outcomeOf(result)).toEqual(refused("issuer", "ISSUER_UNTRUSTED /verifiableCredential/1/issuer"));
    expect(result.checks.find(({ name }) => name === "signature")?.outcome).toBe("established");
  });

  it("occurs once: no id twice, no credential twice", async () => {
    const { lead, root } = world;
    const twin = await reissue(root, world.organisation.signer, { "/id": lead.identity.id });
    expect(await verified(await of(lead.identity, twin))).toEqual(
      refused("chain", "CREDENTIAL_DUPLICATE /verifiableCredential/1/id"),
    );
    expect(await verified(await of(lead.identity, lead.identity))).toEqual(
      refused("profile", "DUPLICATE_ITEM /verifiableCredential/1"),
    );
  });

  it("is no approval where no grant asks for one", async () => {
    const digest = JSON.parse(await present(world.lead, { invocation: INVOCATION })) as {
      invocation: { authority: { digestMultibase: string } };
    };
    const { digestMultibase } = digest.invocation.authority;
    const approval = await reissue(world.lead.identity, SERVICE, {
      "/id": "urn:uuid:00000000-0000-4000-8000-000000000000",
      "/type": ["VerifiableCredential", "ApprovalCredential"],
      "/issuer": SERVICE.did,
      "/validUntil": "2026-11-23T08:15:00Z",
      "/credentialStatus": undefined,
      "/credentialSubject": {
        id: world.lead.agent.did,
        approves: { invocationDigestMultibase: digestMultibase, authorityDigestMultibase: digestMultibase },
      },
    });
    expect(await verified(await of(world.lead.identity, approval))).toEqual(
      refused("chain", "CREDENTIAL_UNEXPECTED /verifiableCredential/1"),
    );
    const alone = await verifyCredential(JSON.stringify(approval), world.expectations);
    expect(outcomeOf(alone)).toEqual(refused("chain", "CREDENTIAL_UNEXPECTED /type"));
  });

  it("is of the type that was asked for", async () => {
    const { identity } = world.lead;
    expect(await verified(JSON.stringify(identity))).toEqual(refused("profile", "SCHEMA_INVALID /id"));
    const credential = await verifyCredential(await present(world.lead), world.expectations);
    expect(outcomeOf(credential)).toEqual(refused("profile", "TYPE_UNSUPPORTED /type"));
    const [list = ""] = [...(await world.source()).lists.values()];
    expect(outcomeOf(await verifyCredential(list, world.expectations))).toMatchObject({ failed: "profile" });
  });
});
