import { hmacSha256 } from "../crypto/hmac-sha256.js";
import type { RandomSource } from "../crypto/random.js";
import { concatBytes, lengthPrefixed, utf8 } from "../encoding/bytes.js";
import { AEAD_ENGINES, type AeadEngine } from "./xchacha20-poly1305.js";

const NONCE_LENGTH = 24;
const NONCE_LABEL = utf8("writ/v1/nonce");
const [defaultEngine] = AEAD_ENGINES as readonly [AeadEngine];

/**
 * Encrypts with XChaCha20-Poly1305 under a fresh nonce, which precedes the ciphertext. The nonce is made of
 * random bytes and of what is sealed: where two machines are copies of each other, and draw the same random
 * bytes, different contents still have different nonces.
 *
 * @param associatedData authenticated with it; see `lengthPrefixed` for several values
 */
export function seal(
  key: Uint8Array,
  plaintext: Uint8Array,
  associatedData: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const bound = lengthPrefixed(NONCE_LABEL, random(NONCE_LENGTH), associatedData, plaintext);
  const nonce = hmacSha256(key, bound).subarray(0, NONCE_LENGTH);
  bound.fill(0);
  return concatBytes(nonce, defaultEngine.encrypt(key, nonce, associatedData, plaintext));
}

/** What {@link seal} encrypted; `undefined` if anything about it is not as it was. */
export function unseal(
  key: Uint8Array,
  sealed: Uint8Array,
  associatedData: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < NONCE_LENGTH + 16) return undefined;
  const [nonce, ciphertext] = [sealed.subarray(0, NONCE_LENGTH), sealed.subarray(NONCE_LENGTH)];
  try {
    return defaultEngine.decrypt(key, nonce, associatedData, ciphertext);
  } catch {
    // The tag does not match; the engines have no other reason to throw for a key of 32 bytes.
    return undefined;
  }
}
