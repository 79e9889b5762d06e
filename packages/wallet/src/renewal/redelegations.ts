import { isAuthority } from "@writ/core";

import { listDelegations } from "../delegations.js";
import type { Wallet } from "../wallet.js";
import type { Redelegation } from "./credential-renewal.js";
import type { OwnCredential } from "./own-credentials.js";

/**
 * Who holds authority that this wallet handed on under a credential that was renewed, and has got nothing
 * under the fresh one: to each it must be handed on again before what they hold ends (DESIGN 6).
 */
export async function redelegations(
  wallet: Wallet,
  own: readonly OwnCredential[],
): Promise<readonly Redelegation[]> {
  const due: Redelegation[] = [];
  for (const { credential, renewedId } of own) {
    if (renewedId === undefined || !isAuthority(credential)) continue;
    const under = credential.id;
    const before = await listDelegations(wallet, { parent: under, state: "live" });
    if (before.length === 0) continue;
    const after = await listDelegations(wallet, { parent: renewedId, state: "live" });
    const served = new Set(after.map(({ to }) => to));
    for (const { id: delegationId, to, endsAt: until } of before) {
      if (!served.has(to)) due.push({ delegationId, to, endsAt: until, under, renewedId });
    }
  }
  return due;
}
