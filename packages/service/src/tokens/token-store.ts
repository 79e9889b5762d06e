import type { TokenScope } from "../http/operation.js";

/** What is known of a token: not the token. */
export interface TokenRecord {
  /** `urn:uuid:`. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Milliseconds since 1970, as are all times here. */
  readonly created: number;
  /** When it ends, itself excluded; absent for one that does not. */
  readonly expires?: number;
  /** When it was revoked; absent for one that was not. */
  readonly revoked?: number;
}

/** What a new token is to be. */
export interface TokenContent {
  /** A short text for people. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** How long it is good for, in milliseconds; until it is revoked unless given. */
  readonly lifeMs?: number;
}

/** A token that was made just now: the only time that its text is told. */
export interface NewToken {
  readonly token: string;
  readonly record: TokenRecord;
}

/** Port: the bearer tokens of a service. Whatever it throws, the request is not permitted. */
export interface TokenStore {
  /**
   * Makes a token.
   *
   * @throws WritError `ARGUMENT_INVALID` for scopes or a life that are none, what a name is refused with,
   *   or what the storage throws.
   */
  create(content: TokenContent): Promise<NewToken>;
  /** Every token that was made, the oldest first. */
  list(): Promise<readonly TokenRecord[]>;
  /**
   * Ends a token for good, at once. To revoke it again changes nothing.
   *
   * @throws WritError `NOT_FOUND`, or of the storage.
   */
  revoke(id: string): Promise<TokenRecord>;
  /**
   * The token that a text is, if it is good now; `undefined` for one that is unknown, has expired, or
   * was revoked, and nothing to tell these apart.
   *
   * @param token any text
   * @throws WritError of the storage.
   */
  find(token: string): Promise<TokenRecord | undefined>;
}
