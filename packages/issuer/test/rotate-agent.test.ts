import { createSuccessionStatement, parseTimestamp, type Signer } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  enrolAgent,
  findAgent,
  grantAuthority,
  listAgentKeys,
  listEvents,
  listIssuedCredentials,
  type Organisation,
  renewCredential,
  retireAgent,
  revokeCredential,
  revokeCredentials,
  rotateAgent,
  type RotationRequest,
  setCredentialStatus,
  setRole,
  suspendAgent,
} from "../src/index.js";
import { DAY, enrol, NOW, openWorld, requestOf, SECOND, signerOf } from "./world.js";

const HOUR = 60 * 60 * SECOND;
const REFUNDS = {
  id: "refunds",
  actions: ["refund.create"],
  spend: { unit: "EUR", amountAt: "/amount", budget: 10_000 },
  meter: { ledger: signerOf("ledger").did, account: "urn:uuid:5be10a4c-7a56-4b6e-9a54-0f6d5b7c1a11" },
};
const [OLD, NEW] = [signerOf("a"), signerOf("the next")];

async function openWithAgent() {
  const { organisation, clock } = await openWorld();
  await setRole(organisation, "r", {});
  const { agent, credential } = await enrolAgent(organisation, await requestOf(OLD), {
    name: "a",
    roles: ["r"],
  });
  const authority = await grantAuthority(organisation, agent, { grants: [REFUNDS], maxHops: 2 });
  return { organisation, clock, agent, identity: credential, authority };
}

/** Both keys say that the one follows the other. */
async function bothKeys(
  { clock, random }: Organisation,
  predecessor: Signer = OLD,
  successor: Signer = NEW,
): Promise<RotationRequest> {
  const statement = await createSuccessionStatement({ predecessor, successor }, { clock, random });
  return { type: "both-keys", statement };
}

const lostKey = async (signer: Signer = NEW): Promise<RotationRequest> => ({
  type: "lost-key",
  request: await requestOf(signer),
});

