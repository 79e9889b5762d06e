import {
  createEnvelope,
  createSeedSigner,
  decodeBase64url,
  encodeBase64url,
  openEnvelope,
  randomUuidUrn,
  systemEnvironment,
  WritError,
  type Argon2Cost,
  type Environment,
  type KeySource,
  type RandomSource,
  type Signer,
} from "@writ/core";

import type { WalletStore } from "./store/wallet-store.js";
import { openVault, type RecordContent, type Vault } from "./vault/vault.js";

/** An agent's open wallet. Its keys are inside and stay there. */
export interface Wallet extends Environment {
  /** The DID of the wallet's key. */
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

/**
 * Creates a wallet with a key of its own.
 *
 * @throws WritError `ALREADY_EXISTS`, `KDF_LIMIT`, `ARGUMENT_INVALID`.
 */
export async function createWallet(
  store: WalletStore,
  { secret, cost }: WalletOptions,
  environment: Environment = systemEnvironment,
): Promise<Wallet> {
  const { random } = environment;
  const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), secret, random, cost);
  const vault = openVault(store, envelope, random);
  await store.initialise(header, vault.seal([newKey(random)]));
  return walletOf(vault, environment);
}

/**
 * Opens a wallet.
 *
 * @throws WritError `NOT_FOUND`, `UNLOCK_FAILED`, `HEADER_CORRUPT`, `FORMAT_TOO_NEW`,
 *   `RECORD_TAMPERED`.
 */
export async function openWallet(
  store: WalletStore,
  secret: KeySource,
  environment: Environment = systemEnvironment,
): Promise<Wallet> {
  const { header } = await store.state();
  const envelope = await openEnvelope("wallet", header, secret);
  return walletOf(openVault(store, envelope, environment.random), environment);
}

async function walletOf(vault: Vault, { clock, random }: Environment): Promise<Wallet> {
  const [key] = await vault.find("key");
  const did = key?.["did"];
  if (typeof did !== "string") throw new WritError("RECORD_MISSING", "the wallet has lost its key");
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

/** A record with a fresh Ed25519 seed. */
function newKey(random: RandomSource): RecordContent {
  const seed = random(32);
  const signer = createSeedSigner(seed);
  const value = { did: signer.did, seed: encodeBase64url(seed) };
  signer.close();
  seed.fill(0);
  return { collection: "key", value, labels: [["did", value.did]] };
}

/** The records behind an open wallet. */
export function vaultOf(wallet: Wallet): Vault {
  const vault = vaults.get(wallet);
  if (vault === undefined) throw new WritError("ARGUMENT_INVALID", "this is not an open wallet");
  return vault;
}

/** Lends the wallet's key to one signing. The seed leaves its record for that long only. */
export async function withSigner<T>(wallet: Wallet, use: (signer: Signer) => Promise<T>): Promise<T> {
  const [key] = await vaultOf(wallet).find("key", ["did", wallet.did]);
  const text = key?.["seed"];
  if (typeof text !== "string") throw new WritError("RECORD_MISSING", "the wallet has lost its key");
  const seed = decodeBase64url(text);
  const signer = createSeedSigner(seed);
  seed.fill(0);
  try {
    return await use(signer);
  } finally {
    signer.close();
  }
}
