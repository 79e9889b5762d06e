import { WritError } from "@writ/core";

import { endOf, keptDelegation } from "./delegation-record.js";
import type { VaultRecord } from "./vault/record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/** So many records go at once. */
const FORGOTTEN_AT_ONCE = 2048;

/**
 * Forgets delegations that ended before a time. What has not ended stays, whatever the time is: it counts
 * against budgets.
 *
 * @param endedBefore milliseconds since 1970
 * @returns how many were forgotten
 * @throws WritError `ARGUMENT_INVALID`, `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_CONFLICT`.
 */
export async function forgetEnded(
  wallet: Wallet,
  { endedBefore }: { readonly endedBefore: number },
): Promise<number> {
  if (!Number.isSafeInteger(endedBefore)) {
    throw new WritError("ARGUMENT_INVALID", "a time is in milliseconds since 1970");
  }
  const now = wallet.clock();
  const isOver = (record: VaultRecord): boolean => {
    const end = endOf(keptDelegation(record).credential);
    return end < endedBefore && end <= now;
  };
  let forgotten = 0;
  for (let isRest = true; isRest;) {
    let remove: readonly VaultRecord[] = [];
    await vaultOf(wallet).change(async () => {
      remove = await someOf(vaultOf(wallet).each("delegation"), isOver, FORGOTTEN_AT_ONCE);
      return { remove };
    });
    forgotten += remove.length;
    isRest = remove.length === FORGOTTEN_AT_ONCE;
  }
  return forgotten;
}

async function someOf(
  records: AsyncIterable<VaultRecord>,
  isWanted: (record: VaultRecord) => boolean,
  most: number,
): Promise<readonly VaultRecord[]> {
  const some: VaultRecord[] = [];
  for await (const record of records) {
    if (isWanted(record)) some.push(record);
    if (some.length === most) break;
  }
  return some;
}
