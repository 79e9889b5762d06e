import {
  createEnvelope,
  createSeedSigner,
  openEnvelope,
  randomUuidUrn,
  systemEnvironment,
  WritError,
  type Argon2Cost,
  type Environment,
  type KeySource,
  type Signer,
} from "@writ/core";

import { didOfSeed, keyRecord, primaryKey, readKey, type KeyPurpose } from "./keys/key-record.js";
import type { WalletStore } from "./store/wallet-store.js";
import { receiveState } from "./vault/received-view.js";
import { createVault, openVault } from "./vault/open-vault.js";
import type { Vault } from "./vault/vault.js";
import type { WalletAnchor } from "./vault/wallet-anchor.js";

/** An agent's open wallet, as one of its keys sees it. The keys are inside and stay there. */
export interface Wallet extends Environment {
  /** The DID in whose name it acts. */
  readonly did: string;
  /** Overwrites the wallet's keys in memory, as far as JavaScript allows. */
  close(): void;
}

/** What lies behind each open wallet, where neither inspection nor serialisation shows it. */
const vaults = new WeakMap<Wallet, Vault>();

/** What a new wallet is. */
export interface WalletOptions {
  /** What opens the wallet from now on. */
  readonly secret: KeySource;
  /** Cost of Argon2id, where the secret is a passphrase. */
  readonly cost?: Argon2Cost;
}

/** How a wallet is opened. */
export interface OpenWalletOptions {
  /** What it was at least, when it was last seen: see {@link WalletAnchor}. */
  readonly anchor?: WalletAnchor;
}

/**
 * Creates a wallet with a key of its own.
 *
 * @throws WritError `ALREADY_EXISTS`; `KDF_LIMIT` for the cost; `ARGUMENT_INVALID` for the secret or the environment;
 *   for a keyring or a KMS `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`; the codes of the store.
 */
export async function createWallet(
  store: WalletStore,
  { secret, cost }: WalletOptions,
  environment: Environment = systemEnvironment,
): Promise<Wallet> {
  assertEnvironment(environment);
  const { clock, random } = environment;
  const created = clock();
  const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), secret, random, cost);
  const seed = random(32);
  const did = didOfSeed(seed);
  const first = [keyRecord(seed, { created, isPrimary: true })];
  return walletOf(await createVault(store, header, envelope, random, { first }), did, environment);
}

/**
 * Opens a wallet with its primary key.
 *
 * @throws WritError `NOT_FOUND`, `HEADER_CORRUPT`, `FORMAT_TOO_NEW`; `UNLOCK_FAILED` for another secret or kind of
 *   secret, `KDF_LIMIT` for what the header says that a passphrase costs; for a keyring or a KMS
 *   `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`; `RECORD_TAMPERED`, `RECORD_MISSING`; `WALLET_ROLLED_BACK` for one
 *   that is older than the anchor; `ARGUMENT_INVALID` for the secret or the environment; the codes of the store.
 */
export async function openWallet(
  store: WalletStore,
  secret: KeySource,
  environment: Environment = systemEnvironment,
  { anchor }: OpenWalletOptions = {},
): Promise<Wallet> {
  assertEnvironment(environment);
  const state = receiveState(await store.state());
  const envelope = await openEnvelope("wallet", state.header, secret);
  const vault = openVault(store, state, envelope, environment.random, anchor);
  try {
    const { did } = await primaryKey(vault);
    return walletOf(vault, did, environment);
  } catch (error) {
    vault.close();
    throw error;
  }
}

/** From JavaScript, what comes after it may be in its place: an anchor there would be looked at by nobody. */
function assertEnvironment(given: unknown): void {
  const { clock, random } = (given ?? {}) as Partial<Record<keyof Environment, unknown>>;
  if (typeof clock === "function" && typeof random === "function") return;
  throw new WritError("ARGUMENT_INVALID", "an environment has a clock and randomness", {
    hint: "Options such as the anchor come after it; pass `undefined` for the machine's own.",
  });
}

/** A wallet over its records, as one of its keys. */
export function walletOf(vault: Vault, did: string, { clock, random }: Environment): Wallet {
  const wallet: Wallet = {
    did,
    clock,
    random,
    close() {
      vault.close();
    },
  };
  vaults.set(wallet, vault);
  return wallet;
}

/** The same wallet as another of its keys, which it has. */
export function useKeyIn(wallet: Wallet, did: string): Wallet {
  return walletOf(vaultOf(wallet), did, wallet);
}

/** The records behind an open wallet. */
export function vaultOf(wallet: Wallet): Vault {
  const vault = vaults.get(wallet);
  if (vault === undefined) throw new WritError("ARGUMENT_INVALID", "this is not an open wallet");
  return vault;
}

/**
 * What to keep outside of the wallet, and to give to `openWallet` the next time: then an older copy of
 * the whole wallet, which is genuine in itself, is refused, and so is one of another history that has as many
 * changes.
 *
 * @throws WritError `RECORD_TAMPERED`, `WALLET_ROLLED_BACK`, `WALLET_REKEYED`; `ARGUMENT_INVALID` once it is closed.
 */
export function walletAnchor(wallet: Wallet): Promise<Required<WalletAnchor>> {
  return vaultOf(wallet).anchor();
}

/**
 * Lends the wallet's key to one signing. The seed leaves its record for that long only.
 *
 * @throws WritError `KEY_PURPOSE`; `NOT_FOUND` for a key that was destroyed.
 */
export async function withSigner<T>(
  wallet: Wallet,
  purpose: KeyPurpose,
  use: (signer: Signer) => Promise<T>,
): Promise<T> {
  const { key, seed } = await readKey(vaultOf(wallet), wallet.did);
  try {
    if (!key.purposes.includes(purpose)) {
      throw new WritError("KEY_PURPOSE", `the key ${wallet.did} is not for ${purpose}`);
    }
    const signer = createSeedSigner(seed);
    try {
      return await use(signer);
    } finally {
      signer.close();
    }
  } finally {
    seed.fill(0);
  }
}
