import { equalBytes, toHex, WritError } from "@writ/core";

import type { StoredRecord, StoreState, WalletStore } from "./wallet-store.js";

/** A {@link WalletStore} that lasts as long as the process. */
export function createMemoryWalletStore(): WalletStore {
  const records = new Map<string, StoredRecord>();
  let state: StoreState | undefined;

  function current(): StoreState {
    if (state === undefined) throw new WritError("NOT_FOUND", "there is no wallet here");
    return state;
  }

  function keep(batch: readonly StoredRecord[]): void {
    for (const record of batch) records.set(toHex(record.id), structuredClone(record));
  }

  return {
    initialise(header, first) {
      if (state !== undefined) {
        return Promise.reject(new WritError("ALREADY_EXISTS", "there is a wallet here already"));
      }
      keep(first);
      state = { header, counter: 0 };
      return Promise.resolve();
    },
    // Asynchronous, so that a missing wallet is a rejection as with any other store.
    state: async () => Promise.resolve().then(current),
    find: (tag) =>
      Promise.resolve(
        [...records.values()]
          .filter(({ tags }) => tags.some((candidate) => equalBytes(candidate, tag)))
          .map((record) => structuredClone(record)),
      ),
    // Nothing is waited for between looking at the counter and raising it.
    commit: async (batch, expectedCounter) =>
      Promise.resolve().then(() => {
        const { header, counter } = current();
        if (counter !== expectedCounter) return false;
        keep(batch);
        state = { header, counter: counter + 1 };
        return true;
      }),
  };
}
