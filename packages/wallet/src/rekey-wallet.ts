import {
  createEnvelope,
  openEnvelope,
  systemEnvironment,
  toHex,
  wrapEnvelope,
  WritError,
  type Argon2Cost,
  type Environment,
  type KeySource,
  type RandomSource,
} from "@writ/core";

import { stateIfThere } from "./state-if-there.js";
import type { WalletStore } from "./store/wallet-store.js";
import { COLLECTIONS, type Collection, type VaultRecord } from "./vault/record.js";
import { createVault, openVault, type Vault } from "./vault/vault.js";

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

/** What was done, and the id of the root key since then. */
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
  const state = await store.state();
  const envelope = await openEnvelope("wallet", state.header, secret);
  const vault = openVault(store, state, envelope, random);
  try {
    if (mode === "rewrap") {
      const header = await wrapEnvelope("wallet", envelope, newSecret, random, cost);
      await vault.change(() => Promise.resolve({ header }));
      return { mode, generation: state.generation };
    }
    const next = {
      id: envelope.id,
      secret: newSecret,
      generation: state.generation + 1,
      ...(cost && { cost }),
    };
    const successor = await openSuccessor(store, next, random);
    try {
      await succeed(store, vault, successor, onProgress);
    } finally {
      successor.close();
    }
    return { mode, generation: next.generation };
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

/** The successor that an earlier attempt has left, if the new secret opens it, or a new one. */
async function openSuccessor(
  store: WalletStore,
  { id, secret, cost, generation }: NextKey,
  random: RandomSource,
): Promise<Vault> {
  const left = await reopenSuccessor(store.successor(), secret, generation, random);
  if (left !== undefined) return left;
  await store.abandonSuccessor();
  const { header, envelope } = await createEnvelope("wallet", id, secret, random, cost);
  return createVault(store.successor(), header, envelope, random, { generation });
}

async function reopenSuccessor(
  successor: WalletStore,
  secret: KeySource,
  generation: number,
  random: RandomSource,
): Promise<Vault | undefined> {
  const state = await stateIfThere(successor);
  if (state?.generation !== generation) return undefined;
  try {
    return openVault(successor, state, await openEnvelope("wallet", state.header, secret), random);
  } catch (error) {
    // Begun for another secret, or damaged: nothing in it is missed.
    if (error instanceof WritError && REPLACEABLE.has(error.code)) return undefined;
    throw error;
  }
}

const REPLACEABLE: ReadonlySet<string> = new Set([
  "UNLOCK_FAILED",
  "HEADER_CORRUPT",
  "FORMAT_TOO_NEW",
  "RECORD_TAMPERED",
]);

/** Copies until both hold the same, and lets the successor take the place. */
async function succeed(
  store: WalletStore,
  vault: Vault,
  successor: Vault,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { counter } = await vault.anchor();
    try {
      await copyDifferences(vault, successor, onProgress);
    } catch (error) {
      if (!(error instanceof WritError) || error.code !== "WALLET_CONFLICT") throw error;
      continue;
    }
    if (await store.succeed(counter, await successor.root())) return;
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
    const there = new Map<string, number>();
    for await (const { stored, secret } of successor.each(collection)) {
      secret.fill(0);
      there.set(toHex(stored.id), stored.revision);
    }
    const newer: VaultRecord[] = [];
    const batch: VaultRecord[] = [];
    const flush = async (): Promise<void> => {
      const copy = batch.splice(0);
      if (copy.length > 0) await successor.change(() => Promise.resolve({ copy }));
      onProgress({ done, total });
    };
    for await (const record of vault.each(collection)) {
      const id = toHex(record.stored.id);
      const revision = there.get(id);
      if (revision === record.stored.revision) there.delete(id);
      if (revision === undefined) batch.push(record);
      else if (revision !== record.stored.revision) newer.push(record);
      else record.secret.fill(0);
      done += 1;
      if (batch.length >= BATCH) await flush();
    }
    await flush();
    // What is left there was changed or removed since it was copied.
    if (there.size > 0) await replaceOutdated(successor, collection, there, newer);
  }
}

async function replaceOutdated(
  successor: Vault,
  collection: Collection,
  outdated: ReadonlyMap<string, number>,
  newer: readonly VaultRecord[],
): Promise<void> {
  await successor.change(async () => {
    const remove: VaultRecord[] = [];
    for await (const record of successor.each(collection)) {
      record.secret.fill(0);
      if (outdated.has(toHex(record.stored.id))) remove.push(record);
    }
    return { remove, copy: newer };
  });
}
