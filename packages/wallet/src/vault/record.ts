import {
  asJson,
  canonicalize,
  DOCUMENT_LIMITS,
  hmacSha256,
  lengthPrefixed,
  parseStrictJsonObject,
  seal,
  toHex,
  unseal,
  utf8,
  type JsonLimits,
  type JsonObject,
  type RandomSource,
} from "@writ/core";

import { TAG_LENGTH, type StoredRecord } from "../store/wallet-store.js";
import { tampered } from "./damage.js";
import { pad, unpad } from "./padding.js";
import type { VaultKeys } from "./vault-keys.js";

/** The kinds of record; the kind is authenticated with the record and never in clear. */
export type Collection = "key" | "credential" | "generic" | "delegation" | "renewal";
export const COLLECTIONS: readonly Collection[] = ["key", "credential", "generic", "delegation", "renewal"];

/** A text under which a record is found, such as `["digest", "uEi…"]`. */
export type Label = readonly [name: string, text: string];

/** What goes into a record. */
export interface RecordContent {
  readonly collection: Collection;
  readonly value: JsonObject;
  /** Kept with it, so that it can be sealed under another root key. */
  readonly labels: readonly Label[];
  /** Secret bytes that belong to it; the vault overwrites them when it is done with them. */
  readonly secret?: Uint8Array;
}

/** An opened record. Its secret is a copy, for the caller to overwrite; empty where it has none. */
export interface VaultRecord extends Required<RecordContent> {
  readonly stored: StoredRecord;
  /** The wallet's counter when it was read. */
  readonly asOf: number;
}

/** Which record, and which writing of it. */
export type RecordVersion = Pick<StoredRecord, "id" | "revision">;

const MAGIC = "writ-wallet-record";
const ID_LENGTH = 16;
/** A record holds a document, what of it stands in labels once more, and a little besides. */
const RECORD_LIMITS: JsonLimits = {
  ...DOCUMENT_LIMITS,
  maxBytes: 2 * DOCUMENT_LIMITS.maxBytes + 64 * 1024,
  maxDepth: DOCUMENT_LIMITS.maxDepth + 4,
};
/** Every record carries it, so that each collection can be counted. */
const EVERY: Label = ["every", ""];

/** The tag of a label: equal labels give equal tags, and nothing else is to be learned from them. */
export function tagOf(keys: VaultKeys, collection: Collection, [name, text]: Label = EVERY): Uint8Array {
  const labelled = lengthPrefixed(utf8(collection), utf8(name), utf8(text));
  return hmacSha256(keys.tags, labelled).subarray(0, TAG_LENGTH);
}

/**
 * A record that is not there yet. Ids follow the order of writing, so that a store adds at the end of its
 * indexes, and end in random bytes, so that none is given again under another root key.
 *
 * @param counter of the change that makes it
 * @param index its place among those that the change makes
 */
export function newRecord(counter: number, index: number, random: RandomSource): RecordVersion {
  const id = new Uint8Array(ID_LENGTH);
  const view = new DataView(id.buffer);
  view.setBigUint64(0, BigInt(counter) << 16n);
  view.setUint32(6, index);
  id.set(random(6), 10);
  return { id, revision: 1 };
}

/**
 * Seals a record under a fresh nonce.
 *
 * @throws WritError `TOO_LARGE`, `TOO_MANY_ITEMS` for what could not be read again: one such record would keep
 *   the whole collection from being read.
 */
export function sealRecord(
  keys: VaultKeys,
  { id, revision }: RecordVersion,
  { collection, value, labels, secret }: RecordContent,
  random: RandomSource,
): StoredRecord {
  const tags = distinctTags(keys, collection, labels);
  const text = canonicalize(asJson({ labels, value }));
  parseStrictJsonObject(text, RECORD_LIMITS);
  const content = pad(text, secret);
  const sealed = seal(keys.records, content, bindingOf(keys, collection, { id, revision, tags }), random);
  content.fill(0);
  return { id, revision, sealed, tags };
}

/**
 * Opens a record.
 *
 * @throws WritError `RECORD_TAMPERED`, which names it.
 */
export function openRecord(
  keys: VaultKeys,
  collection: Collection,
  stored: StoredRecord,
  asOf: number,
): VaultRecord {
  const content = unseal(keys.records, stored.sealed, bindingOf(keys, collection, stored));
  if (content === undefined) {
    throw tampered(`record ${toHex(stored.id)} was changed or moved`);
  }
  const { text, secret } = unpad(content);
  // Sealed by this wallet, so of the form in which it was written.
  const { labels, value } = parseStrictJsonObject(text, RECORD_LIMITS) as unknown as Written;
  const copy = Uint8Array.from(secret);
  content.fill(0);
  return { stored, asOf, collection, labels, value, secret: copy };
}

/** The text of a record. */
type Written = Pick<RecordContent, "labels" | "value">;

/** Which record a seal is of; the tags too, so that one record alone shows that it was not relabelled. */
function bindingOf(
  keys: VaultKeys,
  collection: Collection,
  { id, revision, tags }: Omit<StoredRecord, "sealed">,
): Uint8Array {
  return keys.bind(MAGIC, utf8(collection), id, utf8(String(revision)), ...tags);
}

/** In the order of their bytes, each once. */
function distinctTags(
  keys: VaultKeys,
  collection: Collection,
  labels: readonly Label[],
): readonly Uint8Array[] {
  const tags = [EVERY, ...labels].map((label) => tagOf(keys, collection, label));
  const byText = new Map(tags.map((tag) => [toHex(tag), tag]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tag]) => tag);
}