describe("rotateAgent", () => {
  it.each([
    ["both keys", bothKeys],
    ["the operator's word, for a lost key", () => lostKey()],
  ])("issues to the new key what the old one had, by %s", async (_, request) => {
    const { organisation, clock, agent, identity, authority } = await openWithAgent();
    clock.advance(HOUR);
    const asked = await request(organisation);
    const rotated = await rotateAgent(organisation, agent, asked, { reason: "yearly" });
    expect(rotated.agent).toEqual({ ...agent, did: NEW.did });
    expect(await findAgent(organisation, "a")).toEqual(rotated.agent);
    expect(rotated.credentials.map(({ type, credentialSubject }) => [type[1], credentialSubject])).toEqual([
      ["DelegatedAuthorityCredential", { ...authority.credentialSubject, id: NEW.did }],
      ["AgentIdentityCredential", { ...identity.credentialSubject, id: NEW.did }],
    ]);
    expect(rotated.credentials.map(({ validUntil }) => parseTimestamp(validUntil))).toEqual(
      [authority, identity].map(({ validUntil }) => parseTimestamp(validUntil)),
    );
    const issued = await listIssuedCredentials(organisation, agent);
    expect(issued.filter(({ subject }) => subject === OLD.did)).toMatchObject([
      { state: "revoked", reason: "yearly" },
      { state: "revoked", reason: "yearly" },
    ]);
    expect(issued.filter(({ subject }) => subject === NEW.did).map(({ inPlaceOf }) => inPlaceOf)).toEqual(
      expect.arrayContaining([identity.id, authority.id]),
    );
    expect(await listAgentKeys(organisation, agent)).toEqual([
      { did: OLD.did, since: NOW, until: NOW + HOUR },
      { did: NEW.did, since: NOW + HOUR },
    ]);
    expect(await listEvents(organisation, { action: "agent.rotated" })).toMatchObject([
      { agentId: agent.agentId, reason: "yearly", details: { from: OLD.did, to: NEW.did, by: asked.type } },
    ]);
  });

  it("issues nothing again of what was suspended, revoked or ended", async () => {
    const { organisation, clock, agent, identity, authority } = await openWithAgent();
    const short = await grantAuthority(organisation, agent, { grants: [REFUNDS], lifeMs: HOUR });
    const odd = await grantAuthority(organisation, agent, { grants: [REFUNDS] });
    await revokeCredential(organisation, authority.id);
    await setCredentialStatus(organisation, odd.id, { purpose: "suspension", to: "set" });
    clock.advance(HOUR);
    const { credentials } = await rotateAgent(organisation, agent, await bothKeys(organisation));
    expect(credentials.map(({ type }) => type[1])).toEqual(["AgentIdentityCredential"]);
    const states = new Map(
      (await listIssuedCredentials(organisation, agent)).map(({ credentialId, state }) => [
        credentialId,
        state,
      ]),
    );
    expect([identity, authority, odd, short].map(({ id }) => states.get(id))).toEqual([
      "revoked",
      "revoked",
      "revoked",
      "ended",
    ]);
  });

  it("goes on where it was broken off, and issues nothing twice", async () => {
    const { organisation, clock, agent, authority } = await openWithAgent();
    const request = await bothKeys(organisation);
    let signed = 0;
    const failing = {
      ...organisation,
      signer: {
        ...organisation.signer,
        sign: (data: Uint8Array) =>
          signed++ < 1 ? organisation.signer.sign(data) : Promise.reject(new Error("the machine stopped")),
      },
    };
    await expect(rotateAgent(failing, agent, request)).rejects.toThrow("the machine stopped");
    const begun = await findAgent(organisation, "a");
    expect(begun.did).toBe(NEW.did);
    clock.advance(11 * SECOND);
    const rest = await rotateAgent(organisation, begun, request);
    expect(rest.credentials.map(({ type }) => type[1])).toEqual(["AgentIdentityCredential"]);
    const again = () => codeOfAsync(() => rotateAgent(organisation, begun, request));
    expect(await again()).toBe("ALREADY_EXISTS");
    // What was taken away since does not come back either.
    const issued = (await listIssuedCredentials(organisation, agent)).find(
      ({ inPlaceOf }) => inPlaceOf === authority.id,
    );
    await revokeCredential(organisation, issued?.credentialId ?? "");
    expect(await again()).toBe("ALREADY_EXISTS");
  });

  it("issues nothing that was revoked by itself while it was broken off", async () => {
    const { organisation, clock, agent, authority } = await openWithAgent();
    const failing = {
      ...organisation,
      signer: { ...organisation.signer, sign: () => Promise.reject(new Error("no")) },
    };
    const request = await bothKeys(organisation);
    await expect(rotateAgent(failing, agent, request)).rejects.toThrow("no");
    await revokeCredential(organisation, authority.id, "compromised");
    expect((await listEvents(organisation)).at(-1)).toMatchObject({
      action: "credential.revoked",
      credentialId: authority.id,
      reason: "compromised",
    });
    clock.advance(11 * SECOND);
    const { credentials } = await rotateAgent(organisation, { ...agent, did: NEW.did }, request);
    expect(credentials.map(({ type }) => type[1])).toEqual(["AgentIdentityCredential"]);
    await expect(
      rotateAgent(failing, { ...agent, did: NEW.did }, await bothKeys(organisation, NEW, signerOf("c"))),
    ).rejects.toThrow("no");
    await revokeCredentials(organisation, agent);
    clock.advance(11 * SECOND);
    const third = { ...agent, did: signerOf("c").did };
    const again = async () =>
      rotateAgent(organisation, third, await bothKeys(organisation, NEW, signerOf("c")));
    expect(await codeOfAsync(again)).toBe("ALREADY_EXISTS");
  });

  it("issues each once where it is asked twice at a time, and not to an agent that was suspended meanwhile", async () => {
    const { organisation, clock, agent } = await openWithAgent();
    const request = await bothKeys(organisation);
    let asked = 0;
    const failing = {
      ...organisation,
      signer: { ...organisation.signer, sign: () => Promise.reject(new Error(String(++asked))) },
    };
    await expect(rotateAgent(failing, agent, request)).rejects.toThrow("1");
    clock.advance(11 * SECOND);
    const begun = { ...agent, did: NEW.did };
    const both = await Promise.allSettled([
      rotateAgent(organisation, begun, request),
      rotateAgent(organisation, begun, request),
    ]);
    const signed = await organisation.database.query("SELECT id FROM credentials WHERE digest IS NOT NULL");
    const ids = new Set(signed.map((row) => row["id"]));
    const live = (await listIssuedCredentials(organisation, agent)).filter(({ credentialId }) =>
      ids.has(credentialId),
    );
    expect(both.map(({ status }) => status)).toContain("fulfilled");
    expect(live.filter(({ state }) => state === "live")).toHaveLength(2);
    await suspendAgent(organisation, agent);
    expect(await codeOfAsync(() => rotateAgent(organisation, begun, request))).toBe("ALREADY_EXISTS");
  });

  it("row 225: issues nothing more to an agent that was suspended while its rotation was broken off", async () => {
    const { organisation, clock, agent } = await openWithAgent();
    const request = await bothKeys(organisation);
    const sign = () => Promise.reject(new Error("no"));
    const failing = { ...organisation, signer: { ...organisation.signer, sign } };
    await expect(rotateAgent(failing, agent, request)).rejects.toThrow("no");
    clock.advance(11 * SECOND);
    await suspendAgent(organisation, agent);
    const goOn = () => rotateAgent(organisation, { ...agent, did: NEW.did }, request);
    expect(await codeOfAsync(goOn)).toBe("AGENT_INACTIVE");
  });

  it("refuses the key that the agent has", async () => {
    const { organisation, agent } = await openWithAgent();
    const request = await lostKey(OLD);
    const same = () => rotateAgent(organisation, agent, request);
    expect(await codeOfAsync(same)).toBe("ALREADY_EXISTS");
    await retireAgent(organisation, agent);
    expect(await codeOfAsync(same)).toBe("ALREADY_EXISTS");
  });

  it("issues again what lives on though its renewal does not, and renewals live as long as before", async () => {
    const { organisation, clock, agent, authority } = await openWithAgent();
    const renewed = await renewCredential(organisation, authority.id);
    await revokeCredential(organisation, renewed.id);
    clock.advance(HOUR);
    const { agent: rotated, credentials } = await rotateAgent(
      organisation,
      agent,
      await bothKeys(organisation),
      {
        wallet: "/wallets/a",
      },
    );
    expect(rotated.wallet).toBe("/wallets/a");
    const [again] = credentials.filter(({ type }) => type[1] === "DelegatedAuthorityCredential");
    expect(again?.validUntil).toBe(authority.validUntil);
    const credential = await renewCredential(organisation, again?.id ?? "");
    expect(parseTimestamp(credential.validUntil) - parseTimestamp(credential.validFrom)).toBe(
      parseTimestamp(authority.validUntil) - parseTimestamp(authority.validFrom),
    );
    const next = await bothKeys(organisation, NEW, signerOf("c"));
    expect((await rotateAgent(organisation, rotated, next)).agent).not.toHaveProperty("wallet");
  });

  it("rotates again, and never back to a key that was used", async () => {
    const { organisation, agent } = await openWithAgent();
    const { agent: once } = await rotateAgent(organisation, agent, await bothKeys(organisation));
    const third = signerOf("third");
    const { agent: twice, credentials } = await rotateAgent(
      organisation,
      once,
      await bothKeys(organisation, NEW, third),
    );
    expect([twice.did, credentials.length]).toEqual([third.did, 2]);
    const back = await bothKeys(organisation, third, OLD);
    expect(await codeOfAsync(() => rotateAgent(organisation, twice, back))).toBe("ALREADY_EXISTS");
    expect(await codeOfAsync(() => enrol(organisation, "the next"))).toBe("ALREADY_EXISTS");
    const other = await enrol(organisation, "b");
    const taken = await bothKeys(organisation, signerOf("b"), third);
    expect(await codeOfAsync(() => rotateAgent(organisation, other, taken))).toBe("ALREADY_EXISTS");
  });

  it("row 232: refuses what does not prove that both keys, or the new one, agree", async () => {
    const { organisation, clock, agent } = await openWithAgent();
    const { clock: now, random } = organisation;
    const statement = await createSuccessionStatement(
      { predecessor: OLD, successor: NEW },
      { clock: now, random },
    );
    const [first, second] = statement.proof as readonly [object, object];
    const of = (given: object): RotationRequest => ({ type: "both-keys", statement: JSON.stringify(given) });
    const codeOf = (request: RotationRequest) => codeOfAsync(() => rotateAgent(organisation, agent, request));
    expect(await codeOf(of({ ...statement, proof: first }))).toBe("PROOF_MISSING");
    expect(await codeOf(of({ ...statement, proof: second }))).toBe("PROOF_MISSING");
    expect(await codeOf(of({ ...statement, successor: signerOf("x").did }))).toBe("ISSUER_MISMATCH");
    expect(await codeOf(of({ ...statement, id: "urn:uuid:11111111-7a56-4b6e-9a54-0f6d5b7c1a11" }))).toBe(
      "SIGNATURE_INVALID",
    );
    expect(await codeOf(await bothKeys(organisation, signerOf("x"), NEW))).toBe("SUCCESSION_INVALID");
    const later = await createSuccessionStatement(
      { predecessor: OLD, successor: NEW, from: NOW + HOUR },
      organisation,
    );
    expect(await codeOf({ type: "both-keys", statement: later })).toBe("NOT_YET_VALID");
    const altered = JSON.parse(await requestOf(NEW)) as object;
    expect(
      await codeOf({ type: "lost-key", request: JSON.stringify({ ...altered, holder: signerOf("x").did }) }),
    ).toBe("HOLDER_MISMATCH");
    clock.advance(DAY + SECOND);
    expect(await codeOf({ type: "both-keys", statement })).toBe("PROOF_EXPIRED");
    expect(await codeOf(await lostKey())).toBe("PROOF_EXPIRED");
    expect((await findAgent(organisation, "a")).did).toBe(OLD.did);
  });

  it("gives no key to an agent that is suspended or retired", async () => {
    const { organisation, agent } = await openWithAgent();
    const request = await bothKeys(organisation);
    await suspendAgent(organisation, agent);
    expect(await codeOfAsync(() => rotateAgent(organisation, agent, request))).toBe("AGENT_INACTIVE");
    await retireAgent(organisation, agent);
    expect(await codeOfAsync(() => rotateAgent(organisation, agent, request))).toBe("AGENT_INACTIVE");
    expect(await listAgentKeys(organisation, agent)).toEqual([{ did: OLD.did, since: NOW }]);
  });
});
