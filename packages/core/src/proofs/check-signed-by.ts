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

/** Who must be among those who signed a document of somebody else's. */
export interface ExpectedAmong extends Omit<ExpectedSigner, "did"> {
  /** Anybody, where it is absent. */
  readonly did?: string;
}

/**
 * Checks that a document of others is signed by the one DID that must sign it, whoever else has signed it
 * too: their proofs must verify, and confer nothing (DESIGN 4.5 and 4.6). A proof may lack `created`.
 *
 * @param pointer where the document lies, for the problems
 * @returns the proofs that verify, and every problem
 */
export async function checkSignedAmong(
  document: JsonObject,
  expected: ExpectedAmong,
  options: ProofVerification,
  pointer = "",
): Promise<{ readonly proofs: readonly VerifiedProof[]; readonly problems: readonly Problem[] }> {
  const { proofs, problems } = await checkProofs(document, options, pointer);
  const refusals = proofs.flatMap((proof) => refusalsOfTime(proof, expected));
  if (problems.length > 0 || refusals.length > 0) return { proofs, problems: [...problems, ...refusals] };
  const { did, purpose, mismatch = "ISSUER_MISMATCH" } = expected;
  const own = proofs.filter(({ key }) => did === undefined || key.did === did);
  const [first] = own;
  if (first === undefined) {
    const place = { pointer: `${pointer}/proof` };
    return {
      proofs,
      problems: [new WritError(mismatch, "no proof is by the DID that must sign", place).problem],
    };
  }
  const fit = own.some(({ proof }) => proof.proofPurpose === purpose);
  return { proofs, problems: fit ? [] : refusalsOfPurpose(first, purpose) };
}

function refusalsOf(verified: VerifiedProof, expected: ExpectedSigner): readonly Problem[] {
  const missing =
    verified.proof.created === undefined ? [refused("PROOF_CREATED", verified, "created", "missing")] : [];
  return [
    ...refusalsOfPurpose(verified, expected.purpose),
    ...missing,
    ...refusalsOfTime(verified, expected),
  ];
}

function refusalsOfPurpose(verified: VerifiedProof, purpose: ProofPurpose): readonly Problem[] {
  if (verified.proof.proofPurpose === purpose) return [];
  return [refused("PROOF_PURPOSE", verified, "proofPurpose", `must be ${purpose}`)];
}

function refusalsOfTime(verified: VerifiedProof, { now }: Pick<ExpectedSigner, "now">): readonly Problem[] {
  const { created, expires } = verified.proof;
  const refusals: Problem[] = [];
  if (created !== undefined && !(parseTimestamp(created) <= now + CREATED_TOLERANCE_MS)) {
    refusals.push(refused("PROOF_CREATED", verified, "created", "the proof was made in the future"));
  }
  if (expires !== undefined && !(now < parseTimestamp(expires))) {
    refusals.push(refused("PROOF_EXPIRED", verified, "expires", `the proof expired at ${expires}`));
  }
  const { endsAt } = verified.key;
  if (endsAt !== undefined && !(now < endsAt)) {
    const detail = "the key has expired, or was revoked";
    refusals.push(refused("METHOD_NOT_AUTHORIZED", verified, "verificationMethod", detail));
  }
  return refusals;
}

function refused(code: ErrorCode, { pointer }: VerifiedProof, member: string, detail: string): Problem {
  return new WritError(code, detail, { pointer: `${pointer}/${member}` }).problem;
}
