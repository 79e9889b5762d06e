import { WritError } from "@writ/core";

import { useKeyIn, vaultOf, type Wallet } from "../wallet.js";
import {
  didOfSeed,
  KEY_PURPOSES,
  keyOf,
  keyRecord,
  readKey,
  type KeyPurpose,
  type WalletKey,
} from "./key-record.js";

/** What a further key is. */
export interface KeyOptions {
  /** What its owner calls it; at most 200 characters. */
  readonly name?: string;
  /** For what it may sign; for all unless given. */
  readonly purposes?: readonly KeyPurpose[];
}

const MAX_NAME_LENGTH = 200;

/**
 * Makes a further key, with a DID of its own: for another service, another role, or in succession.
 *
 * @throws WritError `ARGUMENT_INVALID`.
 */
export function createKey(wallet: Wallet, options: KeyOptions = {}): Promise<WalletKey> {
  return importKey(wallet, wallet.random(32), options);
}

/**
 * Takes in a key that was made elsewhere. The bytes that are given are overwritten, whatever comes of it.
 *
 * @param seed the 32 bytes of an Ed25519 seed
 * @throws WritError `ARGUMENT_INVALID`, `ALREADY_EXISTS`.
 */
export async function importKey(
  wallet: Wallet,
  seed: Uint8Array,
  options: KeyOptions = {},
): Promise<WalletKey> {
  try {
    const properties = { ...assertKeyOptions(options), created: wallet.clock(), isPrimary: false };
    const did = didOfSeed(seed);
    await vaultOf(wallet).change(async () => {
      if ((await vaultOf(wallet).count("key", ["did", did])) > 0) {
        throw new WritError("ALREADY_EXISTS", "the wallet has this key already");
      }
      return { add: [keyRecord(Uint8Array.from(seed), properties)] };
    });
    return { did, ...properties };
  } finally {
    seed.fill(0);
  }
}

function assertKeyOptions({
  name,
  purposes = KEY_PURPOSES,
}: KeyOptions): Pick<WalletKey, "name" | "purposes"> {
  if (name !== undefined && !isName(name)) {
    throw new WritError("ARGUMENT_INVALID", `a key's name has 1 to ${String(MAX_NAME_LENGTH)} characters`);
  }
  const known = KEY_PURPOSES.filter((purpose) => purposes.includes(purpose));
  if (known.length === 0 || known.length !== new Set(purposes).size) {
    throw new WritError("ARGUMENT_INVALID", `a key is for ${KEY_PURPOSES.join(" or ")}, or both`);
  }
  return { ...(name === undefined ? {} : { name }), purposes: known };
}

/** Half a surrogate pair would not come back as it was given. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME_LENGTH && name.isWellFormed();
}

/**
 * The wallet's keys, the first made first.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_ROLLED_BACK`, `WALLET_REKEYED`; `WALLET_CONFLICT` where
 *   others keep changing the wallet; `ARGUMENT_INVALID` for one that is closed.
 */
export async function listKeys(wallet: Wallet): Promise<readonly WalletKey[]> {
  const records = await vaultOf(wallet).find("key");
  for (const { secret } of records) secret.fill(0);
  return records.map(keyOf).sort((a, b) => a.created - b.created);
}

/**
 * The same wallet as another of its keys. Closing the one closes the other.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function useKey(wallet: Wallet, did: string): Promise<Wallet> {
  await assertHeld(wallet, did);
  return useKeyIn(wallet, did);
}

/**
 * Makes a key the one with which the wallet opens.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function makePrimary(wallet: Wallet, did: string): Promise<void> {
  await vaultOf(wallet).change(async () => {
    await assertHeld(wallet, did);
    const records = await vaultOf(wallet).find("key");
    const changed = records.filter((record) => keyOf(record).isPrimary !== (keyOf(record).did === did));
    for (const record of records) if (!changed.includes(record)) record.secret.fill(0);
    return {
      replace: changed.map((record) => {
        const key = keyOf(record);
        return [record, keyRecord(record.secret, { ...key, isPrimary: key.did === did })] as const;
      }),
    };
  });
}

/**
 * Destroys a key, for good: nobody can sign in its name again, and what was issued to it stays behind. Each record
 * of it goes: a wallet that was saved from a damaged one may have held it twice.
 *
 * @throws WritError `NOT_FOUND`, `ARGUMENT_INVALID` for the primary key.
 */
export async function destroyKey(wallet: Wallet, did: string): Promise<void> {
  await vaultOf(wallet).change(async () => {
    await assertHeld(wallet, did);
    const remove = await vaultOf(wallet).find("key", ["did", did]);
    for (const { secret } of remove) secret.fill(0);
    if (remove.some((record) => keyOf(record).isPrimary)) {
      throw new WritError("ARGUMENT_INVALID", "the primary key cannot be destroyed", {
        hint: "Make another one primary first.",
      });
    }
    return { remove };
  });
}

/**
 * The seed of a key, as it is. The caller overwrites it. Otherwise keys leave a wallet only sealed under another
 * secret: in a backup, and in what `saveWallet` saves.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function exportKey(wallet: Wallet, did: string): Promise<Uint8Array> {
  await assertHeld(wallet, did);
  return (await readKey(vaultOf(wallet), did)).seed;
}

async function assertHeld(wallet: Wallet, did: string): Promise<void> {
  if ((await vaultOf(wallet).count("key", ["did", did])) === 0) {
    throw new WritError("NOT_FOUND", "the wallet holds no key of this DID");
  }
}
