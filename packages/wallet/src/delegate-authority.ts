import {
  asProblem,
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
  type Chain,
  type CredentialContent,
  type Grant,
  type StatusEntry,
  type SuiteName,
  type WritCredential,
} from "@writ/core";

import { chainEvidence, currentChain } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { readHoldings } from "./credentials.js";
import {
  allocateEntries,
  assertEntriesOf,
  invalidEntries,
  type DelegationStatus,
} from "./delegation-status.js";
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
  /**
   * Milliseconds; an hour, or what the parent has left, unless given. At most an hour where it has no
   * status, else what the parent has left.
   */
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
 * must be narrower than the parent's (Rule B), the life within the parent's, and short where it has no
 * status. It is on record before it leaves the wallet.
 *
 * @param revocable where the root's organisation keeps a status for what is handed on: its port is asked
 *   for entries before anything is signed, and the life may be as long as the parent's
 * @throws WritError `ATTENUATION_VIOLATED` with dimension and pointer, and in `problems` every dimension of
 *   every grant that is not narrower; the other codes of chains, of the store,
 *   `LIFE_TOO_LONG`, `EXPIRED`, `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`; `KEY_PURPOSE` for a key that is not for
 *   `assertionMethod`; `STATUS_UNAVAILABLE`,
 *   `STATUS_ENTRY_INVALID`, and as the port threw it.
 */
export async function delegateAuthority(
  wallet: Wallet,
  options: DelegationOptions,
  revocable?: DelegationStatus,
): Promise<Delegation> {
  const now = wallet.clock();
  const holdings = await readHoldings(wallet);
  const parent = chooseAuthority(holdings, options.authority, now);
  const chain = currentChain(holdings, parent, now);
  const evidence = chainEvidence(holdings, chain, now);
  const content = contentOf(wallet, parent, options, now, revocable === undefined ? "none" : "kept");
  const compose = (credentialStatus?: readonly StatusEntry[]): AuthorityCredential => {
    const draft = composeCredential(
      { ...content, ...(credentialStatus === undefined ? {} : { credentialStatus }) },
      authorityCredential,
    );
    buildChain({ credential: draft, pointer: "" }, (digest) => holdings.findAuthority(digest));
    return draft;
  };
  const draft = revocable === undefined ? compose() : await composeRevocable(compose, revocable, chain);
  const credential = await withSigner(wallet, "assertionMethod", (signer) =>
    signDocument(draft, { signer, purpose: "assertionMethod", created: now, suite: options.suite }),
  );
  // Until here nobody has it but this process: a crash leaves a record of what nobody got, never the reverse.
  await recordDelegation(wallet, credential);
  return { credential, bundle: [credential, ...evidence] };
}

/** Composes it with the root's own entries first, so that none are taken for what would be refused. */
async function composeRevocable(
  compose: (credentialStatus?: readonly StatusEntry[]) => AuthorityCredential,
  revocable: DelegationStatus,
  chain: Chain,
): Promise<AuthorityCredential> {
  const rehearsed = compose(chain.links[0]?.credential.credentialStatus);
  const entries = await allocateEntries(revocable, rehearsed, chain);
  let draft: AuthorityCredential;
  try {
    draft = compose(entries);
  } catch (error) {
    throw invalidEntries(`are refused: ${asProblem(error).detail}`, error);
  }
  assertEntriesOf(chain, draft.credentialStatus ?? []);
  return draft;
}

function contentOf(
  { did, random }: Wallet,
  parent: AuthorityCredential,
  { to, grants, maxHops = 0, lifeMs }: DelegationOptions,
  now: number,
  status: "none" | "kept",
): CredentialContent<"DelegatedAuthorityCredential", AuthoritySubject> {
  if (status === "none" && lifeMs !== undefined && lifeMs > MAX_LIFE_WITHOUT_STATUS_MS) {
    throw new WritError("LIFE_TOO_LONG", "what an agent delegates lives for one hour at most", {
      hint: "It has no status list by which it could be revoked. Choose a shorter life, and delegate again when it ends; or have the organisation keep a status for it (`status`; --registry on the command line).",
    });
  }
  const left = parseTimestamp(parent.validUntil) - now;
  return {
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
  };
}
