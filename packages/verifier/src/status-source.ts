import type { JsonText } from "@writ/core";

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

/** Lists by address, in memory. */
export function createMemoryStatusSource(lists: ReadonlyMap<string, JsonText>): StatusListSource {
  return { get: (address) => Promise.resolve(lists.get(address) ?? null) };
}

/** No lists: a credential that has a status cannot be verified. */
export const noStatusSource: StatusListSource = { get: () => Promise.resolve(null) };
