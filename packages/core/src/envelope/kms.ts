/** What a wrapped key is bound to. It is authenticated by the KMS, and stands in its logs: no secret. */
export type KmsContext = Readonly<Record<string, string>>;

/**
 * Port: a key management service that wraps keys under one key of its own, which never leaves it.
 *
 * What it cannot do it throws as WritError: `KEY_SOURCE_UNAVAILABLE` where it could not be asked or its key
 * cannot be used, `KEY_SOURCE_DENIED` where it does not permit the use, `UNLOCK_FAILED` where it has looked
 * at what it should unwrap and that was not wrapped by this key with this context. Whatever else it throws
 * is told as `KEY_SOURCE_UNAVAILABLE`, without its words: they may hold a secret.
 */
export interface Kms {
  /** The kind of service, such as `aws`; stands in the header. Lower-case letters, digits and `-`. */
  readonly type: string;
  /** How its key is named there; stands in the header. At most 2,048 visible ASCII characters. */
  readonly key: string;
  /**
   * Wraps 32 bytes. Bytes of 1 to 2,048 in number come back.
   *
   * @param signal aborts when nobody waits any more
   */
  wrap(key: Uint8Array, context: KmsContext, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * What {@link Kms.wrap} was given, if the context is the same. The caller overwrites it after use.
   *
   * @param signal aborts when nobody waits any more
   */
  unwrap(wrapped: Uint8Array, context: KmsContext, signal: AbortSignal): Promise<Uint8Array>;
}
