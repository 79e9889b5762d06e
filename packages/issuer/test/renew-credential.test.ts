import { parseTimestamp } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  DEFAULT_AUTHORITY_LIFE_MS,
  DEFAULT_IDENTITY_LIFE_MS,
  enrolAgent,
  grantAuthority,
  issueGenericCredential,
  listEvents,
  listExpiring,
  listIssuedCredentials,
  renewCredential,
  retireAgent,
  revokeCredential,
  revokeCredentials,
  setCredentialStatus,
  setRole,
  suspendAgent,
} from "../src/index.js";
import { changedMeanwhile, DAY, enrol, NOW, openWorld, requestOf, SECOND, signerOf } from "./world.js";

const HOUR = 60 * 60 * SECOND;
const LEDGER = signerOf("ledger").did;
const REFUNDS = {
  id: "refunds",
  actions: ["refund.create"],
  spend: { unit: "EUR", amountAt: "/amount", budget: 10_000 },
  meter: { ledger: LEDGER, account: "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11" },
};

async function openWithAgent() {
  const { organisation, clock } = await openWorld();
  await setRole(organisation, "refunds", {});
  const { agent, credential } = await enrolAgent(organisation, await requestOf(signerOf("a")), {
    name: "a",
    roles: ["refunds"],
  });
  const authority = await grantAuthority(organisation, agent, { grants: [REFUNDS], maxHops: 2 });
  return { organisation, clock, agent, identity: credential, authority };
}

describe("renewCredential", () => {
  it("says of an authority what it said, its meter included, for as long as before", async () => {
    const { organisation, clock, agent, authority } = await openWithAgent();
    clock.advance(HOUR);
    const renewed = await renewCredential(organisation, authority.id);
    expect(renewed).toMatchObject({
      type: authority.type,
      issuer: organisation.did,
      credentialSubject: authority.credentialSubject,
      validFrom: "2026-11-23T09:00:00Z",
    });
    expect(parseTimestamp(renewed.validUntil)).toBe(NOW + HOUR + DEFAULT_AUTHORITY_LIFE_MS);
    expect(renewed.id).not.toBe(authority.id);
    expect(renewed.credentialStatus).not.toEqual(authority.credentialStatus);
    const listed = await listIssuedCredentials(organisation, agent);
    expect(listed.find(({ credentialId }) => credentialId === renewed.id)).toMatchObject({
      inPlaceOf: authority.id,
      state: "live",
    });
    // The one before goes on until it ends.
    expect(listed.find(({ credentialId }) => credentialId === authority.id)).toMatchObject({ state: "live" });
    expect((await listEvents(organisation)).at(-1)).toMatchObject({
      action: "credential.issued",
      details: { renews: authority.id },
    });
  });

  it("says of an identity what the registry says now, and renews one that has ended", async () => {
    const { organisation, clock, identity } = await openWithAgent();
    clock.advance(2 * DAY);
    const credential = await renewCredential(organisation, identity.id, { lifeMs: HOUR });
    expect(credential.credentialSubject).toEqual(identity.credentialSubject);
    expect(parseTimestamp(credential.validUntil)).toBe(NOW + 2 * DAY + HOUR);
    const again = await renewCredential(organisation, credential.id);
    expect(parseTimestamp(again.validUntil)).toBe(NOW + 2 * DAY + HOUR);
  });

  it("gives nothing in the place of what was revoked or suspended, or to an agent that is not active", async () => {
    const { organisation, agent, identity, authority } = await openWithAgent();
    const codeOf = (id: string) => codeOfAsync(() => renewCredential(organisation, id));
    await setCredentialStatus(organisation, authority.id, { purpose: "suspension", to: "set" });
    expect(await codeOf(authority.id)).toBe("SUSPENDED");
    await revokeCredential(organisation, authority.id);
    expect(await codeOf(authority.id)).toBe("REVOKED");
    await suspendAgent(organisation, agent);
    expect(await codeOf(identity.id)).toBe("SUSPENDED");
    const other = await enrol(organisation, "b");
    const granted = await grantAuthority(organisation, other, { grants: [REFUNDS], lifeMs: HOUR });
    // As if it had been issued under a key that is the agent's no more.
    const { database } = organisation;
    await database.query("UPDATE credentials SET subject = $2 WHERE id = $1", [granted.id, agent.did]);
    expect(await codeOf(granted.id)).toBe("RECORD_TAMPERED");
    const content = `replace(content, '${other.did}', subject)`;
    await database.query(`UPDATE credentials SET content = ${content} WHERE id = $1`, [granted.id]);
    expect(await codeOf(granted.id)).toBe("NOT_FOUND");
  });

  it("gives nothing in the place of what was suspended and has ended since, or went with all that an agent had", async () => {
    const { organisation, clock, agent, identity, authority } = await openWithAgent();
    await setCredentialStatus(organisation, authority.id, { purpose: "suspension", to: "set" });
    clock.advance(2 * DAY);
    expect(await codeOfAsync(() => renewCredential(organisation, authority.id))).toBe("SUSPENDED");
    expect(await revokeCredentials(organisation, agent)).toEqual([]);
    expect(await codeOfAsync(() => renewCredential(organisation, identity.id))).toBe("REVOKED");
  });

  it("does not renew what is revoked, or whose agent is retired, while it is asked", async () => {
    const { organisation, agent, identity, authority } = await openWithAgent();
    const { database } = organisation;
    for (const [id, meanwhile, code] of [
      [authority.id, () => revokeCredential(organisation, authority.id), "REVOKED"],
      [identity.id, () => retireAgent(organisation, agent), "AGENT_INACTIVE"],
    ] as const) {
      const before = await database.query("SELECT count(*) AS n FROM credentials");
      const late = changedMeanwhile(organisation, meanwhile);
      expect(await codeOfAsync(() => renewCredential(late, id))).toBe(code);
      expect(await database.query("SELECT count(*) AS n FROM credentials")).toEqual(before);
    }
  });

  it("knows what was issued to agents only", async () => {
    const { organisation } = await openWithAgent();
    const { id } = await issueGenericCredential(organisation, {
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      id: "urn:uuid:11111111-7a56-4b6e-9a54-0f6d5b7c1a11",
      type: ["VerifiableCredential"],
      credentialSubject: { id: "did:example:somebody" },
    });
    for (const unknown of [String(id), "urn:uuid:00000000-0000-4000-8000-000000000000", ""]) {
      expect(await codeOfAsync(() => renewCredential(organisation, unknown))).toBe("NOT_FOUND");
    }
  });
});

