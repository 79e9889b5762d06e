import { WritError } from "../errors/writ-error.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES: ReadonlyMap<number, number> = new Map(
  Array.from(ALPHABET, (digit, value) => [digit.charCodeAt(0), value]),
);

/** Bytes in base64url without padding (RFC 4648, section 5), as multibase `u` uses it. */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += ALPHABET[(pending >> (bits - 6)) & 0x3f] as string;
    pending &= 0xff;
  }
  return bits > 0 ? text + (ALPHABET[(pending << (6 - bits)) & 0x3f] as string) : text;
}

/**
 * Bytes from base64url without padding. Strict: the alphabet alone and no tail bits, so that there
 * is one text for each byte string.
 *
 * @throws WritError `ENCODING_INVALID`.
 */
export function decodeBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let pending = 0;
  let bits = 0;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const value = VALUES.get(text.charCodeAt(at));
    if (value === undefined) throw new WritError("ENCODING_INVALID", "not a base64url character");
    pending = ((pending << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (pending >> bits) & 0xff;
    }
  }
  const tail = pending & ((1 << bits) - 1);
  if (bits >= 6 || tail !== 0) {
    throw new WritError("ENCODING_INVALID", "base64url is not in its canonical form");
  }
  return bytes;
}
