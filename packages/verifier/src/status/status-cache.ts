import { parseTimestamp, RecentMap, systemClock, WritError, type Clock } from "@writ/core";

import { endOf, invalidList, issuerOf } from "./verify-list.js";
import type { ObtainedList, StatusListDemand, StatusListSource } from "./status-source.js";

/** How a {@link createStatusCache | cache} keeps its lists. */
export interface StatusCacheOptions {
  /** The machine's unless given. */
  readonly clock?: Clock;
  /** How long a list is answered without asking the source again; five minutes unless given, 0 asks each time. */
  readonly refreshAfterMs?: number;
  /** How long the source may take; ten seconds unless given. */
  readonly timeoutMs?: number;
  /** So many lists are kept, those that were used last; 64 unless given. */
  readonly maxLists?: number;
}

/** A list that verified, as it is kept for its address. */
interface KeptList {
  readonly obtained: ObtainedList;
  /** When it was signed, and from when it is not relied on any more: milliseconds since 1970. */
  readonly signedAt: number;
  readonly end: number;
  /** When the source was last asked, and said that this is the list. */
  confirmedAt: number;
  /** When the source last failed to say. */
  failedAt: number;
}

/** Where a list came from, until it is known to verify. */
interface Origin {
  readonly address: string;
  readonly askedAt: number;
}

/** After a failure the source is left alone for so long, where the list at hand will do. */
const RETRY_AFTER_MS = 10_000;

/** For each list that is kept, it is known of so many when the newest was signed. */
const SIGNING_TIMES_PER_LIST = 64;

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * A source that asks another one less often (Bitstring Status List 1.0, section 2.2, `ttl`; DESIGN 4.9).
 *
 * A list is kept once it has verified, and asked for anew when it has been kept for long enough, is past
 * its `ttl` or `validUntil`, or was signed too long ago for the demand; with its entity tag, where it has
 * one. Where the source fails or takes too long, a list that is still in date and young enough is answered
 * for the time being; one without an end of its own is not. "There is none" is passed on.
 *
 * Of each address and issuer it remembers when the newest list that verified was signed, and refuses an
 * older one. What does not verify is neither kept nor remembered. Everything is kept in memory; what was
 * used longest ago is forgotten.
 *
 * @throws WritError `ARGUMENT_INVALID` for an option that is no integer, or out of bounds. `get` throws what
 *   the source throws, and `STATUS_UNAVAILABLE`.
 */
export function createStatusCache(
  source: StatusListSource,
  options: StatusCacheOptions = {},
): StatusListSource {
  const { clock = systemClock, refreshAfterMs = 300_000, timeoutMs = 10_000, maxLists = 64 } = options;
  assertInteger(refreshAfterMs, 0, Number.MAX_SAFE_INTEGER);
  assertInteger(timeoutMs, 1, MAX_TIMEOUT_MS);
  assertInteger(maxLists, 1, Number.MAX_SAFE_INTEGER);
  const lists = new RecentMap<string, KeptList>(maxLists);
  const newest = new RecentMap<string, number>(maxLists * SIGNING_TIMES_PER_LIST);
  const origins = new WeakMap<ObtainedList, Origin>();
  const asking = new Map<string, Promise<ObtainedList | null>>();

  /** One question for all who ask the same at the same time. */
  function ask(address: string, { maxAgeMs }: StatusListDemand): Promise<ObtainedList | null> {
    const question = `${String(maxAgeMs)} ${address}`;
    const asked = asking.get(question);
    if (asked !== undefined) return asked;
    const answer = askSource(address, maxAgeMs, lists.get(address)).finally(() => asking.delete(question));
    asking.set(question, answer);
    return answer;
  }

  async function askSource(
    address: string,
    maxAgeMs: number | undefined,
    kept: KeptList | undefined,
  ): Promise<ObtainedList | null> {
    const askedAt = clock();
    const etag = kept?.obtained.etag;
    const demand = {
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
      ...(etag === undefined ? {} : { etag }),
    };
    const answer = await within(timeoutMs, source.get(address, demand));
    if (answer === null) return null;
    if (answer !== "unchanged" && answer !== kept?.obtained) {
      origins.set(answer, { address, askedAt });
      return answer;
    }
    if (kept === undefined || (answer === "unchanged" && etag === undefined)) {
      throw new WritError("STATUS_UNAVAILABLE", "the source answered what was not asked");
    }
    kept.confirmedAt = askedAt;
    // A newer one may have come meanwhile, of a question with another demand.
    return (lists.get(address) ?? kept).obtained;
  }

  async function getList(address: string, demand: StatusListDemand): Promise<ObtainedList | null> {
    const known = lists.get(address);
    if (known !== undefined && isFresh(known, demand, clock(), refreshAfterMs)) return known.obtained;
    try {
      return await ask(address, demand);
    } catch (cause) {
      const kept = lists.get(address);
      const now = clock();
      if (kept === undefined || !Number.isFinite(kept.end) || !isInDate(kept, demand, now)) throw cause;
      kept.failedAt = now;
      return kept.obtained;
    }
  }

  return {
    async get(address, demand = {}) {
      const list = await getList(address, demand);
      return demand.etag !== undefined && list?.etag === demand.etag ? "unchanged" : list;
    },

    accept(list, obtained) {
      source.accept?.(list, obtained);
      const { id: address } = list;
      const signedAt = parseTimestamp(list.validFrom);
      // By issuer as well: whoever may sign some list must not make those of another look old.
      const name = `${issuerOf(list)} ${address}`;
      if (signedAt < (newest.get(name) ?? -Infinity)) throw invalidList("is older than one that was seen");
      newest.set(name, signedAt);
      const origin = origins.get(obtained);
      if (origin?.address !== address || lists.get(address)?.obtained === obtained) return;
      const { askedAt } = origin;
      lists.set(address, { obtained, signedAt, end: endOf(list), confirmedAt: askedAt, failedAt: -Infinity });
    },
  };
}

/** Whether a list may be answered without asking. */
function isFresh(kept: KeptList, demand: StatusListDemand, now: number, refreshAfterMs: number): boolean {
  const isRecent = (since: number, forMs: number): boolean => now >= since && now - since < forMs;
  return (
    isInDate(kept, demand, now) &&
    (isRecent(kept.confirmedAt, refreshAfterMs) || isRecent(kept.failedAt, RETRY_AFTER_MS))
  );
}

function isInDate(
  { signedAt, end }: KeptList,
  { maxAgeMs = Infinity }: StatusListDemand,
  now: number,
): boolean {
  return now < end && now - signedAt <= maxAgeMs;
}

/** What a promise yields, unless it takes too long: a source that hangs holds up nobody for ever. */
function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new WritError("STATUS_UNAVAILABLE", "the source of the status list took too long"));
    }, timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
    };
    promise.then(resolve, reject).finally(done);
  });
}

function assertInteger(value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new WritError("ARGUMENT_INVALID", "an option of the cache is no integer, or out of bounds");
}
