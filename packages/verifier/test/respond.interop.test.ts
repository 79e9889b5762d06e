import { asJson, type JsonObject } from "@writ/core";
import { explainRequest, respond, type RequestAnswer } from "@writ/wallet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyGenericPresentation, verifyPresentation } from "../src/index.js";
import { CHALLENGE, DOMAIN, openWorld, type World } from "./world.js";

const IDENTITY = "https://w3id.org/writ#AgentIdentityCredential";
const AUTHORITY = "https://w3id.org/writ#DelegatedAuthorityCredential";

const asking = (id: string, type: string) => ({ id, format: "ldp_vc", meta: { type_values: [[type]] } });
const like = (type: string) => ({ example: { type } });

describe("what a wallet answers to requests", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld("respond");
  });
  afterAll(() => world.close());

  const ask = (request: object): Promise<RequestAnswer> =>
    respond(world.third.wallet, request, { expectedDomain: DOMAIN });
  const verify = (presentation: object) =>
    verifyPresentation(JSON.stringify(presentation), world.expectations);

  it("verifies, presentation by presentation, where it was asked in DCQL", async () => {
    const credentials = [asking("who", IDENTITY), asking("what", AUTHORITY)];
    const answered = await ask({ client_id: DOMAIN, nonce: CHALLENGE, dcql_query: { credentials } });
    if (answered.language !== "dcql") throw new Error("not in DCQL");
    const { who = [], what = [] } = answered.vpToken;
    expect([who.length, what.length]).toEqual([1, 1]);
    const shown = await verify(who[0] ?? {});
    expect(shown).toMatchObject({
      verified: true,
      presentation: { agent: { name: "third" }, authorities: [] },
    });
    expect(await verify(what[0] ?? {})).toMatchObject({
      verified: true,
      presentation: { holder: world.third.agent.did, authorities: [{ grants: [{}] }] },
    });
  });

  it("verifies whole, chain and identities included, where it was asked by example", async () => {
    const query = {
      type: "QueryByExample",
      credentialQuery: [like("DelegatedAuthorityCredential"), like("AgentIdentityCredential")],
    };
    const answered = await ask({ query, challenge: CHALLENGE, domain: DOMAIN });
    if (answered.language !== "vpr") throw new Error("not a presentation request");
    expect(asJson(answered.presentation)["verifiableCredential"]).toHaveLength(6);
    expect(await verify(answered.presentation)).toMatchObject({
      verified: true,
      presentation: { agent: { name: "third" }, authorities: [{ grants: [{}] }] },
    });
  });

  it("verifies as a presentation without credentials, where only the holder was asked for", async () => {
    for (const cryptosuite of ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"]) {
      const query = { type: "DIDAuthentication", acceptedCryptosuites: [{ cryptosuite }] };
      const answered = await ask({ query, challenge: CHALLENGE, domain: DOMAIN });
      if (answered.language !== "vpr") throw new Error("not a presentation request");
      const result = await verifyGenericPresentation(JSON.stringify(answered.presentation), {
        ...world.expectations,
        expectedChallenge: CHALLENGE,
        expectedDomain: DOMAIN,
      });
      expect(result).toMatchObject({ verified: true, holder: world.third.agent.did, credentials: [] });
    }
  });

  it("is explained beforehand as it is then shown", async () => {
    const request = {
      client_id: DOMAIN,
      nonce: CHALLENGE,
      dcql_query: { credentials: [asking("what", AUTHORITY)] },
    };
    const told = await explainRequest(world.third.wallet, request, { expectedDomain: DOMAIN });
    const answered = await ask(request);
    expect(answered.explanation).toEqual(told);
    if (answered.language !== "dcql") throw new Error("not in DCQL");
    const [presentation] = answered.vpToken["what"] ?? [];
    const shown = asJson(presentation ?? {})["verifiableCredential"] as readonly JsonObject[];
    expect(told.presentations[0]?.credentials.map(({ id }) => id)).toEqual(shown.map(({ id }) => id));
  });
});
