import { CREDENTIALS_V2, ED25519_2020_V1 } from "../../src/jsonld/context-addresses.js";
import { createResolver } from "../../src/did/resolver.js";
import type { DidResolver } from "../../src/did/resolver.js";
import { encodeBase58 } from "../../src/encoding/base58.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { suiteNamed, type SuiteName } from "../../src/proofs/suites.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { AGENT, AGENT_IDENTITY, edit, NOW, ORGANISATION } from "../fixtures.js";

export const resolver: DidResolver = createResolver();
const SIGNING: SignOptions = { signer: ORGANISATION, purpose: "assertionMethod", created: NOW };

/** An identity credential, or another document, signed by the organisation unless told otherwise. */
export async function signed(
  more: Partial<SignOptions> = {},
  document = AGENT_IDENTITY,
): Promise<JsonObject> {
  return signDocument(document, { ...SIGNING, ...more });
}

/** What is wrong with a document's proofs: code and place of each problem. */
export async function faults(document: unknown): Promise<unknown> {
  const result = await verifyProofs(JSON.stringify(document), { resolver });
  return result.verified ? [] : result.problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

/** A credential of somebody else's, with the contexts of every suite's proofs. */
export const PLAIN: JsonObject = {
  "@context": [CREDENTIALS_V2, ED25519_2020_V1],
  type: ["VerifiableCredential"],
  issuer: ORGANISATION.did,
  validFrom: "2026-11-23T08:00:00Z",
  credentialSubject: { id: AGENT.did, name: "refund-bot" },
};

/** The organisation's proof of that by hand, because signing always writes `created`. */
export async function signedWithoutCreated(name: SuiteName): Promise<JsonObject> {
  const suite = suiteNamed(name);
  const options = suite.optionsFor(PLAIN, {
    ...suite.names,
    verificationMethod: ORGANISATION.verificationMethod,
    proofPurpose: "assertionMethod",
  });
  const signature = await ORGANISATION.sign(await suite.hash(PLAIN, options, []));
  return edit(PLAIN, { "/proof": { ...options, proofValue: `z${encodeBase58(signature)}` } });
}
