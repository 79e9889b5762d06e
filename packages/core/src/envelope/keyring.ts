/**
 * Port: the operating system's keyring, which keeps small secrets under a service and an account.
 *
 * What it cannot do it throws as WritError `KEY_SOURCE_UNAVAILABLE`, or `KEY_SOURCE_DENIED` where it can tell
 * that it was refused. Whatever else it throws is told as `KEY_SOURCE_UNAVAILABLE`, without its words.
 */
export interface Keyring {
  /**
   * The secret; `null` where there is none. The caller overwrites it after use.
   *
   * @param signal aborts when nobody waits any more
   */
  get(service: string, account: string, signal: AbortSignal): Promise<Uint8Array | null>;
  /**
   * Keeps a secret of 32 bytes, in the place of what was there.
   *
   * @param signal aborts when nobody waits any more
   */
  set(service: string, account: string, secret: Uint8Array, signal: AbortSignal): Promise<void>;
  /**
   * Deletes it.
   *
   * @param signal aborts when nobody waits any more
   * @returns whether there was one
   */
  delete(service: string, account: string, signal: AbortSignal): Promise<boolean>;
}
