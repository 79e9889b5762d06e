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
 * The authority credential with an id, or the only one that is valid now: of those that {@link ownOf} says to be its
 * own. Of those of which one renews the other, that is the one that ends last.
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
  const { own, others: sent } = ownOf(holdings);
  if (own.length === 0 && sent.length > 0) throw onlyOthers(sent);
  const current = own.filter((authority) => checkValidity(authority, now) === undefined);
  // Of none that is valid now, the last says best why.
  const [only, ...others] =
    current.length > 0 ? withoutRenewed(holdings, current) : [...own].sort(lastFirst).slice(0, 1);
  if (only === undefined) throw new WritError("NOT_FOUND", `no authority was issued to ${holdings.holder}`);
  if (others.length > 0) {
    throw ambiguous("the wallet holds several authorities", [only, ...others]);
  }
  return only;
}

/** A holder's authorities, those of its own people apart from those that anybody else sent. */
export interface OwnAndOthers {
  readonly own: readonly AuthorityCredential[];
  readonly others: readonly AuthorityCredential[];
}

/**
 * The authorities whose root was granted by an issuer that vouches for the holder, by an identity credential: what a
 * stranger sends must neither stand in their way nor take their place, also where they do not allow something or have
 * ended, or are there no more. Where nobody vouches for the holder, all of them are.
 */
export function ownOf(holdings: Holdings): OwnAndOthers {
  const vouch = new Set(holdings.identitiesOf(holdings.holder).map(({ issuer }) => issuer));
  const [own, others]: [AuthorityCredential[], AuthorityCredential[]] = [[], []];
  for (const each of holdings.authorities) {
    const isOwn = vouch.size === 0 || vouch.has(rootIssuerOf(holdings, each) ?? "");
    (isOwn ? own : others).push(each);
  }
  return { own, others };
}

/** Who granted the root of an authority; `undefined` where the wallet has not all above it. Digests make no circles. */
function rootIssuerOf(holdings: Holdings, authority: AuthorityCredential): string | undefined {
  const { parent } = authority.credentialSubject;
  if (parent === undefined) return authority.issuer;
  const above = holdings.findAuthority(parent.digestMultibase);
  return above === undefined ? undefined : rootIssuerOf(holdings, above.credential);
}

/** The error where only others than the agent's own could be shown. */
export function onlyOthers(others: readonly AuthorityCredential[]): WritError {
  return ambiguous(
    "authorities of others than whoever vouches for the agent are shown by name alone",
    others,
    "Whoever granted one of them may vouch for the agent by an identity credential: take that in. ",
  );
}

/** So many ids are named: whoever sends many could fill the log. */
const MAX_NAMED = 8;

/** An error that says between which authorities the caller must choose. */
export function ambiguous(
  message: string,
  authorities: readonly { readonly id: string }[],
  advice = "",
): WritError {
  const ids = [...new Set(authorities.map(({ id }) => id))];
  const more = ids.length > MAX_NAMED ? ` and ${String(ids.length - MAX_NAMED)} more` : "";
  return new WritError("AUTHORITY_AMBIGUOUS", message, {
    hint: `${advice}Name one by its id (\`authority\`; --authority on the command line): ${ids.slice(0, MAX_NAMED).join(", ")}${more}`,
  });
}

function lastFirst(one: AuthorityCredential, other: AuthorityCredential): number {
  return endOf(other) - endOf(one);
}

function endOf({ validUntil }: AuthorityCredential): number {
  return parseTimestamp(validUntil);
}

/** Of those of one root that say the same, the ones that end last. */
function withoutRenewed(
  holdings: Holdings,
  authorities: readonly AuthorityCredential[],
): readonly AuthorityCredential[] {
  const ends = new Map<string, number>();
  const each = authorities.map((authority) => ({
    authority,
    same: canonicalize([rootIssuerOf(holdings, authority) ?? "", authority.issuer, sayingOf(authority)]),
  }));
  for (const { authority, same } of each) ends.set(same, Math.max(ends.get(same) ?? 0, endOf(authority)));
  return each.flatMap(({ authority, same }) => (endOf(authority) === ends.get(same) ? [authority] : []));
}

/** Whether two authorities are the same one at different times: all but the parent, which is renewed too. */
export function saySame(one: AuthorityCredential, other: AuthorityCredential): boolean {
  return one.issuer === other.issuer && sayingOf(one) === sayingOf(other);
}

function sayingOf({ credentialSubject: { parent: _, ...saying } }: AuthorityCredential): string {
  return canonicalize(asJson(saying));
}
