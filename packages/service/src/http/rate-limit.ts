import { WritError, type Clock } from "@writ/core";

import { networkOf } from "./connection.js";

/** How often one remote address may ask for something: a bucket that fills at a rate. */
export interface Rate {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Counts what remote addresses ask for. */
export interface RateLimit {
  /**
   * Takes one from the bucket of an address.
   *
   * @throws WritError `TOO_MANY_REQUESTS` where it is empty.
   */
  take(remoteAddress: string | undefined): void;
}

/** So many addresses are remembered; the one that was not heard of for longest is forgotten first. */
const MAX_ADDRESSES = 10_000;

/**
 * A limit for each remote address. Addresses of one IPv6 network of 64 bits, which one customer has, count
 * as one; those that are not known count as one, too.
 *
 * @throws WritError `ARGUMENT_INVALID` for a rate that is none.
 */
export function createRateLimit({ burst, perSecond }: Rate, clock: Clock): RateLimit {
  if (!(burst >= 1) || !(perSecond > 0) || !Number.isFinite(burst) || !Number.isFinite(perSecond)) {
    throw new WritError("ARGUMENT_INVALID", "a rate is one at once at least, and some in a second");
  }
  // In the order in which they were heard of.
  const buckets = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take(remoteAddress) {
      const key = networkOf(remoteAddress);
      const now = clock();
      const { left, at } = buckets.get(key) ?? { left: burst, at: now };
      // A clock that goes back, or tells no time, fills nothing.
      const filled = now > at ? Math.min(burst, left + ((now - at) / 1000) * perSecond) : left;
      buckets.delete(key);
      buckets.set(key, { left: filled >= 1 ? filled - 1 : filled, at: now });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= MAX_ADDRESSES) break;
        buckets.delete(oldest);
      }
      if (filled < 1) throw new WritError("TOO_MANY_REQUESTS", "asked for too often from this address");
    },
  };
}
