import { toHex, WritError } from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import { receiveRecords } from "../vault/received-view.js";
import { attempt } from "./attempt.js";
import { goAround } from "./go-around.js";

const BATCH = 64;
const LAST_ID = 2n ** 128n - 1n;
/** The last 48 bits of ids are random: so small a step hardly ever passes over a second record. */
const SMALLEST_STEP = 2n ** 24n;

/** A single id is hardly there more often than this; if it is, it is not asked for all of it at once. */
const MOST_AT_ONCE = 65_536;

/**
 * The records of a store that may be damaged. Where it cannot be read it is gone around, as closely as the ids
 * allow. Ids may be of any length, and be there more than once: somebody may have written to the store. Which row
 * of an id is genuine shows only when it is opened, so all of them are given; a store may give the same again.
 *
 * @param onGap told of each place that cannot be read
 */
export async function* scanDamaged(
  store: WalletStore,
  onGap: (error: WritError) => void,
): AsyncIterable<StoredRecord> {
  let after: Uint8Array | undefined;
  let limit = BATCH;
  /** The fewest that could not be read at once. */
  let unreadable = Infinity;
  for (;;) {
    const part = await some(store, after, limit);
    if (!(part instanceof WritError)) {
      const { before, last } = highestOf(part, after);
      // More of the last id may follow: it is read again, from the one before it on.
      const isCut = part.length >= limit && last !== undefined;
      if (isCut && before === undefined && limit * 2 < unreadable && limit < MOST_AT_ONCE) {
        limit *= 2;
        continue;
      }
      const next = isCut ? (before ?? last) : last;
      for (const record of part) if (next === undefined || !isAfter(record.id, next)) yield record;
      // The end, or a store that does not move on: it is not asked for ever.
      if (next === undefined) return;
      after = next;
      limit = BATCH;
      unreadable = Infinity;
    } else if (limit > 1) {
      unreadable = limit;
      limit = Math.floor(limit / 2);
    } else {
      onGap(part);
      const number = await goAround(numberOf(after), {
        last: LAST_ID,
        smallestStep: SMALLEST_STEP,
        canBeRead: async (id) => !((await some(store, idOf(id), 1)) instanceof WritError),
      });
      if (number >= LAST_ID) return;
      after = idOf(number);
      limit = BATCH;
      unreadable = Infinity;
    }
  }
}

/** The last id of some records and the one before it, each only where it comes after another. */
function highestOf(
  records: readonly StoredRecord[],
  after: Uint8Array | undefined,
): { readonly before: Uint8Array | undefined; readonly last: Uint8Array | undefined } {
  let before: Uint8Array | undefined;
  let last: Uint8Array | undefined;
  for (const { id } of records) {
    if (after !== undefined && !isAfter(id, after)) continue;
    if (last === undefined || isAfter(id, last)) [before, last] = [last, id];
    else if (isAfter(last, id) && (before === undefined || isAfter(id, before))) before = id;
  }
  return { before, last };
}

function isAfter(a: Uint8Array, b: Uint8Array): boolean {
  return toHex(a) > toHex(b);
}

/** Some records, or what is wrong where they would be. */
function some(
  store: WalletStore,
  after: Uint8Array | undefined,
  limit: number,
): Promise<readonly StoredRecord[] | WritError> {
  return attempt(async () => receiveRecords(await store.scan(after, limit)));
}

/** An id, or the first bytes of one, as a number of sixteen. */
function numberOf(id: Uint8Array = new Uint8Array()): bigint {
  return BigInt(`0x${toHex(id).slice(0, 32).padEnd(32, "0")}`);
}

function idOf(number: bigint): Uint8Array {
  const digits = (number > LAST_ID ? LAST_ID : number).toString(16).padStart(32, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
