import { checkValidity, WritError, type AuthorityCredential } from "@writ/core";

import type { Holdings } from "./credentials.js";

/**
 * The authority credential with an id, or the only one that is valid now.
 *
 * @throws WritError `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`.
 */
export function chooseAuthority(
  holdings: Holdings,
  id: string | undefined,
  now: number,
): AuthorityCredential {
  if (id !== undefined) {
    const named = holdings.authorities.find((authority) => authority.id === id);
    if (named === undefined) throw new WritError("NOT_FOUND", "the wallet holds no authority of this id");
    return named;
  }
  const current = holdings.authorities.filter((authority) => checkValidity(authority, now) === undefined);
  const [only, ...others] = current.length > 0 ? current : holdings.authorities;
  if (only === undefined) throw new WritError("NOT_FOUND", "the wallet holds no authority");
  if (others.length > 0) {
    throw new WritError("AUTHORITY_AMBIGUOUS", "the wallet holds several authorities", {
      hint: `Name one by its id: ${[only, ...others].map((authority) => authority.id).join(", ")}`,
    });
  }
  return only;
}
