import { BitstringStatusList } from "@digitalbazaar/vc-bitstring-status-list";

import { decodeBase64url } from "../encoding/base64url.js";
import { WritError } from "../errors/writ-error.js";
import { gunzipMember } from "./gunzip-member.js";

/** A list has at least this many entries, so that one entry hides among many. */
export const MIN_STATUS_ENTRIES = 131_072;

/** A decoded list is at most this long (DESIGN 4.1). */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** A decoded bitstring; bit 0 is the left-most (Bitstring Status List 1.0, section 3). */
export interface StatusBits {
  /** Number of entries. */
  readonly length: number;
  /** Whether the bit of this entry is set. `STATUS_LIST_INVALID` outside the list. */
  isSet(index: number): boolean;
}

/**
 * The `encodedList` of a bitstring with the given bits set.
 *
 * @param length number of entries, a multiple of eight and at least 131,072
 * @throws WritError `ARGUMENT_INVALID` for another length, or an index outside the list.
 */
export async function encodeStatusList(length: number, setIndexes: Iterable<number>): Promise<string> {
  if (!Number.isSafeInteger(length) || length < MIN_STATUS_ENTRIES || length % 8 !== 0) {
    throw new WritError("ARGUMENT_INVALID", "a list has a multiple of eight entries, 131,072 at least");
  }
  const list = new BitstringStatusList({ length });
  for (const index of setIndexes) {
    if (!isIndex(index, length)) throw new WritError("ARGUMENT_INVALID", "no such entry");
    list.setStatus(index, true);
  }
  return list.encode();
}

/**
 * Decodes an `encodedList`. The library's own decoder knows no limit, so the bytes are unpacked here.
 *
 * @throws WritError `STATUS_LIST_INVALID`.
 */
export function decodeStatusList(encodedList: string): StatusBits {
  if (!encodedList.startsWith("u")) throw invalid("not multibase base64url");
  // The library reads the whole memory behind the array, so the array must own its memory.
  const bytes = Uint8Array.from(gunzipMember(decodeBase64url(encodedList.slice(1)), MAX_DECODED_BYTES));
  if (bytes.length * 8 < MIN_STATUS_ENTRIES) throw invalid("the list has fewer than 131,072 entries");
  const list = new BitstringStatusList({ buffer: bytes });
  return {
    length: list.length,
    isSet(index) {
      if (!isIndex(index, list.length)) throw invalid("no such entry");
      return list.getStatus(index);
    },
  };
}

function isIndex(index: number, length: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < length;
}

function invalid(detail: string): WritError {
  return new WritError("STATUS_LIST_INVALID", detail);
}
