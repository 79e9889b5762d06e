import type { Charge, Limit } from "@writ/core";

/** An allowed action that is to be charged, and the key under which it is charged once. */
export interface LedgerEntry {
  /** The key: DID of the holder, and the nonce of the invocation. */
  readonly holder: string;
  readonly nonce: string;
  /** Digest of the invocation, to which the key is bound. */
  readonly digestMultibase: string;
  /** The time of the decision, in milliseconds since 1970. */
  readonly at: number;
  /** Until when the key must be remembered: the end of the authority, in milliseconds since 1970. */
  readonly keyUntil: number;
  /** What each metered grant on the way bears; empty where none is metered. */
  readonly charges: readonly Charge[];
}

/** A limit that an action would break. */
export interface Exceeded {
  readonly charge: Charge;
  readonly limit: Limit;
}

/** What a ledger answers. */
export type LedgerAnswer =
  | { readonly outcome: "charged" }
  /** The same invocation was allowed and charged before, at this time. */
  | { readonly outcome: "already_charged"; readonly at: number }
  /** The key is bound to another invocation. */
  | { readonly outcome: "nonce_reused" }
  | { readonly outcome: "exceeded"; readonly exceeded: readonly Exceeded[] };

/**
 * Port: what a service remembers of the actions that it allowed (DESIGN 3, the ledger).
 */
export interface Ledger {
  /**
   * Charges an action to all its accounts, or to none: the key is looked up, every limit checked and
   * every account charged in one transaction that no other charge interleaves with.
   *
   * @throws WritError `LEDGER_UNAVAILABLE` where it could not tell, and of the storage.
   */
  charge(entry: LedgerEntry): Promise<LedgerAnswer>;
}
