import {
  buildChain,
  checkValidity,
  parseTimestamp,
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
 * The identity credential of a DID that is valid now and ends last.
 *
 * @throws WritError `IDENTITY_MISSING`, `EXPIRED` or `NOT_YET_VALID`.
 */
export function currentIdentity(holdings: Holdings, did: string, now: number): IdentityCredential {
  const latestFirst = [...holdings.identitiesOf(did)].sort(
    (a, b) => parseTimestamp(b.validUntil) - parseTimestamp(a.validUntil),
  );
  const latest = latestFirst.find((identity) => checkValidity(identity, now) === undefined) ?? latestFirst[0];
  if (latest === undefined) {
    throw new WritError("IDENTITY_MISSING", `there is no identity credential of ${did} in the wallet`, {
      hint: "Enrol the agent with its organisation, and add the credential to the wallet.",
    });
  }
  assertCurrent(latest, now);
  return latest;
}

/**
 * What a verifier needs to see of a chain: its links, leaf first, and who each subject on the way is.
 *
 * @throws WritError `IDENTITY_MISSING`, `EXPIRED`.
 */
export function chainEvidence(holdings: Holdings, chain: Chain, now: number): readonly WritCredential[] {
  const links = chain.links.map(({ credential }) => credential).reverse();
  return [...links, ...links.map((link) => currentIdentity(holdings, link.credentialSubject.id, now))];
}

function assertCurrent(credential: WritCredential, now: number): void {
  const problem = checkValidity(credential, now);
  if (problem === undefined) return;
  throw new WritError(problem.code, `${credential.id}: ${problem.detail}`, {
    pointer: problem.pointer,
    hint: "Ask its issuer for a current one.",
  });
}
