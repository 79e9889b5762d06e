import { asJson, type AuthorityCredential, type JsonObject } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { addCredentials, listCredentials, type Wallet } from "../src/index.js";
import {
  authorityOf,
  HOUR,
  identityOf,
  issue,
  MINUTE,
  NOW,
  openWorld,
  ORGANISATION,
  REFUNDS,
  SERVICE,
  signerOf,
} from "./world.js";

const LEAD = signerOf("lead");
const STRANGER = signerOf("stranger");
const CHILD = { ...REFUNDS, within: "refunds" };

/** A link for the wallet below the lead agent's authority, and what belongs to it. */
async function bundleFor(did: string): Promise<{ parent: JsonObject; child: JsonObject; lead: JsonObject }> {
  const parent = await authorityOf(LEAD.did, { maxHops: 1 });
  const child = await authorityOf(did, { signer: LEAD, parent, grants: [CHILD] });
  return { parent, child, lead: await identityOf(LEAD.did) };
}

async function idsIn(wallet: Wallet): Promise<readonly string[]> {
  return (await listCredentials(wallet)).map(({ id }) => id).sort();
}

const idOf = (document: JsonObject): string => document["id"] as string;

describe("addCredentials", () => {
  it("takes a list of credentials, and nothing else", async () => {
    const { wallet } = await openWorld();
    for (const given of [await identityOf(wallet.did), "", null, undefined]) {
      expect(await codeOfAsync(() => addCredentials(wallet, given as never))).toBe("ARGUMENT_INVALID");
    }
  });

  it("takes the wallet's own identity and authority", async () => {
    const { wallet } = await openWorld();
    const own = [await identityOf(wallet.did), await authorityOf(wallet.did)];
    expect(await addCredentials(wallet, own)).toEqual(own.map(idOf));
    expect(await idsIn(wallet)).toEqual(own.map(idOf).sort());
  });

  it("takes none", async () => {
    const { wallet, store } = await openWorld();
    expect(await addCredentials(wallet, [])).toEqual([]);
    expect((await store.state()).counter).toBe(0);
  });

  it("passes over what is there already, and what comes twice", async () => {
    const { wallet, store } = await openWorld();
    const [identity, authority] = [await identityOf(wallet.did), await authorityOf(wallet.did)];
    expect(await addCredentials(wallet, [identity, identity])).toEqual([identity.id]);
    expect(await addCredentials(wallet, [identity])).toEqual([]);
    expect((await store.state()).counter).toBe(1);
    expect(await addCredentials(wallet, [identity, authority, authority])).toEqual([authority.id]);
    expect(await idsIn(wallet)).toEqual([identity.id, authority.id].sort());
  });

  it("takes a bundle in any order: link, parent, identities on the way", async () => {
    const { wallet } = await openWorld();
    const { parent, child, lead } = await bundleFor(wallet.did);
    expect(await addCredentials(wallet, [lead, child, parent])).toEqual([lead, child, parent].map(idOf));
  });

  it("takes the rest of a chain whose beginning it has", async () => {
    const { wallet } = await openWorld();
    const { parent, child, lead } = await bundleFor(wallet.did);
    await addCredentials(wallet, [child, parent]);
    const second = await authorityOf(wallet.did, { signer: LEAD, parent, grants: [CHILD] });
    expect(await addCredentials(wallet, [second, lead])).toEqual([idOf(second), idOf(lead)]);
  });

  it("takes what is not valid yet, and what ends in a millisecond", async () => {
    const { wallet, clock } = await openWorld();
    const later = { validFrom: "2026-11-23T09:00:00Z", validUntil: "2026-11-23T10:00:00Z" };
    expect(await addCredentials(wallet, [await identityOf(wallet.did, { members: later })])).toHaveLength(1);
    clock.advance(8 * HOUR - 1);
    expect(await addCredentials(wallet, [await identityOf(wallet.did)])).toHaveLength(1);
  });

  it("stores what it verified, whatever becomes of what it was given", async () => {
    const { wallet } = await openWorld();
    const identity = await identityOf(wallet.did, { name: "genuine" });
    const mutable = structuredClone(identity) as unknown as { credentialSubject: { name: string } };
    const documents = [asJson(mutable), await authorityOf(wallet.did)];
    const adding = addCredentials(wallet, documents);
    mutable.credentialSubject.name = "changed";
    documents.pop();
    await adding;
    const held = await listCredentials(wallet);
    expect(held).toHaveLength(2);
    expect(held).toContainEqual(identity);
  });
});

type Case = readonly [string, (did: string) => Promise<readonly JsonObject[]>, string, string];

const edited = (document: JsonObject, members: object): JsonObject => ({ ...document, ...members });

