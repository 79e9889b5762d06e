import {
  ENROLMENT_LIFE_MS,
  verifyProofs,
  createResolver,
  WRIT_CONTEXT,
  type EnrolmentRequest,
  type Proof,
} from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  DEFAULT_IDENTITY_LIFE_MS,
  enrolAgent,
  type EnrolmentOptions,
  findAgent,
  listAgents,
  registerPrincipal,
  setRole,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const AGENT = signerOf("refund-bot");
const NAME: EnrolmentOptions = { name: "refund-bot" };
const UUID_URN = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("enrolAgent", () => {
  it("vouches for the key that signed, in the form of DESIGN 2", async () => {
    const { organisation } = await openWorld();
    const owner = signerOf("owner").did;
    await registerPrincipal(organisation, { did: owner, name: "alice", type: "Person" });
    await setRole(organisation, "refund-processor", {});
    const { agent, credential } = await enrolAgent(organisation, await requestOf(AGENT), {
      name: "refund-bot",
      roles: ["refund-processor"],
      owner,
      environment: "prod",
      wallet: "/var/lib/refund-bot.wallet",
    });
    expect(agent).toEqual({
      agentId: expect.stringMatching(UUID_URN) as string,
      name: "refund-bot",
      did: AGENT.did,
      owner,
      roles: ["refund-processor"],
      environment: "prod",
      wallet: "/var/lib/refund-bot.wallet",
      created: NOW,
      state: "active",
    });
    const { proof, ...unsigned } = credential;
    expect(unsigned).toEqual({
      "@context": WRIT_CONTEXT,
      id: expect.stringMatching(UUID_URN) as string,
      type: ["VerifiableCredential", "AgentIdentityCredential"],
      issuer: organisation.did,
      validFrom: "2026-11-23T08:00:00Z",
      validUntil: "2026-11-24T08:00:00Z",
      credentialSubject: {
        id: AGENT.did,
        type: "Agent",
        agentId: agent.agentId,
        name: "refund-bot",
        roles: ["refund-processor"],
        owner,
        environment: "prod",
      },
      credentialStatus: [
        {
          type: "BitstringStatusListEntry",
          statusPurpose: "revocation",
          statusListIndex: expect.stringMatching(/^(0|[1-9][0-9]*)$/) as string,
          statusListCredential: "https://acme.example/status/r1",
        },
        {
          type: "BitstringStatusListEntry",
          statusPurpose: "suspension",
          statusListIndex: expect.stringMatching(/^(0|[1-9][0-9]*)$/) as string,
          statusListCredential: "https://acme.example/status/s1",
        },
      ],
    });
    expect(proof as Proof).toMatchObject({
      type: "DataIntegrityProof",
      cryptosuite: "eddsa-jcs-2022",
      created: "2026-11-23T08:00:00Z",
      proofPurpose: "assertionMethod",
      verificationMethod: organisation.signer.verificationMethod,
    });
    const result = await verifyProofs(JSON.stringify(credential), { resolver: createResolver() });
    expect(result).toMatchObject({ verified: true, proofs: [{ key: { did: organisation.did } }] });
    expect(Object.isFrozen(credential) && Object.isFrozen(credential.credentialSubject)).toBe(true);
  });

  it("leaves out what the operator does not say, and makes the organisation the owner", async () => {
    const { organisation } = await openWorld();
    const { agent, credential } = await enrolAgent(organisation, await requestOf(AGENT), NAME);
    expect(credential.credentialSubject).toEqual({
      id: AGENT.did,
      type: "Agent",
      agentId: agent.agentId,
      name: "refund-bot",
      owner: organisation.did,
    });
    expect(Date.parse(credential.validUntil) - NOW).toBe(DEFAULT_IDENTITY_LIFE_MS);
    expect(await findAgent(organisation, "refund-bot")).toEqual(agent);
  });

  it("takes the request as text, as bytes and as the object that a wallet made", async () => {
    const { organisation } = await openWorld();
    const text = await requestOf(signerOf("text"));
    const bytes = new TextEncoder().encode(await requestOf(signerOf("bytes")));
    const object = JSON.parse(await requestOf(signerOf("object"))) as EnrolmentRequest;
    for (const [name, request] of Object.entries({ text, bytes, object })) {
      expect((await enrolAgent(organisation, request, { name })).agent.did).toBe(signerOf(name).did);
    }
    const altered = { ...object, id: "urn:uuid:00000000-0000-4000-8000-000000000000" };
    expect(await codeOfAsync(() => enrolAgent(organisation, altered, { name: "x" }))).toBe(
      "SIGNATURE_INVALID",
    );
  });

  it("gives each agent an id, a credential and status entries of its own", async () => {
    const { organisation, database } = await openWorld();
    const names = ["b", "a", "c"];
    for (const name of names) await enrol(organisation, name);
    const agents = await listAgents(organisation);
    expect(agents.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(agents.map(({ did }) => did)).toEqual(["a", "b", "c"].map((name) => signerOf(name).did));
    expect(new Set(agents.map(({ agentId }) => agentId)).size).toBe(3);
    expect(await rowCounts(database)).toEqual({
      organisation: 1,
      agents: 3,
      credentials: 3,
      status_lists: 2,
      status_entries: 6,
    });
  });

  it("takes a request until a day after it was made, and a minute ahead of its clock", async () => {
    const { organisation, clock } = await openWorld();
    clock.advance(ENROLMENT_LIFE_MS);
    await enrolAgent(organisation, await requestOf(AGENT), NAME);
    const ahead = await requestOf(signerOf("ahead"), { proof: { created: NOW + DAY + 60 * SECOND } });
    expect((await enrolAgent(organisation, ahead, { name: "ahead" })).agent.name).toBe("ahead");
  });

  it("finds no agent that is not registered", async () => {
    const { organisation } = await openWorld();
    expect(await codeOfAsync(() => findAgent(organisation, "nobody"))).toBe("NOT_FOUND");
    expect(await listAgents(organisation)).toEqual([]);
  });
});
