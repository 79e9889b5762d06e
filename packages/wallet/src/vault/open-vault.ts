import { equalBytes, sha256, type OpenEnvelope, type RandomSource } from "@writ/core";

import type { StoreState, WalletStore } from "../store/wallet-store.js";
import { tampered } from "./damage.js";
import { exchange } from "./manifest.js";
import { emptyRoot, openRoot, sealRoot } from "./manifest-root.js";
import { rolledBack } from "./moments.js";
import { receiveState } from "./received-view.js";
import { newRecord, sealRecord, type RecordContent } from "./record.js";
import { deriveVaultKeys } from "./vault-keys.js";
import { vaultOver, type Vault } from "./vault.js";
import { isSince, type WalletAnchor } from "./wallet-anchor.js";

/** What a new vault begins with. */
export interface NewVaultOptions {
  readonly first?: readonly RecordContent[];
}

/**
 * Makes the records of a new wallet; overwrites their secrets, and where that fails the root key. Throws as
 * `initialise` of the store does.
 */
export async function createVault(
  store: WalletStore,
  header: string,
  envelope: OpenEnvelope,
  random: RandomSource,
  { first = [] }: NewVaultOptions = {},
): Promise<Vault> {
  const { generation } = envelope;
  const keys = deriveVaultKeys(envelope);
  try {
    const records = first.map((content, index) =>
      sealRecord(keys, newRecord(0, index, random), content, random),
    );
    const empty = emptyRoot(sha256(header));
    const filled = exchange(keys, empty, new Map(), { out: [], in: records }, random);
    const root = sealRoot(keys, filled.root, 0, random);
    await store.initialise({ header, root, pages: filled.pages, records, removed: [] });
    return vaultOver(store, keys, generation, { counter: 0, root, opened: filled.root }, random);
  } catch (error) {
    keys.wipe();
    throw error;
  } finally {
    for (const { secret } of first) secret?.fill(0);
  }
}

/**
 * Opens the records of a wallet with its root key, and checks the root of its manifest. Where that is refused,
 * the root key is overwritten.
 *
 * @param anchor what the wallet must not be older than
 * @throws WritError `RECORD_TAMPERED`, `WALLET_ROLLED_BACK`.
 */
export function openVault(
  store: WalletStore,
  given: StoreState,
  envelope: OpenEnvelope,
  random: RandomSource,
  anchor: WalletAnchor = { generation: 0, counter: 0 },
): Vault {
  const keys = deriveVaultKeys(envelope);
  try {
    const state = receiveState(given);
    // Only who has the key-encryption key says which root key it is.
    if (envelope.generation !== state.generation)
      throw tampered("the wallet's header is of another root key");
    const opened = openRoot(keys, state);
    if (!equalBytes(opened.headerHash, sha256(state.header)))
      throw tampered("the wallet's header is not the one that it had last");
    if (!isSince(anchor, state)) throw rolledBack();
    return vaultOver(store, keys, state.generation, { ...state, opened }, random);
  } catch (error) {
    keys.wipe();
    throw error;
  }
}
