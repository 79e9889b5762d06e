import {
  asJson,
  canonicalize,
  createEnvelope,
  lengthPrefixed,
  openEnvelope,
  sha256,
  systemEnvironment,
  toHex,
  utf8,
  wrapEnvelope,
  WritError,
  type Argon2Cost,
  type Environment,
  type ErrorCode,
  type KeySource,
  type RandomSource,
} from "@writ/core";

import { stateIfThere } from "./state-if-there.js";
import type { WalletStore } from "./store/wallet-store.js";
import { COLLECTIONS, type Collection, type VaultRecord } from "./vault/record.js";
import { receiveState } from "./vault/received-view.js";
import { createVault, openVault, type Vault, type VaultChange } from "./vault/vault.js";

/** How a wallet gets another secret. */
export interface RekeyOptions {
  /** What opens it now. */
  readonly secret: KeySource;
  /** What opens it from now on; it may be the same. */
  readonly newSecret: KeySource;
  /** Cost of Argon2id, where the new secret is a passphrase. */
  readonly cost?: Argon2Cost;
  /**
   * `rewrap` wraps the same root key for the new secret: whoever has an old copy and the old secret has the
   * root key. `full` makes a new root key and encrypts everything again, as is needed after a compromise.
   */
  readonly mode: "rewrap" | "full";
  /** Called while everything is encrypted again. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a long work has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What was done, and which of its root keys the wallet has since then, counted from 1. */
export interface Rekeyed {
  readonly mode: RekeyOptions["mode"];
  readonly generation: number;
}

/** So many records are encrypted again in one step. */
const BATCH = 256;
const MAX_ROUNDS = 100;

/**
 * Gives a wallet another secret, in one step: at any moment exactly one of the two opens it. Where a full
 * re-encryption was broken off, the next one goes on with what is there already. Wallets that are open
 * meanwhile go on after `rewrap`; after `full` they say `WALLET_REKEYED` and are opened again.
 *
 * @throws WritError of `openWallet`, `KDF_LIMIT`, `ARGUMENT_INVALID`, and `WALLET_CONFLICT` where others
 *   keep changing the wallet.
 */
export async function rekeyWallet(
  store: WalletStore,
  { secret, newSecret, cost, mode, onProgress = () => undefined }: RekeyOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<Rekeyed> {
  const state = receiveState(await store.state());
  const envelope = await openEnvelope("wallet", state.header, secret);
  const vault = openVault(store, state, envelope, random);
  try {
    if (mode === "rewrap") {
      const header = await wrapEnvelope("wallet", envelope, newSecret, random, cost);
      await vault.change(async () => {
        // Of two at once, the later must not undo what the earlier was told is done.
        if (receiveState(await store.state()).header !== state.header) throw atTheSameTime();
        return { header };
      });
      return { mode, generation: envelope.generation };
    }
    const generation = envelope.generation + 1;
    const next = { id: envelope.id, secret: newSecret, generation, ...(cost && { cost }) };
    const successor = await openSuccessor(store, next, random);
    try {
      await succeed(store, vault, successor, onProgress);
    } catch (error) {
      // It is there no more, or it is another's.
      if (isOneOf(error, "NOT_FOUND", "WALLET_ROLLED_BACK", "WALLET_REKEYED")) throw atTheSameTime(error);
      throw error;
    } finally {
      successor.close();
    }
    return { mode, generation };
  } finally {
    vault.close();
  }
}

interface NextKey {
  readonly id: string;
  readonly secret: KeySource;
  readonly cost?: Argon2Cost;
  readonly generation: number;
}

/** The successor that an earlier attempt has left, if the new secret opens it and it is whole, or a new one. */
async function openSuccessor(
  store: WalletStore,
  { id, secret, cost, generation }: NextKey,
  random: RandomSource,
): Promise<Vault> {
  const left = await reopenSuccessor(store.successor(), secret, generation, random);
  if (left !== undefined) return left;
  const { header, envelope } = await createEnvelope("wallet", id, secret, random, cost, generation);
  try {
    await store.abandonSuccessor();
  } catch (error) {
    envelope.rootKey.fill(0);
    throw error;
  }
  return createVault(store.successor(), header, envelope, random);
}

async function reopenSuccessor(
  successor: WalletStore,
  secret: KeySource,
  generation: number,
  random: RandomSource,
): Promise<Vault | undefined> {
  const state = await stateIfThere(successor);
  if (state?.generation !== generation) return undefined;
  let vault: Vault | undefined;
  try {
    vault = openVault(successor, state, await openEnvelope("wallet", state.header, secret), random);
    for (const collection of COLLECTIONS) {
      for await (const record of vault.each(collection)) record.secret.fill(0);
    }
    return vault;
  } catch (error) {
    vault?.close();
    // Begun for another secret, or damaged: nothing in it is missed.
    if (isOneOf(error, ...REPLACEABLE)) return undefined;
    throw error;
  }
}

const REPLACEABLE: readonly ErrorCode[] = [
  "UNLOCK_FAILED",
  "HEADER_CORRUPT",
  "FORMAT_TOO_NEW",
  "RECORD_TAMPERED",
  "RECORD_MISSING",
];

/** Copies until both hold the same, and lets the successor take the place. */
async function succeed(
  store: WalletStore,
  vault: Vault,
  successor: Vault,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [before, after] = [await vault.root(), await successor.root()];
    try {
      await copyDifferences(vault, successor, onProgress);
    } catch (error) {
      if (isOneOf(error, "WALLET_CONFLICT")) continue;
      throw error;
    }
    // Where anything was copied the root is another by now: all is read back once more before the wallet goes.
    if (await store.succeed(before, after)) return;
  }
  throw new WritError("WALLET_CONFLICT", "other processes keep changing the wallet");
}

/** Makes the successor hold the same writings of the same records. */
async function copyDifferences(
  vault: Vault,
  successor: Vault,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const counts = await Promise.all(COLLECTIONS.map((collection) => vault.count(collection)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const collection of COLLECTIONS) {
    const there = await writingsIn(successor, collection);
    const newer: VaultRecord[] = [];
    const batch: VaultRecord[] = [];
    const flush = async (): Promise<void> => {
      const copy = batch.splice(0);
      if (copy.length > 0) await changeOnce(successor, { copy });
      onProgress({ done, total });
    };
    for await (const record of vault.each(collection)) {
      const id = toHex(record.stored.id);
      const [copied, writing] = [there.get(id), writingOf(record)];
      if (copied === undefined) batch.push(record);
      else if (copied !== writing) newer.push(record);
      else {
        there.delete(id);
        record.secret.fill(0);
      }
      done += 1;
      if (batch.length >= BATCH) await flush();
    }
    await flush();
    // What is left there was changed or removed since it was copied.
    if (there.size > 0)
      await changeOnce(successor, { remove: await recordsOf(successor, collection, there), copy: newer });
  }
}

/** Writes what was made of a moment, or not at all: after a conflict, all is looked at again. */
async function changeOnce(successor: Vault, change: VaultChange): Promise<void> {
  let isAsked = false;
  await successor.change(() => {
    if (isAsked) return Promise.reject(atTheSameTime());
    isAsked = true;
    return Promise.resolve(change);
  });
}

async function writingsIn(vault: Vault, collection: Collection): Promise<Map<string, string>> {
  const writings = new Map<string, string>();
  for await (const record of vault.each(collection)) {
    writings.set(toHex(record.stored.id), writingOf(record));
    record.secret.fill(0);
  }
  return writings;
}

/**
 * A digest of what was written, and how often: somebody may have put the wallet back since it was copied, and
 * gone on from there, so that as many writings hold something else.
 */
function writingOf({ stored, labels, value, secret }: VaultRecord): string {
  const text = utf8(canonicalize(asJson({ labels, value })));
  return toHex(sha256(lengthPrefixed(utf8(String(stored.revision)), text, secret)));
}

async function recordsOf(
  vault: Vault,
  collection: Collection,
  ids: ReadonlyMap<string, unknown>,
): Promise<readonly VaultRecord[]> {
  const records: VaultRecord[] = [];
  for await (const record of vault.each(collection)) {
    record.secret.fill(0);
    if (ids.has(toHex(record.stored.id))) records.push(record);
  }
  return records;
}

function isOneOf(error: unknown, ...codes: readonly ErrorCode[]): error is WritError {
  return error instanceof WritError && codes.includes(error.code);
}

function atTheSameTime(cause?: unknown): WritError {
  return new WritError("WALLET_CONFLICT", "the wallet was given another key at the same time", {
    hint: "Open it with that one.",
    cause,
  });
}
