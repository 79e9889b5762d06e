import {
  createEnvelope,
  openEnvelope,
  systemEnvironment,
  wrapEnvelope,
  WritError,
  type Argon2Cost,
  type Environment,
  type ErrorCode,
  type KeySource,
  type RandomSource,
} from "@writ/core";

import { atTheSameTime, copyDifferences } from "./copy-differences.js";
import type { Progress } from "./progress.js";
import { stateIfThere } from "./state-if-there.js";
import type { WalletStore } from "./store/wallet-store.js";
import { COLLECTIONS } from "./vault/record.js";
import { receiveState } from "./vault/received-view.js";
import { createVault, openVault } from "./vault/open-vault.js";
import type { Vault } from "./vault/vault.js";

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

/** What was done, and which of its root keys the wallet has since then, counted from 1. */
export interface Rekeyed {
  readonly mode: RekeyOptions["mode"];
  readonly generation: number;
}

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

function isOneOf(error: unknown, ...codes: readonly ErrorCode[]): error is WritError {
  return error instanceof WritError && codes.includes(error.code);
}
