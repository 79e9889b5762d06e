import {
  digestMultibase,
  freeOf,
  type AuthorityCredential,
  type DimensionValues,
  type FoldedGrant,
  type Grant,
} from "@writ/core";

import { currentChain } from "./chain-evidence.js";
import { chooseAuthority } from "./choose-authority.js";
import { readHoldings } from "./credentials.js";
import { endOf, keptDelegation, type KeptDelegation } from "./delegation-record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** What of an authority its holder may still hand on. */
export interface FreeAuthority {
  readonly authority: AuthorityCredential;
  /** How many links may follow; 0 where nothing may be handed on. */
  readonly maxHops: number;
  readonly grants: readonly FreeGrant[];
  /** What this wallet handed on of it, or of another of the same accounts, and that still counts. */
  readonly delegations: readonly AuthorityCredential[];
}

/** One grant of it: what is effective, and what of that was not handed on. */
export interface FreeGrant {
  readonly id: string;
  readonly effective: DimensionValues;
  readonly free: Partial<DimensionValues>;
}

/** By so much may the clocks of the organisation and its verifiers differ from the wallet's. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * What of an authority is still free to be handed on: its grants with all that they inherit, less the
 * budgets that this wallet handed on already. What others handed on below is not known here.
 *
 * What was handed on counts until it ends. A revoked one counts on until no verifier can hold a status list
 * from before its revocation: `statusMaxAgeSeconds` of the grant and a minute after the revocation was
 * confirmed; where a grant sets no such age, until it ends. What was handed on of another authority with an
 * account of this one, such as one that it renews, counts as well. Each credential counts in full, also where
 * two were handed on for one account, as one and its renewal are: so less may be said to be free than is.
 *
 * The authority is named by its credential's id, where the wallet holds several.
 *
 * @throws WritError `NOT_FOUND`, `AUTHORITY_AMBIGUOUS`, `EXPIRED`, and of the chain.
 */
export async function freeToDelegate(
  wallet: Wallet,
  { authority: id }: { readonly authority?: string } = {},
): Promise<FreeAuthority> {
  const now = wallet.clock();
  const holdings = await readHoldings(wallet);
  const authority = chooseAuthority(holdings, id, now);
  const { grants } = currentChain(holdings, authority, now);
  const handedOnOfEach = await Promise.all(
    holdings.authorities
      .filter((other) => other === authority || spendsFrom(authority, other))
      .map(async (parent) =>
        (await handedOnOf(wallet, parent)).map((kept) => ({
          kept,
          // What another one inherits is not known here: without an age of its own, a grant of it counts on.
          grants: countingGrants(kept, parent === authority ? grants : [], now),
        })),
      ),
  );
  const counting = handedOnOfEach.flat().filter((each) => each.grants.length > 0);
  const handedOn = counting.flatMap((each) => each.grants);
  return {
    authority,
    maxHops: authority.credentialSubject.redelegation?.maxHops ?? 0,
    grants: grants.map((grant) => ({
      id: grant.written.id,
      effective: grant.effective,
      free: freeOf(
        grant,
        handedOn.filter(({ within }) => within === grant.written.id),
      ),
    })),
    delegations: counting.map(({ kept }) => kept.credential),
  };
}

async function handedOnOf(wallet: Wallet, parent: AuthorityCredential): Promise<readonly KeptDelegation[]> {
  const digest = digestMultibase(parent);
  const records = await vaultOf(wallet).find("delegation", ["parent", parent.id]);
  return records
    .map(keptDelegation)
    .filter(({ credential }) => credential.credentialSubject.parent?.digestMultibase === digest);
}

/** Whether another authority is of the same accounts: the same one at another time, as a rule. */
function spendsFrom(authority: AuthorityCredential, other: AuthorityCredential): boolean {
  const accounts = accountsOf(other);
  return authority.issuer === other.issuer && accountsOf(authority).some((each) => accounts.includes(each));
}

function accountsOf({ credentialSubject }: AuthorityCredential): readonly string[] {
  return credentialSubject.grants.flatMap(({ meter }) =>
    meter === undefined ? [] : [`${meter.ledger} ${meter.account}`],
  );
}

/** The grants of a delegation that somebody may still use, as far as this wallet can be sure. */
function countingGrants(
  { credential, revokedAt }: KeptDelegation,
  above: readonly FoldedGrant[],
  now: number,
): readonly Grant[] {
  if (now >= endOf(credential)) return [];
  const { grants } = credential.credentialSubject;
  if (revokedAt === undefined) return grants;
  return grants.filter(({ within, statusMaxAgeSeconds: own }) => {
    const outer = above.find(({ written }) => written.id === within);
    const maxAgeSeconds = own ?? outer?.effective.statusMaxAgeSeconds ?? Infinity;
    return now < revokedAt + maxAgeSeconds * 1000 + CLOCK_MARGIN_MS;
  });
}
