import { decodeBase58 } from "../encoding/base58.js";
import { asProblem, WritError, type Problem } from "../errors/writ-error.js";
import { resolveVerificationKey, type VerificationKey } from "../did/verification-key.js";
import type { DidResolver } from "../did/resolver.js";
import type { GenericProof } from "../documents/proof.js";
import { asJson, omit, type JsonObject } from "../json/json-value.js";
import type { JsonText } from "../json/decode-text.js";
import { parseStrictJsonObject } from "../json/strict-json.js";
import type { Ed25519Engine } from "../keys/ed25519-engine.js";
import { cacheEntryOf, type SignatureCache } from "../keys/signature-cache.js";
import { assertSignatureForm, verifyEd25519 } from "../keys/verify-ed25519.js";
import { parseProofSet, type PlacedProof } from "./proof-set.js";
import { suiteOf } from "./suites.js";

/** A proof whose signature verifies, and the key that made it. */
export interface VerifiedProof {
  readonly proof: GenericProof;
  readonly key: VerificationKey;
  /** Where the proof lies, as in problems. */
  readonly pointer: string;
}

/** What proofs are verified with. */
export interface ProofVerification {
  readonly resolver: DidResolver;
  readonly engine?: Ed25519Engine;
  /** Remembers signatures that have verified; nothing is remembered without one. */
  readonly signatures?: SignatureCache;
}

/** The outcome of {@link verifyProofs}. */
export type VerifyProofsResult =
  | { readonly verified: true; readonly document: JsonObject; readonly proofs: readonly VerifiedProof[] }
  | { readonly verified: false; readonly problems: readonly Problem[] };

/**
 * Verifies the proofs of any JSON document: mathematics only (VC Data Integrity 1.0, sections
 * 4.3 and 4.4; DESIGN 4.5). Every proof must verify, chains included. Who signed, when and what for is up to the caller: this says
 * nothing about issuer, holder, time, status or trust.
 */
export async function verifyProofs(input: JsonText, options: ProofVerification): Promise<VerifyProofsResult> {
  try {
    const document = parseStrictJsonObject(input);
    const { proofs, problems } = await checkProofs(document, options);
    return problems.length > 0 ? { verified: false, problems } : { verified: true, document, proofs };
  } catch (error) {
    return { verified: false, problems: [asProblem(error)] };
  }
}

/**
 * {@link verifyProofs} for a document that has been parsed, or for one inside another.
 *
 * @param pointer where the document lies, for the problems
 */
export async function checkProofs(
  document: JsonObject,
  options: ProofVerification,
  pointer = "",
): Promise<{ readonly proofs: readonly VerifiedProof[]; readonly problems: readonly Problem[] }> {
  let set: readonly PlacedProof[];
  try {
    set = parseProofSet(document, pointer);
  } catch (error) {
    return { proofs: [], problems: [asProblem(error)] };
  }
  const proofs: VerifiedProof[] = [];
  const problems: Problem[] = [];
  for (const placed of set) {
    try {
      const key = await verifyProof(document, placed, options);
      proofs.push({ proof: placed.proof, key, pointer: placed.pointer });
    } catch (error) {
      const { pointer: within, ...refusal } = asProblem(error);
      problems.push({ ...refusal, pointer: placed.pointer + within });
    }
  }
  return { proofs, problems };
}

async function verifyProof(
  document: JsonObject,
  { proof, previous }: PlacedProof,
  { resolver, engine, signatures }: ProofVerification,
): Promise<VerificationKey> {
  const suite = suiteOf(proof);
  const signature = decodeProofValue(proof.proofValue);
  assertSignatureForm(signature);
  const key = await resolveVerificationKey(resolver, proof.verificationMethod, proof.proofPurpose);
  const hash = await suite.hash(document, omit(asJson(proof), "proofValue"), previous);
  const entry = signatures === undefined ? "" : cacheEntryOf(signature, hash, key.publicKey);
  if (signatures?.has(entry) === true) return key;
  verifyEd25519(signature, hash, key.publicKey, engine);
  signatures?.add(entry);
  return key;
}

function decodeProofValue(proofValue: string): Uint8Array {
  if (!proofValue.startsWith("z")) {
    throw new WritError("ENCODING_INVALID", "must be multibase base58btc", { pointer: "/proofValue" });
  }
  return decodeBase58(proofValue.slice(1));
}
