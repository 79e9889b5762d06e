import {
  asJson,
  canonicalize,
  checkValidity,
  parseTimestamp,
  WritError,
  type AuthorityCredential,
} from "@writ/core";

import type { Holdings } from "./credentials.js";

/**
 * The authority credential with an id, or the only one that is valid now. Of those of which one renews
 * the other, that is the one that ends last.
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
  const [only, ...others] = current.length > 0 ? withoutRenewed(current) : holdings.authorities;
  if (only === undefined) throw new WritError("NOT_FOUND", `no authority was issued to ${holdings.holder}`);
  if (others.length > 0) {
    throw new WritError("AUTHORITY_AMBIGUOUS", "the wallet holds several authorities", {
      hint: `Name one by its id: ${[only, ...others].map((authority) => authority.id).join(", ")}`,
    });
  }
  return only;
}

function withoutRenewed(authorities: readonly AuthorityCredential[]): readonly AuthorityCredential[] {
  const endOf = ({ validUntil }: AuthorityCredential): number => parseTimestamp(validUntil);
  return authorities.filter(
    (authority) => !authorities.some((other) => saySame(authority, other) && endOf(other) > endOf(authority)),
  );
}

/** Whether two authorities are the same one at different times: all but the parent, which is renewed too. */
export function saySame(one: AuthorityCredential, other: AuthorityCredential): boolean {
  return one.issuer === other.issuer && sayingOf(one) === sayingOf(other);
}

function sayingOf({ credentialSubject: { parent: _, ...saying } }: AuthorityCredential): string {
  return canonicalize(asJson(saying));
}
