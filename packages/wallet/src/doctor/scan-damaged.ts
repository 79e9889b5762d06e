import { toHex, WritError } from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import { receiveRecords } from "../vault/received-view.js";

const BATCH = 64;
const LAST_ID = 2n ** 128n - 1n;
/** The last 48 bits of ids are random: so small a step hardly ever passes over a second record. */
const SMALLEST_STEP = 2n ** 24n;

/**
 * The records of a store that may be damaged, each id once. Where it cannot be read it is gone around, as
 * closely as the ids allow. Ids may be of any length: somebody may have written to the store.
 *
 * @param onGap told of each place that cannot be read
 */
export async function* scanDamaged(
  store: WalletStore,
  onGap: (error: WritError) => void,
): AsyncIterable<StoredRecord> {
  const seen = new Set<string>();
  let after: Uint8Array | undefined;
  let limit = BATCH;
  for (;;) {
    const part = await attempt(store, after, limit);
    if (!(part instanceof WritError)) {
      let last = after;
      for (const record of part) {
        const id = toHex(record.id);
        if (last === undefined || id > toHex(last)) last = record.id;
        if (seen.has(id)) continue;
        seen.add(id);
        yield record;
      }
      // The end, or a store that does not move on: it is not asked for ever.
      if (last === undefined || last === after) return;
      after = last;
      limit = BATCH;
    } else if (limit > 1) {
      limit = 1;
    } else {
      onGap(part);
      const number = await beyond(store, numberOf(after));
      if (number >= LAST_ID) return;
      after = idOf(number);
    }
  }
}

/** The first id, or hardly more, after which the store can be read again. */
async function beyond(store: WalletStore, from: bigint): Promise<bigint> {
  const canBeRead = async (after: bigint): Promise<boolean> =>
    after >= LAST_ID || !((await attempt(store, idOf(after), 1)) instanceof WritError);
  let step = SMALLEST_STEP;
  while (!(await canBeRead(from + step))) step *= 2n;
  let [low, high] = [from + step / 2n, from + step];
  while (high - low > SMALLEST_STEP) {
    const middle = (low + high) / 2n;
    if (await canBeRead(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Some records, or what is wrong where they would be. */
async function attempt(
  store: WalletStore,
  after: Uint8Array | undefined,
  limit: number,
): Promise<readonly StoredRecord[] | WritError> {
  try {
    return receiveRecords(await store.scan(after, limit));
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/** Whether an error says that the store is damaged, and not that it cannot be reached. */
export function isDamage(error: unknown): error is WritError {
  return (
    error instanceof WritError && (error.code === "DATABASE_INVALID" || error.code === "RECORD_TAMPERED")
  );
}

/** An id, or the first bytes of one, as a number of sixteen. */
function numberOf(id: Uint8Array = new Uint8Array()): bigint {
  return BigInt(`0x${toHex(id).slice(0, 32).padEnd(32, "0")}`);
}

function idOf(number: bigint): Uint8Array {
  const digits = (number > LAST_ID ? LAST_ID : number).toString(16).padStart(32, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
