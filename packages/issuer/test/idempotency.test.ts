import { integerOf, type JsonObject } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  enrolPrincipal,
  grantAuthority,
  issueGenericCredential,
  listEvents,
  renewCredential,
  revokeCredential,
  rotateOrganisation,
  setCredentialStatus,
  supersedeAuthority,
  suspendAgent,
  type Organisation,
} from "../src/index.js";
import { DAY, enrol, openWorld, rawKey, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };
const HOUR = 3600 * SECOND;
const BADGE: JsonObject = {
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  type: ["VerifiableCredential"],
  credentialSubject: { id: "did:example:somebody" },
};

async function openGranting() {
  const { clock, ...world } = await openWorld();
  const agent = await enrol(world.organisation, "a");
  const grant = (idempotencyKey = "order 1", by: Organisation = world.organisation) =>
    grantAuthority(by, agent, { grants: [READ], idempotencyKey });
  return { ...world, clock, agent, grant };
}

/** The organisation, killed when it is asked for a signature. */
function killedAtSigning(organisation: Organisation): Organisation {
  const sign = () => Promise.reject(new Error("killed"));
  return { ...organisation, signer: { ...organisation.signer, sign } };
}

describe("a request that is made again by its idempotency key", () => {
  it("answers with the same credential and the same signature, and records nothing", async () => {
    const { organisation, database, clock, agent } = await openGranting();
    const request = await requestOf(signerOf("b"));
    const person = await requestOf(signerOf("c"));
    const first = await grantAuthority(organisation, agent, { grants: [READ] });
    const requests: readonly (() => Promise<unknown>)[] = [
      () => enrolAgent(organisation, request, { name: "b", idempotencyKey: "1" }),
      () => enrolPrincipal(organisation, person, { name: "c", type: "Person", idempotencyKey: "2" }),
      () => grantAuthority(organisation, agent, { grants: [READ], idempotencyKey: "3" }),
      () => renewCredential(organisation, first.id, { idempotencyKey: "4" }),
      () => supersedeAuthority(organisation, first.id, { grants: [READ], idempotencyKey: "5" }),
      () => issueGenericCredential(organisation, BADGE, { idempotencyKey: "6" }),
      () =>
        issueGenericCredential(organisation, BADGE, {
          status: ["suspension", "revocation"],
          idempotencyKey: "7",
        }),
    ];
    for (const ask of requests) {
      const issued = await ask();
      const before = await rowCounts(database);
      const events = await listEvents(organisation, {});
      clock.advance(SECOND);
      // The signature is among it.
      expect(await ask()).toEqual(issued);
      expect(await rowCounts(database)).toEqual(before);
      expect(await listEvents(organisation, {})).toEqual(events);
    }
  });

  it("answers with what was recorded and never signed", async () => {
    const { organisation, database, clock, grant } = await openGranting();
    await expect(grant("order 1", killedAtSigning(organisation))).rejects.toThrow("killed");
    const before = await rowCounts(database);
    clock.advance(SECOND);
    const { id } = await grant();
    expect(await rowCounts(database)).toEqual(before);
    const [row] = await database.query(
      "SELECT id, digest FROM credentials WHERE idempotency_key = 'order 1'",
    );
    expect(row).toMatchObject({ id, digest: expect.stringMatching(/^uEi/) as string });
  });

  it("is issued once, however many ask at the same time", async () => {
    const { database, grant } = await openGranting();
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => grant()));
    const reasons = all.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
    expect(reasons).toHaveLength(7);
    for (const reason of reasons) expect(reason).toMatchObject({ code: "ALREADY_EXISTS" });
    const [row] = await database.query(
      "SELECT count(*) AS n FROM credentials WHERE idempotency_key IS NOT NULL",
    );
    expect(row && integerOf(row, "n")).toBe(1);
    const { id } = await grant();
    expect(all).toContainEqual(expect.objectContaining({ value: expect.objectContaining({ id }) as object }));
  });

  it("is refused where it asks for something else, whatever that is", async () => {
    const { organisation, agent, grant } = await openGranting();
    await grant();
    const other = await enrol(organisation, "b");
    const same = { grants: [READ], idempotencyKey: "order 1" };
    const others = [
      () => grantAuthority(organisation, agent, { ...same, grants: [{ ...READ, actions: ["order.list"] }] }),
      () => grantAuthority(organisation, agent, { ...same, lifeMs: HOUR }),
      () => grantAuthority(organisation, agent, { ...same, maxHops: 1 }),
      () => grantAuthority(organisation, agent, { ...same, principal: agent.did }),
      () => grantAuthority(organisation, agent, { ...same, suite: "eddsa-rdfc-2022" }),
      () => grantAuthority(organisation, other, same),
      () => issueGenericCredential(organisation, BADGE, { idempotencyKey: "order 1" }),
    ];
    for (const ask of others) expect(await codeOfAsync(ask)).toBe("ALREADY_EXISTS");
    const names = ["", "x".repeat(129)];
    for (const name of names) expect(await codeOfAsync(() => grant(name))).toBe("SCHEMA_INVALID");
  });

  it("gets nothing that would not be handed out any more", async () => {
    const { organisation, clock, agent, grant } = await openGranting();
    const revoked = await grant("revoked");
    await revokeCredential(organisation, revoked.id);
    expect(await codeOfAsync(() => grant("revoked"))).toBe("REVOKED");
    const suspended = await grant("suspended");
    await setCredentialStatus(organisation, suspended.id, { purpose: "suspension", to: "set" });
    expect(await codeOfAsync(() => grant("suspended"))).toBe("SUSPENDED");
    await grant("ended");
    clock.advance(DAY);
    expect(await codeOfAsync(() => grant("ended"))).toBe("EXPIRED");
    await grant("with its agent");
    await suspendAgent(organisation, agent);
    expect(await codeOfAsync(() => grant("with its agent"))).toBe("SUSPENDED");
  });

  it("gets nothing signed by a key that the organisation had", async () => {
    const { organisation, database, clock, grant } = await openGranting();
    await grant();
    await expect(grant("never signed", killedAtSigning(organisation))).rejects.toThrow("killed");
    const random = seededRandom("next");
    const { organisation: next } = await rotateOrganisation(database, rawKey(1), { clock, random });
    expect(await codeOfAsync(() => grant("never signed"))).toBe("KEY_ROTATED");
    expect(await codeOfAsync(() => grant("order 1", next))).toBe("ALREADY_EXISTS");
  });

  it("is refused where the record was changed since", async () => {
    const { database, grant } = await openGranting();
    await grant();
    await database.query(
      "UPDATE credentials SET valid_until = valid_until + 1000 WHERE idempotency_key = $1",
      ["order 1"],
    );
    expect(await codeOfAsync(() => grant())).toBe("RECORD_TAMPERED");
  });
});
