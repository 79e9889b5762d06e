import { equalBytes, WritError } from "@writ/core";

import type { RecordQuery, StoredRecord, StoreState, StoreView, WalletStore } from "../store/wallet-store.js";
import { tampered } from "./damage.js";
import { openRoot, type Root } from "./manifest-root.js";
import { hashAt, isNodePage, isPage, pagesOf, type Pages } from "./pages.js";
import { receiveView } from "./received-view.js";
import type { VaultKeys } from "./vault-keys.js";

/** A moment of the wallet: how often it had been changed, and the root that belongs to that. */
export interface Moment extends Pick<StoreState, "counter" | "root"> {
  readonly opened: Root;
}

/** What a store held at one moment, with the paths of some tags. */
export interface MomentView extends Moment {
  readonly pages: Pages;
  readonly records: readonly StoredRecord[];
}

/** What is read at one moment. */
export interface MomentQuery {
  /** Tags whose paths in the manifest are needed. */
  readonly tags?: readonly Uint8Array[];
  readonly records?: RecordQuery;
}

/** The moments of a wallet, of which none comes before one that was seen already. */
export interface Moments {
  /**
   * @throws WritError `RECORD_TAMPERED` for a root that does not open, `WALLET_ROLLED_BACK` for a moment
   *   before one that was seen, or beside it; `WALLET_REKEYED`; `ARGUMENT_INVALID` once closed
   */
  read(query: MomentQuery): Promise<MomentView>;
  /** The counter of the newest that was seen. */
  newest(): number;
  /** Remembers a moment that this process made. */
  made(moment: Moment): void;
  assertOpen(): void;
  close(): void;
}

/** Follows a wallet from a moment that was checked. */
export function followMoments(
  store: WalletStore,
  keys: VaultKeys,
  generation: number,
  first: Moment,
): Moments {
  let open = true;
  let newest = first;
  /** Nodes as they were read last, 128 at most: those that the root still has are not read again. */
  const nodes = new Map<number, { readonly hash: Uint8Array; readonly page: Uint8Array }>();

  function assertOpen(): void {
    if (!open) throw new WritError("ARGUMENT_INVALID", "the wallet is closed");
  }

  function made(moment: Moment): void {
    if (moment.counter > newest.counter) newest = moment;
  }

  /** The nodes among some pages that are at hand, as a root has them. */
  function atHand({ nodeHashes }: Root, pages: readonly number[]): Pages {
    return new Map(
      pages.flatMap((number) => {
        const kept = nodes.get(number);
        const isSame = kept !== undefined && equalBytes(kept.hash, hashAt(nodeHashes, number));
        return isSame ? [[number, kept.page] as const] : [];
      }),
    );
  }

  function momentOf({ counter, root }: StoreView, known: Moment): Moment {
    if (counter < known.counter) throw rolledBack();
    if (counter === known.counter) {
      if (root !== undefined && !equalBytes(root, known.root)) throw rolledBack();
      return known;
    }
    if (root === undefined) throw tampered("the wallet's store gives no root");
    return { counter, root, opened: openRoot(keys, { counter, root }) };
  }

  async function read({ tags = [], records }: MomentQuery): Promise<MomentView> {
    assertOpen();
    const known = newest;
    const wanted = pagesOf(tags);
    const kept = atHand(known.opened, wanted);
    const given = await store.read({
      known: known.root,
      pages: wanted.filter((page) => !kept.has(page)),
      ...(records === undefined ? {} : { records }),
    });
    // Asked again: the wallet may be closed, and its keys overwritten, while a store is waited for.
    assertOpen();
    const view = receiveView(given);
    if (view.generation !== generation) {
      throw new WritError("WALLET_REKEYED", "the wallet has a new root key", { hint: "Open it again." });
    }
    const moment = momentOf(view, known);
    made(moment);
    const { nodeHashes } = moment.opened;
    for (const [number, page] of view.pages) {
      if (isNodePage(number) && isPage(nodeHashes, number, page)) {
        nodes.set(number, { hash: hashAt(nodeHashes, number), page });
      }
    }
    // Somebody else changed a node that was at hand: now it is known which ones there are.
    if (atHand(moment.opened, [...kept.keys()]).size < kept.size)
      return read({ tags, ...(records && { records }) });
    return { ...moment, pages: new Map([...kept, ...view.pages]), records: view.records };
  }

  return {
    read,
    assertOpen,
    made,
    newest: () => newest.counter,
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
