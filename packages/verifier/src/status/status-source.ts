import type { GenericStatusListCredential, JsonText } from "@writ/core";

/**
 * A list as it was obtained. The same object for the same bytes, where a source can: what was read from
 * it is remembered with it.
 */
export interface ObtainedList {
  readonly text: JsonText;
  /** By which the source can be asked whether the list still stands (RFC 9110, section 8.8.3). */
  readonly etag?: string;
}

/** What is asked of a list, beside its address. */
export interface StatusListDemand {
  /** A list that was signed longer ago than this will not do, in milliseconds. */
  readonly maxAgeMs?: number;
  /** The entity tag of the list that is at hand: answered by "unchanged" where it still stands. */
  readonly etag?: string;
}

/**
 * Port: where status lists come from. What it returns is not trusted: it is verified as any document
 * from outside.
 */
export interface StatusListSource {
  /**
   * The list that bears this address as its id, or `null` where there is none; `"unchanged"` only to
   * a demand with an entity tag. A source that knows no better list than one that is too old may answer
   * it: the age is judged by whoever asks. May throw; this and `null` mean that the status could not be
   * determined.
   */
  get(address: string, demand?: StatusListDemand): Promise<ObtainedList | "unchanged" | null>;
  /**
   * Told of each list that verified, by an issuer who may sign it, before anything is concluded from it. Told of
   * the same again where it is used again.
   *
   * @throws WritError `STATUS_LIST_INVALID` where a newer one of that address was seen.
   */
  accept?(list: GenericStatusListCredential, obtained: ObtainedList): void;
}

/** Lists in memory, each under the address that it bears as its id. */
export function createMemoryStatusSource(lists: Iterable<GenericStatusListCredential>): StatusListSource {
  const byAddress = new Map<string, ObtainedList>();
  for (const list of lists) byAddress.set(list.id, { text: JSON.stringify(list) });
  return { get: (address) => Promise.resolve(byAddress.get(address) ?? null) };
}

/** No lists: a credential that has a status cannot be verified. */
export const noStatusSource: StatusListSource = { get: () => Promise.resolve(null) };
