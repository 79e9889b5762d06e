import type { ProofPurpose } from "../did/verification-key.js";
import { parseTimestamp } from "../documents/timestamp.js";
import { WritError, type Problem } from "../errors/writ-error.js";
import type { ErrorCode } from "../errors/codes.js";
import type { JsonObject } from "../json/json-value.js";
import { checkProofs, type ProofVerification, type VerifiedProof } from "./verify-proofs.js";

/** How far ahead of this clock a proof's `created` may be (DESIGN 4.6). */
export const CREATED_TOLERANCE_MS = 60_000;

/** Who must have signed a document, what for, and the time at which that is judged. */
export interface ExpectedSigner {
  readonly did: string;
  readonly purpose: ProofPurpose;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What is said of a proof by somebody else: `ISSUER_MISMATCH` unless given. */
  readonly mismatch?: Extract<ErrorCode, "ISSUER_MISMATCH" | "HOLDER_MISMATCH">;
}

/**
 * Checks that a document of Writ's own is signed, by the one DID that must sign it and by nobody
 * else, for the right purpose and at a possible time (DESIGN 4.5 and 4.6).
 *
 * @param pointer where the document lies, for the problems
 * @returns the proofs that verify, and every problem
 */
export async function checkSignedBy(
  document: JsonObject,
  expected: ExpectedSigner,
  options: ProofVerification,
  pointer = "",
): Promise<{ readonly proofs: readonly VerifiedProof[]; readonly problems: readonly Problem[] }> {
  const { proofs, problems } = await checkProofs(document, options, pointer);
  const refusals = proofs.flatMap((proof) => refusalsOf(proof, expected));
  return { proofs, problems: [...problems, ...refusals] };
}

function refusalsOf(
  { proof, key, pointer }: VerifiedProof,
  { did, purpose, now, mismatch = "ISSUER_MISMATCH" }: ExpectedSigner,
): readonly Problem[] {
  const refusals: Problem[] = [];
  const refuse = (code: ErrorCode, member: string, detail: string): void => {
    refusals.push(new WritError(code, detail, { pointer: `${pointer}/${member}` }).problem);
  };
  if (key.did !== did) refuse(mismatch, "verificationMethod", "a proof by another DID");
  if (proof.proofPurpose !== purpose) refuse("PROOF_PURPOSE", "proofPurpose", `must be ${purpose}`);
  if (proof.created === undefined) refuse("PROOF_CREATED", "created", "missing");
  else if (parseTimestamp(proof.created) > now + CREATED_TOLERANCE_MS) {
    refuse("PROOF_CREATED", "created", "the proof was made in the future");
  }
  if (proof.expires !== undefined && now >= parseTimestamp(proof.expires)) {
    refuse("PROOF_EXPIRED", "expires", "the proof has expired");
  }
  return refusals;
}
