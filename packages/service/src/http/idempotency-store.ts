/** An answer as it is sent: the same bytes to whoever asks again. */
export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Absent where there is no body. */
  readonly text?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that came with an idempotency key. */
export interface KeyedRequest {
  /** Whose key it is: keys of two tokens, or for two operations, have nothing to do with each other. */
  readonly owner: string;
  readonly operation: string;
  readonly key: string;
  /** A digest of all that the request says: the same key with another one is a mistake. */
  readonly digest: string;
}

/** What became of a request with a key. */
export type Begun =
  /** It is this caller's to do, who then calls `complete` or `release` with the claim. */
  | { readonly state: "begun"; readonly claim: string }
  | { readonly state: "answered"; readonly answer: StoredAnswer }
  /** Somebody else is at it. */
  | { readonly state: "in-progress" }
  /** The key stands for another request. */
  | { readonly state: "mismatch" };

/**
 * Port: the answers that repeated requests get again. `begin` is durable before the operation is asked,
 * `complete` before the answer is sent; so an answer that anybody saw is there for who asks again.
 */
export interface IdempotencyStore {
  /**
   * Of all that begin the same request at once, one is told `begun`.
   *
   * @throws WritError of the storage.
   */
  begin(request: KeyedRequest): Promise<Begun>;
  /**
   * Stores the answer.
   *
   * @throws WritError `IDEMPOTENCY_IN_PROGRESS` where the claim has lapsed and somebody else may be at it,
   *   or of the storage: the answer must not be sent then.
   */
  complete(claim: string, answer: StoredAnswer): Promise<void>;
  /** Forgets a request that came to nothing, so that it can be begun again. */
  release(claim: string): Promise<void>;
}
