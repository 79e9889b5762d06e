import {
  asJson,
  createResolver,
  genericCredential,
  parseShape,
  signDocument,
  snapshot,
  verifyProofs,
  type GenericCredential,
  type JsonObject,
  type SignOptions,
} from "@writ/core";
import { describe, expect, it } from "vitest";

import { signPresentation } from "../../src/sign-presentation.js";
import type { Candidate } from "../../src/respond/candidate.js";
import { isOwn } from "../../src/respond/candidate.js";
import { candidatesFor } from "../../src/respond/candidates-for.js";
import { parseRequest } from "../../src/respond/parse-request.js";
import { planAnswer } from "../../src/respond/respond.js";
import { NOW, signerOf } from "../world.js";
import { asking, AUTHORITY, byExample, dcql, DOMAIN, example, openAgent, vpr } from "./requests.js";

const V1 = "https://www.w3.org/2018/credentials/v1";
const V2 = "https://www.w3.org/ns/credentials/v2";
const ALUMNUS = "https://university.example/terms#AlumniCredential";
const UNIVERSITY = signerOf("university");

/** A credential of somebody else's vocabulary, signed. */
async function alumnus(
  subject: string,
  members: object = {},
  suite: SignOptions["suite"] = "eddsa-jcs-2022",
): Promise<Candidate> {
  const unsigned = snapshot({
    "@context": [V2],
    type: ["VerifiableCredential", ALUMNUS],
    issuer: { id: UNIVERSITY.did, name: "University" },
    validFrom: "2026-01-01T00:00:00Z",
    credentialSubject: { id: subject, name: "Ada" },
    ...members,
  });
  const options = { signer: UNIVERSITY, purpose: "assertionMethod", created: NOW, suite } as const;
  const document = parseShape(genericCredential, asJson(await signDocument(unsigned, options)));
  return { kind: "generic", document };
}

async function planFor(request: object, ...others: readonly Candidate[]) {
  const agent = await openAgent([{ id: "read", actions: ["order.read"] }]);
  const { own, evidence } = await candidatesFor(agent.wallet, {});
  const options = { expectedDomain: DOMAIN, holder: agent.wallet.did, now: NOW };
  const plan = await planAnswer(await parseRequest(request), { own: [...own, ...others], evidence }, options);
  return { agent, ...plan };
}

const did = async (): Promise<string> => (await openAgent()).wallet.did;

describe("credentials of others", () => {
  it("are shown in a presentation of the generic form, which verifies under each suite", async () => {
    const holder = await did();
    for (const suite of ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"] as const) {
      const candidate = await alumnus(holder, {}, suite);
      const { agent, drafts, explanation } = await planFor(dcql([asking("a", ALUMNUS)]), candidate);
      expect(explanation).toMatchObject({
        complete: true,
        presentations: [{ credentials: [{ role: "answer", issuer: UNIVERSITY.did, disclosesMore: [] }] }],
      });
      const [draft] = drafts;
      const unsigned = draft?.unsigned as GenericCredential & JsonObject;
      expect(unsigned).toMatchObject({ "@context": [V2], verifiableCredential: [candidate.document] });
      const occasion = { challenge: "c", domain: DOMAIN, now: NOW, suite };
      const signed = await signPresentation(agent.wallet, unsigned as never, occasion);
      const resolver = createResolver();
      for (const document of [signed, candidate.document]) {
        expect(await verifyProofs(JSON.stringify(document), { resolver })).toMatchObject({ verified: true });
      }
    }
  });

  it("are shown beside Writ's own in one answer", async () => {
    const candidate = await alumnus(await did(), {
      "@context": [V1, V2].slice(0, 1),
      issuanceDate: "2026-01-01T00:00:00Z",
      validFrom: undefined,
    });
    const like = { example: { type: ALUMNUS, "@context": V1, credentialSubject: { name: "Ada" } } };
    const { drafts, agent } = await planFor(
      vpr(byExample(like, example("DelegatedAuthorityCredential"))),
      candidate,
    );
    expect(drafts.map(({ unsigned }) => unsigned)).toMatchObject([
      { "@context": [V2], verifiableCredential: [candidate.document, agent.granted[0], agent.identity] },
    ]);
  });

  it("are in force by the dates of both data models", async () => {
    const holder = await did();
    const reason = async (members: object) => {
      const { explanation } = await planFor(dcql([asking("a", ALUMNUS)]), await alumnus(holder, members));
      return explanation.missing[0]?.reason;
    };
    const [past, future] = ["2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z"];
    expect(await reason({})).toBeUndefined();
    expect(await reason({ validUntil: future })).toBeUndefined();
    expect(await reason({ validUntil: past })).toBe("ended");
    expect(await reason({ validUntil: future, expirationDate: past })).toBe("ended");
    expect(await reason({ validFrom: future })).toBe("not-begun");
    expect(await reason({ issuanceDate: future })).toBe("not-begun");
  });

  it("are the wallet's own where every subject is its key", async () => {
    const holder = await did();
    const own = async (credentialSubject: object) =>
      isOwn(await alumnus(holder, { credentialSubject }), holder);
    expect(await own({ id: holder })).toBe(true);
    expect(await own({ id: UNIVERSITY.did })).toBe(false);
    expect(await own({ name: "bearer" })).toBe(false);
    expect(await own([{ id: holder }, { id: UNIVERSITY.did }])).toBe(false);
  });

  it("are known by the types that their contexts give them", async () => {
    const candidate = await alumnus(await did());
    const { explanation } = await planFor(dcql([asking("a", AUTHORITY)]), candidate);
    expect(explanation.presentations[0]?.credentials[0]?.types).toContain("DelegatedAuthorityCredential");
    const issuer = { claims: [{ path: ["issuer", "id"], values: [UNIVERSITY.did] }] };
    const shown = await planFor(dcql([asking("a", ALUMNUS, issuer)]), candidate);
    expect(shown.explanation.presentations[0]?.credentials).toMatchObject([
      { disclosesMore: ["/credentialSubject/name"] },
    ]);
  });
});
