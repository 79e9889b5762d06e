import type { StoredRecord, StoreState, StoreView } from "../store/wallet-store.js";
import { tampered } from "./damage.js";

/**
 * Copies of what a store gave, each member looked at once: what is checked is what is used, whatever becomes
 * of the store's own objects, and a count that is no number is compared with none.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function receiveView({ generation, counter, root, pages, records }: StoreView): StoreView {
  return {
    generation: countOf(generation),
    counter: countOf(counter),
    ...(root === undefined ? {} : { root: bytesOf(root) }),
    pages: new Map([...pages].map(([page, content]) => [page, bytesOf(content)])),
    records: records.map(receiveRecord),
  };
}

/** The same of a wallet's state. */
export function receiveState({ header, generation, counter, root }: StoreState): StoreState {
  return { header, generation: countOf(generation), counter: countOf(counter), root: bytesOf(root) };
}

function receiveRecord({ id, revision, sealed, tags }: StoredRecord): StoredRecord {
  return { id: bytesOf(id), revision: countOf(revision), sealed: bytesOf(sealed), tags: tags.map(bytesOf) };
}

function countOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw tampered("the wallet's store gives a count that is none");
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw tampered("the wallet's store gives no bytes where there must be some");
}