const REFUSED: readonly Case[] = [
  ["the identity of a stranger", async () => [await identityOf(STRANGER.did)], "CREDENTIAL_UNEXPECTED", "/0"],
  [
    "the authority of a stranger",
    async (did) => [await identityOf(did), await authorityOf(STRANGER.did)],
    "CREDENTIAL_UNEXPECTED",
    "/1",
  ],
  [
    "a stranger's authority with the id of its own",
    async (did) => {
      const own = await authorityOf(did);
      return [own, await authorityOf(STRANGER.did, { members: { id: own.id } })];
    },
    "CREDENTIAL_DUPLICATE",
    "/1/id",
  ],
  [
    "the identity of a delegator without the chain",
    async () => [await identityOf(LEAD.did)],
    "CREDENTIAL_UNEXPECTED",
    "/0",
  ],
  [
    "a child without its parent",
    async (did) => [(await bundleFor(did)).child],
    "CHAIN_PARENT_MISSING",
    "/0/credentialSubject/parent",
  ],
  [
    "a child of another issuer than the parent's subject",
    async (did) => {
      const { parent } = await bundleFor(did);
      return [parent, await authorityOf(did, { signer: STRANGER, parent, grants: [CHILD] })];
    },
    "CHAIN_ISSUER",
    "/1/issuer",
  ],
  [
    "a child that is wider than its parent",
    async (did) => {
      const { parent } = await bundleFor(did);
      const wide = { ...CHILD, actions: ["refund.*"] };
      return [
        await identityOf(did),
        await authorityOf(did, { signer: LEAD, parent, grants: [wide] }),
        parent,
      ];
    },
    "ATTENUATION_VIOLATED",
    "/1/credentialSubject/grants/0/actions/0",
  ],
  [
    "a parent that allows no child",
    async (did) => {
      const parent = await authorityOf(LEAD.did);
      return [await authorityOf(did, { signer: LEAD, parent, grants: [CHILD] }), parent];
    },
    "CHAIN_HOPS",
    "/0/credentialSubject/parent",
  ],
  [
    "one that has expired",
    async (did) => [
      await identityOf(did),
      await authorityOf(did, {
        members: { validFrom: "2026-11-23T07:00:00Z", validUntil: "2026-11-23T08:00:00Z" },
      }),
    ],
    "EXPIRED",
    "/1/validUntil",
  ],
  [
    "a name that was changed",
    async (did) => [
      edited(await identityOf(did), {
        credentialSubject: { ...(await identityOf(did)).credentialSubject, name: "root" },
      }),
    ],
    "SIGNATURE_INVALID",
    "/0/proof",
  ],
  [
    "no proof",
    async (did) => {
      const { proof: _, ...rest } = await identityOf(did);
      return [rest];
    },
    "PROOF_MISSING",
    "/0/proof",
  ],
  [
    "a signer who is not the issuer",
    async (did) => [await identityOf(did, { signer: STRANGER, members: { issuer: ORGANISATION.did } })],
    "ISSUER_MISMATCH",
    "/0/proof/verificationMethod",
  ],
  [
    "another purpose",
    async (did) => [await identityOf(did, { proof: { purpose: "authentication" } })],
    "PROOF_PURPOSE",
    "/0/proof/proofPurpose",
  ],
  [
    "a proof of the future",
    async (did) => [await identityOf(did, { proof: { created: NOW + 2 * MINUTE } })],
    "PROOF_CREATED",
    "/0/proof/created",
  ],
  [
    "a proof that has ended",
    async (did) => [await identityOf(did, { proof: { created: NOW - MINUTE, expires: NOW } })],
    "PROOF_EXPIRED",
    "/0/proof/expires",
  ],
  [
    "an identity without status",
    async (did) => {
      const { credentialStatus: _, ...rest } = await identityOf(did);
      return [rest];
    },
    "STATUS_MISSING",
    "/0/credentialStatus",
  ],
  [
    "something else after something good",
    async (did) => [await identityOf(did), { type: ["VerifiablePresentation"] }],
    "CONTEXT_NOT_ALLOWED",
    "/1/@context",
  ],
  ["nothing in particular", () => Promise.resolve([{}]), "CONTEXT_NOT_ALLOWED", "/0/@context"],
  [
    "a member that is not plain",
    async (did) => [edited(await identityOf(did), { "https://evil.example/": "x" })],
    "KEY_NOT_PLAIN",
    "/0/https:~1~1evil.example~1",
  ],
  [
    "an approval",
    async (did) => {
      const digest = ((await bundleFor(did)).child as JsonObject & AuthorityCredential).credentialSubject
        .parent?.digestMultibase;
      const approves = { invocationDigestMultibase: digest, authorityDigestMultibase: digest };
      const members = { validUntil: "2026-11-23T08:15:00Z", credentialStatus: undefined };
      return [await issue(SERVICE, "ApprovalCredential", { id: did, approves }, { members })];
    },
    "CREDENTIAL_UNEXPECTED",
    "/0",
  ],
];

describe("credentials that are refused (HOSTILE 189)", () => {
  it.each(REFUSED)("%s: and nothing of what came with it is stored", async (_, documents, code, pointer) => {
    const { wallet, store } = await openWorld();
    const held = await identityOf(wallet.did);
    await addCredentials(wallet, [held]);
    const received = await documents(wallet.did);
    expect(await refusalOfAsync(() => addCredentials(wallet, received))).toEqual({ code, pointer });
    expect(await idsIn(wallet)).toEqual([held.id]);
    expect((await store.state()).counter).toBe(1);
  });

  it("are judged at the moment of their end", async () => {
    const { wallet, clock } = await openWorld();
    const identity = await identityOf(wallet.did);
    clock.advance(8 * HOUR);
    expect(await codeOfAsync(() => addCredentials(wallet, [identity]))).toBe("EXPIRED");
  });

  it("are judged at one moment, all of them", async () => {
    const { wallet, clock } = await openWorld();
    const identities = [await identityOf(wallet.did), await identityOf(wallet.did)];
    clock.advance(8 * HOUR - 1);
    let asked = 0;
    const ticking = Object.defineProperty(wallet, "clock", { value: () => clock() + asked++ });
    expect(await addCredentials(ticking, identities)).toHaveLength(2);
  });
});
