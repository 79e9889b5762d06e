import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import type { RandomSource } from "../crypto/random.js";
import { WritError } from "../errors/writ-error.js";
import { deriveKey } from "./derive-key.js";
import { assertArgon2Cost, deriveFromPassphrase, type Argon2Cost, type KeySource } from "./key-source.js";
import {
  requirementOf,
  SALT_LENGTH,
  type KeySourceParameters,
  type RequiredKeySource,
} from "./key-source-parameters.js";
import type { EnvelopeKind } from "./key-envelope.js";
import { keyFromKeyring, newKeyInKeyring } from "./keyring-key.js";
import { newKeyUnderKms, unwrapWithKms } from "./kms-key.js";

/** Whose key it is: a secret kept elsewhere is bound to both. */
export interface KeyOwner {
  readonly kind: EnvelopeKind;
  /** The store's `urn:uuid:`. */
  readonly id: string;
}

/** A random key that is kept or wrapped elsewhere, and where the header says that it is. */
export interface KeptKey {
  readonly key: Uint8Array;
  readonly parameters: KeySourceParameters;
}

/** A key-encryption key, and how the header says that it comes about. */
interface NewKeyEncryptionKey {
  readonly keyEncryptionKey: Uint8Array;
  readonly parameters: KeySourceParameters;
}

/**
 * The 32-byte key that a new header's root key is sealed under.
 *
 * @throws WritError as `createEnvelope`.
 */
export async function createKeyEncryptionKey(
  owner: KeyOwner,
  source: KeySource,
  random: RandomSource,
  cost: Argon2Cost,
): Promise<NewKeyEncryptionKey> {
  switch (source.type) {
    case "passphrase":
      return derived({ type: "argon2id", salt: encodeBase64url(random(SALT_LENGTH)), ...cost });
    case "raw":
      return derived({ type: "raw" });
    case "keyring":
      return kept(await newKeyInKeyring(owner, source, random));
    case "kms":
      return kept(await newKeyUnderKms(owner, source, random));
  }

  async function derived(parameters: KeySourceParameters): Promise<NewKeyEncryptionKey> {
    return { parameters, keyEncryptionKey: await recoverKeyEncryptionKey(owner, source, parameters) };
  }
}

function kept({ parameters, key }: KeptKey): NewKeyEncryptionKey {
  return { parameters, keyEncryptionKey: asKeyEncryptionKey(key) };
}

/**
 * The key-encryption key that a header's parameters and the source give.
 *
 * @throws WritError as `openEnvelope`.
 */
export async function recoverKeyEncryptionKey(
  owner: KeyOwner,
  source: KeySource,
  parameters: KeySourceParameters,
): Promise<Uint8Array> {
  if (parameters.type === "argon2id" && source.type === "passphrase") {
    assertArgon2Cost(parameters);
    return deriveFromPassphrase(source.passphrase, decodeBase64url(parameters.salt), parameters);
  }
  if (parameters.type === "raw" && source.type === "raw") {
    if (source.key.length !== 32) throw new WritError("ARGUMENT_INVALID", "a raw key has 32 bytes");
    return deriveKey(source.key, "", "key-encryption");
  }
  if (parameters.type === "keyring" && source.type === "keyring") {
    return asKeyEncryptionKey(await keyFromKeyring(owner, source, parameters));
  }
  if (parameters.type === "kms" && source.type === "kms") {
    return asKeyEncryptionKey(await unwrapWithKms(owner, source, parameters));
  }
  const required = requirementOf(parameters).type;
  throw new WritError("UNLOCK_FAILED", `${NAMES[required]} opens this, not ${NAMES[source.type]}`, {
    asked: source.type,
    allowed: required,
  });
}

/** What is kept elsewhere has this one purpose; it is overwritten here. */
function asKeyEncryptionKey(key: Uint8Array): Uint8Array {
  const derived = deriveKey(key, "", "key-encryption");
  key.fill(0);
  return derived;
}

const NAMES: Readonly<Record<RequiredKeySource["type"], string>> = {
  passphrase: "a passphrase",
  raw: "a raw key",
  keyring: "a key in the operating system's keyring",
  kms: "a key management service",
};
