import { sha256 } from "../crypto/sha256.js";
import { concatBytes, toHex } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import type { PublicKey } from "./public-key.js";

/**
 * Port: remembers signatures that have verified, so that a document which is shown again and again is
 * not verified again and again. It holds mathematics and nothing else: that these bytes, this key and
 * this signature belong together stays true for ever. Whether the key may sign, the document is in
 * date, in force and trusted is asked at every use (DESIGN 4.10).
 */
export interface SignatureCache {
  has(entry: string): boolean;
  add(entry: string): void;
}

/**
 * A cache in memory that forgets what was used longest ago.
 *
 * @param maxEntries each takes some 150 bytes
 * @throws WritError `ARGUMENT_INVALID` where that is no positive integer.
 */
export function createSignatureCache(maxEntries = 10_000): SignatureCache {
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new WritError("ARGUMENT_INVALID", "a cache holds one entry at least");
  }
  const entries = new Set<string>();
  return {
    has(entry) {
      if (!entries.delete(entry)) return false;
      entries.add(entry);
      return true;
    },
    add(entry) {
      entries.add(entry);
      const [oldest] = entries;
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}

/** The name of a signature over a message by a key: a digest of all three, each of fixed length. */
export function cacheEntryOf(signature: Uint8Array, message: Uint8Array, publicKey: PublicKey): string {
  return toHex(sha256(concatBytes(signature, publicKey.bytes, sha256(message))));
}
