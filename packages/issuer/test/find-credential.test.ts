import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  findCredential,
  grantAuthority,
  issueGenericCredential,
  listAuthorities,
  renewCredential,
  resumeAgent,
  revokeCredential,
  setCredentialStatus,
  suspendAgent,
} from "../src/index.js";
import { NOW, openWorld, requestOf, SECOND, signerOf } from "./world.js";

const HOUR = 60 * 60 * SECOND;
const GRANTS = [{ id: "read", actions: ["order.read"] }];

async function openWithAgent() {
  const world = await openWorld();
  const { organisation } = world;
  const { agent, credential } = await enrolAgent(organisation, await requestOf(signerOf("a")), { name: "a" });
  const authority = await grantAuthority(organisation, agent, { grants: GRANTS, lifeMs: HOUR });
  return { ...world, agent, identity: credential, authority };
}

describe("findCredential", () => {
  it("says what an authority says, by whose key and when, and what came in its place", async () => {
    const { organisation, agent, authority } = await openWithAgent();
    const later = await renewCredential(organisation, authority.id);
    const content = authority.credentialSubject;
    expect(await findCredential(organisation, authority.id)).toEqual([
      {
        credentialId: authority.id,
        type: "DelegatedAuthorityCredential",
        subject: agent.did,
        agentId: agent.agentId,
        holder: "a",
        validUntil: NOW + HOUR,
        state: "live",
        issuer: organisation.did,
        issued: NOW,
        content,
        authority: content,
        replacedBy: [later.id],
      },
    ]);
    expect(await findCredential(organisation, later.id)).toMatchObject([
      { inPlaceOf: authority.id, replacedBy: [] },
    ]);
  });

  it("says what an identity says, and that it was revoked and why", async () => {
    const { organisation, identity } = await openWithAgent();
    await revokeCredential(organisation, identity.id, "gone");
    const [record] = await findCredential(organisation, identity.id);
    expect(record).toMatchObject({ state: "revoked", reason: "gone", content: identity.credentialSubject });
    expect(record).not.toHaveProperty("authority");
  });

  it("gives all that bear an id, of which what they say is not on record", async () => {
    const { organisation } = await openWithAgent();
    const draft = {
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      id: "https://acme.example/badges/1",
      type: ["VerifiableCredential"],
      credentialSubject: { id: "https://acme.example/people/1" },
    };
    for (let i = 0; i < 2; i += 1)
      await issueGenericCredential(organisation, draft, { status: ["revocation"] });
    const found = await findCredential(organisation, draft.id);
    expect(found).toHaveLength(2);
    for (const record of found) expect(record).not.toHaveProperty("content");
  });

  it.each([
    ["the subject of another", { id: "did:key:z6Mkother" }],
    ["no grants", { grants: "all" }],
  ])("row 220: refuses what could not have been signed so: %s", async (_, change) => {
    const { organisation, agent, authority } = await openWithAgent();
    const content = JSON.stringify({ ...authority.credentialSubject, ...change });
    await organisation.database.query("UPDATE credentials SET content = $1 WHERE id = $2", [
      content,
      authority.id,
    ]);
    expect(await codeOfAsync(() => findCredential(organisation, authority.id))).toBe("RECORD_TAMPERED");
    expect(await codeOfAsync(() => listAuthorities(organisation, agent))).toBe("RECORD_TAMPERED");
    expect(await codeOfAsync(() => renewCredential(organisation, authority.id))).toBe("RECORD_TAMPERED");
  });

  it("says so of an id that nothing bears", async () => {
    const { organisation } = await openWithAgent();
    expect(await codeOfAsync(() => findCredential(organisation, "urn:uuid:nothing"))).toBe("NOT_FOUND");
  });
});

describe("listAuthorities", () => {
  const idsOf = async (...[registry, agent]: Parameters<typeof listAuthorities>) =>
    (await listAuthorities(registry, agent)).map(({ credentialId }) => credentialId);

  it("has what lives alone, that which ends last first", async () => {
    const { organisation, clock, agent, authority } = await openWithAgent();
    const longer = await grantAuthority(organisation, agent, { grants: GRANTS, lifeMs: 2 * HOUR });
    expect(await listAuthorities(organisation, agent)).toMatchObject([
      { credentialId: longer.id, validUntil: NOW + 2 * HOUR, authority: longer.credentialSubject },
      { credentialId: authority.id },
    ]);
    clock.advance(HOUR);
    expect(await idsOf(organisation, agent)).toEqual([longer.id]);
    await setCredentialStatus(organisation, longer.id, { purpose: "suspension", to: "set" });
    expect(await idsOf(organisation, agent)).toEqual([]);
  });

  it("has nothing of an agent that is suspended, nor what is revoked, nor what a key of before had", async () => {
    const { organisation, agent, authority } = await openWithAgent();
    await suspendAgent(organisation, agent);
    expect(await idsOf(organisation, agent)).toEqual([]);
    await resumeAgent(organisation, agent);
    expect(await idsOf(organisation, agent)).toEqual([authority.id]);
    expect(await idsOf(organisation, { ...agent, did: signerOf("b").did })).toEqual([]);
    await revokeCredential(organisation, authority.id);
    expect(await idsOf(organisation, agent)).toEqual([]);
  });

  it("has nothing that was recorded and not signed", async () => {
    const { organisation, agent, authority } = await openWithAgent();
    await organisation.database.query("UPDATE credentials SET digest = NULL WHERE id = $1", [authority.id]);
    expect(await idsOf(organisation, agent)).toEqual([]);
  });
});
