import { concatBytes, seal, unseal, utf8, type RandomSource } from "@writ/core";

import type { StoreState } from "../store/wallet-store.js";
import { manifestDamaged } from "./damage.js";
import { NO_PAGES, type PageHashes } from "./pages.js";
import type { VaultKeys } from "./vault-keys.js";

const HEADER_HASH_LENGTH = 32;
const ROOT_MAGIC = "writ-wallet-root";

/** What the sealed root says. */
export interface Root {
  /** SHA-256 of the wallet's header, so that an old header does not come back unnoticed. */
  readonly headerHash: Uint8Array;
  /** Of each node, one after the other. */
  readonly nodeHashes: PageHashes;
}

/** The root of a wallet without records. */
export function emptyRoot(headerHash: Uint8Array): Root {
  return { headerHash, nodeHashes: NO_PAGES };
}

/** Seals the root for a counter. */
export function sealRoot(
  keys: VaultKeys,
  { headerHash, nodeHashes }: Root,
  counter: number,
  random: RandomSource,
): Uint8Array {
  return seal(keys.manifest, concatBytes(headerHash, nodeHashes), rootBinding(keys, counter), random);
}

/**
 * Opens the root.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function openRoot(keys: VaultKeys, { root, counter }: Pick<StoreState, "root" | "counter">): Root {
  const content = unseal(keys.manifest, root, rootBinding(keys, counter));
  if (content?.length !== HEADER_HASH_LENGTH + NO_PAGES.length) throw manifestDamaged("its root");
  return {
    headerHash: content.subarray(0, HEADER_HASH_LENGTH),
    nodeHashes: content.subarray(HEADER_HASH_LENGTH),
  };
}

function rootBinding(keys: VaultKeys, counter: number): Uint8Array {
  return keys.bind(ROOT_MAGIC, utf8(String(counter)));
}
