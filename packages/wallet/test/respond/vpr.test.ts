import { formatTimestamp } from "@writ/core";
import { describe, expect, it } from "vitest";

import { addCredentials } from "../../src/index.js";
import { authorityOf, HOUR, identityOf, MINUTE, NOW, REFUNDS } from "../world.js";
import {
  answer,
  authentication,
  byExample,
  CHALLENGE,
  DOMAIN,
  example,
  explain,
  openAgent,
  READ,
  STRANGER,
  openDelegate,
  presented,
  vpr,
} from "./requests.js";

const WHO = "AgentIdentityCredential";
const WHAT = "DelegatedAuthorityCredential";

describe("a Verifiable Presentation Request", () => {
  it("is answered with one presentation, bound to challenge and domain", async () => {
    const agent = await openAgent([REFUNDS]);
    const request = vpr([byExample(example(WHAT)), byExample(example(WHO))], {
      interact: { service: [{ type: "UnmediatedHttpPresentationService2021" }] },
    });
    expect(await answer(agent, request)).toMatchObject({
      complete: true,
      language: "vpr",
      presentation: {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/writ/v1"],
        holder: agent.wallet.did,
        verifiableCredential: [agent.granted[0], agent.identity],
        proof: { proofPurpose: "authentication", challenge: CHALLENGE, domain: DOMAIN },
      },
    });
  });

  it("may be one query for one credential, in no list", async () => {
    const agent = await openAgent();
    const request = vpr({ type: "QueryByExample", credentialQuery: example(WHO) });
    expect(await presented(agent, request)).toEqual([agent.identity.id]);
    expect((await explain(agent, request)).presentations[0]?.answers).toEqual([
      { id: "/query/credentialQuery", pointer: "/query/credentialQuery", reason: "to see who you are" },
    ]);
  });

  it("is answered for the domain that is expected, where it names none", async () => {
    const agent = await openAgent();
    const request = vpr(byExample(example(WHO)), { domain: undefined });
    expect(await answer(agent, request)).toMatchObject({ presentation: { proof: { domain: DOMAIN } } });
  });

  it("gets the chain of an authority, and each credential once", async () => {
    const sub = await openDelegate();
    const { credential, identity, lead } = sub;
    expect(await presented(sub, vpr(byExample(example(WHAT)), {}))).toEqual([
      credential.id,
      identity.id,
      lead.granted[0]?.id,
      lead.identity.id,
    ]);
    const both = await presented(sub, vpr(byExample(example(WHO), example(WHAT), example(WHO))));
    expect(both).toHaveLength(4);
    expect(new Set(both).size).toBe(4);
  });

  it("shows one identity of the holder: the one that is asked for", async () => {
    const agent = await openAgent([READ]);
    const theirs = await identityOf(agent.wallet.did, { signer: STRANGER });
    await addCredentials(agent.wallet, [theirs]);
    const trusted = { trustedIssuer: [{ issuer: STRANGER.did }] };
    const shown = await presented(agent, vpr(byExample(example(WHAT), example(WHO, {}, trusted))));
    expect(shown).toEqual([agent.granted[0]?.id, theirs.id]);
  });

  it("matches what an example says, and takes an empty text for any value", async () => {
    const agent = await openAgent([REFUNDS]);
    const { did } = agent.wallet;
    const matches = async (type: string, members: object) => {
      const { complete, missing } = await explain(agent, vpr(byExample(example(type, members))));
      return complete || missing[0]?.reason;
    };
    const subject = (credentialSubject: object) => matches(WHO, { credentialSubject });
    expect(await subject({ id: "", name: "agent" })).toBe(true);
    expect(await subject({ id: did, name: "" })).toBe(true);
    expect(await subject({ name: null })).toBe(true);
    expect(await subject({})).toBe(true);
    expect(await subject({ name: "Agent" })).toBe("claims");
    expect(await subject({ id: STRANGER.did })).toBe("claims");
    expect(await subject({ shoeSize: "" })).toBe("claims");
    expect(await subject({ toString: "" })).toBe("claims");
    expect(await subject({ name: { first: "agent" } })).toBe("claims");
    const grants = (given: unknown) => matches(WHAT, { credentialSubject: { grants: given } });
    expect(await grants({ actions: "refund.create" })).toBe(true);
    expect(await grants([{ actions: ["order.*", "refund.create"] }])).toBe(true);
    expect(await grants([{ spend: { perAction: 20_000 } }])).toBe(true);
    expect(await grants([{ spend: { perAction: "20000" } }])).toBe("claims");
    expect(await grants([{ actions: ["order.*", "payout.create"] }])).toBe("claims");
    const status = { type: "BitstringStatusListEntry", statusPurpose: "suspension" };
    expect(await matches(WHO, { credentialStatus: status })).toBe(true);
    expect(await matches(WHO, { credentialSchema: { id: "urn:foo:1234", type: "SomeType" } })).toBe("claims");
  });

  it("matches types and contexts, all that the example has", async () => {
    const agent = await openAgent();
    const matches = async (type: unknown, context: unknown) => {
      const query = { example: { type, ...(context === undefined ? {} : { "@context": context }) } };
      const { complete, missing } = await explain(agent, vpr(byExample(query)));
      return complete || missing[0]?.reason;
    };
    expect(await matches(["VerifiableCredential", WHO], undefined)).toBe(true);
    expect(await matches(WHO, "https://w3id.org/writ/v1")).toBe(true);
    expect(await matches([WHO, WHAT], undefined)).toBe("type");
    expect(await matches(WHO, ["https://www.w3.org/2018/credentials/v1"])).toBe("type");
    expect(await matches("PermanentResidentCard", undefined)).toBe("type");
  });

  it("demands one of the issuers that it trusts, unless none is required", async () => {
    const agent = await openAgent();
    const { issuer } = agent.identity;
    const trusting = async (trustedIssuer: unknown, members: object = {}) => {
      const { complete, missing } = await explain(
        agent,
        vpr(byExample(example(WHO, members, { trustedIssuer }))),
      );
      return complete || missing[0]?.reason;
    };
    expect(await trusting([{ issuer: STRANGER.did }, { issuer }])).toBe(true);
    expect(await trusting({ id: issuer })).toBe(true);
    expect(await trusting([{ issuer: STRANGER.did, required: true }])).toBe("issuer");
    expect(await trusting([{ issuer: STRANGER.did }])).toBe("issuer");
    expect(await trusting([{ issuer: STRANGER.did, required: false }])).toBe(true);
    expect(await trusting([{ issuer }], { issuer: STRANGER.did })).toBe("issuer");
    expect(await trusting([{ issuer }], { issuer: { id: issuer, name: "Acme" } })).toBe(true);
    expect(await trusting([{ issuer }], { issuer: "" })).toBe(true);
  });

  it("shows what is optional only where it is told to, and one where all is", async () => {
    const agent = await openAgent([READ]);
    const optional = (type: string) => example(type, {}, { required: false });
    const request = vpr([byExample(example(WHO)), byExample(optional(WHAT))]);
    expect(await presented(agent, request)).toEqual([agent.identity.id]);
    expect((await explain(agent, request)).leftOut).toEqual(["/query/1/credentialQuery/0"]);
    expect(await presented(agent, request, { disclosure: "all-asked" })).toHaveLength(2);
    const any = vpr(byExample(optional("Other"), optional(WHO), optional(WHAT)));
    expect(await presented(agent, any)).toEqual([agent.identity.id]);
  });

  it("is answered without a credential where only the holder is asked for", async () => {
    const agent = await openAgent([READ]);
    const request = vpr(authentication({ acceptedMethods: [{ method: "web" }, { method: "key" }] }));
    const answered = await answer(agent, request);
    expect(answered).toMatchObject({
      presentation: {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        type: ["VerifiablePresentation"],
        holder: agent.wallet.did,
        proof: { challenge: CHALLENGE, domain: DOMAIN },
      },
    });
    expect(JSON.stringify(answered)).not.toContain("verifiableCredential");
    const optional = byExample(example(WHO, {}, { required: false }));
    expect(await presented(agent, vpr([authentication(), optional]))).toEqual([]);
  });

  it("is signed by a suite and for a method that it accepts, or not at all", async () => {
    const agent = await openAgent();
    const signed = async (...queries: readonly object[]) => {
      const { suite, missing } = await explain(agent, vpr(queries.map(authentication)));
      return missing[0]?.reason ?? suite;
    };
    const suites = (...names: readonly string[]) => ({
      acceptedCryptosuites: names.map((cryptosuite) => ({ cryptosuite })),
    });
    expect(await signed({})).toBe("eddsa-jcs-2022");
    expect(await signed(suites("ecdsa-rdfc-2019", "eddsa-rdfc-2022"))).toBe("eddsa-rdfc-2022");
    expect(await signed(suites("ecdsa-rdfc-2019"))).toBe("suite");
    expect(await signed(suites("eddsa-jcs-2022"), suites("eddsa-rdfc-2022"))).toBe("suite");
    expect(await signed(suites("eddsa-rdfc-2022"), { ...suites("bbs-2023"), required: false })).toBe(
      "eddsa-rdfc-2022",
    );
    expect(await signed({ acceptedMethods: [{ method: "web" }] })).toBe("method");
    const request = vpr([authentication(suites("eddsa-rdfc-2022")), byExample(example(WHO))]);
    expect(await answer(agent, request)).toMatchObject({
      presentation: { proof: { cryptosuite: "eddsa-rdfc-2022" } },
    });
  });

  it("is not answered in part", async () => {
    const agent = await openAgent([READ]);
    const members = { validUntil: formatTimestamp(NOW + MINUTE) };
    await addCredentials(agent.wallet, [await authorityOf(agent.wallet.did, { members })]);
    agent.clock.advance(9 * HOUR);
    await addCredentials(agent.wallet, [
      await identityOf(agent.wallet.did, {
        members: { validUntil: formatTimestamp(NOW + 20 * HOUR) },
      }),
    ]);
    const request = vpr(byExample(example(WHO), example(WHAT)));
    expect(await explain(agent, request)).toMatchObject({
      complete: false,
      presentations: [],
      missing: [{ query: "/query/credentialQuery/1", reason: "ended" }],
    });
  });
});
