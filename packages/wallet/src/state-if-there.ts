import { WritError } from "@writ/core";

import type { StoreState, WalletStore } from "./store/wallet-store.js";
import { receiveState } from "./vault/received-view.js";

/** What a store says of its wallet; `undefined` where it has none. */
export async function stateIfThere(store: WalletStore): Promise<StoreState | undefined> {
  try {
    return receiveState(await store.state());
  } catch (error) {
    if (error instanceof WritError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
