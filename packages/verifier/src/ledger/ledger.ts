import type { Charge, Limit } from "@writ/core";

/** The key under which an action is charged once. */
export interface LedgerKey {
  /** DID of the holder. */
  readonly holder: string;
  /** That of the invocation. */
  readonly nonce: string;
  /** Digest of the invocation, to which the key is bound. */
  readonly digestMultibase: string;
}

/** An allowed action that is to be charged. */
export interface LedgerEntry extends LedgerKey {
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

/** What a ledger knows of a key that was used before. */
export type Recalled =
  /** The same invocation was allowed and charged before, at this time. */
  | { readonly outcome: "already_charged"; readonly at: number }
  /** The key is bound to another invocation. */
  | { readonly outcome: "nonce_reused" };

/** What a ledger answers to a charge. */
export type LedgerAnswer =
  | { readonly outcome: "charged" }
  | Recalled
  | { readonly outcome: "exceeded"; readonly exceeded: readonly Exceeded[] };

/**
 * Port: what a service remembers of the actions that it allowed (DESIGN 3, the ledger). Whatever it
 * throws, the decision is no allow.
 */
export interface Ledger {
  /**
   * Charges an action to all its accounts, or to none: the key is looked up, every limit checked and
   * every account charged in one transaction that no other charge interleaves with.
   *
   * @throws WritError `LEDGER_UNAVAILABLE` where it could not tell, `CLOCK_BACKWARDS` where it was used
   *   long after the time of this entry, and of the storage.
   */
  charge(entry: LedgerEntry): Promise<LedgerAnswer>;
  /**
   * What is known of a key, without charging anything; `undefined` where it was not used.
   *
   * @throws WritError of the storage.
   */
  recall(key: LedgerKey): Promise<Recalled | undefined>;
}
