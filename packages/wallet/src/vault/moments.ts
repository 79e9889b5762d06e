import { equalBytes, WritError } from "@writ/core";

import type { StoreQuery, StoreState, StoreView, WalletStore } from "../store/wallet-store.js";
import { openRoot, type Root } from "./manifest.js";
import type { VaultKeys } from "./vault-keys.js";

/** What a store held at one moment, with the opened root of its manifest. */
export interface MomentView extends StoreView {
  readonly opened: Root;
}

/** A moment of the wallet: how often it had been changed, and the root that belongs to that. */
export interface Moment extends Pick<StoreState, "counter" | "root"> {
  readonly opened: Root;
}

/** The moments of a wallet, of which none comes before one that was seen already. */
export interface Moments {
  /**
   * @throws WritError `RECORD_TAMPERED` for a root that does not open, `WALLET_ROLLED_BACK` for a moment
   *   before one that was seen, or beside it; `WALLET_REKEYED`; `ARGUMENT_INVALID` once closed
   */
  read(query: StoreQuery): Promise<MomentView>;
  /** The counter of the newest that was seen. */
  newest(): number;
  /** Remembers a moment that this process made. */
  made(moment: Moment): void;
  assertOpen(): void;
  close(): void;
}

/** Follows a wallet from a moment that was checked. */
export function followMoments(store: WalletStore, keys: VaultKeys, first: Moment): Moments {
  let open = true;
  let newest = first;

  function assertOpen(): void {
    if (!open) throw new WritError("ARGUMENT_INVALID", "the wallet is closed");
  }

  function openedRoot({ counter, root }: StoreView): Root {
    if (counter === newest.counter) {
      if (!equalBytes(root, newest.root)) throw rolledBack();
      return newest.opened;
    }
    return openRoot(keys, { counter, root });
  }

  function made(moment: Moment): void {
    if (moment.counter > newest.counter) newest = moment;
  }

  return {
    assertOpen,
    newest: () => newest.counter,
    made,
    async read(query) {
      assertOpen();
      const known = newest.counter;
      const view = await store.read(query);
      // Asked again: the wallet may be closed, and its keys overwritten, while a store is waited for.
      assertOpen();
      if (view.generation !== keys.generation) {
        throw new WritError("WALLET_REKEYED", "the wallet has a new root key", { hint: "Open it again." });
      }
      if (view.counter < known) throw rolledBack();
      const moment = { ...view, opened: openedRoot(view) };
      made(moment);
      return moment;
    },
    close() {
      open = false;
      keys.wipe();
    },
  };
}

/** The store gives what it had before, or what another history has. */
export function rolledBack(): WritError {
  return new WritError("WALLET_ROLLED_BACK", "the wallet is older than it was before", {
    hint: "Somebody put back an older copy of it. What was added since is lost, and what was removed is back.",
  });
}
