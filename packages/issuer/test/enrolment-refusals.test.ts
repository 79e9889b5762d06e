import { asJson } from "@writ/core";
import { codeOfAsync, refusalOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { enrolAgent, listAgents, type EnrolmentOptions } from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, rowCounts, SECOND, signerOf } from "./world.js";

const AGENT = signerOf("refund-bot");
const NAME: EnrolmentOptions = { name: "refund-bot" };
const other = signerOf("another key");

/** An altered copy of a request. */
async function altered(change: (request: Record<string, unknown>) => void): Promise<string> {
  const request = JSON.parse(await requestOf(AGENT)) as Record<string, unknown>;
  change(request);
  return JSON.stringify(request);
}

type Case = readonly [
  what: string,
  request: () => Promise<string>,
  code: string,
  pointer: string,
  options?: EnrolmentOptions,
];

const REFUSED: readonly Case[] = [
  [
    "an id that was altered",
    () => altered((r) => (r["id"] = `${String(r["id"]).slice(0, -1)}0`)),
    "SIGNATURE_INVALID",
    "/proof",
  ],
  [
    "a time that was altered",
    () => altered((r) => ((r["proof"] as Record<string, unknown>)["created"] = "2026-11-23T08:00:01Z")),
    "SIGNATURE_INVALID",
    "/proof",
  ],
  ["no proof", () => altered((r) => Reflect.deleteProperty(r, "proof")), "PROOF_MISSING", "/proof"],
  [
    "a holder who did not sign",
    () => requestOf(other, { members: { holder: AGENT.did } }),
    "HOLDER_MISMATCH",
    "/proof/verificationMethod",
  ],
  [
    "a set of proofs, one by another key",
    async () => {
      const [own, foreign] = [
        JSON.parse(await requestOf(AGENT)),
        JSON.parse(
          await requestOf(other, {
            members: { holder: AGENT.did, id: (JSON.parse(await requestOf(AGENT)) as { id: string }).id },
          }),
        ),
      ] as [{ proof: unknown }, { proof: unknown }];
      return JSON.stringify({ ...own, proof: [own.proof, foreign.proof] });
    },
    "HOLDER_MISMATCH",
    "/proof/1/verificationMethod",
  ],
  [
    "another purpose",
    () => requestOf(AGENT, { proof: { purpose: "assertionMethod" } }),
    "PROOF_PURPOSE",
    "/proof/proofPurpose",
  ],
  [
    "another domain",
    () => requestOf(AGENT, { proof: { domain: "https://shop.example" } }),
    "DOMAIN_MISMATCH",
    "/proof/domain",
  ],
  [
    "no domain",
    async () => requestOf(AGENT, { proof: { domain: undefined } as object }),
    "DOMAIN_MISMATCH",
    "/proof/domain",
  ],
  [
    "an age of more than a day",
    () => requestOf(AGENT, { proof: { created: NOW - DAY - SECOND } }),
    "PROOF_EXPIRED",
    "/proof/created",
  ],
  [
    "an end that is reached",
    () => requestOf(AGENT, { proof: { created: NOW - 60 * SECOND, expires: NOW } }),
    "PROOF_EXPIRED",
    "/proof/expires",
  ],
  [
    "a time that is ahead by over a minute",
    () => requestOf(AGENT, { proof: { created: NOW + 61 * SECOND } }),
    "PROOF_CREATED",
    "/proof/created",
  ],
  [
    "the type of a presentation",
    () => requestOf(AGENT, { members: { type: ["VerifiablePresentation"] } }),
    "SCHEMA_INVALID",
    "/type",
  ],
  [
    "a member that it may not have",
    () => requestOf(AGENT, { members: { agentId: "urn:uuid:0" } }),
    "SCHEMA_INVALID",
    "/agentId",
  ],
  [
    "two holders",
    async () => (await requestOf(AGENT)).replace("{", `{"holder":"${AGENT.did}",`),
    "JSON_DUPLICATE_KEY",
    "/holder",
  ],
  ["something that is not JSON", () => Promise.resolve("enrol me"), "JSON_SYNTAX", ""],
  ["nothing", () => Promise.resolve(""), "JSON_SYNTAX", ""],
  ["a name that is taken", () => requestOf(AGENT), "ALREADY_EXISTS", "", { name: "taken" }],
  [
    "a key that is enrolled",
    () => requestOf(signerOf("taken")),
    "ALREADY_EXISTS",
    "",
    { name: "second name" },
  ],
  ["an empty name", () => requestOf(AGENT), "SCHEMA_INVALID", "/credentialSubject/name", { name: "" }],
  [
    "an owner who is no DID",
    () => requestOf(AGENT),
    "DID_SYNTAX",
    "/credentialSubject/owner",
    { ...NAME, owner: "alice" },
  ],
  [
    "a role twice",
    () => requestOf(AGENT),
    "DUPLICATE_ITEM",
    "/credentialSubject/roles/1",
    { ...NAME, roles: ["a", "a"] },
  ],
  [
    "a life over 90 days",
    () => requestOf(AGENT),
    "VALIDITY_INVALID",
    "/validUntil",
    { ...NAME, lifeMs: 90 * DAY + SECOND },
  ],
  ["no life", () => requestOf(AGENT), "VALIDITY_INVALID", "/validUntil", { ...NAME, lifeMs: 0 }],
  ["a life that is no integer", () => requestOf(AGENT), "ARGUMENT_INVALID", "", { ...NAME, lifeMs: 1.5 }],
  ["a life that is no number", () => requestOf(AGENT), "ARGUMENT_INVALID", "", { ...NAME, lifeMs: NaN }],
];

