import { encodeBase64url, sha256 } from "@writ/core";

import type { StoreState } from "../store/wallet-store.js";

/** A moment of a wallet, kept elsewhere, so that an older copy of the whole wallet is found out. */
export interface WalletAnchor {
  readonly generation: number;
  readonly counter: number;
  /**
   * SHA-256 of the sealed root, in base64url: of two histories with as many changes it tells which this was.
   * One without is only held against the counts.
   */
  readonly root?: string;
}

/** Whether a wallet is at an anchor's moment, or may be at a later one. */
export function isSince(anchor: WalletAnchor, { generation, counter, root }: StoreState): boolean {
  if (generation !== anchor.generation) return generation > anchor.generation;
  if (counter !== anchor.counter) return counter > anchor.counter;
  return anchor.root === undefined || anchor.root === digestOf(root);
}

/** What an anchor says of a sealed root. */
export function digestOf(root: Uint8Array): string {
  return encodeBase64url(sha256(root));
}
