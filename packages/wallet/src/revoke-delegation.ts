import { WritError } from "@writ/core";

import { callPort } from "./call-port.js";
import { delegationRecord, keptDelegation, type KeptDelegation } from "./delegation-record.js";
import type { DelegationStatus } from "./delegation-status.js";
import { describer, type DelegationRecord } from "./delegations.js";
import type { VaultRecord } from "./vault/record.js";
import { vaultOf, type Wallet } from "./wallet.js";

/**
 * Has a delegation revoked by the organisation that keeps its status, and remembers it. It is in force for
 * a verifier once that one has a list from after it; see `freeToDelegate` for what counts until then.
 * Revoking again changes nothing, and asks nobody.
 *
 * @param id of the credential that was handed on
 * @throws WritError `NOT_FOUND`; `STATUS_MISSING` for one without status entries, which only its end ends;
 *   `STATUS_UNAVAILABLE` where the organisation did not confirm it, so that it may be revoked or not, and
 *   as the port threw it: nothing is remembered then, and it can be tried again.
 */
export async function revokeDelegation(
  wallet: Wallet,
  id: string,
  { status, ...limits }: DelegationStatus,
): Promise<DelegationRecord> {
  const { kept } = await findDelegation(wallet, id);
  if (kept.revokedAt !== undefined) return describer(wallet)(kept);
  const { credentialStatus: entries, validUntil } = kept.credential;
  if (entries === undefined) {
    throw new WritError("STATUS_MISSING", "what was handed on has no status entry to revoke", {
      hint: `It ends by itself at ${validUntil}. Its parent can be revoked, and everything below it with it.`,
    });
  }
  await callPort(
    {
      what: "the confirmation of the revocation",
      unavailable: "STATUS_UNAVAILABLE",
      ask: (signal) => status.revoke({ credentialId: id, entries }, signal),
    },
    limits,
  );
  // Read after the answer: lists that were signed while it was waited for may not know yet.
  const revokedAt = wallet.clock();
  let revoked: KeptDelegation = { ...kept, revokedAt };
  await vaultOf(wallet).change(async () => {
    const now = await findDelegation(wallet, id);
    revoked = now.kept.revokedAt === undefined ? { ...now.kept, revokedAt } : now.kept;
    return now.kept.revokedAt === undefined ? { replace: [[now.record, delegationRecord(revoked)]] } : {};
  });
  return describer(wallet)(revoked);
}

async function findDelegation(
  wallet: Wallet,
  id: string,
): Promise<{ readonly record: VaultRecord; readonly kept: KeptDelegation }> {
  const [record] = await vaultOf(wallet).find("delegation", ["id", id]);
  if (record === undefined) throw new WritError("NOT_FOUND", "the wallet handed nothing on of this id");
  return { record, kept: keptDelegation(record) };
}
