import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  canonicalize,
  deriveKey,
  DOCUMENT_LIMITS,
  lengthPrefixed,
  parseStrictJsonObject,
  seal,
  toHex,
  unseal,
  utf8,
  WritError,
  type JsonLimits,
  type JsonObject,
  type OpenEnvelope,
  type RandomSource,
} from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import { pad, unpad } from "./padding.js";

/** The kinds of record; the kind is authenticated with the record and never in clear. */
export type Collection = "key" | "credential" | "delegation";

/** A text under which a record is found, such as `["digest", "uEi…"]`. */
export type Label = readonly [name: string, text: string];

/** What goes into a new record. */
export interface RecordContent {
  readonly collection: Collection;
  readonly value: JsonObject;
  readonly labels: readonly Label[];
}

/**
 * Encrypted records over a store (DESIGN 5). Everything that the store sees is sealed or blinded;
 * that equal labels give equal tags, and so how often one recurs, is what it can learn.
 */
export interface Vault {
  /** The contents of all records of a collection, or of those with a label. */
  find(collection: Collection, label?: Label): Promise<readonly JsonObject[]>;
  /** Seals new records, for a store that is yet to be made. */
  seal(contents: readonly RecordContent[]): readonly StoredRecord[];
  /**
   * Adds the records that `compose` returns, all or none. It is asked again where another process
   * changed the wallet in between, so it must look afresh each time.
   */
  add(compose: () => Promise<readonly RecordContent[]>): Promise<void>;
  /** Overwrites the keys as far as JavaScript allows. */
  close(): void;
}

const MAGIC = utf8("writ-wallet-record");
const FORMAT = Uint8Array.of(1);
/** Names the root key that a record is sealed under; a new root key gets the next number. */
const KEY_ID = Uint8Array.of(1);
const TAG_LENGTH = 16;
/** A record holds a document and a little more, so that whatever was taken in can be read back. */
const RECORD_LIMITS: JsonLimits = {
  ...DOCUMENT_LIMITS,
  maxBytes: DOCUMENT_LIMITS.maxBytes + 4096,
  maxDepth: DOCUMENT_LIMITS.maxDepth + 4,
};
const MAX_ATTEMPTS = 100;
const EVERY: Label = ["every", ""];

/** Opens the records of a wallet with its root key. */
export function openVault(
  store: WalletStore,
  { id: walletId, rootKey }: OpenEnvelope,
  random: RandomSource,
): Vault {
  const recordKey = deriveKey(rootKey, walletId, "wallet-records");
  const tagKey = deriveKey(rootKey, walletId, "wallet-tags");
  let open = true;

  function assertOpen(): void {
    if (!open) throw new WritError("ARGUMENT_INVALID", "the wallet is closed");
  }

  function tagOf(collection: Collection, [name, text]: Label): Uint8Array {
    return hmac(sha256, tagKey, lengthPrefixed(utf8(collection), utf8(name), utf8(text))).subarray(
      0,
      TAG_LENGTH,
    );
  }

  function associatedData(collection: Collection, id: Uint8Array, revision: number): Uint8Array {
    return lengthPrefixed(
      MAGIC,
      FORMAT,
      utf8(walletId),
      utf8(collection),
      id,
      utf8(String(revision)),
      KEY_ID,
    );
  }

  // Checked here too: the wallet may be closed, and its keys overwritten, while a store is waited for.
  function sealRecord({ collection, value, labels }: RecordContent): StoredRecord {
    assertOpen();
    const id = random(16);
    const revision = 1;
    const content = pad(utf8(canonicalize(value)));
    const sealed = seal(recordKey, content, associatedData(collection, id, revision), random);
    content.fill(0);
    return { id, revision, sealed, tags: [EVERY, ...labels].map((label) => tagOf(collection, label)) };
  }

  function openRecord(collection: Collection, { id, revision, sealed }: StoredRecord): JsonObject {
    assertOpen();
    const content = unseal(recordKey, sealed, associatedData(collection, id, revision));
    if (content === undefined) {
      throw new WritError("RECORD_TAMPERED", `record ${toHex(id)} was changed or moved`);
    }
    const value = parseStrictJsonObject(unpad(content), RECORD_LIMITS);
    content.fill(0);
    return value;
  }

  return {
    seal: (contents) => contents.map(sealRecord),
    async find(collection, label = EVERY) {
      assertOpen();
      const records = await store.find(tagOf(collection, label));
      return records.map((record) => openRecord(collection, record));
    },
    async add(compose) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        assertOpen();
        const { counter } = await store.state();
        const records = (await compose()).map(sealRecord);
        if (records.length === 0 || (await store.commit(records, counter))) return;
      }
      throw new WritError("WALLET_CONFLICT", "other processes keep changing the wallet");
    },
    close() {
      open = false;
      recordKey.fill(0);
      tagKey.fill(0);
      rootKey.fill(0);
    },
  };
}
