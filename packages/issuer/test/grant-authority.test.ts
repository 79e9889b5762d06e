import { createResolver, digestMultibase, asJson, canonicalize, verifyProofs, type Grant } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  DEFAULT_AUTHORITY_LIFE_MS,
  enrolAgent,
  grantAuthority,
  type GrantOptions,
  registerPrincipal,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const REFUNDS: Grant = {
  id: "refunds",
  actions: ["refund.create"],
  resources: ["https://api.acme.example/v1/orders/"],
  spend: { unit: "EUR", amountAt: "/amount", perAction: 20_000 },
};
const READ: Grant = { id: "read", actions: ["order.*"] };

async function openWithAgent() {
  const world = await openWorld();
  return { ...world, agent: await enrol(world.organisation, "refund-bot") };
}

describe("grantAuthority", () => {
  it("opens a chain in the organisation's name", async () => {
    const { organisation, agent, database } = await openWithAgent();
    const credential = await grantAuthority(organisation, agent, { grants: [REFUNDS, READ] });
    expect(credential).toMatchObject({
      type: ["VerifiableCredential", "DelegatedAuthorityCredential"],
      issuer: organisation.did,
      validFrom: "2026-11-23T08:00:00Z",
      validUntil: "2026-11-23T16:00:00Z",
      credentialStatus: [{ statusPurpose: "revocation" }, { statusPurpose: "suspension" }],
    });
    expect(DEFAULT_AUTHORITY_LIFE_MS).toBe(DAY / 3);
    expect(credential.credentialSubject).toEqual({
      id: agent.did,
      principal: organisation.did,
      grants: [REFUNDS, READ],
    });
    const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: organisation.did } }] });
    const [row] = await database.query("SELECT * FROM credentials WHERE id = $1", [credential.id]);
    expect(row).toEqual({
      id: credential.id,
      document_id: credential.id,
      type: "DelegatedAuthorityCredential",
      subject: agent.did,
      valid_until: NOW + DEFAULT_AUTHORITY_LIFE_MS,
      digest: digestMultibase(asJson(credential)),
      revoked: null,
      reason: null,
      agent_id: agent.agentId,
      content: canonicalize(asJson(credential.credentialSubject)),
      life_ms: DEFAULT_AUTHORITY_LIFE_MS,
      parent: null,
      idempotency_key: null,
      request: null,
      predecessor: null,
      issuer: organisation.did,
      issued: NOW,
      suspended: null,
      suspended_with: null,
      revoked_with: null,
    });
  });

  it("says principal, hops and life as it is told", async () => {
    const { organisation, agent } = await openWithAgent();
    const principal = signerOf("principal").did;
    await registerPrincipal(organisation, { did: principal, name: "alice", type: "Person" });
    const options = { grants: [READ], principal, maxHops: 9, lifeMs: 90 * DAY };
    const { credentialSubject, validUntil } = await grantAuthority(organisation, agent, options);
    expect(credentialSubject).toMatchObject({ principal, redelegation: { maxHops: 9 } });
    expect(Date.parse(validUntil) - NOW).toBe(90 * DAY);
  });

  it("leaves redelegation out where there is none", async () => {
    const { organisation, agent } = await openWithAgent();
    const { credentialSubject } = await grantAuthority(organisation, agent, { grants: [READ], maxHops: 0 });
    expect("redelegation" in credentialSubject).toBe(false);
  });

  it("signs a copy: what the caller changes meanwhile changes nothing", async () => {
    const { organisation, agent } = await openWithAgent();
    const grants: Grant[] = [{ id: "read", actions: ["order.read"] }];
    const granting = grantAuthority(organisation, agent, { grants });
    grants[0] = { id: "read", actions: ["*"] };
    const credential = await granting;
    expect(credential.credentialSubject.grants).toEqual([{ id: "read", actions: ["order.read"] }]);
  });
});

