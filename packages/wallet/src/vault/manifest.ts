import { hmacSha256, lengthPrefixed, seal, sha256, toHex, unseal, utf8, type RandomSource } from "@writ/core";

import type { StoredRecord } from "../store/wallet-store.js";
import {
  EMPTY_TALLY,
  parseBucket,
  talliesIn,
  tallyIn,
  withTally,
  type Bucket,
  type Tally,
} from "./bucket.js";
import { manifestDamaged } from "./damage.js";
import type { Root } from "./manifest-root.js";
import {
  bucketOf,
  bucketPage,
  BUCKETS,
  isPage,
  isUnwritten,
  nodeOf,
  NO_PAGES,
  placeOf,
  setHash,
  type PageHashes,
  type Pages,
} from "./pages.js";
import { addSums, subtractSums } from "./sum.js";
import type { VaultKeys } from "./vault-keys.js";

/*
 * What tells a wallet that its store gives it all its records and no others (DESIGN 5). For every tag
 * it holds a tally of the records that carry it. Tallies lie in sealed buckets by the first bits of
 * their tags; the hashes of the buckets lie in nodes, and the hashes of the nodes in a sealed root:
 *
 *     root (with the counter) → 128 nodes → 128 buckets each → tallies by tag
 *
 * A read checks one path for each tag, a write changes one. Hashes are of ciphertext: what a store
 * kept from another time does not fit, even where it is of the same counter.
 */

const BUCKET_MAGIC = "writ-wallet-bucket";

/**
 * The tally of a tag, after a check of its path.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function tallyOf(keys: VaultKeys, root: Root, pages: Pages, tag: Uint8Array): Tally {
  const number = bucketOf(tag);
  return tallyIn(openBucket(keys, openNode(root, pages, nodeOf(number)), pages, number), tag);
}

/** Records that go from the tallies of their tags, and others that come into theirs. */
export interface Exchange {
  readonly out: readonly StoredRecord[];
  readonly in: readonly StoredRecord[];
}

/** A manifest as it is after a change: its root, and the pages that are other than before. */
export interface ChangedManifest {
  readonly root: Root;
  readonly pages: Pages;
}

/**
 * Changes the tallies of all tags that records carry.
 *
 * @param pages at least those of {@link pagesOf} for these tags
 * @throws WritError `RECORD_TAMPERED`.
 */
export function exchange(
  keys: VaultKeys,
  root: Root,
  pages: Pages,
  records: Exchange,
  random: RandomSource,
): ChangedManifest {
  const changed = new Map<number, Uint8Array>();
  const nodeHashes = Uint8Array.from(root.nodeHashes);
  for (const [node, buckets] of groupByNode(talliesOf(keys, records))) {
    const hashes = Uint8Array.from(openNode(root, pages, node));
    for (const [number, tallies] of buckets) {
      let bucket = openBucket(keys, hashes, pages, number);
      for (const { tag, count, sum } of tallies) {
        const before = tallyIn(bucket, tag);
        bucket = withTally(bucket, tag, { count: before.count + count, sum: addSums(before.sum, sum) });
      }
      const sealed = seal(keys.manifest, bucket, bucketBinding(keys, number), random);
      changed.set(bucketPage(number), sealed);
      setHash(hashes, placeOf(number), sealed);
    }
    changed.set(node, hashes);
    setHash(nodeHashes, node, hashes);
  }
  return { root: { ...root, nodeHashes }, pages: changed };
}

/**
 * The tally of records that a store gave.
 *
 * @param before the tally of others that came before
 */
export function addToTally(keys: VaultKeys, before: Tally, records: readonly StoredRecord[]): Tally {
  return records.reduce(
    ({ count, sum }, record) => ({ count: count + 1, sum: addSums(sum, leafOf(keys, record)) }),
    before,
  );
}

/** What can be read of a manifest that may be damaged. */
export interface ManifestSurvey {
  /** By tag, in hex. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Pages that are not as they were written, or not there. */
  readonly damagedPages: readonly number[];
  /** Whether a tag's tally would be among those that can be read. */
  covers(tag: Uint8Array): boolean;
}

/** Reads every tally that can be read. */
export function surveyManifest(keys: VaultKeys, root: Root, pages: Pages): ManifestSurvey {
  const tallies = new Map<string, Tally>();
  const damagedPages = new Set<number>();
  const unreadable = new Set<number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const hashes = attempt(() => openNode(root, pages, nodeOf(bucket)));
    const content = hashes && attempt(() => openBucket(keys, hashes, pages, bucket));
    if (content === undefined) {
      damagedPages.add(hashes === undefined ? nodeOf(bucket) : bucketPage(bucket));
      unreadable.add(bucket);
      continue;
    }
    for (const [tag, tally] of talliesIn(content)) tallies.set(toHex(tag), tally);
  }
  return { tallies, damagedPages: [...damagedPages], covers: (tag) => !unreadable.has(bucketOf(tag)) };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A keyed hash of all that the store knows of a record; its sums cannot be made without the key. */
export function leafOf({ manifest }: VaultKeys, { id, revision, sealed, tags }: StoredRecord): Uint8Array {
  return hmacSha256(manifest, lengthPrefixed(id, utf8(String(revision)), sha256(sealed), ...tags));
}

interface TagTally extends Tally {
  readonly tag: Uint8Array;
}

/** By how much the tally of each tag changes. */
function talliesOf(keys: VaultKeys, records: Exchange): readonly TagTally[] {
  const tallies = new Map<string, TagTally>();
  const count = (record: StoredRecord, step: 1 | -1): void => {
    const leaf = leafOf(keys, record);
    for (const tag of record.tags) {
      const before = tallies.get(toHex(tag)) ?? EMPTY_TALLY;
      const sum = step === 1 ? addSums(before.sum, leaf) : subtractSums(before.sum, leaf);
      tallies.set(toHex(tag), { tag, count: before.count + step, sum });
    }
  };
  for (const record of records.out) count(record, -1);
  for (const record of records.in) count(record, 1);
  return [...tallies.values()];
}

function groupByNode(tallies: readonly TagTally[]): ReadonlyMap<number, ReadonlyMap<number, TagTally[]>> {
  const nodes = new Map<number, Map<number, TagTally[]>>();
  for (const tally of tallies) {
    const bucket = bucketOf(tally.tag);
    const buckets = nodes.get(nodeOf(bucket)) ?? new Map<number, TagTally[]>();
    nodes.set(nodeOf(bucket), buckets);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), tally]);
  }
  return nodes;
}

/** The hashes of a node's buckets. */
function openNode({ nodeHashes }: Root, pages: Pages, node: number): PageHashes {
  if (isUnwritten(nodeHashes, node)) return NO_PAGES;
  const page = pages.get(node);
  if (page === undefined || !isPage(nodeHashes, node, page)) throw manifestDamaged(`page ${String(node)}`);
  return page;
}

function openBucket(keys: VaultKeys, hashes: PageHashes, pages: Pages, number: number): Bucket {
  const place = placeOf(number);
  if (isUnwritten(hashes, place)) return new Uint8Array();
  const page = pages.get(bucketPage(number));
  const content =
    page !== undefined && isPage(hashes, place, page)
      ? unseal(keys.manifest, page, bucketBinding(keys, number))
      : undefined;
  if (content === undefined) throw manifestDamaged(`page ${String(bucketPage(number))}`);
  return parseBucket(content);
}

function bucketBinding(keys: VaultKeys, number: number): Uint8Array {
  return keys.bind(BUCKET_MAGIC, utf8(String(number)));
}
