import { formatTimestamp } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  allocateDelegation,
  findBlastRadius,
  findOrphans,
  grantAuthority,
  listEvents,
  listRevocable,
  listStatusLists,
  publishStatusLists,
  registerPrincipal,
  retireAgent,
  retirePrincipal,
  revokeCredential,
  revokeCredentials,
  revokeDelegated,
  rotateOrganisation,
  setCredentialStatus,
  changeAgent,
  suspendAgent,
  type DelegationRequest,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, rawKey, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };
const HOUR = DAY / 24;
const [B, C] = [signerOf("b").did, signerOf("c").did];
const idOf = (digit: string) => `urn:uuid:${digit.repeat(8)}-7a56-4b6e-9a54-0f6d5b7c1a11`;

async function openWithAuthority() {
  const { organisation, clock } = await openWorld();
  const agent = await enrol(organisation, "a");
  const authority = await grantAuthority(organisation, agent, { grants: [READ], maxHops: 2 });
  const request = (change: Partial<DelegationRequest> = {}): DelegationRequest => ({
    credentialId: idOf("1"),
    issuer: agent.did,
    subject: B,
    parentId: authority.id,
    validUntil: formatTimestamp(NOW + HOUR),
    ...change,
  });
  return { organisation, clock, agent, authority, request };
}

/** The agent hands on to B, and B to C. */
async function openHandedOn() {
  const world = await openWithAuthority();
  await allocateDelegation(world.organisation, world.request());
  await allocateDelegation(
    world.organisation,
    world.request({ credentialId: idOf("2"), issuer: B, subject: C, parentId: idOf("1") }),
  );
  return world;
}

describe("what an agent hands on", () => {
  it("gets an entry for its revocation, in the organisation's lists, and is an event", async () => {
    const { organisation, agent, authority, request } = await openWithAuthority();
    const entries = await allocateDelegation(organisation, request());
    expect(entries).toMatchObject([
      { statusPurpose: "revocation", statusListCredential: "https://acme.example/status/r1" },
    ]);
    expect(await listEvents(organisation, { action: "credential.delegated" })).toMatchObject([
      { credentialId: idOf("1"), details: { parent: authority.id, issuer: agent.did, subject: B } },
    ]);
    const [published] = await publishStatusLists(organisation);
    await revokeDelegated(organisation, { credentialId: idOf("1"), issuer: agent.did });
    await revokeDelegated(organisation, { credentialId: idOf("1"), issuer: agent.did });
    expect(await listStatusLists(organisation)).toMatchObject([
      { listId: "r1", purpose: "revocation", issuer: organisation.did, used: 3, length: 131_072, set: 1 },
      { listId: "s1", address: "https://acme.example/status/s1", used: 2, set: 0 },
    ]);
    const [after] = await publishStatusLists(organisation);
    expect(after?.credential.credentialSubject.encodedList).not.toBe(
      published?.credential.credentialSubject.encodedList,
    );
    expect((await listEvents(organisation, { action: "credential.revoked" })).length).toBe(1);
  });

  it.each<readonly [string, Partial<DelegationRequest>, string]>([
    ["an authority that is not there", { parentId: idOf("9") }, "NOT_FOUND"],
    ["an authority of somebody else", { issuer: B }, "NOT_FOUND"],
    ["an end after the authority's", { validUntil: formatTimestamp(NOW + DAY) }, "CHAIN_VALIDITY"],
    ["an id that is none", { credentialId: "x" }, "SCHEMA_INVALID"],
    ["a receiver who is none", { subject: "x" }, "DID_SYNTAX"],
    ["an end that is none", { validUntil: "tomorrow" }, "DATE_INVALID"],
  ])("gets none for %s", async (_, change, code) => {
    const { organisation, request } = await openWithAuthority();
    const refused = await codeOfAsync(async () => allocateDelegation(organisation, request(change)));
    expect(refused).toBe(code);
    expect(await listEvents(organisation, { action: "credential.delegated" })).toEqual([]);
  });

  it("gets none twice, nor in the place of another", async () => {
    const { organisation, authority, request } = await openHandedOn();
    const again = () => allocateDelegation(organisation, request());
    expect(await codeOfAsync(again)).toBe("ALREADY_EXISTS");
    const taking = () => allocateDelegation(organisation, request({ credentialId: authority.id }));
    expect(await codeOfAsync(taking)).toBe("ALREADY_EXISTS");
  });

  it("gets none below what is not in force, at any place above", async () => {
    const { organisation, clock, authority, request } = await openHandedOn();
    const below = request({
      credentialId: idOf("3"),
      issuer: C,
      subject: signerOf("d").did,
      parentId: idOf("2"),
    });
    const asking = () => codeOfAsync(() => allocateDelegation(organisation, below));
    const suspension = { purpose: "suspension" } as const;
    await setCredentialStatus(organisation, authority.id, { ...suspension, to: "set" });
    expect(await asking()).toBe("SUSPENDED");
    await setCredentialStatus(organisation, authority.id, { ...suspension, to: "cleared" });
    await revokeCredential(organisation, idOf("1"));
    expect(await asking()).toBe("REVOKED");
    clock.advance(DAY);
    expect(await asking()).toBe("EXPIRED");
  });

  it("gets none from or for an agent of the organisation that is not active, which loses what it was handed", async () => {
    const { organisation, agent, request } = await openWithAuthority();
    const b = await enrol(organisation, "b");
    await allocateDelegation(organisation, request());
    expect(await revokeCredentials(organisation, b)).toContain(idOf("1"));
    await retireAgent(organisation, b);
    const asking = (change: Partial<DelegationRequest>) =>
      codeOfAsync(() => allocateDelegation(organisation, request({ credentialId: idOf("3"), ...change })));
    expect(await asking({})).toBe("AGENT_INACTIVE");
    expect(await asking({ issuer: B, subject: C, parentId: idOf("1") })).toBe("AGENT_INACTIVE");
    await suspendAgent(organisation, agent);
    expect(await asking({ subject: C })).toBe("AGENT_INACTIVE");
  });

  it("gets none of a root that a former key signed", async () => {
    const { organisation, clock, request } = await openHandedOn();
    const environment = { clock, random: organisation.random };
    const rotated = await rotateOrganisation(organisation.database, rawKey(1), environment);
    const below = request({ credentialId: idOf("3"), issuer: B, subject: C, parentId: idOf("1") });
    const asking = () => allocateDelegation(rotated.organisation, below);
    expect(await codeOfAsync(asking)).toBe("KEY_ROTATED");
  });

  it("is revoked by whoever handed it on, and nobody else", async () => {
    const { organisation, authority, agent } = await openHandedOn();
    for (const [credentialId, issuer] of [
      [idOf("1"), B],
      [idOf("2"), agent.did],
      [authority.id, organisation.did],
      [idOf("9"), B],
    ] as const) {
      const revoking = () => revokeDelegated(organisation, { credentialId, issuer });
      expect(await codeOfAsync(revoking)).toBe("NOT_FOUND");
    }
    expect(await listRevocable(organisation, { cascadeFrom: idOf("1") })).toEqual([idOf("1"), idOf("2")]);
  });
});

