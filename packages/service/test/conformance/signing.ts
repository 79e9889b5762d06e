import { createHash } from "node:crypto";

import {
  asJson,
  canonicalize,
  createSeedSigner,
  encodeBase58,
  signDocument,
  type JsonObject,
  type JsonValue,
  type SuiteName,
} from "@writ/core";

import { START } from "./service.js";

/** Somebody who is not the service. */
export const SOMEBODYS_SEED: Uint8Array = new Uint8Array(32).fill(7);
export const SOMEBODY = createSeedSigner(SOMEBODYS_SEED);
/** And somebody else. */
export const OTHER = createSeedSigner(new Uint8Array(32).fill(8));

export const ALL_SUITES: readonly SuiteName[] = ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"];

/** What a proof says beside the signature; `undefined` takes out what it would say. */
export type ProofMembers = Readonly<Record<string, JsonValue | undefined>>;

/**
 * Signs any JSON whatever by eddsa-jcs-2022, as the specification's steps have it and with no check at all, so
 * that what is wrong with a document is the one thing that is wrong. Bytes come from a JSON of Node.js.
 */
export async function signAnything(
  document: JsonObject,
  members: ProofMembers = {},
  signer = SOMEBODY,
): Promise<JsonObject> {
  const { "@context": context } = document;
  const options = {
    type: "DataIntegrityProof",
    cryptosuite: "eddsa-jcs-2022",
    created: START,
    verificationMethod: signer.verificationMethod,
    proofPurpose: [document["type"]].flat().includes("VerifiablePresentation")
      ? "authentication"
      : "assertionMethod",
    ...(context === undefined ? {} : { "@context": context }),
    ...members,
  };
  const written = JSON.parse(JSON.stringify(options)) as JsonObject;
  const hash = (value: JsonObject): Buffer => createHash("sha256").update(canonicalize(value)).digest();
  const signature = await signer.sign(Buffer.concat([hash(written), hash(document)]));
  return { ...document, proof: { ...written, proofValue: `z${encodeBase58(signature)}` } };
}

/** Signs a document that is in order, by a suite, in somebody's name. */
export async function sign(
  document: JsonObject,
  suite: SuiteName,
  { purpose = "assertionMethod", ...more }: Partial<Parameters<typeof signDocument>[1]> = {},
): Promise<JsonObject> {
  const created = Date.parse(START);
  return asJson(await signDocument(document, { signer: SOMEBODY, purpose, created, suite, ...more }));
}

/** A credential in somebody's name, unless it names an issuer or shall have none. */
export function bySomebody(credential: JsonObject): JsonObject {
  return "issuer" in credential ? credential : { ...credential, issuer: SOMEBODY.did };
}
