import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  allocateDelegation,
  createCurrentLists,
  grantAuthority,
  issueGenericCredential,
  listAgents,
  listEvents,
  listExpiring,
  listFormerKeys,
  listRevocable,
  openOrganisation,
  publishStatusLists,
  renewCredential,
  revokeCredential,
  revokeCredentials,
  rotateAgent,
  rotateOrganisation,
  setIssuanceRules,
  supersedeAuthority,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, rawKey, requestOf, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };

async function openRotated() {
  const { organisation: before, database, clock } = await openWorld();
  const agent = await enrol(before, "a");
  const authority = await grantAuthority(before, agent, { grants: [READ] });
  clock.advance(SECOND);
  const environment = { clock, random: before.random };
  const rotated = await rotateOrganisation(database, rawKey(1), environment, { reason: "once a year" });
  return { before, agent, authority, database, clock, environment, ...rotated };
}

describe("the organisation's key", () => {
  it("is followed by another, by a statement of both", async () => {
    const { before, organisation, statement, database, environment } = await openRotated();
    expect(statement).toMatchObject({
      type: ["SuccessionStatement"],
      predecessor: before.did,
      successor: organisation.did,
      proof: [{ verificationMethod: before.signer.verificationMethod }, {}],
    });
    expect(organisation.did).not.toBe(before.did);
    expect(organisation.signer.did).toBe(organisation.did);
    expect(await listFormerKeys(organisation)).toEqual([{ did: before.did, until: NOW + SECOND, statement }]);
    expect(await listEvents(organisation, { action: "organisation.rotated" })).toMatchObject([
      { reason: "once a year", details: { from: before.did, to: organisation.did } },
    ]);
    const opened = await openOrganisation(database, rawKey(1), environment);
    expect([opened.did, [...opened.formerSigners.keys()]]).toEqual([organisation.did, [before.did]]);
    const data = new Uint8Array([1, 2, 3]);
    expect(await opened.signer.sign(data)).toEqual(await organisation.signer.sign(data));
    opened.close();
    for (const signer of [opened.signer, ...opened.formerSigners.values()]) {
      expect(await codeOfAsync(() => signer.sign(data))).toBe("ARGUMENT_INVALID");
    }
  });

  it("issues from then on, to the same agents and in its name of now", async () => {
    const { organisation, agent, authority } = await openRotated();
    expect((await listAgents(organisation)).map(({ owner }) => owner)).toEqual([organisation.did]);
    const renewed = await renewCredential(organisation, authority.id);
    expect(renewed).toMatchObject({
      issuer: organisation.did,
      credentialSubject: { id: agent.did, principal: organisation.did },
    });
    const granted = await grantAuthority(organisation, agent, { grants: [READ] });
    expect(granted.credentialSubject.principal).toBe(organisation.did);
  });

  it("is whose name an authority is superseded in, and given to another key of its agent", async () => {
    const { organisation, authority } = await openRotated();
    const superseded = await supersedeAuthority(organisation, authority.id, { grants: [READ] });
    expect(superseded.credentialSubject.principal).toBe(organisation.did);
    const rotated = await openRotated();
    const request = await requestOf(signerOf("b"), { proof: { created: rotated.clock() } });
    const { credentials } = await rotateAgent(rotated.organisation, rotated.agent, {
      type: "lost-key",
      request,
    });
    expect(credentials.map(({ credentialSubject }) => credentialSubject)).toContainEqual(
      expect.objectContaining({ principal: rotated.organisation.did }),
    );
  });

  it("is that by which all is renewed that a former key issued, and no more", async () => {
    const { organisation, agent, authority } = await openRotated();
    const granted = await grantAuthority(organisation, agent, { grants: [READ] });
    const former = async () =>
      (await listExpiring(organisation, { byFormerKeys: true })).map(({ credentialId }) => credentialId);
    const before = await former();
    expect(before).toHaveLength(2);
    expect(before).toContain(authority.id);
    expect(before).not.toContain(granted.id);
    for (const id of before) await renewCredential(organisation, id);
    expect(await former()).toEqual([]);
  });

  it("begins lists of its own, and the old one goes on with its own", async () => {
    const { before, organisation, agent, authority, clock } = await openRotated();
    const { credentialStatus = [] } = await grantAuthority(organisation, agent, { grants: [READ] });
    expect(credentialStatus.map(({ statusListCredential }) => statusListCredential)).toEqual([
      "https://acme.example/status/r2",
      "https://acme.example/status/s2",
    ]);
    await revokeCredential(organisation, authority.id);
    const issuers = (await publishStatusLists(organisation)).map(({ listId, credential }) => [
      listId,
      credential.issuer,
    ]);
    expect(issuers).toEqual([
      ["r1", before.did],
      ["r2", organisation.did],
      ["s1", before.did],
      ["s2", organisation.did],
    ]);
    clock.advance(SECOND);
    const current = await createCurrentLists(organisation).get("r1");
    expect(JSON.parse(current?.text ?? "")).toMatchObject({ issuer: before.did });
  });

  it("does not sign any more for whoever has opened it before", async () => {
    const { before, organisation, agent, authority } = await openRotated();
    const events = (await listEvents(organisation)).length;
    const acts: (() => Promise<unknown>)[] = [
      () => grantAuthority(before, agent, { grants: [READ] }),
      () => renewCredential(before, authority.id),
      () => enrol(before, "b"),
      () =>
        issueGenericCredential(before, {
          "@context": ["https://www.w3.org/ns/credentials/v2"],
          type: ["VerifiableCredential"],
          credentialSubject: { name: "x" },
        }),
    ];
    acts.push(() =>
      allocateDelegation(before, {
        credentialId: "urn:uuid:11111111-7a56-4b6e-9a54-0f6d5b7c1a11",
        issuer: agent.did,
        subject: signerOf("x").did,
        parentId: authority.id,
        validUntil: authority.validUntil,
      }),
    );
    for (const act of acts) expect(await codeOfAsync(act)).toBe("KEY_ROTATED");
    expect((await listEvents(organisation)).length).toBe(events);
    // Its own lists it knows, the new one's it cannot sign.
    expect(await publishStatusLists(before)).toHaveLength(2);
    await grantAuthority(organisation, agent, { grants: [READ] });
    expect(await codeOfAsync(() => publishStatusLists(before))).toBe("KEY_ROTATED");
  });

  it("is rotated again, and by one of two who do it at once", async () => {
    const { before, organisation, database, environment } = await openRotated();
    const both = await Promise.allSettled(
      [0, 1].map(() => rotateOrganisation(database, rawKey(1), environment)),
    );
    const done = both.flatMap((each) => (each.status === "fulfilled" ? [each.value.organisation] : []));
    const refused = both.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: "KEY_ROTATED" }]);
    expect([...(done[0]?.formerSigners.keys() ?? [])]).toEqual([before.did, organisation.did]);
    expect((await listFormerKeys(organisation)).map(({ did }) => did)).toEqual([
      before.did,
      organisation.did,
    ]);
  });

  it("opens with its secret alone, and a sealed key that was changed is told", async () => {
    const { before, organisation, database, environment } = await openRotated();
    const rotating = () => rotateOrganisation(database, rawKey(2), environment);
    expect(await codeOfAsync(rotating)).toBe("UNLOCK_FAILED");
    // The one in the place of the other.
    await database.query(
      "UPDATE former_keys SET sealed_seed = (SELECT sealed_seed FROM organisation) WHERE did = $1",
      [before.did],
    );
    expect(await codeOfAsync(() => openOrganisation(database, rawKey(1), environment))).toBe(
      "RECORD_TAMPERED",
    );
    expect((await listFormerKeys(organisation)).length).toBe(1);
  });

  it("names what is revoked of what was issued in a time", async () => {
    const { before, organisation, agent, authority } = await openRotated();
    const granted = await grantAuthority(organisation, agent, { grants: [READ] });
    const issuedSince = NOW - DAY;
    expect(await listRevocable(organisation, { issuedSince })).toEqual([granted.id]);
    const byOld = { issuedSince, issuer: before.did };
    expect(await listRevocable(organisation, byOld)).toHaveLength(2);
    expect(await revokeCredentials(organisation, byOld)).toContain(authority.id);
    expect(await listRevocable(organisation, byOld)).toEqual([]);
    expect(await listRevocable(organisation, { issuedSince })).toEqual([granted.id]);
    expect(await codeOfAsync(() => renewCredential(organisation, authority.id))).toBe("REVOKED");
    expect(await setIssuanceRules(organisation, { withoutRole: "nothing" })).toMatchObject({
      withoutRole: "nothing",
    });
  });
});
