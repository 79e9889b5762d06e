import {
  authorityCredential,
  buildChain,
  composeCredential,
  digestMultibase,
  MAX_LIFE_WITHOUT_STATUS_MS,
  parseTimestamp,
  randomUuidUrn,
  signDocument,
  WritError,
  type AuthorityCredential,
  type AuthoritySubject,
  type Grant,
  type SuiteName,
  type WritCredential,
} from "@writ/core";

import { chainEvidence, currentChain } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { readHoldings } from "./credentials.js";
import { recordDelegation } from "./delegations.js";
import { withSigner, type Wallet } from "./wallet.js";

/** What is handed on, and to whom. */
export interface DelegationOptions {
  /** DID of the agent that receives it. */
  readonly to: string;
  /** Each with a `within` that names a grant of the parent. */
  readonly grants: readonly Grant[];
  /** Id of the authority credential that is handed on; needed where the wallet holds several. */
  readonly authority?: string;
  /** How many times it may be handed on again; not at all unless given. */
  readonly maxHops?: number;
  /** Milliseconds, at most an hour; an hour, or what the parent has left, unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/** A new link of the chain, and all that its holder needs to present it, leaf first. */
export interface Delegation {
  readonly credential: AuthorityCredential;
  readonly bundle: readonly WritCredential[];
}

/**
 * Hands authority on to another agent. Nothing is signed that a verifier would refuse: the grants
 * must be narrower than the parent's (Rule B), the life within the parent's, and short, since the
 * wallet keeps no status list.
 *
 * @throws WritError `ATTENUATION_VIOLATED` with dimension and pointer, and in `problems` every dimension of
 *   every grant that is not narrower; the other codes of chains, of the store,
 *   `LIFE_TOO_LONG`, `EXPIRED`, `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`.
 */
export async function delegateAuthority(wallet: Wallet, options: DelegationOptions): Promise<Delegation> {
  const now = wallet.clock();
  const holdings = await readHoldings(wallet);
  const parent = chooseAuthority(holdings, options.authority, now);
  const evidence = chainEvidence(holdings, currentChain(holdings, parent, now), now);
  const draft = composeChild(wallet, parent, options, now);
  buildChain({ credential: draft, pointer: "" }, (digest) => holdings.findAuthority(digest));
  const credential = await withSigner(wallet, "assertionMethod", (signer) =>
    signDocument(draft, { signer, purpose: "assertionMethod", created: now, suite: options.suite }),
  );
  await recordDelegation(wallet, credential);
  return { credential, bundle: [credential, ...evidence] };
}

function composeChild(
  { did, random }: Wallet,
  parent: AuthorityCredential,
  { to, grants, maxHops = 0, lifeMs }: DelegationOptions,
  now: number,
): AuthorityCredential {
  if (lifeMs !== undefined && lifeMs > MAX_LIFE_WITHOUT_STATUS_MS) {
    throw new WritError("LIFE_TOO_LONG", "what an agent delegates lives for one hour at most", {
      hint: "It has no status list by which it could be revoked. Choose a shorter life, and delegate again when it ends.",
    });
  }
  const left = parseTimestamp(parent.validUntil) - now;
  return composeCredential<"DelegatedAuthorityCredential", AuthoritySubject>(
    {
      id: randomUuidUrn(random),
      type: "DelegatedAuthorityCredential",
      issuer: did,
      from: now,
      lifeMs: lifeMs ?? Math.min(MAX_LIFE_WITHOUT_STATUS_MS, left),
      credentialSubject: {
        id: to,
        principal: parent.credentialSubject.principal,
        parent: { id: parent.id, digestMultibase: digestMultibase(parent) },
        ...(maxHops === 0 ? {} : { redelegation: { maxHops } }),
        grants,
      },
    },
    authorityCredential,
  );
}
