import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import { WritError } from "../errors/writ-error.js";
import { gunzipMember, gzipMember } from "./gzip-member.js";

/** A list has at least this many entries, so that one entry hides among many. */
export const MIN_STATUS_ENTRIES = 131_072;

/** A decoded list is at most this long (DESIGN 4.1). */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** A decoded bitstring; bit 0 is the left-most (Bitstring Status List 1.0, section 3). */
export interface StatusBits {
  /** Number of entries. */
  readonly length: number;
  /** Whether the bit of this entry is set. Throws `STATUS_LIST_INVALID` outside the list. */
  isSet(index: number): boolean;
}

/**
 * The `encodedList` of a bitstring with the given bits set: multibase base64url of its gzip.
 *
 * @param length number of entries, a multiple of eight and at least 131,072
 * @throws WritError `ARGUMENT_INVALID` for another length, or an index outside the list.
 */
export function encodeStatusList(length: number, setIndexes: Iterable<number>): string {
  if (!Number.isSafeInteger(length) || length < MIN_STATUS_ENTRIES || length % 8 !== 0) {
    throw new WritError("ARGUMENT_INVALID", "a list has a multiple of eight entries, 131,072 at least");
  }
  const bits = new Uint8Array(length / 8);
  for (const index of setIndexes) {
    if (!isIndex(index, length)) throw new WritError("ARGUMENT_INVALID", "no such entry");
    bits[index >> 3] = (bits[index >> 3] ?? 0) | maskOf(index);
  }
  return `u${encodeBase64url(gzipMember(bits))}`;
}

/**
 * Decodes an `encodedList` of bounded size.
 *
 * @throws WritError `STATUS_LIST_INVALID`, `ENCODING_INVALID`.
 */
export function decodeStatusList(encodedList: string): StatusBits {
  if (!encodedList.startsWith("u")) throw invalid("not multibase base64url");
  const bits = gunzipMember(decodeBase64url(encodedList.slice(1)), MAX_DECODED_BYTES);
  const length = bits.length * 8;
  if (length < MIN_STATUS_ENTRIES) throw invalid("the list has fewer than 131,072 entries");
  return {
    length,
    isSet(index) {
      if (!isIndex(index, length)) throw invalid("no such entry");
      return ((bits[index >> 3] ?? 0) & maskOf(index)) !== 0;
    },
  };
}

/** The first entry of a byte is its highest bit. */
function maskOf(index: number): number {
  return 0x80 >> (index & 7);
}

function isIndex(index: number, length: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < length;
}

function invalid(detail: string): WritError {
  return new WritError("STATUS_LIST_INVALID", detail);
}