const invalid: readonly (readonly [string, Partial<GrantOptions>, string, string])[] = [
  ["no grants", { grants: [] }, "ARRAY_EMPTY", "/credentialSubject/grants"],
  [
    "an unknown dimension",
    { grants: [{ ...READ, colour: "red" } as Grant] },
    "SCHEMA_INVALID",
    "/credentialSubject/grants/0/colour",
  ],
  [
    "within at a root",
    { grants: [{ ...READ, within: "refunds" }] },
    "GRANT_WITHIN",
    "/credentialSubject/grants/0/within",
  ],
  [
    "two grants of one id",
    { grants: [READ, { ...REFUNDS, id: "read" }] },
    "GRANT_DUPLICATE",
    "/credentialSubject/grants/1/id",
  ],
  [
    "a grant without actions",
    { grants: [{ id: "read" } as unknown as Grant] },
    "SCHEMA_INVALID",
    "/credentialSubject/grants/0/actions",
  ],
  [
    "an action of capitals",
    { grants: [{ id: "read", actions: ["Order.read"] }] },
    "SCHEMA_INVALID",
    "/credentialSubject/grants/0/actions/0",
  ],
  [
    "a resource that climbs",
    { grants: [{ ...READ, resources: ["https://a.example/b/../c"] }] },
    "RESOURCE_INVALID",
    "/credentialSubject/grants/0/resources/0",
  ],
  ["a principal who is no DID", { principal: "Acme" }, "DID_SYNTAX", "/credentialSubject/principal"],
  ["a negative number of hops", { maxHops: -1 }, "SCHEMA_INVALID", "/credentialSubject/redelegation/maxHops"],
  ["over nine hops", { maxHops: 10 }, "SCHEMA_INVALID", "/credentialSubject/redelegation/maxHops"],
  ["half a hop", { maxHops: 0.5 }, "NUMBER_NOT_INTEGER", "/credentialSubject/redelegation/maxHops"],
  ["a life over 90 days", { lifeMs: 90 * DAY + SECOND }, "VALIDITY_INVALID", "/validUntil"],
  ["a life of nothing", { lifeMs: 0 }, "VALIDITY_INVALID", "/validUntil"],
  ["a negative life", { lifeMs: -SECOND }, "VALIDITY_INVALID", "/validUntil"],
  ["a life beyond all dates", { lifeMs: 9e15 }, "VALIDITY_INVALID", "/validUntil"],
  ["a life without end", { lifeMs: Infinity }, "ARGUMENT_INVALID", ""],
];

describe("a grant that is refused", () => {
  it.each(invalid)("row 171: for %s records nothing", async (_, options, code, pointer) => {
    const { organisation, agent, database } = await openWithAgent();
    const before = await rowCounts(database);
    const grant = () => grantAuthority(organisation, agent, { grants: [READ], ...options });
    expect(await refusalOfAsync(grant)).toMatchObject({ code, pointer });
    expect(await rowCounts(database)).toEqual(before);
  });

  it("is signed or records nothing, however large it is", async () => {
    const { organisation, agent, database } = await openWithAgent();
    const grantOf = (size: number) =>
      grantAuthority(organisation, agent, {
        grants: [{ ...READ, args: { "/a": { equals: "x".repeat(size) } } }],
      });
    let before = await rowCounts(database);
    const outcomes: string[] = [];
    for (let size = 251 * 1024; size < 257 * 1024; size += 256) {
      const outcome = await grantOf(size).then(
        () => "signed",
        (error: unknown) => (error as { readonly code: string }).code,
      );
      outcomes.push(outcome);
      const after = await rowCounts(database);
      const recorded = (after["credentials"] ?? 0) - (before["credentials"] ?? 0);
      expect([outcome, recorded]).toEqual([outcome, outcome === "signed" ? 1 : 0]);
      before = after;
    }
    expect(new Set(outcomes)).toEqual(new Set(["signed", "TOO_LARGE"]));
    const unsigned = await database.query("SELECT id FROM credentials WHERE digest IS NULL");
    expect(unsigned).toEqual([]);
  });

  it("is what an agent of no registry gets, and one whose key or id is another's", async () => {
    const { organisation, agent, database } = await openWithAgent();
    const other = await enrol(organisation, "other");
    const before = await rowCounts(database);
    for (const stranger of [
      { ...agent, agentId: other.agentId },
      { ...agent, did: other.did },
      { ...agent, did: signerOf("nobody").did },
      { ...agent, agentId: "urn:uuid:00000000-0000-4000-8000-000000000000" },
    ]) {
      const grant = () => grantAuthority(organisation, stranger, { grants: [READ] });
      expect(await codeOfAsync(grant)).toBe("NOT_FOUND");
    }
    expect(await rowCounts(database)).toEqual(before);
  });

  it("is what an agent of another organisation gets", async () => {
    const { organisation } = await openWorld("one");
    const elsewhere = await openWorld("other");
    const { agent } = await enrolAgent(elsewhere.organisation, await requestOf(signerOf("a")), { name: "a" });
    expect(await codeOfAsync(() => grantAuthority(organisation, agent, { grants: [READ] }))).toBe(
      "NOT_FOUND",
    );
  });
});
