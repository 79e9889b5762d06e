import {
  buildChain,
  parseTimestamp,
  WritError,
  type AuthorityCredential,
  type FoldedGrant,
  type ParentReference,
} from "@writ/core";

import { withParents } from "./credentials.js";
import {
  delegationRecord,
  endOf,
  keptDelegation,
  REVOKED,
  type KeptDelegation,
} from "./delegation-record.js";
import type { Label } from "./vault/record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** What has become of a delegation: `revoked` also after its end, `ended` if it ended by itself. */
export type DelegationState = "live" | "ended" | "revoked";

/** What the wallet remembers of an authority that it handed on. */
export interface DelegationRecord {
  /** Of the credential. */
  readonly id: string;
  readonly state: DelegationState;
  /** DID of the wallet's key that handed it on. */
  readonly from: string;
  readonly to: string;
  /** The authority that it was handed on of. */
  readonly parent: ParentReference;
  /** Ids of its grants. */
  readonly grants: readonly string[];
  /** The grants among them that have a budget, their own or an inherited one. */
  readonly budgets: readonly DelegatedBudget[];
  /** Milliseconds since 1970, as the next two. */
  readonly handedOnAt: number;
  readonly endsAt: number;
  /** When the organisation confirmed the revocation. */
  readonly revokedAt?: number;
  /** What is left of its life, revoked or not; 0 once it has ended. */
  readonly remainingMs: number;
  /** Whether it has status entries, so that `revokeDelegation` can end it before its end. */
  readonly isRevocable: boolean;
  readonly credential: AuthorityCredential;
}

/** What may be spent under a grant in all, in minor units. */
export interface DelegatedBudget {
  readonly grant: string;
  /** The grant of the parent in which it lies. */
  readonly within: string;
  readonly unit: string;
  readonly budget: number;
  /** The budget of that grant; absent where it has none, or where its credential is held no more. */
  readonly of?: number;
}

/** Which delegations are looked for; each that is given must fit. */
export interface DelegationFilter {
  /** Id of the authority credential that they were handed on of. */
  readonly parent?: string;
  /** DID of who received them. */
  readonly to?: string;
  readonly state?: DelegationState;
}

/** Times are of whole seconds; within one the order is at least always the same. */
const byTime = (a: DelegationRecord, b: DelegationRecord): number =>
  a.handedOnAt - b.handedOnAt || (a.id < b.id ? -1 : 1);

/**
 * What the wallet handed on and has not forgotten, in the order of time.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`.
 */
export async function listDelegations(
  wallet: Wallet,
  filter: DelegationFilter = {},
): Promise<readonly DelegationRecord[]> {
  const describe = describer(wallet);
  const records: DelegationRecord[] = [];
  for (const record of await vaultOf(wallet).find("delegation", ...labelsOf(filter))) {
    const described = await describe(keptDelegation(record));
    if (fits(described, filter)) records.push(described);
  }
  return records.sort(byTime);
}

/**
 * The same one after the other and in no order, however many there are. That they are all of them is
 * known only when it has come to its end without an error.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_CONFLICT` where the wallet is changed
 *   meanwhile.
 */
export async function* eachDelegation(
  wallet: Wallet,
  filter: DelegationFilter = {},
): AsyncIterable<DelegationRecord> {
  const describe = describer(wallet);
  for await (const record of vaultOf(wallet).each("delegation", ...labelsOf(filter))) {
    const described = await describe(keptDelegation(record));
    if (fits(described, filter)) yield described;
  }
}

/** Remembers what is about to be handed on. */
export async function recordDelegation(wallet: Wallet, credential: AuthorityCredential): Promise<void> {
  await vaultOf(wallet).change(() => Promise.resolve({ add: [delegationRecord({ credential })] }));
}

/** What has become of a delegation at a time. */
export function stateOf({ credential, revokedAt }: KeptDelegation, now: number): DelegationState {
  if (revokedAt !== undefined) return "revoked";
  return now < endOf(credential) ? "live" : "ended";
}

/** Describes delegations of a wallet; what lies above them is read once for all of one parent. */
export function describer(wallet: Wallet): (kept: KeptDelegation) => Promise<DelegationRecord> {
  const now = wallet.clock();
  const chains = new Map<string, ReadonlyMap<string, AuthorityCredential>>();
  return async (kept) => {
    const { credential, revokedAt } = kept;
    const { id, issuer, validFrom, credentialStatus, credentialSubject } = credential;
    const { parent = { id: "", digestMultibase: "" } } = credentialSubject;
    const above = chains.get(parent.digestMultibase) ?? (await withParents(wallet, [credential]));
    chains.set(parent.digestMultibase, above);
    const endsAt = endOf(credential);
    return {
      id,
      state: stateOf(kept, now),
      from: issuer,
      to: credentialSubject.id,
      parent,
      grants: credentialSubject.grants.map((grant) => grant.id),
      budgets: budgetsOf(credential, above),
      // What is handed on begins when it is: see `delegateAuthority`.
      handedOnAt: parseTimestamp(validFrom),
      endsAt,
      ...(revokedAt === undefined ? {} : { revokedAt }),
      remainingMs: Math.max(0, endsAt - now),
      isRevocable: credentialStatus !== undefined,
      credential,
    };
  };
}

function budgetsOf(
  credential: AuthorityCredential,
  above: ReadonlyMap<string, AuthorityCredential>,
): readonly DelegatedBudget[] {
  const folded = foldedGrants(credential, above);
  return credential.credentialSubject.grants.flatMap(({ id: grant, within = "", spend: written }) => {
    const place = folded.find((each) => each.written.id === grant);
    const { unit, budget } = place?.effective.spend ?? written ?? {};
    if (unit === undefined || budget === undefined) return [];
    const of = place?.outer?.effective.spend?.budget;
    return [{ grant, within, unit, budget, ...(of === undefined ? {} : { of }) }];
  });
}

/** The grants with what they inherit; none where what lies above them is held no more. */
function foldedGrants(
  credential: AuthorityCredential,
  above: ReadonlyMap<string, AuthorityCredential>,
): readonly FoldedGrant[] {
  try {
    return buildChain({ credential, pointer: "" }, (digest) => {
      const parent = above.get(digest);
      return parent && { credential: parent, pointer: "" };
    }).grants;
  } catch (error) {
    if (error instanceof WritError) return [];
    throw error;
  }
}

function labelsOf({ parent, to, state }: DelegationFilter): readonly Label[] {
  return [
    ...(parent === undefined ? [] : [["parent", parent] as const]),
    ...(to === undefined ? [] : [["to", to] as const]),
    ...(state === "revoked" ? [REVOKED] : []),
  ];
}

function fits({ state }: DelegationRecord, filter: DelegationFilter): boolean {
  return filter.state === undefined || filter.state === state;
}