describe("an enrolment that is refused", () => {
  const cases = REFUSED.map(([what, ...rest]) => ({ what, rest }));
  it.each(cases)("for $what records nothing", async ({ rest }) => {
    const [request, code, pointer, options = NAME] = rest;
    const { organisation, database } = await openWorld();
    await enrol(organisation, "taken");
    const before = await rowCounts(database);
    const text = await request();
    expect(await refusalOfAsync(() => enrolAgent(organisation, text, options))).toMatchObject({
      code,
      pointer,
    });
    expect(await rowCounts(database)).toEqual(before);
  });

  it("rows 165, 232: is what a replayed request meets, with the same name or another", async () => {
    const { organisation, database } = await openWorld();
    const request = await requestOf(AGENT);
    const { agent } = await enrolAgent(organisation, request, NAME);
    const before = await rowCounts(database);
    expect(await codeOfAsync(() => enrolAgent(organisation, request, NAME))).toBe("ALREADY_EXISTS");
    expect(await codeOfAsync(() => enrolAgent(organisation, request, { name: "b" }))).toBe("ALREADY_EXISTS");
    expect(await rowCounts(database)).toEqual(before);
    expect(await listAgents(organisation)).toEqual([agent]);
  });

  it("is what all but one of ten requests at once meet", async () => {
    const { organisation, database } = await openWorld();
    const request = await requestOf(AGENT);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        enrolAgent(organisation, request, { name: `n${String(index)}` }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await rowCounts(database))["agents"]).toBe(1);
  });

  it("row 164: does not let the caller set issuer, proof, status or id", async () => {
    const { organisation } = await openWorld();
    const wanted = {
      issuer: other.did,
      id: "urn:uuid:00000000-0000-4000-8000-000000000000",
      credentialStatus: [],
      proof: {},
      did: other.did,
      agentId: "urn:uuid:00000000-0000-4000-8000-000000000000",
    };
    const { credential, agent } = await enrolAgent(organisation, await requestOf(AGENT), {
      ...NAME,
      ...wanted,
    });
    expect(credential.issuer).toBe(organisation.did);
    expect(credential.id).not.toBe(wanted.id);
    expect(credential.credentialStatus).toHaveLength(2);
    expect(agent.did).toBe(AGENT.did);
    expect(agent.agentId).not.toBe(wanted.agentId);
    expect(asJson(credential)["proof"]).toHaveProperty("proofValue");
  });
});
