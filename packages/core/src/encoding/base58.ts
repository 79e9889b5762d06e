import { WritError } from "../errors/writ-error.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (digit, value) => [digit, value]));

/** Nothing that Writ encodes in base58 (keys, signatures) is longer; longer text is refused unread. */
const MAX_TEXT_LENGTH = 128;

/** Bytes in base58btc, as multibase `z` uses it (draft-msporny-base58-03). */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  let digits = "";
  for (; number > 0n; number /= 58n) digits = (ALPHABET[Number(number % 58n)] as string) + digits;
  return "1".repeat(zeros) + digits;
}

/**
 * Bytes from base58btc. There is one text for each byte string, so no re-encoding is needed.
 *
 * @throws WritError `ENCODING_INVALID` for a character outside the alphabet or over 128 characters.
 */
export function decodeBase58(text: string): Uint8Array {
  if (text.length > MAX_TEXT_LENGTH) throw new WritError("ENCODING_INVALID", "base58 text is too long");
  // Nine digits at a time stay within a safe integer, and spare most of the big arithmetic.
  let number = 0n;
  for (let start = 0; start < text.length; start += CHUNK) {
    const chunk = text.slice(start, start + CHUNK);
    let value = 0;
    for (const digit of chunk) value = value * 58 + digitValue(digit);
    number = number * BigInt(58 ** chunk.length) + BigInt(value);
  }
  let zeros = 0;
  while (text[zeros] === "1") zeros++;
  const hex = number === 0n ? "" : number.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = new Uint8Array(zeros + digits.length / 2);
  for (let i = 0; i < digits.length; i += 2) {
    bytes[zeros + i / 2] = Number.parseInt(digits.slice(i, i + 2), 16);
  }
  return bytes;
}

/** 58^9 is below 2^53. */
const CHUNK = 9;

function digitValue(digit: string): number {
  const value = VALUES.get(digit);
  if (value === undefined) throw new WritError("ENCODING_INVALID", "not a base58 character");
  return value;
}
