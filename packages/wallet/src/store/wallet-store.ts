/** One record as the store keeps it: opaque but for its size and how often its tags recur. */
export interface StoredRecord {
  /** 16 random bytes. */
  readonly id: Uint8Array;
  /** Counts the writes of this record, from 1. */
  readonly revision: number;
  readonly sealed: Uint8Array;
  /** Blinded tags by which it is found. */
  readonly tags: readonly Uint8Array[];
}

/** The wallet's header, and how often the wallet was changed. */
export interface StoreState {
  readonly header: string;
  readonly counter: number;
}

/**
 * Port: where a wallet keeps its ciphertext. It holds no key and learns no name, type or id, so that
 * a cloud may implement it.
 */
export interface WalletStore {
  /** Makes a wallet with its first records. Throws WritError `ALREADY_EXISTS` where there is one. */
  initialise(header: string, records: readonly StoredRecord[]): Promise<void>;
  /** Throws WritError `NOT_FOUND` where there is no wallet, `FORMAT_TOO_NEW`. */
  state(): Promise<StoreState>;
  /** The records that carry a tag, in no particular order. */
  find(tag: Uint8Array): Promise<readonly StoredRecord[]>;
  /**
   * Writes records, all or none, if the counter is still the expected one, and raises it.
   *
   * @returns whether they were written; once `true`, they survive a crash
   */
  commit(records: readonly StoredRecord[], expectedCounter: number): Promise<boolean>;
}
