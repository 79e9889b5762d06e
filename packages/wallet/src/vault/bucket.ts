import { concatBytes } from "@writ/core";

import { TAG_LENGTH } from "../store/wallet-store.js";
import { tampered } from "./damage.js";

/** How many records carry a tag, and the sum of their leaves. */
export interface Tally {
  readonly count: number;
  /** 32 bytes. */
  readonly sum: Uint8Array;
}

export const EMPTY_TALLY: Tally = { count: 0, sum: new Uint8Array(32) };

/** Tallies by tag, as one byte string of entries: tag, count, sum. A wallet reads many and changes few. */
export type Bucket = Uint8Array;

const COUNT_LENGTH = 4;
const ENTRY_LENGTH = TAG_LENGTH + COUNT_LENGTH + 32;

/** @throws WritError `RECORD_TAMPERED` for what is no bucket. */
export function parseBucket(bytes: Uint8Array): Bucket {
  if (bytes.length % ENTRY_LENGTH === 0) return bytes;
  throw tampered("a page of the wallet's manifest is damaged");
}

/** The tally of a tag; of one that is not there, the empty one. */
export function tallyIn(bucket: Bucket, tag: Uint8Array): Tally {
  const at = find(bucket, tag);
  return at === undefined ? EMPTY_TALLY : tallyAt(bucket, at);
}

/** The bucket with another tally for a tag; one that counts nothing is left out. */
export function withTally(bucket: Bucket, tag: Uint8Array, { count, sum }: Tally): Bucket {
  const at = find(bucket, tag) ?? bucket.length;
  const before = bucket.subarray(0, at);
  const after = bucket.subarray(at + ENTRY_LENGTH);
  if (count === 0) return concatBytes(before, after);
  const counted = new Uint8Array(COUNT_LENGTH);
  new DataView(counted.buffer).setUint32(0, count);
  return concatBytes(before, tag, counted, sum, after);
}

/** All tags of a bucket with their tallies. */
export function* talliesIn(bucket: Bucket): Iterable<readonly [tag: Uint8Array, tally: Tally]> {
  for (let at = 0; at < bucket.length; at += ENTRY_LENGTH) {
    yield [bucket.subarray(at, at + TAG_LENGTH), tallyAt(bucket, at)];
  }
}

function find(bucket: Bucket, tag: Uint8Array): number | undefined {
  for (let at = 0; at < bucket.length; at += ENTRY_LENGTH) {
    let same = 0;
    while (same < TAG_LENGTH && bucket[at + same] === tag[same]) same++;
    if (same === TAG_LENGTH) return at;
  }
  return undefined;
}

function tallyAt(bucket: Bucket, at: number): Tally {
  const view = new DataView(bucket.buffer, bucket.byteOffset + at + TAG_LENGTH);
  return { count: view.getUint32(0), sum: bucket.slice(at + TAG_LENGTH + COUNT_LENGTH, at + ENTRY_LENGTH) };
}
