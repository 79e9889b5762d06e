import { formatTimestamp } from "@writ/core";
import { describe, expect, it } from "vitest";

import { addCredentials } from "../../src/index.js";
import { authorityOf, HOUR, identityOf, NOW, REFUNDS } from "../world.js";
import {
  answer,
  asking,
  AUTHORITY,
  CHALLENGE,
  dcql,
  DOMAIN,
  explain,
  IDENTITY,
  openAgent,
  READ,
  STRANGER,
  openDelegate,
  VC,
  vpToken,
} from "./requests.js";

const name = (value: string, members: object = {}) => ({
  path: ["credentialSubject", "name"],
  values: [value],
  ...members,
});

describe("a request in DCQL", () => {
  it("is answered with one presentation for each query, bound to nonce and client_id", async () => {
    const agent = await openAgent([REFUNDS]);
    const answered = await answer(agent, dcql([asking("who", IDENTITY), asking("what", AUTHORITY)]));
    expect(answered).toMatchObject({ complete: true, language: "dcql" });
    const [authority] = agent.granted;
    const bound = {
      "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
      holder: agent.wallet.did,
      proof: {
        proofPurpose: "authentication",
        challenge: CHALLENGE,
        domain: DOMAIN,
        created: "2026-11-23T08:00:00Z",
        expires: "2026-11-23T08:05:00Z",
      },
    };
    expect(answered).toMatchObject({
      vpToken: {
        who: [{ ...bound, verifiableCredential: [agent.identity] }],
        what: [{ ...bound, verifiableCredential: [authority, agent.identity] }],
      },
    });
  });

  it("gets the chain of an authority and who is in it, and nothing else", async () => {
    const sub = await openDelegate();
    const own = await authorityOf(sub.wallet.did, { grants: [READ] });
    await addCredentials(sub.wallet, [own]);
    const eu = { path: ["credentialSubject", "grants", null, "id"], values: ["eu"] };
    expect(await vpToken(sub, dcql([asking("what", AUTHORITY, { claims: [eu] })]))).toEqual({
      what: [[sub.credential.id, sub.identity.id, sub.lead.granted[0]?.id, sub.lead.identity.id]],
    });
  });

  it("is answered with what was issued to the wallet's own key alone", async () => {
    const sub = await openDelegate();
    const parent = { path: ["id"], values: [sub.lead.granted[0]?.id] };
    const explanation = await explain(sub, dcql([asking("what", AUTHORITY, { claims: [parent] })]));
    expect(explanation).toMatchObject({ complete: false, missing: [{ query: "what", reason: "claims" }] });
    const lead = { path: ["id"], values: [sub.lead.identity.id] };
    expect(await explain(sub, dcql([asking("who", IDENTITY, { claims: [lead] })]))).toMatchObject({
      complete: false,
      presentations: [],
    });
  });

  it("takes types by their IRIs, all of one alternative", async () => {
    const agent = await openAgent();
    const types = (...alternatives: readonly (readonly string[])[]) =>
      explain(agent, dcql([asking("a", "", { meta: { type_values: alternatives } })]));
    const complete = { complete: true };
    const none = { complete: false, missing: [{ reason: "type" }] };
    expect(await types([VC, IDENTITY])).toMatchObject(complete);
    expect(await types([IDENTITY, VC])).toMatchObject(complete);
    expect(await types([VC])).toMatchObject(complete);
    expect(await types(["urn:other"], [IDENTITY])).toMatchObject(complete);
    expect(await types([IDENTITY, AUTHORITY])).toMatchObject(none);
    expect(await types(["AgentIdentityCredential"])).toMatchObject(none);
    expect(await types(["https://other.example/AgentIdentityCredential"])).toMatchObject(none);
    expect(await types(["VerifiableCredential"])).toMatchObject(none);
  });

  it("matches values by type and value", async () => {
    const agent = await openAgent([REFUNDS]);
    const claim = async (path: readonly unknown[], values?: readonly unknown[]) =>
      (await explain(agent, dcql([asking("a", VC, { claims: [{ path, values }] })]))).complete;
    const amount = ["credentialSubject", "grants", 0, "spend", "perAction"];
    expect(await claim(amount, [20_000])).toBe(true);
    expect(await claim(amount, [1, 20_000])).toBe(true);
    expect(await claim(amount, ["20000"])).toBe(false);
    expect(await claim(amount, [20_001])).toBe(false);
    expect(await claim(["credentialSubject", "grants", null, "actions", 1])).toBe(true);
    expect(await claim(["credentialSubject", "grants", null, "actions", 2])).toBe(false);
    expect(await claim(["credentialSubject", "grants", null, "actions", null], ["order.*"])).toBe(true);
    expect(await claim(["credentialSubject", "grants", "id"])).toBe(false);
    expect(await claim(["credentialSubject", 0])).toBe(false);
    expect(await claim(["credentialSubject", null])).toBe(false);
    expect(await claim([0])).toBe(false);
  });

  it("finds no claim that every object has", async () => {
    const agent = await openAgent([REFUNDS]);
    const paths = [
      ["constructor"],
      ["toString"],
      ["__proto__"],
      ["credentialSubject", "hasOwnProperty"],
      ["type", "length"],
    ];
    for (const path of paths) {
      const explanation = await explain(agent, dcql([asking("a", VC, { claims: [{ path }] })]));
      expect(explanation).toMatchObject({ complete: false, missing: [{ reason: "claims" }] });
    }
  });

  it("takes the first set of claims that a credential has", async () => {
    const agent = await openAgent();
    const claims = [
      { id: "n", ...name("agent") },
      { id: "x", path: ["credentialSubject", "shoeSize"] },
      { id: "o", path: ["credentialSubject", "owner"] },
    ];
    const more = async (sets: readonly (readonly string[])[]) => {
      const request = dcql([asking("a", IDENTITY, { claims, claim_sets: sets })]);
      const { presentations, missing } = await explain(agent, request);
      return presentations[0]?.credentials[0]?.disclosesMore ?? missing;
    };
    const subject = (...names: readonly string[]) => names.map((each) => `/credentialSubject/${each}`);
    expect(await more([["n", "x"], ["n", "o"], ["n"]])).toEqual(subject("agentId"));
    expect(await more([["x"], ["n"]])).toEqual(subject("agentId", "owner"));
    expect(await more([["x"], ["o", "x"]])).toMatchObject([{ reason: "claims" }]);
    const all = await explain(agent, dcql([asking("a", IDENTITY, { claims })]));
    expect(all.missing).toMatchObject(
      [{ reason: "claims", detail: /\/credentialSubject\/shoeSize$/ }].map((each) => ({
        ...each,
        detail: expect.stringMatching(each.detail) as string,
      })),
    );
  });

  it("shows of several the one that ends last, and none that has ended or not begun", async () => {
    const agent = await openAgent();
    const until = async (from: number, end: number) => {
      const members = { validFrom: formatTimestamp(NOW + from), validUntil: formatTimestamp(NOW + end) };
      const identity = await identityOf(agent.wallet.did, { members });
      await addCredentials(agent.wallet, [identity]);
      return identity.id;
    };
    const shown = () => vpToken(agent, dcql([asking("who", IDENTITY)]));
    const longer = await until(0, 9 * HOUR);
    const later = await until(2 * HOUR, 20 * HOUR);
    expect(await shown()).toEqual({ who: [[longer]] });
    agent.clock.advance(2 * HOUR);
    expect(await shown()).toEqual({ who: [[later]] });
    agent.clock.advance(18 * HOUR);
    expect((await explain(agent, dcql([asking("who", IDENTITY)]))).missing).toMatchObject([
      { query: "who", reason: "ended" },
    ]);
  });

  it("prefers authority whose root vouches for the agent", async () => {
    const agent = await openAgent([READ]);
    const members = { validUntil: formatTimestamp(NOW + 20 * HOUR) };
    const foreign = await authorityOf(agent.wallet.did, { grants: [READ], signer: STRANGER, members });
    await addCredentials(agent.wallet, [foreign]);
    const request = dcql([asking("what", AUTHORITY)]);
    expect(await vpToken(agent, request)).toEqual({ what: [[agent.granted[0]?.id, agent.identity.id]] });
    const theirs = [{ path: ["issuer"], values: [STRANGER.did] }];
    expect(await vpToken(agent, dcql([asking("what", AUTHORITY, { claims: theirs })]))).toEqual({
      what: [[foreign.id, agent.identity.id]],
    });
  });

  it("shows the identity that the chain's root gave, where both are asked for", async () => {
    const agent = await openAgent();
    const members = { validUntil: formatTimestamp(NOW + 20 * HOUR) };
    const theirs = await identityOf(agent.wallet.did, { signer: STRANGER, members });
    await addCredentials(agent.wallet, [theirs]);
    expect(await vpToken(agent, dcql([asking("who", IDENTITY)]))).toEqual({ who: [[theirs.id]] });
    const authority = await authorityOf(agent.wallet.did, { grants: [READ] });
    await addCredentials(agent.wallet, [authority]);
    expect(await vpToken(agent, dcql([asking("who", IDENTITY), asking("what", AUTHORITY)]))).toEqual({
      who: [[agent.identity.id]],
      what: [[authority.id, agent.identity.id]],
    });
  });

  describe("with sets of credentials", () => {
    const queries = [asking("who", IDENTITY), asking("what", AUTHORITY), asking("other", "urn:other")];
    const sets = (...credential_sets: readonly object[]) => dcql(queries, {}, { credential_sets });

    it("is answered by the first option that can be, and by nothing that is in no set", async () => {
      const agent = await openAgent([READ]);
      const request = sets({ options: [["who", "other"], ["what"], ["who"]] });
      expect(Object.keys(await vpToken(agent, request))).toEqual(["what"]);
      expect((await explain(agent, request)).leftOut).toEqual(["who"]);
    });

    it("shows what is optional only where it is told to", async () => {
      const agent = await openAgent([READ]);
      const request = sets({ options: [["who"]] }, { options: [["what"]], required: false });
      expect(Object.keys(await vpToken(agent, request))).toEqual(["who"]);
      expect(Object.keys(await vpToken(agent, request, { disclosure: "all-asked" }))).toEqual([
        "who",
        "what",
      ]);
    });

    it("names what is optional and has no answer, whether it is wanted or not", async () => {
      const agent = await openAgent([READ]);
      const request = sets(
        { options: [["who"]] },
        { options: [["other"], ["what", "other"]], required: false },
        { options: [["other"], ["what"]], required: false },
      );
      for (const disclosure of ["least", "all-asked"] as const) {
        const { complete, missing, absent } = await explain(agent, request, { disclosure });
        expect({ complete, missing }).toEqual({ complete: true, missing: [] });
        expect(absent).toMatchObject([{ query: "other", reason: "type" }]);
      }
      const answered = sets({ options: [["other"], ["what"]], required: false });
      expect((await explain(agent, answered)).absent).toEqual([]);
    });

    it("shows one where all are optional", async () => {
      const agent = await openAgent([READ]);
      const optional = (...ids: readonly string[]) => ({ options: [ids], required: false });
      const request = sets(optional("other"), optional("what"), optional("who"));
      expect(Object.keys(await vpToken(agent, request))).toEqual(["what"]);
      const none = await explain(agent, sets(optional("other")));
      expect(none).toMatchObject({ complete: false, missing: [{ query: "other" }] });
    });

    it("names every query that an option lacks", async () => {
      const agent = await openAgent();
      const { missing } = await explain(agent, sets({ options: [["what"], ["other", "who"]] }));
      expect(missing.map(({ query, reason }) => [query, reason])).toEqual([
        ["what", "type"],
        ["other", "type"],
      ]);
    });

    it("is answered in the one format that the wallet holds", async () => {
      const agent = await openAgent();
      const mdoc = { id: "mdoc", format: "mso_mdoc", meta: { doctype_value: "org.iso.18013.5.1.mDL" } };
      const request = dcql(
        [mdoc, asking("who", IDENTITY)],
        {},
        { credential_sets: [{ options: [["mdoc"], ["who"]] }] },
      );
      expect(Object.keys(await vpToken(agent, request))).toEqual(["who"]);
      const { missing } = await explain(agent, dcql([mdoc]));
      expect(missing).toMatchObject([{ query: "mdoc", reason: "format" }]);
    });
  });

  it("shows several credentials for a query only where it may and is told to", async () => {
    const agent = await openAgent([READ], [REFUNDS]);
    const several = dcql([asking("what", AUTHORITY, { multiple: true })]);
    const count = async (request: object, disclosure: "least" | "all-asked") =>
      (await vpToken(agent, request, { disclosure }))["what"]?.length;
    expect(await count(several, "all-asked")).toBe(2);
    expect(await count(several, "least")).toBe(1);
    expect(await count(dcql([asking("what", AUTHORITY)]), "all-asked")).toBe(1);
  });

  it("does not hand out what is not bound to the holder, nor what no authority of X.509 certifies", async () => {
    const agent = await openAgent();
    const unbound = asking("who", IDENTITY, { require_cryptographic_holder_binding: false });
    expect((await explain(agent, dcql([unbound]))).missing).toMatchObject([{ reason: "holder-binding" }]);
    const aki = { trusted_authorities: [{ type: "aki", values: ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"] }] };
    expect((await explain(agent, dcql([asking("who", IDENTITY, aki)]))).missing).toMatchObject([
      { reason: "issuer" },
    ]);
  });

  it("is signed by a suite that the sender verifies", async () => {
    const agent = await openAgent();
    const suite = async (ldp_vc: object, wanted?: "eddsa-rdfc-2022") => {
      const metadata = { client_metadata: { vp_formats_supported: { ldp_vc } } };
      const explanation = await explain(agent, dcql([asking("who", IDENTITY)], metadata), { suite: wanted });
      return explanation.suite ?? explanation.missing[0]?.reason;
    };
    const integrity = { proof_type_values: ["DataIntegrityProof"] };
    expect(await suite({})).toBe("eddsa-jcs-2022");
    expect(await suite({}, "eddsa-rdfc-2022")).toBe("eddsa-rdfc-2022");
    expect(await suite({ proof_type_values: ["Ed25519Signature2020"] })).toBe("Ed25519Signature2020");
    expect(await suite({ ...integrity, cryptosuite_values: ["eddsa-rdfc-2022"] })).toBe("eddsa-rdfc-2022");
    expect(await suite({ ...integrity, cryptosuite_values: ["eddsa-jcs-2022"] }, "eddsa-rdfc-2022")).toBe(
      "suite",
    );
    expect(await suite({ ...integrity, cryptosuite_values: ["ecdsa-rdfc-2019"] })).toBe("suite");
  });

  it("says what is shown beyond what was asked, and signs nothing to say it", async () => {
    const sub = await openDelegate();
    const claims = [{ path: ["credentialSubject", "grants", null, "actions"] }, { path: ["issuer"] }];
    const explanation = await explain(sub, dcql([asking("what", AUTHORITY, { claims })]));
    expect(explanation).toMatchObject({
      language: "dcql",
      domain: DOMAIN,
      challenge: CHALLENGE,
      holder: sub.wallet.did,
      complete: true,
      missing: [],
    });
    expect(explanation.presentations).toMatchObject([
      {
        answers: [{ id: "what", pointer: "/dcql_query/credentials/0" }],
        credentials: [
          {
            id: sub.credential.id,
            types: ["VerifiableCredential", "DelegatedAuthorityCredential"],
            issuer: sub.lead.wallet.did,
            role: "answer",
            disclosesMore: [
              "/credentialSubject/grants/0/args",
              "/credentialSubject/grants/0/id",
              "/credentialSubject/grants/0/resources",
              "/credentialSubject/grants/0/spend",
              "/credentialSubject/grants/0/within",
              "/credentialSubject/parent",
              "/credentialSubject/principal",
            ],
          },
          { id: sub.identity.id, role: "evidence" },
          { id: sub.lead.granted[0]?.id, role: "evidence" },
          { id: sub.lead.identity.id, role: "evidence" },
        ],
      },
    ]);
    expect(JSON.stringify(explanation)).not.toContain("proofValue");
    const whole = await explain(sub, dcql([asking("who", IDENTITY)]));
    expect(whole.presentations[0]?.credentials[0]?.disclosesMore).toEqual([]);
  });
});
