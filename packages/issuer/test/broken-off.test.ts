import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  findAgent,
  grantAuthority,
  listEvents,
  listIssuedCredentials,
  type Organisation,
  renewCredential,
  revokeCredential,
  rotateAgent,
  setRole,
  supersedeAuthority,
  suspendAgent,
} from "../src/index.js";
import { DAY, enrol, openWorld, requestOf, SECOND, signerOf } from "./world.js";

const READ = { id: "read", actions: ["order.read"] };
const WRITE = { id: "write", actions: ["order.write"] };
const AS_A = { name: "a", roles: ["clerk"] };

/** The organisation, whose process ends where it is to sign. */
function breakingOff(organisation: Organisation): Organisation {
  const sign = () => Promise.reject(new Error("killed"));
  return { ...organisation, signer: { ...organisation.signer, sign } };
}

describe("an enrolment that was broken off", () => {
  async function broken() {
    const { organisation, clock } = await openWorld();
    for (const role of ["clerk", "head"]) await setRole(organisation, role, {});
    const request = await requestOf(signerOf("a"));
    await expect(enrolAgent(breakingOff(organisation), request, AS_A)).rejects.toThrow("killed");
    const agent = await findAgent(organisation, "a");
    const [issued] = await listIssuedCredentials(organisation, agent);
    return { organisation, clock, request, agent, credentialId: issued?.credentialId ?? "" };
  }

  it("goes on with the agent that was registered, once nobody is about it any more", async () => {
    const { organisation, clock, request, agent, credentialId } = await broken();
    const again = () => enrolAgent(organisation, request, AS_A);
    expect(await codeOfAsync(again)).toBe("ALREADY_EXISTS");
    clock.advance(10 * SECOND);
    await expect(enrolAgent(breakingOff(organisation), request, AS_A)).rejects.toThrow("killed");
    clock.advance(10 * SECOND);
    const both = await Promise.allSettled([again(), again()]);
    const [enrolled, ...others] = both.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(others).toEqual([]);
    expect(enrolled?.agent).toEqual(agent);
    expect(enrolled?.credential.credentialSubject).toMatchObject({ id: agent.did, agentId: agent.agentId });
    expect((await listEvents(organisation, { action: "agent.enrolled" })).length).toBe(1);
    const [first, second] = (await listEvents(organisation, { action: "credential.issued" })).slice(-2);
    expect(first?.details).toMatchObject({ renews: credentialId });
    expect(second?.details).toMatchObject({ renews: first?.credentialId });
    clock.advance(10 * SECOND);
    expect(await codeOfAsync(again)).toBe("ALREADY_EXISTS");
  });

  it.each([
    ["another name", "a", { ...AS_A, name: "b" }],
    ["other roles", "a", { ...AS_A, roles: ["clerk", "head"] }],
    ["another owner", "a", { ...AS_A, owner: signerOf("owner").did }],
    ["another key", "b", AS_A],
  ])("does not go on with %s", async (_, key, options) => {
    const { organisation, clock } = await broken();
    clock.advance(10 * SECOND);
    const request = await requestOf(signerOf(key));
    expect(await codeOfAsync(() => enrolAgent(organisation, request, options))).toBe("ALREADY_EXISTS");
  });

  it("does not bring back what was revoked or suspended meanwhile", async () => {
    const { organisation, clock, request, agent, credentialId } = await broken();
    clock.advance(10 * SECOND);
    const again = (text: string) => codeOfAsync(() => enrolAgent(organisation, text, AS_A));
    await suspendAgent(organisation, agent);
    expect(await again(request)).toBe("ALREADY_EXISTS");
    await revokeCredential(organisation, credentialId);
    expect(await again(request)).toBe("ALREADY_EXISTS");
  });

  it("does not go on where the agent was suspended when its identity had ended", async () => {
    const { organisation, clock, agent } = await broken();
    clock.advance(2 * DAY);
    await suspendAgent(organisation, agent);
    const request = await requestOf(signerOf("a"), { proof: { created: organisation.clock() } });
    expect(await codeOfAsync(() => enrolAgent(organisation, request, AS_A))).toBe("AGENT_INACTIVE");
  });
});

describe("a superseding that was broken off", () => {
  async function broken() {
    const { organisation, clock } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    const supersede = (by: Organisation) => supersedeAuthority(by, id, { grants: [WRITE] });
    await expect(supersede(breakingOff(organisation))).rejects.toThrow("killed");
    return { organisation, clock, agent, id, supersede };
  }

  it("goes on, once nobody is about it any more", async () => {
    const { organisation, clock, agent, supersede } = await broken();
    expect(await codeOfAsync(() => supersede(organisation))).toBe("REVOKED");
    clock.advance(10 * SECOND);
    await expect(supersede(breakingOff(organisation))).rejects.toThrow("killed");
    clock.advance(10 * SECOND);
    const both = await Promise.allSettled([supersede(organisation), supersede(organisation)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const issued = await listIssuedCredentials(organisation, agent);
    const authorities = issued.filter(({ type }) => type === "DelegatedAuthorityCredential");
    expect(authorities.map(({ state }) => state).sort()).toEqual(["live", "revoked", "revoked", "revoked"]);
    clock.advance(10 * SECOND);
    expect(await codeOfAsync(() => supersede(organisation))).toBe("REVOKED");
  });

  it("does not go on where what came was revoked", async () => {
    const { organisation, clock, agent, supersede } = await broken();
    clock.advance(10 * SECOND);
    for (const { credentialId } of await listIssuedCredentials(organisation, agent)) {
      await revokeCredential(organisation, credentialId);
    }
    expect(await codeOfAsync(() => supersede(organisation))).toBe("REVOKED");
  });

  it("does not go on where what came was revoked and never signed", async () => {
    const { organisation, clock, agent, supersede } = await broken();
    const issued = await listIssuedCredentials(organisation, agent);
    const came = issued.find(({ inPlaceOf }) => inPlaceOf !== undefined);
    await revokeCredential(organisation, came?.credentialId ?? "");
    clock.advance(10 * SECOND);
    expect(await codeOfAsync(() => supersede(organisation))).toBe("REVOKED");
  });

  it("is not what a rotation was to issue to the next key, and did not", async () => {
    const { organisation, clock } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    const request = await requestOf(signerOf("next"), { proof: { created: organisation.clock() } });
    const rotate = () => rotateAgent(breakingOff(organisation), agent, { type: "lost-key", request });
    await expect(rotate()).rejects.toThrow("killed");
    clock.advance(10 * SECOND);
    expect(await codeOfAsync(() => supersedeAuthority(organisation, id, { grants: [WRITE] }))).toBe(
      "REVOKED",
    );
  });

  it("is not a renewal that was broken off: what was revoked stays so", async () => {
    const { organisation, clock } = await openWorld();
    const agent = await enrol(organisation, "a");
    const { id } = await grantAuthority(organisation, agent, { grants: [READ] });
    await expect(renewCredential(breakingOff(organisation), id)).rejects.toThrow("killed");
    await revokeCredential(organisation, id);
    clock.advance(10 * SECOND);
    const supersede = () => supersedeAuthority(organisation, id, { grants: [WRITE] });
    expect(await codeOfAsync(supersede)).toBe("REVOKED");
  });
});
