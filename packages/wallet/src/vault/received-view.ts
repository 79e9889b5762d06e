import { WritError } from "@writ/core";

import type { StoredRecord, StoreState, StoreView } from "../store/wallet-store.js";
import { tampered } from "./damage.js";
import type { Pages } from "./pages.js";

/**
 * Copies of what a store gave, each member looked at once: what is checked is what is used, whatever becomes
 * of the store's own objects, and a count that is no number is compared with none. A store may be anybody's:
 * what it gives may be of any type.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function receiveView(given: StoreView): StoreView {
  const { generation, counter, root, pages, records } = membersOf<StoreView>(given);
  return {
    generation: countOf(generation),
    counter: countOf(counter),
    ...(root === undefined ? {} : { root: bytesOf(root) }),
    pages: pagesIn(pages),
    records: receiveRecords(records),
  };
}

/**
 * The same of a wallet's state.
 *
 * @throws WritError also `HEADER_CORRUPT`.
 */
export function receiveState(given: StoreState): StoreState {
  const { header, generation, counter, root } = membersOf<StoreState>(given);
  return {
    header: headerOf(header),
    generation: countOf(generation),
    counter: countOf(counter),
    root: bytesOf(root),
  };
}

/**
 * The same, where a count or a root that is none is given as the root of no wallet: it does not open, and
 * the records can be looked at all the same.
 */
export function receiveDamagedState(given: StoreState): StoreState {
  const { header, generation, counter, root } = membersOf<StoreState>(given);
  const isWhole = isCount(generation) && isCount(counter) && root instanceof Uint8Array;
  return {
    header: headerOf(header),
    generation: isCount(generation) ? generation : 0,
    counter: isCount(counter) ? counter : 0,
    root: isWhole ? Uint8Array.from(root) : new Uint8Array(),
  };
}

/** The same of the pages in a view, whatever else is in it. */
export function receivePages(given: StoreView): Pages {
  return pagesIn(membersOf<StoreView>(given).pages);
}

/** The same of the records in a view, whatever else is in it. */
export function receiveFound(given: StoreView): readonly StoredRecord[] {
  return receiveRecords(membersOf<StoreView>(given).records);
}

/** The same of records. */
export function receiveRecords(given: unknown): readonly StoredRecord[] {
  return listOf(given).map((each) => {
    const { id, revision, sealed, tags } = membersOf<StoredRecord>(each);
    return {
      id: bytesOf(id),
      revision: countOf(revision),
      sealed: bytesOf(sealed),
      tags: listOf(tags).map(bytesOf),
    };
  });
}

/** What a type demands may be missing, or be anything. */
type Members<T> = Readonly<Partial<Record<keyof T, unknown>>>;

function membersOf<T extends object>(given: unknown): Members<T> {
  if (typeof given === "object" && given !== null) return given as Members<T>;
  throw tampered("the wallet's store gives nothing where there must be something");
}

function pagesIn(value: unknown): Pages {
  if (!(value instanceof Map)) throw tampered("the wallet's store gives no pages where there must be some");
  return new Map(
    [...(value as Map<unknown, unknown>)].map(([page, content]) => [countOf(page), bytesOf(content)]),
  );
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw tampered("the wallet's store gives no list where there must be one");
}

function headerOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new WritError("HEADER_CORRUPT", "the wallet's store gives no header");
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function countOf(value: unknown): number {
  if (isCount(value)) return value;
  throw tampered("the wallet's store gives a count that is none");
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw tampered("the wallet's store gives no bytes where there must be some");
}
