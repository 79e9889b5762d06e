import type { AuthorityCredential, Grant } from "@writ/core";
import { codeOf, codeOfAsync, refusalOf } from "@writ/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createTrustPolicy,
  trustOrganisations,
  verifyCredential,
  verifyPresentation,
  withSuccessions,
  type TrustedParties,
  type TrustPolicy,
} from "../src/index.js";
import { outcomeOf, refused, VERIFIED, type Outcome } from "./outcome.js";
import { openWorld, present, REFUNDS, reissue, signerOf, type World } from "./world.js";

let world: World;
beforeAll(async () => void (world = await openWorld("trust policy")));
afterAll(() => world.close());

const [A, B] = [signerOf("a").did, signerOf("b").did];
const NOBODY: TrustedParties = { identityIssuers: [], authorityRoots: [] };

async function judged(credential: object, trust: TrustPolicy): Promise<Outcome> {
  return outcomeOf(await verifyCredential(JSON.stringify(credential), { ...world.expectations, trust }));
}

describe("a trust policy", () => {
  it("is what was named, each once, and cannot be changed afterwards", () => {
    const roots = [{ did: A, principals: [B], resources: ["https://a.example/"] }];
    const parties = {
      identityIssuers: [A, A],
      authorityRoots: roots,
      statusIssuers: [{ issuer: A, lists: [B] }],
    };
    const policy = createTrustPolicy(parties);
    roots[0]?.principals.push(A);
    parties.identityIssuers.push(B);
    expect(policy).toEqual({
      identityIssuers: [A],
      authorityRoots: [{ did: A, principals: [B], resources: ["https://a.example/"] }],
      statusIssuers: [{ issuer: A, lists: [B] }],
    });
    const parts = [
      policy,
      policy.identityIssuers,
      policy.authorityRoots,
      policy.statusIssuers,
      policy.authorityRoots[0],
      policy.authorityRoots[0]?.principals,
    ];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });

  it.each(["", "*", "https://acme.example", "did:key:", "did:key:z6Mk#z6Mk", " did:key:z6Mk", 7])(
    "names DIDs, not %j",
    (given) => {
      const did = given as string;
      const places: Readonly<Record<string, Partial<TrustedParties>>> = {
        "/identityIssuers/1": { identityIssuers: [A, did] },
        "/authorityRoots/0/did": { authorityRoots: [{ did }] },
        "/authorityRoots/0/principals/0": { authorityRoots: [{ did: A, principals: [did] }] },
        "/statusIssuers/0/issuer": { statusIssuers: [{ issuer: did, lists: [A] }] },
        "/statusIssuers/0/lists/0": { statusIssuers: [{ issuer: A, lists: [did] }] },
      };
      for (const [pointer, list] of Object.entries(places)) {
        const refusal = refusalOf(() => createTrustPolicy({ ...NOBODY, ...list }));
        expect(refusal).toEqual({ code: "DID_SYNTAX", pointer });
      }
      expect(codeOf(() => trustOrganisations([did]))).toBe("DID_SYNTAX");
    },
  );

  it.each<readonly [string, string, unknown]>([
    ["no identity issuers", "ARGUMENT_INVALID", { authorityRoots: [] }],
    ["no roots", "ARGUMENT_INVALID", { identityIssuers: [] }],
    ["a text for a list", "ARGUMENT_INVALID", { identityIssuers: A, authorityRoots: [] }],
    ["resources: []", "ARGUMENT_INVALID", { ...NOBODY, authorityRoots: [{ did: A, resources: [] }] }],
    ["lists: []", "ARGUMENT_INVALID", { ...NOBODY, statusIssuers: [{ issuer: A, lists: [] }] }],
    [
      "a resource outside the grammar",
      "RESOURCE_INVALID",
      { ...NOBODY, authorityRoots: [{ did: A, resources: ["https://A.example/"] }] },
    ],
  ])("is refused with %s", (_, code, parties) => {
    expect(codeOf(() => createTrustPolicy(parties as TrustedParties))).toBe(code);
  });

  it("row 149: is not made by hand, past the checks", async () => {
    const trust = { ...trustOrganisations([world.organisation.did]) };
    const options = { ...world.expectations, trust };
    const text = await present(world.lead);
    expect(await codeOfAsync(() => verifyPresentation(text, options))).toBe("ARGUMENT_INVALID");
    const credential = JSON.stringify(world.root);
    expect(await codeOfAsync(() => verifyCredential(credential, options))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => withSuccessions(trust, []))).toBe("ARGUMENT_INVALID");
  });
});

describe("the two kinds of trust", () => {
  it("are apart: identity without authority, authority without identity", async () => {
    const { did } = world.organisation;
    const text = await present(world.lead);
    const presented = async (parties: Partial<TrustedParties>): Promise<Outcome> => {
      const trust = createTrustPolicy({ ...NOBODY, ...parties });
      return outcomeOf(await verifyPresentation(text, { ...world.expectations, trust }));
    };
    expect(await presented({ identityIssuers: [did] })).toEqual(
      refused("issuer", "ISSUER_UNTRUSTED /verifiableCredential/1/issuer"),
    );
    expect(await presented({ authorityRoots: [{ did }] })).toEqual(
      refused("issuer", "ISSUER_UNTRUSTED /verifiableCredential/0/issuer"),
    );
    expect(await presented({ identityIssuers: [did], authorityRoots: [{ did }] })).toEqual(VERIFIED);
  });

  it("row 106: a good signature by an unknown issuer is told apart from a bad one", async () => {
    const trust = createTrustPolicy({ identityIssuers: [A], authorityRoots: [{ did: A }] });
    const options = { ...world.expectations, trust };
    const unknown = await verifyCredential(JSON.stringify(world.root), options);
    expect(outcomeOf(unknown)).toEqual(refused("issuer", "ISSUER_UNTRUSTED /issuer"));
    expect(unknown.checks.filter(({ name }) => ["signature", "issuer"].includes(name))).toMatchObject([
      { name: "signature", outcome: "established" },
      { name: "issuer", outcome: "failed" },
    ]);
    const altered = { ...world.root, validUntil: "2026-11-23T08:30:00Z" };
    expect(await judged(altered, trust)).toEqual(refused("signature", "SIGNATURE_INVALID /proof"));
  });
});