describe("listExpiring", () => {
  it("leaves out what was recorded and never signed", async () => {
    const { organisation, agent } = await openWithAgent();
    const sign = () => Promise.reject(new Error("no"));
    const failing = { ...organisation, signer: { ...organisation.signer, sign } };
    await expect(grantAuthority(failing, agent, { grants: [REFUNDS], lifeMs: HOUR })).rejects.toThrow("no");
    expect(await listExpiring(organisation, { withinMs: HOUR })).toEqual([]);
  });

  it("lists what ends within a time and has not been renewed, the first to end first", async () => {
    const { organisation, clock, agent, identity, authority } = await openWithAgent();
    const ids = async (withinMs: number) =>
      (await listExpiring(organisation, { withinMs })).map(({ credentialId }) => credentialId);
    expect(await ids(DEFAULT_AUTHORITY_LIFE_MS - 1)).toEqual([]);
    expect(await ids(DEFAULT_AUTHORITY_LIFE_MS)).toEqual([authority.id]);
    expect(await ids(DEFAULT_IDENTITY_LIFE_MS)).toEqual([authority.id, identity.id]);
    const credential = await renewCredential(organisation, authority.id, { lifeMs: DAY });
    expect(await ids(DEFAULT_AUTHORITY_LIFE_MS)).toEqual([]);
    await revokeCredential(organisation, credential.id);
    expect(await ids(DEFAULT_AUTHORITY_LIFE_MS)).toEqual([authority.id]);
    clock.advance(DEFAULT_AUTHORITY_LIFE_MS);
    expect(await ids(DEFAULT_AUTHORITY_LIFE_MS)).toEqual([]);
    await suspendAgent(organisation, agent);
    expect(await ids(DAY)).toEqual([]);
  });
});
