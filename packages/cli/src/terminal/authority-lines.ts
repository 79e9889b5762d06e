import { describeGrant, type AuthoritySubject, type Grant } from "@writ/core";
import type { Registry } from "@writ/issuer";

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
  const whom = named(principal, names);
  return [show`on behalf of ${whom}, ${handOnText(redelegation?.maxHops ?? 0)}`, ...grantLines(grants)];
}

/** What grants allow, in words. */
export function grantLines(grants: readonly Grant[]): readonly SafeText[] {
  return grants.flatMap((grant) => [
    show`grant ${bold(grant.id)}`,
    ...describeGrant(grant).map((line) => show`  ${line}`),
  ]);
}

/** Names of who can be acted for, by their DIDs: the organisation's own, too, of which former keys are told apart. */
export async function namesIn(registry: Registry): Promise<ReadonlyMap<string, string>> {
  const { listFormerKeys, listPrincipals } = await import("@writ/issuer");
  const { did, name } = registry;
  return new Map([
    ...(await listPrincipals(registry)).map((principal) => [principal.did, principal.name] as const),
    ...(await listFormerKeys(registry)).map((key) => [key.did, `${name} by a former key`] as const),
    [did, name],
  ]);
}

/** A DID with the name of whose it is, where that is known. */
export function named(did: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(did);
  return name === undefined ? did : `${name}, ${did}`;
}
