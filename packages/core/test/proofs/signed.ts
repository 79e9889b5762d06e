import { createResolver } from "../../src/did/resolver.js";
import type { DidResolver } from "../../src/did/resolver.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { signDocument, type SignOptions } from "../../src/proofs/sign-document.js";
import { verifyProofs } from "../../src/proofs/verify-proofs.js";
import { AGENT_IDENTITY, NOW, ORGANISATION } from "../fixtures.js";

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
