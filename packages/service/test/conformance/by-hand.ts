import { createHash } from "node:crypto";

import {
  canonicalize,
  encodeBase58,
  loadContext,
  type JsonObject,
  type JsonValue,
  type Signer,
  type SuiteName,
} from "@writ/core";
import jsonld from "jsonld";

import { START } from "./service.js";
import { SOMEBODY, type ProofMembers } from "./signing.js";

const ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1";

/** How a proof is made; what is left out is as the specification has it. */
export interface ByHand {
  readonly suite: SuiteName;
  /** What the proof says otherwise; `undefined` takes out what it would say. */
  readonly members?: ProofMembers;
  readonly signer?: Pick<Signer, "verificationMethod" | "sign">;
  /** The proofs that it follows on, which are signed with the document. */
  readonly previous?: readonly JsonValue[];
  /** The bytes to sign, of the proof's options and of the document as they are canonicalised. */
  readonly hash?: (options: string, document: string) => Uint8Array;
  readonly encode?: (signature: Uint8Array) => JsonValue;
}

/** The document with one proof more, of any form: from the steps of the specification, with nothing of Writ's suites. */
export async function signByHand(unsecured: JsonObject, how: ByHand): Promise<JsonObject> {
  const { suite, members = {}, signer = SOMEBODY, encode = base58btc } = how;
  const { proof: existing = [], ...rest } = unsecured;
  const document = withContextOf(rest, suite);
  const isJcs = suite === "eddsa-jcs-2022";
  const options = written({
    ...(suite === "Ed25519Signature2020"
      ? { type: suite }
      : { type: "DataIntegrityProof", cryptosuite: suite }),
    created: START,
    verificationMethod: signer.verificationMethod,
    proofPurpose: [document["type"]].flat().includes("VerifiablePresentation")
      ? "authentication"
      : "assertionMethod",
    ...(isJcs ? { "@context": document["@context"] } : {}),
    ...members,
  });
  const proof = { ...options, proofValue: encode(await signer.sign(await hashData(document, options, how))) };
  const proofs = [existing, proof].flat();
  return { ...document, proof: proofs.length === 1 ? proof : proofs };
}

/** What a proof signs: sections 3.2.3 to 3.2.5 and 3.3.3 to 3.3.5 (Data Integrity EdDSA Cryptosuites 1.0). */
export async function hashData(
  document: JsonObject,
  options: JsonObject,
  { suite, previous = [], hash = sha256OfEach }: Pick<ByHand, "suite" | "previous" | "hash">,
): Promise<Uint8Array> {
  const { proof: _, ...unsecured } = document;
  const input = previous.length === 0 ? unsecured : { ...unsecured, proof: previous };
  if (suite === "eddsa-jcs-2022") return hash(canonicalize(options), canonicalize(input));
  const configuration = { ...options, "@context": document["@context"] ?? [] };
  return hash(await canonicalRdf(configuration), await canonicalRdf(input));
}

/** Canonical N-Quads, by the stock library; what they leave out is left out. */
export async function canonicalRdf(document: JsonObject): Promise<string> {
  return jsonld.canonize(structuredClone(document), {
    algorithm: "RDFC-1.0",
    format: "application/n-quads",
    safe: false,
    documentLoader: (url) =>
      Promise.resolve({ contextUrl: null, documentUrl: url, document: loadContext(url) }),
  });
}

/** The hash of the options, and then that of the document. */
function sha256OfEach(options: string, document: string): Uint8Array {
  return Buffer.concat([options, document].map((text) => createHash("sha256").update(text).digest()));
}

export function base58btc(bytes: Uint8Array): string {
  return `z${encodeBase58(bytes)}`;
}

/** The contexts of the data model have the terms of Data Integrity proofs, and not of the older suite's. */
function withContextOf(document: JsonObject, suite: SuiteName): JsonObject {
  const contexts = [document["@context"] ?? []].flat();
  if (suite !== "Ed25519Signature2020" || contexts.includes(ED25519_2020)) return document;
  return { ...document, "@context": [...contexts, ED25519_2020] };
}

function written(members: ProofMembers): JsonObject {
  return JSON.parse(JSON.stringify(members)) as JsonObject;
}
