import { utf8 } from "@writ/core";

const ALPHABET = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const SECRET_BYTES = 32;
/** So many digits write 32 bytes. */
export const SECRET_DIGITS = 43;

/** 32 bytes in base64url, as bytes of ASCII: what never is a text can be overwritten. */
export function encodeSecret(secret: Uint8Array): Uint8Array {
  if (secret.length !== SECRET_BYTES) throw new RangeError("a secret has 32 bytes");
  return Uint8Array.from({ length: SECRET_DIGITS }, (_, digit) => {
    const bit = digit * 6;
    const pair = ((secret[bit >> 3] ?? 0) << 8) | (secret[(bit >> 3) + 1] ?? 0);
    return ALPHABET[(pair >> (10 - (bit & 7))) & 0x3f] ?? 0;
  });
}

/** The bytes of {@link encodeSecret}; `undefined` where they are not in their one form. */
export function decodeSecret(digits: Uint8Array): Uint8Array | undefined {
  const secret = new Uint8Array(SECRET_BYTES);
  for (let digit = 0; digit < SECRET_DIGITS; digit++) {
    const value = ALPHABET.indexOf(digits[digit] ?? 0);
    if (value === -1) return undefined;
    const bit = digit * 6;
    const pair = value << (10 - (bit & 7));
    const at = bit >> 3;
    secret[at] = (secret[at] ?? 0) | (pair >> 8);
    // What lies beyond the last byte must be nothing.
    if (at + 1 < SECRET_BYTES) secret[at + 1] = (secret[at + 1] ?? 0) | (pair & 0xff);
    else if ((pair & 0xff) !== 0) return undefined;
  }
  return secret;
}
