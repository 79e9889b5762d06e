import { parseTimestamp } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  grantAuthority,
  listEvents,
  listIssuedCredentials,
  renewCredential,
  resumeAgent,
  revokeCredential,
  supersedeAuthority,
  suspendAgent,
} from "../src/index.js";
import { changedMeanwhile, openWorld, requestOf, rowCounts, signerOf } from "./world.js";

const meter = { ledger: signerOf("ledger").did, account: "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11" };
const spend = { unit: "EUR", amountAt: "/amount", budget: 10_000 };
const REFUNDS = { id: "refunds", actions: ["refund.create"], spend, meter };

async function openWithAuthority() {
  const { organisation, clock } = await openWorld();
  const { agent, credential } = await enrolAgent(organisation, await requestOf(signerOf("a")), { name: "a" });
  const authority = await grantAuthority(organisation, agent, { grants: [REFUNDS], maxHops: 2 });
  return { organisation, clock, agent, identity: credential, authority };
}

describe("supersedeAuthority", () => {
  it("issues the new one and revokes the old one, in one step, and links both", async () => {
    const { organisation, agent, authority } = await openWithAuthority();
    const narrower = { ...REFUNDS, spend: { ...spend, budget: 500 } };
    const credential = await supersedeAuthority(organisation, authority.id, {
      grants: [narrower],
      reason: "too much",
    });
    expect(credential.credentialSubject).toEqual({ ...authority.credentialSubject, grants: [narrower] });
    expect(await listIssuedCredentials(organisation, agent)).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ credentialId: credential.id, state: "live", inPlaceOf: authority.id }),
        expect.objectContaining({ credentialId: authority.id, state: "revoked", reason: "too much" }),
      ]) as object[],
    );
    expect((await listEvents(organisation)).slice(-2)).toMatchObject([
      { action: "credential.revoked", credentialId: authority.id, reason: "too much" },
      { action: "credential.issued", credentialId: credential.id, details: { supersedes: authority.id } },
    ]);
    const again = () => supersedeAuthority(organisation, authority.id, { grants: [REFUNDS] });
    expect(await codeOfAsync(again)).toBe("REVOKED");
  });

  it("row 222: keeps the meter of a grant, so that no budget is filled again", async () => {
    const { organisation, authority } = await openWithAuthority();
    const { meter: _, ...bare } = REFUNDS;
    const before = await rowCounts(organisation.database);
    for (const other of [
      { ...meter, account: "urn:uuid:22222222-7a56-4b6e-9a54-0f6d5b7c1a11" },
      { ...meter, ledger: signerOf("another ledger").did },
    ]) {
      const change = () =>
        supersedeAuthority(organisation, authority.id, { grants: [{ ...REFUNDS, meter: other }] });
      expect(await codeOfAsync(change)).toBe("SCHEMA_INVALID");
    }
    expect(await rowCounts(organisation.database)).toEqual(before);
    const wider = { ...bare, spend: { ...spend, budget: 20_000 } };
    const fresh = { id: "read", actions: ["order.read"] };
    const credential = await supersedeAuthority(organisation, authority.id, {
      grants: [wider, fresh],
      maxHops: 0,
    });
    const { redelegation: _hops, ...subject } = authority.credentialSubject;
    expect(credential.credentialSubject).toEqual({ ...subject, grants: [{ ...wider, meter }, fresh] });
  });

  it("revokes those that it was renewed by, or renews, as well: they say the same", async () => {
    const { organisation, agent, authority } = await openWithAuthority();
    const other = await grantAuthority(organisation, agent, { grants: [REFUNDS] });
    const second = await renewCredential(organisation, authority.id);
    const third = await renewCredential(organisation, second.id);
    const beside = await renewCredential(organisation, authority.id);
    const superseding = await supersedeAuthority(organisation, second.id, { grants: [REFUNDS] });
    const live = (await listIssuedCredentials(organisation, agent))
      .filter(({ type, state }) => type === "DelegatedAuthorityCredential" && state === "live")
      .map(({ credentialId }) => credentialId);
    expect([...live].sort()).toEqual([other.id, superseding.id].sort());
    for (const { id } of [authority, second, third, beside]) expect(live).not.toContain(id);
  });

  it("revokes the whole line, over what was revoked or has ended in it, for as long as the newest of it", async () => {
    const { organisation, clock, agent, authority } = await openWithAuthority();
    const hour = 60 * 60 * 1000;
    const short = await renewCredential(organisation, authority.id, { lifeMs: 1000 });
    const gone = await renewCredential(organisation, authority.id);
    const beyond = await renewCredential(organisation, gone.id, { lifeMs: 20 * hour });
    clock.advance(hour);
    await revokeCredential(organisation, gone.id);
    const credential = await supersedeAuthority(organisation, authority.id, { grants: [REFUNDS] });
    expect(parseTimestamp(credential.validUntil) - parseTimestamp(credential.validFrom)).toBe(20 * hour);
    const states = new Map(
      (await listIssuedCredentials(organisation, agent)).map(({ credentialId, state }) => [
        credentialId,
        state,
      ]),
    );
    for (const { id } of [authority, short, gone, beyond]) {
      expect([id, states.get(id)]).toEqual([id, "revoked"]);
      expect(await codeOfAsync(() => renewCredential(organisation, id))).toBe("REVOKED");
    }
  });

  it("row 222: keeps the meter over a grant that had none in between", async () => {
    const { organisation, authority } = await openWithAuthority();
    const { meter: _, spend: _spend, ...bare } = REFUNDS;
    const without = await supersedeAuthority(organisation, authority.id, { grants: [bare] });
    const another = {
      ...REFUNDS,
      meter: { ...meter, account: "urn:uuid:22222222-7a56-4b6e-9a54-0f6d5b7c1a11" },
    };
    const refill = () => supersedeAuthority(organisation, without.id, { grants: [another] });
    expect(await codeOfAsync(refill)).toBe("SCHEMA_INVALID");
  });

  it("asks once more where nothing changes any more", async () => {
    const { organisation, agent, authority } = await openWithAuthority();
    const { database } = organisation;
    const supersedeAfter = (meanwhile: () => Promise<unknown>) =>
      supersedeAuthority(changedMeanwhile(organisation, meanwhile), authority.id, { grants: [REFUNDS] });
    const before = await rowCounts(database);
    expect(await codeOfAsync(() => supersedeAfter(() => suspendAgent(organisation, agent)))).toBe(
      "AGENT_INACTIVE",
    );
    await resumeAgent(organisation, agent);
    expect(await codeOfAsync(() => supersedeAfter(() => revokeCredential(organisation, authority.id)))).toBe(
      "REVOKED",
    );
    expect(await rowCounts(database)).toEqual(before);
  });

  it("changes nothing where it cannot be issued", async () => {
    const { organisation, agent, identity, authority } = await openWithAuthority();
    const before = await listIssuedCredentials(organisation, agent);
    const codeOf = (id: string, grants: readonly (typeof REFUNDS)[]) =>
      codeOfAsync(() => supersedeAuthority(organisation, id, { grants }));
    expect(await codeOf(authority.id, [])).toBe("ARRAY_EMPTY");
    expect(await codeOf(identity.id, [REFUNDS])).toBe("TYPE_UNSUPPORTED");
    expect(await codeOf("urn:uuid:00000000-0000-4000-8000-000000000000", [REFUNDS])).toBe("NOT_FOUND");
    expect(await listIssuedCredentials(organisation, agent)).toEqual(before);
    await suspendAgent(organisation, agent);
    expect(await codeOf(authority.id, [REFUNDS])).toBe("SUSPENDED");
    await revokeCredential(organisation, authority.id);
    expect(await codeOf(authority.id, [REFUNDS])).toBe("REVOKED");
  });
});
