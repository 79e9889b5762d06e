import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { utf8 } from "../encoding/bytes.js";

/**
 * A 32-byte key for one purpose, from a root key (HKDF-SHA-256, RFC 5869).
 *
 * @param storeId separates stores that share a root by mistake, such as copies
 * @param purpose the label; one key serves one purpose
 */
export function deriveKey(rootKey: Uint8Array, storeId: string, purpose: string): Uint8Array {
  return hkdf(sha256, rootKey, utf8(storeId), utf8(`writ/v1/${purpose}`), 32);
}
