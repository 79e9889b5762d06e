import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

import { concatBytes } from "../encoding/bytes.js";
import type { RandomSource } from "../crypto/random.js";

const NONCE_LENGTH = 24;

/**
 * Encrypts with XChaCha20-Poly1305 under a fresh random nonce, which precedes the ciphertext.
 *
 * @param associatedData authenticated with it; see `lengthPrefixed` for several values
 */
export function seal(
  key: Uint8Array,
  plaintext: Uint8Array,
  associatedData: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const nonce = random(NONCE_LENGTH);
  return concatBytes(nonce, xchacha20poly1305(key, nonce, associatedData).encrypt(plaintext));
}

/** What {@link seal} encrypted; `undefined` if anything about it is not as it was. */
export function unseal(
  key: Uint8Array,
  sealed: Uint8Array,
  associatedData: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < NONCE_LENGTH + 16) return undefined;
  const cipher = xchacha20poly1305(key, sealed.subarray(0, NONCE_LENGTH), associatedData);
  try {
    return cipher.decrypt(sealed.subarray(NONCE_LENGTH));
  } catch {
    // The tag does not match; the library has no other reason to throw for a key of 32 bytes.
    return undefined;
  }
}
