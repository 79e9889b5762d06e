import { genericProof, MAX_PROOFS, type GenericProof } from "../documents/proof.js";
import { WritError } from "../errors/writ-error.js";
import { isJsonArray, type JsonObject, type JsonValue } from "../json/json-value.js";
import { parseShape } from "../schema/shape.js";

/** A proof of a set, and where it lies. */
export interface PlacedProof {
  readonly proof: GenericProof;
  readonly pointer: string;
  /** The proofs that it follows on, as they are in the document. */
  readonly previous: readonly JsonValue[];
}

/**
 * The proofs of a document, in their order, each with those that it follows on (VC Data Integrity 1.0,
 * section 4.4, steps 1 to 3).
 *
 * @param pointer where the document lies, for the problems
 * @throws WritError `PROOF_MISSING`, `TOO_MANY_ITEMS`, and of the first proof that is not of its form;
 *   `PROOF_CHAIN_INVALID` for two proofs of one id, or one that follows on what is not there, on itself or
 *   in a circle.
 */
export function parseProofSet(document: JsonObject, pointer = ""): readonly PlacedProof[] {
  const member = document["proof"];
  if (member === undefined || (isJsonArray(member) && member.length === 0)) {
    throw new WritError("PROOF_MISSING", "the document has no proof", { pointer: `${pointer}/proof` });
  }
  const set = isJsonArray(member) ? member : [member];
  if (set.length > MAX_PROOFS) {
    throw new WritError("TOO_MANY_ITEMS", `more than ${String(MAX_PROOFS)} proofs`, {
      pointer: `${pointer}/proof`,
    });
  }
  const parsed = set.map((entry, index) => {
    const place = isJsonArray(member) ? `${pointer}/proof/${String(index)}` : `${pointer}/proof`;
    return { entry, proof: parseShape(genericProof, entry, place), pointer: place };
  });
  assertChained(parsed);
  return parsed.map(({ proof, pointer: place }) => ({
    proof,
    pointer: place,
    previous: parsed.filter((other) => follows(proof, other.proof)).map(({ entry }) => entry),
  }));
}

/** Whether a proof follows on another directly. */
function follows({ previousProof = [] }: GenericProof, { id }: GenericProof): boolean {
  return id !== undefined && [previousProof].flat().includes(id);
}

/**
 * Whether each proof follows only on proofs that could have been made before it. A proof that signed one
 * which signs it cannot be made; a set that claims so is refused before any signature is looked at.
 */
function assertChained(set: readonly Omit<PlacedProof, "previous">[]): void {
  const refuse = (pointer: string, detail: string): never => {
    throw new WritError("PROOF_CHAIN_INVALID", detail, { pointer });
  };
  const made = new Set<GenericProof>();
  const ids = new Set<string>();
  for (const { proof, pointer } of set) {
    if (proof.id === undefined) continue;
    if (ids.has(proof.id)) refuse(`${pointer}/id`, "another proof has this id");
    ids.add(proof.id);
  }
  for (const { proof, pointer } of set) {
    const unknown = [proof.previousProof ?? []].flat().some((id) => !ids.has(id));
    if (unknown) refuse(`${pointer}/previousProof`, "follows on a proof that is not there");
  }
  // Takes away what follows on nothing that is left, until nothing is; a circle never goes.
  for (let left = set; left.length > 0; left = left.filter(({ proof }) => !made.has(proof))) {
    const free = left.filter(({ proof }) =>
      left.every((other) => made.has(other.proof) || !follows(proof, other.proof)),
    );
    const [first] = left;
    if (free.length === 0 && first !== undefined) {
      refuse(`${first.pointer}/previousProof`, "proofs follow on each other");
    }
    for (const { proof } of free) made.add(proof);
  }
}
