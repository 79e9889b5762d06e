import { createResolver, verifyProofs } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  changeAgent,
  enrolAgent,
  enrolPrincipal,
  findPrincipal,
  grantAuthority,
  listEvents,
  listExpiring,
  listPrincipals,
  registerPrincipal,
  renewCredential,
  retirePrincipal,
  revokeCredential,
  revokeCredentials,
  setIssuanceRules,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, rowCounts, signerOf } from "./world.js";

const ALICE = signerOf("alice");
const READ = { id: "read", actions: ["order.read"] };

async function openWithAlice() {
  const { organisation, clock, database } = await openWorld();
  const enrolled = await enrolPrincipal(organisation, await requestOf(ALICE), {
    name: "alice",
    type: "Person",
  });
  return { organisation, clock, database, ...enrolled };
}

describe("a principal", () => {
  it("gets an identity in the form of DESIGN 2, for the key that it has shown", async () => {
    const { organisation, principal, credential } = await openWithAlice();
    expect(principal).toEqual({
      did: ALICE.did,
      name: "alice",
      type: "Person",
      state: "active",
      created: NOW,
    });
    expect(credential).toMatchObject({
      type: ["VerifiableCredential", "PrincipalIdentityCredential"],
      issuer: organisation.did,
      credentialSubject: { id: ALICE.did, type: "Person", name: "alice" },
      credentialStatus: [{ statusPurpose: "revocation" }, { statusPurpose: "suspension" }],
    });
    expect(Date.parse(credential.validUntil) - NOW).toBe(30 * DAY);
    const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: organisation.did } }] });
    expect(await listPrincipals(organisation)).toEqual([principal]);
    expect(await findPrincipal(organisation, ALICE.did)).toEqual(principal);
    expect(await findPrincipal(organisation, "alice")).toEqual(principal);
    expect(await listEvents(organisation, { action: "principal.registered" })).toMatchObject([
      { details: { did: ALICE.did, name: "alice", type: "Person" } },
    ]);
  });

  it("is registered by its DID alone, without an identity", async () => {
    const { organisation, database } = await openWorld();
    const did = "did:web:partner.example";
    await registerPrincipal(organisation, { did, name: "partner", type: "Service" });
    expect(await listPrincipals(organisation)).toMatchObject([{ did, name: "partner", type: "Service" }]);
    expect(await rowCounts(database)).toMatchObject({ credentials: 0 });
    const registering = (other: object) =>
      codeOfAsync(() => registerPrincipal(organisation, { did, name: "partner", type: "Service", ...other }));
    expect(await registering({ did: "did:web:other.example" })).toBe("ALREADY_EXISTS");
    expect(await registering({ name: "other" })).toBe("ALREADY_EXISTS");
    expect(await registering({ name: "other", did: "partner" })).toBe("DID_SYNTAX");
    expect(await registering({ name: "", did: "did:web:other.example" })).toBe("SCHEMA_INVALID");
  });

  it("is meant by its DID, whatever another is called", async () => {
    const { organisation, principal } = await openWithAlice();
    const did = "did:web:other.example";
    const naming = () => registerPrincipal(organisation, { did, name: ALICE.did, type: "Service" });
    expect(await refusalOfAsync(naming)).toMatchObject({ code: "SCHEMA_INVALID", pointer: "/name" });
    // As an earlier version could have it.
    await registerPrincipal(organisation, { did, name: "other", type: "Service" });
    await organisation.database.query("UPDATE principals SET name = $1 WHERE did = $2", [ALICE.did, did]);
    await retirePrincipal(organisation, principal);
    const states = (await listPrincipals(organisation)).map((each) => [each.did, each.state]);
    expect(states).toContainEqual([ALICE.did, "retired"]);
    expect(states).toContainEqual([did, "active"]);
  });

  it("is not also an agent", async () => {
    const { organisation, database } = await openWithAlice();
    await enrol(organisation, "bot");
    const before = await rowCounts(database);
    const asAgent = async () => enrolAgent(organisation, await requestOf(ALICE), { name: "alice-bot" });
    expect(await codeOfAsync(asAgent)).toBe("ALREADY_EXISTS");
    const asPrincipal = async () =>
      enrolPrincipal(organisation, await requestOf(signerOf("bot")), { name: "bot", type: "Service" });
    expect(await codeOfAsync(asPrincipal)).toBe("ALREADY_EXISTS");
    expect(await rowCounts(database)).toEqual(before);
  });

  it("row 232: shows that it holds the key", async () => {
    const { organisation, database } = await openWorld();
    const request = await requestOf(ALICE, { proof: { created: NOW - DAY - 1000 } });
    const enrolling = () => enrolPrincipal(organisation, request, { name: "alice", type: "Person" });
    expect(await codeOfAsync(enrolling)).toBe("PROOF_EXPIRED");
    expect(await rowCounts(database)).toMatchObject({ credentials: 0 });
    expect(await listPrincipals(organisation)).toEqual([]);
  });

  it("has its identity renewed, as what ends soon", async () => {
    const { organisation, clock, credential } = await openWithAlice();
    clock.advance(29 * DAY);
    expect(await listExpiring(organisation, { withinMs: 2 * DAY })).toMatchObject([
      { credentialId: credential.id, holder: "alice", type: "PrincipalIdentityCredential" },
    ]);
    const renewed = await renewCredential(organisation, credential.id);
    expect(renewed).toMatchObject({ credentialSubject: credential.credentialSubject });
    expect(Date.parse(renewed.validUntil)).toBe(NOW + 59 * DAY);
    expect(await listExpiring(organisation, { withinMs: 2 * DAY })).toEqual([]);
    await revokeCredential(organisation, credential.id);
    expect(await codeOfAsync(() => renewCredential(organisation, credential.id))).toBe("REVOKED");
  });
});

