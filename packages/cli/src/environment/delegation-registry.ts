import type { DelegationStatusPort } from "@writ/wallet";

import { withRegistry } from "./stores.js";

/**
 * Uses the organisation of a folder on this machine as the keeper of status for what a wallet hands on.
 *
 * @param did of the wallet's key that acts
 */
export async function withDelegationRegistry<T>(
  home: string,
  did: string,
  use: (status: DelegationStatusPort) => Promise<T>,
): Promise<T> {
  const { delegationStatusFor } = await import("@writ/issuer");
  return withRegistry({ home }, (registry) => use(delegationStatusFor(registry, did)));
}
