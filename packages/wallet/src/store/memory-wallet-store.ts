import { equalBytes, toHex, WritError } from "@writ/core";

import type { StoreChange, StoredRecord, StoreState, WalletStore } from "./wallet-store.js";

/** A wallet and its successor. */
interface Slots {
  current?: Slot;
  successor?: Slot;
}

interface Slot {
  state: StoreState;
  readonly pages: Map<number, Uint8Array>;
  readonly records: Map<string, StoredRecord>;
}

/** A {@link WalletStore} that lasts as long as the process. */
export function createMemoryWalletStore(): WalletStore {
  return memoryStore({}, "current");
}

function memoryStore(slots: Slots, standing: keyof Slots): WalletStore {
  function slot(): Slot {
    const found = slots[standing];
    if (found === undefined) throw new WritError("NOT_FOUND", "there is no wallet here");
    return found;
  }

  function apply(target: Slot, given: StoreChange): void {
    const { pages, records, removed } = structuredClone(given);
    for (const [page, content] of pages) target.pages.set(page, content);
    for (const id of removed) target.records.delete(toHex(id));
    for (const record of records) target.records.set(toHex(record.id), record);
  }

  /** The records with ids after one, in their order. */
  function following(after: Uint8Array | undefined, limit: number, tag?: Uint8Array): StoredRecord[] {
    const from = after === undefined ? "" : toHex(after);
    return [...slot().records]
      .filter(
        ([id, { tags }]) => id > from && (tag === undefined || tags.some((each) => equalBytes(each, tag))),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([, record]) => structuredClone(record));
  }

  // Nothing is waited for within a step: each is done whole before another begins.
  const step = async <T>(work: () => T): Promise<T> => Promise.resolve().then(work);

  return {
    initialise: (change) => {
      const copy = structuredClone(change);
      return step(() => {
        if (slots[standing] !== undefined) {
          throw new WritError("ALREADY_EXISTS", "there is a wallet here already");
        }
        const before = standing === "current" ? 0 : (slots.current?.state.generation ?? 0);
        const { header, root } = copy;
        const state = { header, generation: before + 1, counter: 0, root };
        const target = {
          state,
          pages: new Map<number, Uint8Array>(),
          records: new Map<string, StoredRecord>(),
        };
        apply(target, copy);
        slots[standing] = target;
      });
    },
    state: () => step(() => structuredClone(slot().state)),
    read: ({ pages, records }) =>
      step(() => {
        const { state, pages: kept } = slot();
        const { generation, counter, root } = structuredClone(state);
        return {
          generation,
          counter,
          root,
          pages: new Map(
            pages.flatMap((page) => {
              const content = kept.get(page);
              return content === undefined ? [] : [[page, Uint8Array.from(content)] as const];
            }),
          ),
          records: records === undefined ? [] : following(records.after, records.limit, records.tag),
        };
      }),
    scan: (after, limit) => step(() => following(after, limit)),
    commit: (change, expectedRoot) => {
      const copy = structuredClone(change);
      return step(() => {
        const target = slot();
        const { header, generation, counter, root } = target.state;
        if (!equalBytes(root, expectedRoot)) return false;
        apply(target, copy);
        target.state = { header: copy.header ?? header, generation, counter: counter + 1, root: copy.root };
        return true;
      });
    },
    successor: () => memoryStore(slots, "successor"),
    succeed: (expectedRoot, expectedSuccessorRoot) =>
      step(() => {
        const { current, successor } = slots;
        if (current === undefined || !equalBytes(current.state.root, expectedRoot)) return false;
        if (successor === undefined || !equalBytes(successor.state.root, expectedSuccessorRoot)) return false;
        slots.current = successor;
        delete slots.successor;
        return true;
      }),
    abandonSuccessor: () =>
      step(() => {
        delete slots.successor;
      }),
  };
}
