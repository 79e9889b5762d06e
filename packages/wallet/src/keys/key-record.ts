import { createSeedSigner, WritError, type JsonObject } from "@writ/core";

import type { Label, RecordContent, VaultRecord } from "../vault/record.js";
import type { Vault } from "../vault/vault.js";

/** For what a key may sign: presentations, or what it hands on and approves. */
export type KeyPurpose = "authentication" | "assertionMethod";
export const KEY_PURPOSES: readonly KeyPurpose[] = ["authentication", "assertionMethod"];

/** One of a wallet's keys, without its secret. */
export interface WalletKey {
  readonly did: string;
  /** What its owner calls it. */
  readonly name?: string;
  readonly purposes: readonly KeyPurpose[];
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Whether the wallet opens with it. */
  readonly isPrimary: boolean;
}

const PRIMARY: Label = ["primary", ""];

/** How a key is kept. Its seed is beside the text, never becomes one, and is overwritten when it is sealed. */
export function keyRecord(
  seed: Uint8Array,
  {
    name,
    purposes = KEY_PURPOSES,
    created,
    isPrimary,
  }: Partial<WalletKey> & Pick<WalletKey, "created" | "isPrimary">,
): RecordContent {
  const did = didOfSeed(seed);
  return {
    collection: "key",
    value: {
      did,
      ...(name === undefined ? {} : { name }),
      purposes: [...purposes],
      created,
    },
    labels: [["did", did], ...(isPrimary ? [PRIMARY] : [])],
    secret: seed,
  };
}

/** The DID of an Ed25519 seed. */
export function didOfSeed(seed: Uint8Array): string {
  const signer = createSeedSigner(seed);
  signer.close();
  return signer.did;
}

/** What a record says of its key. */
export function keyOf({ value, labels }: Pick<VaultRecord, "value" | "labels">): WalletKey {
  const { did, name, purposes, created } = value as JsonObject & {
    readonly did: string;
    readonly name?: string;
    readonly purposes: readonly KeyPurpose[];
    readonly created: number;
  };
  const isPrimary = labels.some(([label]) => label === PRIMARY[0]);
  return {
    did,
    ...(name === undefined ? {} : { name }),
    purposes,
    created,
    isPrimary,
  };
}

/**
 * The key with which the wallet opens.
 *
 * @throws WritError `RECORD_MISSING`.
 */
export async function primaryKey(vault: Vault): Promise<WalletKey> {
  const [record] = await vault.find("key", PRIMARY);
  if (record === undefined) throw new WritError("RECORD_MISSING", "the wallet has lost its key");
  record.secret.fill(0);
  return keyOf(record);
}

/**
 * A key and its seed, which the caller overwrites.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function readKey(
  vault: Vault,
  did: string,
): Promise<{ readonly key: WalletKey; readonly seed: Uint8Array; readonly record: VaultRecord }> {
  const [record] = await vault.find("key", ["did", did]);
  if (record?.secret.length !== 32) {
    throw new WritError("NOT_FOUND", "the wallet does not have this key any more");
  }
  return { key: keyOf(record), seed: record.secret, record };
}
