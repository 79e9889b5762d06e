import { readFileSync } from "node:fs";

import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { generate } from "@digitalbazaar/ed25519-multikey";
import { createSignCryptosuite, createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { describeVectors, readJsonVector, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { didKeyDocument } from "../../src/did/did-key.js";
import { createResolver } from "../../src/did/resolver.js";
import { CREDENTIALS_V2, WRIT_V1 } from "../../src/documents/contexts.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import * as fixtures from "../fixtures.js";

const { AGENT, NOW, ORGANISATION, PRINCIPAL, edit, signerOf } = fixtures;
const MULTIKEY_V1 = "https://w3id.org/security/multikey/v1";
const created = "2026-11-23T08:00:00Z";

/** Subjects of any kind, with terms of the context of VC 2.0 alone. */
const PLAIN: JsonObject = {
  "@context": [CREDENTIALS_V2],
  type: ["VerifiableCredential"],
  issuer: PRINCIPAL.did,
  name: "Überweisung \u{1f600} \u2028",
  validFrom: created,
  credentialSubject: { id: AGENT.did, description: '1e21, / \\ " \u0001' },
};

const CREDENTIALS = [
  ["AgentIdentityCredential", fixtures.AGENT_IDENTITY, ORGANISATION, "organisation"],
  ["DelegatedAuthorityCredential", fixtures.ROOT_AUTHORITY, PRINCIPAL, "principal"],
  ["DelegatedAuthorityCredential below the root", fixtures.CHILD_AUTHORITY, AGENT, "agent"],
  ["ApprovalCredential", fixtures.APPROVAL, PRINCIPAL, "principal"],
  ["a plain credential", PLAIN, PRINCIPAL, "principal"],
] as const;

describeVectors("interoperation with @digitalbazaar/vc", () => {
  const contexts = new Map<string, unknown>([
    [CREDENTIALS_V2, readJsonVector("contexts", "credentials-v2.jsonld")],
    [WRIT_V1, JSON.parse(readFileSync(new URL("../../contexts/writ-v1.jsonld", import.meta.url), "utf8"))],
  ]);

  const documentLoader = (url: string): Promise<object> => {
    const document = contexts.get(url) ?? didKeyPart(url);
    if (document === undefined) return Promise.reject(new Error(`not pinned: ${url}`));
    return Promise.resolve({ contextUrl: null, documentUrl: url, document });
  };

  const theirs = {
    suite: new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
    documentLoader,
    // Their check of bitstring lists is not what is tried here.
    checkStatus: () => Promise.resolve({ verified: true }),
    now: new Date(NOW + 60_000),
  };

  async function theirSuite(name: string): Promise<DataIntegrityProof> {
    const seed = seededRandom(`signer ${name}`)(32);
    const key = await generate({ seed, controller: signerOf(name).did });
    return new DataIntegrityProof({
      cryptosuite: createSignCryptosuite(),
      signer: key.signer(),
      date: created,
    });
  }

  const ours = (document: object): ReturnType<typeof verifyProofs> =>
    verifyProofs(JSON.stringify(document), { resolver: createResolver() });

  const options = { purpose: "assertionMethod", created: NOW } as const;

  describe.each(CREDENTIALS)("%s", (_, unsigned, signer, name) => {
    it("that Writ signs, they verify", async () => {
      const credential = structuredClone(await signDocument(unsigned, { ...options, signer }));
      expect(await vc.verifyCredential({ ...theirs, credential })).toMatchObject({ verified: true });
    });

    it("that Writ signs and somebody alters, they refuse", async () => {
      const credential = edit(await signDocument(unsigned, { ...options, signer }), {
        "/validFrom": "2026-11-23T07:59:59Z",
      });
      expect(await vc.verifyCredential({ ...theirs, credential })).toMatchObject({ verified: false });
    });

    it("that they sign, Writ verifies", async () => {
      const credential = structuredClone(unsigned);
      const signed = await vc.issue({
        credential,
        suite: await theirSuite(name),
        documentLoader,
        now: theirs.now,
      });
      expect(await ours(signed)).toMatchObject({ verified: true, proofs: [{ key: { did: signer.did } }] });
    });

    it("has the same signature from both", async () => {
      const signed = (await vc.issue({
        credential: structuredClone(unsigned),
        suite: await theirSuite(name),
        documentLoader,
        now: theirs.now,
      })) as JsonObject;
      expect(signed).toEqual(await signDocument(unsigned, { ...options, signer }));
    });
  });

  describe("presentations", () => {
    const asked = { challenge: "c-1", domain: "https://service.example" };
    const signing: SignOptions = { signer: AGENT, purpose: "authentication", created: NOW, ...asked };

    /** A presentation whose credentials are signed. */
    async function unsignedPresentation(): Promise<JsonObject> {
      const identity = await signDocument(fixtures.AGENT_IDENTITY, { ...options, signer: ORGANISATION });
      const authority = await signDocument(fixtures.ROOT_AUTHORITY, { ...options, signer: PRINCIPAL });
      return edit(fixtures.PRESENTATION, { "/verifiableCredential": [identity, authority] });
    }

    it("that Writ signs, they verify", async () => {
      const presentation = structuredClone(await signDocument(await unsignedPresentation(), signing));
      expect(await vc.verify({ ...theirs, ...asked, presentation })).toMatchObject({ verified: true });
    });

    it("that Writ signs for another challenge, they refuse", async () => {
      const presentation = structuredClone(await signDocument(await unsignedPresentation(), signing));
      expect(await vc.verify({ ...theirs, ...asked, challenge: "c-2", presentation })).toMatchObject({
        verified: false,
      });
    });

    it("that they sign, Writ verifies, with each credential", async () => {
      const signed = (await vc.signPresentation({
        presentation: await unsignedPresentation(),
        suite: await theirSuite("agent"),
        documentLoader,
        ...asked,
      })) as { readonly verifiableCredential: readonly object[] };
      expect(await ours(signed)).toMatchObject({
        verified: true,
        proofs: [{ key: { did: AGENT.did }, proof: { ...asked, proofPurpose: "authentication" } }],
      });
      const results = await Promise.all(signed.verifiableCredential.map(ours));
      expect(results.map(({ verified }) => verified)).toEqual([true, true]);
    });
  });
});

/** A did:key document, or its method with the context that their library asks for. */
function didKeyPart(url: string): object | undefined {
  if (!url.startsWith("did:key:")) return undefined;
  const [did = "", fragment] = url.split("#");
  const document = didKeyDocument(did);
  return fragment === undefined ? document : { "@context": MULTIKEY_V1, ...document.verificationMethod?.[0] };
}
