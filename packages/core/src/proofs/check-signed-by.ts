import type { ProofPurpose } from "../did/verification-key.js";
import { parseTimestamp } from "../documents/timestamp.js";
import { WritError, type Problem } from "../errors/writ-error.js";
import type { ErrorCode } from "../errors/codes.js";
import { isJsonArray, isJsonObject, type JsonObject } from "../json/json-value.js";
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
  // Before any key is looked at: a stranger's proof costs a comparison of texts.
  const foreign = foreignProofs(document, expected, pointer);
  if (foreign.length > 0) return { proofs: [], problems: foreign };
  const { proofs, problems } = await checkProofs(document, options, pointer);
  const refusals = proofs.flatMap((proof) => refusalsOf(proof, expected));
  return { proofs, problems: [...problems, ...refusals] };
}

/** Proofs whose verification method is not one of the expected DID. */
function foreignProofs(
  { proof = [] }: JsonObject,
  { did, mismatch = "ISSUER_MISMATCH" }: ExpectedSigner,
  pointer: string,
): readonly Problem[] {
  return (isJsonArray(proof) ? proof : [proof]).flatMap((entry, index) => {
    const method = isJsonObject(entry) ? entry["verificationMethod"] : undefined;
    if (typeof method !== "string" || method.startsWith(`${did}#`)) return [];
    const place = isJsonArray(proof) ? `/proof/${String(index)}` : "/proof";
    return [
      new WritError(mismatch, "a proof by another DID", { pointer: `${pointer}${place}/verificationMethod` })
        .problem,
    ];
  });
}

function refusalsOf({ proof, pointer }: VerifiedProof, { purpose, now }: ExpectedSigner): readonly Problem[] {
  const refusals: Problem[] = [];
  const refuse = (code: ErrorCode, member: string, detail: string): void => {
    refusals.push(new WritError(code, detail, { pointer: `${pointer}/${member}` }).problem);
  };
  if (proof.proofPurpose !== purpose) refuse("PROOF_PURPOSE", "proofPurpose", `must be ${purpose}`);
  if (proof.created === undefined) refuse("PROOF_CREATED", "created", "missing");
  else if (!(parseTimestamp(proof.created) <= now + CREATED_TOLERANCE_MS)) {
    refuse("PROOF_CREATED", "created", "the proof was made in the future");
  }
  if (proof.expires !== undefined && !(now < parseTimestamp(proof.expires))) {
    refuse("PROOF_EXPIRED", "expires", `the proof expired at ${proof.expires}`);
  }
  return refusals;
}
