import {
  buildChain,
  checkValidity,
  parseTimestamp,
  refusal,
  WritError,
  type AuthorityCredential,
  type Chain,
  type IdentityCredential,
  type WritCredential,
} from "@writ/core";

import type { Holdings } from "./credentials.js";

/**
 * The chain of an authority credential, all of it valid now.
 *
 * @throws WritError of the chain, `EXPIRED` or `NOT_YET_VALID`.
 */
export function currentChain(holdings: Holdings, authority: AuthorityCredential, now: number): Chain {
  const chain = buildChain({ credential: authority, pointer: "" }, (digest) =>
    holdings.findAuthority(digest),
  );
  for (const { credential } of chain.links) assertCurrent(credential, now);
  return chain;
}

/**
 * The identity credential of a DID that is valid now: by the preferred issuer if there is one, and
 * otherwise the one that ends last. Anybody can vouch for a DID, so a chain is shown with what its
 * own root says.
 *
 * @throws WritError `IDENTITY_MISSING`, `EXPIRED` or `NOT_YET_VALID`.
 */
export function currentIdentity(
  holdings: Holdings,
  did: string,
  now: number,
  preferredIssuer: string | undefined,
): IdentityCredential {
  const rank = (identity: IdentityCredential): number =>
    (checkValidity(identity, now) === undefined ? 0 : 2) + (identity.issuer === preferredIssuer ? 0 : 1);
  const [best] = [...holdings.identitiesOf(did)].sort(
    (a, b) => rank(a) - rank(b) || parseTimestamp(b.validUntil) - parseTimestamp(a.validUntil),
  );
  if (best === undefined) {
    throw new WritError("IDENTITY_MISSING", `there is no identity credential of ${did} in the wallet`, {
      hint: "Enrol the agent with its organisation, and add the credential to the wallet.",
    });
  }
  assertCurrent(best, now);
  return best;
}

/** The issuer at the root of a chain. */
export function rootIssuer({ links }: Chain): string | undefined {
  return links[0]?.credential.issuer;
}

/**
 * What a verifier needs to see of a chain: its links, leaf first, and who each subject on the way is.
 *
 * @throws WritError `IDENTITY_MISSING`, `EXPIRED` or `NOT_YET_VALID`.
 */
export function chainEvidence(holdings: Holdings, chain: Chain, now: number): readonly WritCredential[] {
  const links = chain.links.map(({ credential }) => credential).reverse();
  const identities = links.map(({ credentialSubject: { id } }) =>
    currentIdentity(holdings, id, now, rootIssuer(chain)),
  );
  return [...links, ...identities];
}

function assertCurrent(credential: WritCredential, now: number): void {
  const problem = checkValidity(credential, now);
  if (problem === undefined) return;
  throw refusal(
    { ...problem, detail: `${credential.id}: ${problem.detail}` },
    { hint: "Ask its issuer for a current one." },
  );
}