describe("a principal that is retired", () => {
  it("loses its identity, and nothing more is issued in its name", async () => {
    const { organisation, principal, credential } = await openWithAlice();
    const agent = await enrol(organisation, "bot");
    const granting = () => grantAuthority(organisation, agent, { grants: [READ], principal: ALICE.did });
    const granted = await granting();
    expect(await retirePrincipal(organisation, principal, "left")).toEqual({ credentials: [credential.id] });
    expect(await retirePrincipal(organisation, principal, "left")).toEqual({ credentials: [] });
    expect(await listPrincipals(organisation)).toMatchObject([{ state: "retired" }]);
    expect(await listEvents(organisation, { action: "principal.retired" })).toMatchObject([
      { reason: "left", details: { name: "alice" } },
    ]);
    const refused = { code: "ISSUANCE_RULE", pointer: "/credentialSubject/principal" };
    expect(await refusalOfAsync(granting)).toMatchObject(refused);
    expect(await refusalOfAsync(() => renewCredential(organisation, granted.id))).toMatchObject(refused);
    expect(await codeOfAsync(() => renewCredential(organisation, credential.id))).toBe("REVOKED");
  });

  it("leaves agents that get nothing more until they have another owner", async () => {
    const { organisation, principal } = await openWithAlice();
    const { agent } = await enrolAgent(organisation, await requestOf(signerOf("bot")), {
      name: "bot",
      owner: principal.did,
    });
    const granting = () => grantAuthority(organisation, agent, { grants: [READ] });
    await granting();
    await retirePrincipal(organisation, principal);
    const refused = { code: "ISSUANCE_RULE", pointer: "/credentialSubject/owner" };
    expect(await refusalOfAsync(granting)).toMatchObject(refused);
    await changeAgent(organisation, agent, { owner: organisation.did });
    expect((await granting()).credentialSubject.id).toBe(agent.did);
  });

  it.each([
    ["by itself", (id: string) => ({ cascadeFrom: id })],
    ["with all that was issued in a time", () => ({ issuedSince: 0 })],
  ])("is not the only way to end an identity for good: revoked %s after its end", async (_, scopeOf) => {
    const { organisation, clock, credential } = await openWithAlice();
    clock.advance(31 * DAY);
    expect(await revokeCredentials(organisation, scopeOf(credential.id))).toEqual([]);
    expect(await codeOfAsync(() => renewCredential(organisation, credential.id))).toBe("REVOKED");
  });

  it("has no identity renewed that had ended before", async () => {
    const { organisation, clock, principal, credential } = await openWithAlice();
    clock.advance(31 * DAY);
    expect(await retirePrincipal(organisation, principal)).toEqual({ credentials: [] });
    expect(await codeOfAsync(() => renewCredential(organisation, credential.id))).toBe("ISSUANCE_RULE");
  });
});

describe("the organisation's rules", () => {
  it.each([
    "AgentIdentityCredential",
    "PrincipalIdentityCredential",
    "DelegatedAuthorityCredential",
  ] as const)("bound how long a %s lives", async (type) => {
    const { organisation } = await openWorld();
    const agent = await enrol(organisation, "bot");
    await setIssuanceRules(organisation, { maxLifeMs: { [type]: DAY / 24 } });
    const issue = {
      AgentIdentityCredential: async (lifeMs: number) =>
        enrolAgent(organisation, await requestOf(signerOf("b")), { name: "b", lifeMs }),
      PrincipalIdentityCredential: async (lifeMs: number) =>
        enrolPrincipal(organisation, await requestOf(ALICE), { name: "alice", type: "Person", lifeMs }),
      DelegatedAuthorityCredential: (lifeMs: number) =>
        grantAuthority(organisation, agent, { grants: [READ], lifeMs }),
    }[type];
    expect(await refusalOfAsync(() => issue(DAY / 24 + 1000))).toMatchObject({
      code: "ISSUANCE_RULE",
      pointer: "/validUntil",
    });
    expect(await issue(DAY / 24)).toBeDefined();
  });

  it("are set one by one, are an event, and must make sense", async () => {
    const { organisation } = await openWorld();
    const first = await setIssuanceRules(organisation, { maxLifeMs: { DelegatedAuthorityCredential: DAY } });
    expect(first.withoutRole).toBe("anything");
    const second = await setIssuanceRules(organisation, { withoutRole: "nothing" });
    expect(second).toEqual({ ...first, withoutRole: "nothing" });
    expect(second.maxLifeMs).toEqual({
      AgentIdentityCredential: 90 * DAY,
      PrincipalIdentityCredential: 90 * DAY,
      DelegatedAuthorityCredential: DAY,
    });
    for (const life of [0, 90 * DAY + 1, 1.5]) {
      const setting = () => setIssuanceRules(organisation, { maxLifeMs: { AgentIdentityCredential: life } });
      expect(["SCHEMA_INVALID", "NUMBER_NOT_INTEGER"]).toContain(await codeOfAsync(setting));
    }
    const events = await listEvents(organisation, { action: "rules.set" });
    expect(events.map(({ details }) => details)).toEqual([{ rules: first }, { rules: second }]);
  });
});
