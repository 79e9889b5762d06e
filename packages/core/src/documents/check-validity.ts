import { WritError, type Problem } from "../errors/writ-error.js";
import { proofsOf, type Proven } from "./proof.js";
import { parseTimestamp } from "./timestamp.js";

/** What is said of a document's time. */
export interface Dated extends Proven {
  readonly validFrom: string;
  /** Absent only where a document of somebody else's has no end. */
  readonly validUntil?: string;
}

/**
 * Whether a document is valid at a time: from `validFrom`, included, to `validUntil`, excluded, and
 * before its proofs end. No tolerance (DESIGN 4.6).
 *
 * @param now milliseconds since 1970
 * @param pointer where the document lies
 */
export function checkValidity(document: Dated, now: number, pointer = ""): Problem | undefined {
  const { validFrom, validUntil } = document;
  if (!(now >= parseTimestamp(validFrom))) {
    return new WritError("NOT_YET_VALID", `valid from ${validFrom}`, { pointer: `${pointer}/validFrom` })
      .problem;
  }
  if (validUntil !== undefined && !(now < parseTimestamp(validUntil))) {
    return new WritError("EXPIRED", `valid until ${validUntil}`, { pointer: `${pointer}/validUntil` })
      .problem;
  }
  for (const { proof, pointer: place } of proofsOf(document, pointer)) {
    if (proof.expires !== undefined && !(now < parseTimestamp(proof.expires))) {
      const at = { pointer: `${place}/expires` };
      return new WritError("PROOF_EXPIRED", `the proof expired at ${proof.expires}`, at).problem;
    }
  }
  return undefined;
}

/** The time from which a document is not valid any more: by its `validUntil`, or by a proof that expires. `Infinity` for never. */
export function validityEnd(document: Omit<Dated, "validFrom">): number {
  const ends = [document.validUntil, ...proofsOf(document).map(({ proof }) => proof.expires)];
  return Math.min(...ends.filter((end) => end !== undefined).map(parseTimestamp));
}
