import { toHex, WritError } from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";

const BATCH = 64;
const LAST_ID = 2n ** 128n - 1n;
/** The last 48 bits of ids are random: so small a step hardly ever passes over a second record. */
const SMALLEST_STEP = 2n ** 24n;

/**
 * The records of a store that may be damaged. Where it cannot be read it is gone around, as closely as the
 * ids allow.
 *
 * @param onGap told of each place that cannot be read
 */
export async function* scanDamaged(
  store: WalletStore,
  onGap: (error: WritError) => void,
): AsyncIterable<StoredRecord> {
  let after: bigint | undefined;
  let limit = BATCH;
  for (;;) {
    const part = await attempt(store, after, limit);
    if (!(part instanceof WritError)) {
      if (part.length === 0) return;
      const last = BigInt(`0x${toHex((part.at(-1) as StoredRecord).id)}`);
      // A store that does not move on is not asked for ever.
      if (after !== undefined && last <= after) return;
      yield* part;
      after = last;
      limit = BATCH;
    } else if (limit > 1) {
      limit = 1;
    } else {
      onGap(part);
      after = await beyond(store, after ?? 0n);
      if (after >= LAST_ID) return;
    }
  }
}

/** The first id, or hardly more, after which the store can be read again. */
async function beyond(store: WalletStore, from: bigint): Promise<bigint> {
  const canBeRead = async (after: bigint): Promise<boolean> =>
    after >= LAST_ID || !((await attempt(store, after, 1)) instanceof WritError);
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
  after: bigint | undefined,
  limit: number,
): Promise<readonly StoredRecord[] | WritError> {
  try {
    return await store.scan(after === undefined ? undefined : idOf(after), limit);
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

function idOf(number: bigint): Uint8Array {
  const digits = (number > LAST_ID ? LAST_ID : number).toString(16).padStart(32, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