describe("what a root may speak for", () => {
  /** A root of the organisation's with these grants, on behalf of a principal. */
  async function rootWith(grants: readonly Grant[], principal?: string): Promise<AuthorityCredential> {
    return await reissue(world.root, world.organisation.signer, {
      "/credentialSubject/grants": grants,
      ...(principal === undefined ? {} : { "/credentialSubject/principal": principal }),
    });
  }

  const trusting = (
    ...roots: readonly { readonly principals?: readonly string[]; readonly resources?: readonly string[] }[]
  ) =>
    createTrustPolicy({
      ...NOBODY,
      authorityRoots: roots.map((root) => ({ did: world.organisation.did, ...root })),
    });

  const place = "RESOURCE_NOT_AUTHORIZED /credentialSubject/grants";
  const grant = (id: string, ...resources: readonly string[]): Grant => {
    const { resources: _, ...rest } = REFUNDS;
    return { ...rest, id, ...(resources.length === 0 ? {} : { resources }) };
  };

  it("row 220: is its own name, and those of the principals that the policy names for it", async () => {
    const inOthersName = await rootWith([REFUNDS], A);
    const denied = refused("issuer", "PRINCIPAL_NOT_AUTHORIZED /credentialSubject/principal");
    expect(await judged(inOthersName, trusting({}))).toEqual(denied);
    expect(await judged(inOthersName, trusting({ principals: [B] }))).toEqual(denied);
    expect(await judged(inOthersName, trusting({ principals: [B, A] }))).toEqual(VERIFIED);
    expect(await judged(world.root, trusting({ principals: [A] }))).toEqual(VERIFIED);
  });

  it.each<readonly [string, readonly Grant[], readonly string[]]>([
    ["the tree itself", [grant("g", "https://api.acme.example/")], []],
    ["what lies in it", [grant("g", "https://api.acme.example/v1/orders/7")], []],
    ["what the policy names exactly", [grant("g", "https://one.example/exact")], []],
    ["a grant without resources", [grant("g")], [`${place}/0`]],
    ["another host", [grant("g", "https://other.example/")], [`${place}/0/resources/0`]],
    ["a host that begins alike", [grant("g", "https://api.acme.example.evil/")], [`${place}/0/resources/0`]],
    ["below what is named exactly", [grant("g", "https://one.example/exact/")], [`${place}/0/resources/0`]],
    [
      "some of several",
      [
        grant("a", "https://api.acme.example/x", "urn:other:1"),
        grant("b"),
        grant("c", "https://one.example/exact"),
      ],
      [`${place}/0/resources/1`, `${place}/1`],
    ],
  ])("is the trees of resources that the policy names: %s", async (_, grants, problems) => {
    const trust = trusting({ resources: ["https://api.acme.example/", "https://one.example/exact"] });
    expect(await judged(await rootWith(grants), trust)).toEqual(
      problems.length === 0 ? VERIFIED : refused("issuer", ...problems),
    );
    expect(await judged(await rootWith(grants), trusting({}))).toEqual(VERIFIED);
  });

  it("holds in a presentation, and for what is handed on below the root", async () => {
    const parties = { identityIssuers: [world.organisation.did] };
    const text = await present(world.sub);
    const at = (JSON.parse(text) as { verifiableCredential: { id: string }[] }).verifiableCredential;
    const position = at.findIndex(({ id }) => id === world.root.id);
    const presented = async (...resources: readonly string[]): Promise<Outcome> => {
      const authorityRoots = [{ did: world.organisation.did, resources }];
      const trust = createTrustPolicy({ ...parties, authorityRoots });
      return outcomeOf(await verifyPresentation(text, { ...world.expectations, trust }));
    };
    expect(await presented("https://api.acme.example/v1/")).toEqual(VERIFIED);
    expect(await presented("https://api.acme.example/v1/orders/eu/")).toEqual(
      refused(
        "issuer",
        `RESOURCE_NOT_AUTHORIZED /verifiableCredential/${String(position)}/credentialSubject/grants/0/resources/0`,
      ),
    );
  });

  it("may be other resources for other principals", async () => {
    const trust = trusting({ principals: [A], resources: ["https://a.example/"] }, {}, { principals: [B] });
    const onA = grant("g", "https://a.example/1");
    const elsewhere = grant("g", "https://b.example/1");
    expect(await judged(await rootWith([onA], A), trust)).toEqual(VERIFIED);
    expect(await judged(await rootWith([elsewhere], A), trust)).toEqual(
      refused("issuer", `${place}/0/resources/0`),
    );
    expect(await judged(await rootWith([elsewhere], B), trust)).toEqual(VERIFIED);
    expect(await judged(await rootWith([elsewhere]), trust)).toEqual(VERIFIED);
  });
});
