import { WritError, type Problem } from "../errors/writ-error.js";
import type { ErrorCode } from "../errors/codes.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { checkSignedBy, type ExpectedSigner } from "./check-signed-by.js";
import type { ProofVerification } from "./verify-proofs.js";

/** Who must all have signed a document, what for, and the time at which that is judged. */
export interface ExpectedSigners extends Pick<ExpectedSigner, "purpose" | "now"> {
  readonly dids: readonly string[];
}

/**
 * Checks that a document is signed by each of several DIDs, once, and by nobody else: a proof that was
 * taken out of the set is missed. Ends with the first signer whose proof is not as it should be, in the
 * order in which they are expected.
 *
 * @returns every problem of that proof, or of the set as a whole
 */
export async function checkSignedByEach(
  document: JsonObject,
  { dids, purpose, now }: ExpectedSigners,
  options: ProofVerification,
): Promise<readonly Problem[]> {
  const { proof: member = [] } = document;
  const set = isJsonArray(member) ? member : [member];
  const placeOf = (index: number): string => (isJsonArray(member) ? `/proof/${String(index)}` : "/proof");

  // Before any key is looked at, as for a single signer.
  const signers = set.map((proof) => dids.find((did) => isBy(proof, did)));
  const foreign = signers.findIndex((did, index) => did === undefined || signers.indexOf(did) < index);
  if (foreign >= 0) {
    const detail = signers[foreign] === undefined ? "a proof by another DID" : "a second proof by one DID";
    return [refused("ISSUER_MISMATCH", detail, `${placeOf(foreign)}/verificationMethod`)];
  }
  for (const did of dids) {
    const index = signers.indexOf(did);
    const proof = set[index];
    if (proof === undefined) return [refused("PROOF_MISSING", `has no proof by ${did}`, "/proof")];
    const { problems } = await checkSignedBy({ ...document, proof }, { did, purpose, now }, options);
    if (problems.length > 0) {
      return problems.map((found) => ({
        ...found,
        pointer: found.pointer.replace(/^\/proof/, placeOf(index)),
      }));
    }
  }
  return [];
}

function isBy(proof: JsonValue, did: string): boolean {
  const method = isJsonObject(proof) ? proof["verificationMethod"] : undefined;
  return typeof method === "string" && method.startsWith(`${did}#`);
}

function refused(code: ErrorCode, detail: string, pointer: string): Problem {
  return new WritError(code, detail, { pointer }).problem;
}
