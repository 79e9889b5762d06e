import type { JsonText, StatusListCredential } from "@writ/core";

/**
 * Port: where status lists come from. What it returns is not trusted: it is verified as any document
 * from outside.
 */
export interface StatusListSource {
  /**
   * The list that bears this address as its id, or `null` where there is none. May throw; both mean
   * that the status could not be determined.
   */
  get(address: string): Promise<JsonText | null>;
}

/** Lists in memory, each under the address that it bears as its id. */
export function createMemoryStatusSource(lists: Iterable<StatusListCredential>): StatusListSource {
  const byAddress = new Map(Array.from(lists, (list) => [list.id, JSON.stringify(list)]));
  return { get: (address) => Promise.resolve(byAddress.get(address) ?? null) };
}

/** No lists: a credential that has a status cannot be verified. */
export const noStatusSource: StatusListSource = { get: () => Promise.resolve(null) };
