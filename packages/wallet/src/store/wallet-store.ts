/** Bytes of a blinded tag. */
export const TAG_LENGTH = 16;

/** One record as the store keeps it: opaque but for its size, its place in time and how often its tags recur. */
export interface StoredRecord {
  /** 16 bytes: the counter of the change that made it in six, its place in that change in four, six at random. */
  readonly id: Uint8Array;
  /** Counts the writes of this record, from 1. */
  readonly revision: number;
  readonly sealed: Uint8Array;
  /** Blinded tags of 16 bytes by which it is found. */
  readonly tags: readonly Uint8Array[];
}

/** What the store says of the wallet as a whole. */
export interface StoreState {
  /** How the root key is wrapped. */
  readonly header: string;
  /** Counts the root keys that the wallet has had, from 1. */
  readonly generation: number;
  /** Counts the changes under this root key, from 0. */
  readonly counter: number;
  /** The sealed root of the manifest. */
  readonly root: Uint8Array;
}

/** What is asked of a store at once. */
export interface StoreQuery {
  /** The sealed root that whoever asks has already. */
  readonly known?: Uint8Array;
  /** Pages of the manifest, by number. */
  readonly pages: readonly number[];
  /** Records that carry this tag. */
  readonly records?: RecordQuery;
}

/** Records by a tag, in the order of their ids. */
export interface RecordQuery {
  readonly tag: Uint8Array;
  /** Only those whose ids come after this. */
  readonly after?: Uint8Array | undefined;
  readonly limit: number;
}

/** What a store held at one moment. */
export interface StoreView extends Pick<StoreState, "generation" | "counter"> {
  /** It may be left out where it is the known one. */
  readonly root?: Uint8Array;
  /** The pages that are there, of those that were asked for. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly records: readonly StoredRecord[];
}

/** What one commit writes. */
export interface StoreChange {
  /** Where the root key was wrapped anew. */
  readonly header?: string;
  readonly root: Uint8Array;
  readonly pages: ReadonlyMap<number, Uint8Array>;
  /** Records to add, or to put in the place of those with the same ids. */
  readonly records: readonly StoredRecord[];
  /** Ids of records to take away. */
  readonly removed: readonly Uint8Array[];
}

/**
 * Port: where a wallet keeps its ciphertext. It holds no key and learns no name, type or id, so that
 * a browser or a cloud may implement it. A store that loses, hides, swaps or brings back records is
 * found out by the manifest; it only has to be consistent, and durable where it says that it is.
 */
export interface WalletStore {
  /** Makes a wallet, its counter 0. Throws WritError `ALREADY_EXISTS` where there is one. */
  initialise(change: StoreChange & { readonly header: string }): Promise<void>;
  /**
   * Throws WritError `NOT_FOUND` where there is no wallet, `HEADER_CORRUPT` where there is one that has lost its
   * header, `FORMAT_TOO_NEW`.
   */
  state(): Promise<StoreState>;
  /**
   * All that is asked for, as it was at one moment. Throws WritError `NOT_FOUND`, `HEADER_CORRUPT` as
   * {@link WalletStore.state} does.
   */
  read(query: StoreQuery): Promise<StoreView>;
  /**
   * Any records, in the order of their ids: for those who look through all, whatever their tags say. None where
   * none come after; throws WritError `NOT_FOUND`, `HEADER_CORRUPT` as {@link WalletStore.state} does.
   */
  scan(after: Uint8Array | undefined, limit: number): Promise<readonly StoredRecord[]>;
  /**
   * Writes all or nothing, if the root is still the expected one, and raises the counter. Every root is
   * another, also from one generation to the next, as a counter is not.
   *
   * @returns whether it was written; once `true`, it survives a crash
   * @throws WritError `NOT_FOUND`, `HEADER_CORRUPT` as {@link WalletStore.state} does
   */
  commit(change: StoreChange, expectedRoot: Uint8Array): Promise<boolean>;
  /**
   * A second wallet in the same store, of the next generation, which nobody sees until it takes the
   * place of this one. What was left of an earlier attempt is still there.
   */
  successor(): WalletStore;
  /**
   * Puts the successor in this wallet's place and erases this one, in one step, if both have still the
   * expected roots.
   *
   * @returns whether it was done
   */
  succeed(expectedRoot: Uint8Array, expectedSuccessorRoot: Uint8Array): Promise<boolean>;
  /** Erases the successor, if there is one. */
  abandonSuccessor(): Promise<void>;
}
