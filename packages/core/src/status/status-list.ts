import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import { WritError } from "../errors/writ-error.js";
import { gunzipMember, gzipMember } from "./gzip-member.js";

/** A list has at least this many entries, so that one entry hides among many. */
export const MIN_STATUS_ENTRIES = 131_072;

/** A decoded list is at most this long (DESIGN 4.1). */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** An entry has at most this many bits: as many values as an array of messages may have items. */
export const MAX_STATUS_SIZE = 8;

/** A decoded bitstring; bit 0 is the left-most (Bitstring Status List 1.0, section 3). */
export interface StatusBits {
  /** Number of bits. */
  readonly length: number;
  /**
   * The value of an entry: its bits, the left-most of which counts most (sections 2.1 and 3.2).
   *
   * @param size bits of each entry of the list, 1 to 8
   * @throws WritError `STATUS_INDEX_RANGE` for an entry outside the list, `STATUS_LIST_TOO_SHORT` for a list that
   *   has fewer than 131,072 entries of this size; `ARGUMENT_INVALID` for another size.
   */
  valueAt(index: number, size?: number): number;
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
 * @throws WritError `STATUS_LIST_MALFORMED`, `ENCODING_INVALID`; `STATUS_LIST_TOO_SHORT` for fewer than 131,072
 *   entries; `STATUS_UNAVAILABLE` where the runtime cannot unpack.
 */
export function decodeStatusList(encodedList: string): StatusBits {
  if (!encodedList.startsWith("u")) throw new WritError("STATUS_LIST_MALFORMED", "not multibase base64url");
  const bits = gunzipMember(decodeBase64url(encodedList.slice(1)), MAX_DECODED_BYTES);
  const length = bits.length * 8;
  if (length < MIN_STATUS_ENTRIES) throw tooShort();
  return {
    length,
    valueAt(index, size = 1) {
      if (size === 0 || !isIndex(size, MAX_STATUS_SIZE + 1)) {
        throw new WritError("ARGUMENT_INVALID", "an entry has one to eight bits");
      }
      const entries = Math.floor(length / size);
      if (entries < MIN_STATUS_ENTRIES) throw tooShort();
      if (!isIndex(index, entries)) {
        throw new WritError("STATUS_INDEX_RANGE", "the list has no entry of this index");
      }
      let value = 0;
      for (let bit = index * size; bit < (index + 1) * size; bit++) {
        const isSet = ((bits[bit >> 3] ?? 0) & maskOf(bit)) !== 0;
        value = value * 2 + (isSet ? 1 : 0);
      }
      return value;
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

function tooShort(): WritError {
  return new WritError("STATUS_LIST_TOO_SHORT", "the list has fewer than 131,072 entries");
}
