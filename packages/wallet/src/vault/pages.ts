import { equalBytes, sha256 } from "@writ/core";

/**
 * How the pages of the manifest are numbered and hashed: nodes first, then buckets. A tag's first bits say
 * which bucket it is in; a node holds the hashes of so many buckets, the root those of the nodes.
 */

const FAN_OUT = 128;
export const BUCKETS: number = FAN_OUT * FAN_OUT;
/** Of SHA-256: a store would need a second page of a given hash, which takes 2^128 tries. */
const HASH_LENGTH = 16;
/** In the place of a hash: no record has come here yet. */
const NOTHING = new Uint8Array(HASH_LENGTH);

/** Pages as the store gives and takes them, by number. */
export type Pages = ReadonlyMap<number, Uint8Array>;

/** The hashes of so many pages as a node or the root has below it, one after the other. */
export type PageHashes = Uint8Array;

/** Hashes of pages that were never written. */
export const NO_PAGES: PageHashes = new Uint8Array(FAN_OUT * HASH_LENGTH);

/** The numbers of all pages on the paths of some tags. */
export function pagesOf(tags: Iterable<Uint8Array>): readonly number[] {
  const pages = new Set<number>();
  for (const tag of tags) {
    const bucket = bucketOf(tag);
    pages.add(nodeOf(bucket)).add(bucketPage(bucket));
  }
  return [...pages];
}

/** Every page that a manifest can have. */
export function everyPage(): readonly number[] {
  return Array.from({ length: FAN_OUT + BUCKETS }, (_, page) => page);
}

/** The first fourteen bits of a tag. */
export function bucketOf(tag: Uint8Array): number {
  const [first = 0, second = 0] = tag;
  return (first << 6) | (second >> 2);
}

/** Which node, and page, has the hash of a bucket. */
export function nodeOf(bucket: number): number {
  return Math.floor(bucket / FAN_OUT);
}

/** Which of the hashes in its node is a bucket's. */
export function placeOf(bucket: number): number {
  return bucket % FAN_OUT;
}

export function bucketPage(bucket: number): number {
  return FAN_OUT + bucket;
}

export function isNodePage(page: number): boolean {
  return page < FAN_OUT;
}

/** Whether no page was ever written in a place. */
export function isUnwritten(hashes: PageHashes, place: number): boolean {
  return equalBytes(hashAt(hashes, place), NOTHING);
}

/** Whether a page is the one that belongs in a place. */
export function isPage(hashes: PageHashes, place: number, page: Uint8Array): boolean {
  return equalBytes(hashAt(hashes, place), hashOf(page));
}

export function setHash(hashes: Uint8Array, place: number, page: Uint8Array): void {
  hashes.set(hashOf(page), place * HASH_LENGTH);
}

export function hashAt(hashes: PageHashes, place: number): Uint8Array {
  return hashes.subarray(place * HASH_LENGTH, (place + 1) * HASH_LENGTH);
}

function hashOf(page: Uint8Array): Uint8Array {
  return sha256(page).subarray(0, HASH_LENGTH);
}
