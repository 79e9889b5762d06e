import type { JsonObject } from "@writ/core";

import type { RecordContent, VaultRecord } from "../vault/record.js";
import type { Vault, VaultChange } from "../vault/vault.js";

/** What the wallet remembers of a credential's renewal. */
export interface RenewalState {
  /** Digest of the credential. */
  readonly digest: string;
  /** Failures in a row. */
  readonly failures: number;
  /** Nobody is asked before, in milliseconds since 1970; also while somebody else is asking. */
  readonly notBefore: number;
  /** Id of the credential that came in its place. */
  readonly renewedId?: string;
  /** Whether it was told that it has ended. */
  readonly isEndTold?: true;
}

/** Of a credential of which nothing is remembered. */
export function freshState(digest: string): RenewalState {
  return { digest, failures: 0, notBefore: 0 };
}

/** What the wallet remembers of all renewals, by the digests of the credentials. */
export async function readStates(vault: Vault): Promise<ReadonlyMap<string, RenewalState>> {
  const records = await vault.find("renewal");
  return new Map(records.map(stateOf).map((state) => [state.digest, state]));
}

/**
 * Changes what is remembered of one renewal, as it is when it is written.
 *
 * @param decide what is remembered from now on; `undefined` where nothing changes
 * @returns whether anything changed
 */
export async function changeState(
  vault: Vault,
  digest: string,
  decide: (state: RenewalState) => RenewalState | undefined,
): Promise<boolean> {
  let isChanged = false;
  await vault.change(async (): Promise<VaultChange> => {
    const [record] = await vault.find("renewal", ["digest", digest]);
    const state = decide(record === undefined ? freshState(digest) : stateOf(record));
    isChanged = state !== undefined;
    if (state === undefined) return {};
    return record === undefined
      ? { add: [renewalRecord(state)] }
      : { replace: [[record, renewalRecord(state)]] };
  });
  return isChanged;
}

/** Forgets the renewals of credentials that are held no more. */
export async function forgetOthers(vault: Vault): Promise<void> {
  await vault.change(async () => {
    const remove: VaultRecord[] = [];
    for (const record of await vault.find("renewal")) {
      const held = await vault.count("credential", ["digest", stateOf(record).digest]);
      if (held === 0) remove.push(record);
    }
    return { remove };
  });
}

/** How it is kept: under the digest of its credential. */
export function renewalRecord(state: RenewalState): RecordContent {
  return {
    collection: "renewal",
    value: { ...state } satisfies JsonObject,
    labels: [["digest", state.digest]],
  };
}

/** Sealed by this wallet, so of the form in which it was written. */
function stateOf({ value }: VaultRecord): RenewalState {
  return value as unknown as RenewalState;
}