describe("a cascade", () => {
  it("revokes a credential and all that was handed on of it", async () => {
    const { organisation, authority } = await openHandedOn();
    const all = [authority.id, idOf("1"), idOf("2")].sort();
    const found = await listRevocable(organisation, { cascadeFrom: authority.id });
    expect([...found].sort()).toEqual(all);
    expect(
      [...(await revokeCredentials(organisation, { cascadeFrom: authority.id }, "stolen"))].sort(),
    ).toEqual(all);
    expect(await listRevocable(organisation, { cascadeFrom: authority.id })).toEqual([]);
    const unknown = () => listRevocable(organisation, { cascadeFrom: idOf("9") });
    expect(await codeOfAsync(unknown)).toBe("NOT_FOUND");
  });

  it("goes with all that an agent has", async () => {
    const { organisation, agent } = await openHandedOn();
    expect(await listRevocable(organisation, agent)).toHaveLength(4);
    expect(await revokeCredentials(organisation, agent)).toHaveLength(4);
  });
});

describe("a blast radius", () => {
  it("is what keys were given, have signed, and what hangs below", async () => {
    const { organisation, agent, authority } = await openHandedOn();
    const { keys, given, signed, below } = await findBlastRadius(organisation, agent);
    expect(keys).toEqual([agent.did]);
    expect(given.map(({ type }) => type).sort()).toEqual([
      "AgentIdentityCredential",
      "DelegatedAuthorityCredential",
    ]);
    expect(signed).toMatchObject([
      { credentialId: idOf("1"), subject: B, delegated: { issuer: agent.did, parent: authority.id } },
    ]);
    expect(below).toMatchObject([{ credentialId: idOf("2"), subject: C, delegated: { issuer: B } }]);
    const ofKey = await findBlastRadius(organisation, { did: organisation.did });
    expect([ofKey.given.length, ofKey.signed.length, ofKey.below.length]).toEqual([0, 2, 2]);
    const unknown = () => findBlastRadius(organisation, { did: signerOf("nobody").did });
    expect(await codeOfAsync(unknown)).toBe("NOT_FOUND");
  });
});

describe("orphans", () => {
  it("are agents without an owner, credentials of none, and who was never handed an identity", async () => {
    const { organisation, agent } = await openWithAuthority();
    expect(await findOrphans(organisation)).toEqual({ ownerless: [], leftOver: [], neverSeen: [] });
    const alice = await registerPrincipal(organisation, { did: C, name: "alice", type: "Person" });
    const owned = await changeAgent(organisation, agent, { owner: alice.did });
    await retirePrincipal(organisation, alice);
    const sign = () => Promise.reject(new Error("killed"));
    const broken = { ...organisation, signer: { ...organisation.signer, sign } };
    await expect(enrol(broken, "never")).rejects.toThrow("killed");
    const found = await findOrphans(organisation);
    expect(found.ownerless).toEqual([owned]);
    expect(found.neverSeen).toMatchObject([{ name: "never" }]);
    await retireAgent(organisation, agent);
    expect((await findOrphans(organisation)).ownerless).toEqual([]);
    // As if it had been left behind.
    await organisation.database.query("UPDATE credentials SET revoked = NULL WHERE subject = $1", [
      agent.did,
    ]);
    expect((await findOrphans(organisation)).leftOver).toHaveLength(2);
  });
});
