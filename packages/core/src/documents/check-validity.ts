import { WritError, type Problem } from "../errors/writ-error.js";
import { parseTimestamp } from "./timestamp.js";

/**
 * Whether a document is valid at a time: from `validFrom`, included, to `validUntil`, excluded. No
 * tolerance (DESIGN 4.6).
 *
 * @param now milliseconds since 1970
 * @param pointer where the document lies
 */
export function checkValidity(
  { validFrom, validUntil }: { readonly validFrom: string; readonly validUntil: string },
  now: number,
  pointer = "",
): Problem | undefined {
  if (!(now >= parseTimestamp(validFrom))) {
    return new WritError("NOT_YET_VALID", `valid from ${validFrom}`, { pointer: `${pointer}/validFrom` })
      .problem;
  }
  if (!(now < parseTimestamp(validUntil))) {
    return new WritError("EXPIRED", `valid until ${validUntil}`, { pointer: `${pointer}/validUntil` })
      .problem;
  }
  return undefined;
}
