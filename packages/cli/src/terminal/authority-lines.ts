import { describeGrant, type AuthoritySubject, type Grant } from "@writ/core";
import type { Principal, Registry } from "@writ/issuer";

import { handOnText } from "./hand-on-text.js";
import { bold, show, type SafeText } from "./safe-text.js";

/**
 * What an authority says, in words: for whom it acts, and what it allows.
 *
 * @param names of the principals that are registered, by their DIDs
 */
export function authorityLines(
  { principal, redelegation, grants }: AuthoritySubject,
  names: ReadonlyMap<string, string>,
): readonly SafeText[] {
  const name = names.get(principal);
  const whom = name === undefined ? principal : `${name}, ${principal}`;
  return [show`on behalf of ${whom}, ${handOnText(redelegation?.maxHops ?? 0)}`, ...grantLines(grants)];
}

/** What grants allow, in words. */
export function grantLines(grants: readonly Grant[]): readonly SafeText[] {
  return grants.flatMap((grant) => [
    show`grant ${bold(grant.id)}`,
    ...describeGrant(grant).map((line) => show`  ${line}`),
  ]);
}

/** Names of who can be acted for, by their DIDs: the organisation's own, too. */
export function namesOf(
  { did, name }: Pick<Registry, "did" | "name">,
  principals: readonly Principal[],
): ReadonlyMap<string, string> {
  return new Map([...principals.map((principal) => [principal.did, principal.name] as const), [did, name]]);
}
