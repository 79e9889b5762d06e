import { WritError, type Problem } from "../errors/writ-error.js";
import type { GenericCredential } from "./generic-credential.js";
import { parseTimestamp } from "./timestamp.js";

/**
 * Whether a credential of others is in force; the dates of both data models are heeded, wherever they
 * stand. No tolerance (DESIGN 4.6).
 *
 * @param now milliseconds since 1970
 * @param pointer where the document lies
 */
export function checkGenericValidity(
  credential: GenericCredential,
  now: number,
  pointer = "",
): readonly Problem[] {
  const { validFrom, issuanceDate, validUntil, expirationDate } = credential;
  const early = Object.entries({ validFrom, issuanceDate }).filter(
    ([, time]) => time !== undefined && !(now >= parseTimestamp(time)),
  );
  const late = Object.entries({ validUntil, expirationDate }).filter(
    ([, time]) => time !== undefined && !(now < parseTimestamp(time)),
  );
  const problem = (code: "NOT_YET_VALID" | "EXPIRED", name: string, detail: string): Problem =>
    new WritError(code, detail, { pointer: `${pointer}/${name}` }).problem;
  return [
    ...early.map(([name, time]) => problem("NOT_YET_VALID", name, `valid from ${time ?? ""}`)),
    ...late.map(([name, time]) => problem("EXPIRED", name, `valid until ${time ?? ""}`)),
  ];
}
