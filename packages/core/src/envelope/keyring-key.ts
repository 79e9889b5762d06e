import { encodeBase64url } from "../encoding/base64url.js";
import { equalBytes } from "../encoding/bytes.js";
import type { RandomSource } from "../crypto/random.js";
import { WritError } from "../errors/writ-error.js";
import { askWithin } from "./ask-within.js";
import type { KeptKey, KeyOwner } from "./key-encryption-key.js";
import type { KeySourceOf } from "./key-source.js";
import type { Keyring } from "./keyring.js";
import { ENTRY_LENGTH, type ParametersOf } from "./key-source-parameters.js";

/** The service under which a keyring keeps what is Writ's. */
export const KEYRING_SERVICE = "writ";

/** How long a keyring may take unless it is said: it may ask somebody to unlock it. */
const DEFAULT_TIMEOUT_MS = 60_000;
const KEY_LENGTH = 32;

/**
 * A random key, kept in the keyring, and read back at once: some keep nothing.
 *
 * @throws WritError `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function newKeyInKeyring(
  owner: KeyOwner,
  source: KeySourceOf<"keyring">,
  random: RandomSource,
): Promise<KeptKey> {
  const parameters: ParametersOf<"keyring"> = {
    type: "keyring",
    entry: encodeBase64url(random(ENTRY_LENGTH)),
  };
  const account = accountOf(owner, parameters);
  const key = random(KEY_LENGTH);
  await ask(source, (keyring, signal) => keyring.set(KEYRING_SERVICE, account, key.slice(), signal));
  const kept: unknown = await ask(source, (keyring, signal) => keyring.get(KEYRING_SERVICE, account, signal));
  const same = kept instanceof Uint8Array && equalBytes(kept, key);
  if (kept instanceof Uint8Array) kept.fill(0);
  if (!same) throw new WritError("KEY_SOURCE_UNAVAILABLE", "the keyring does not keep what it is given");
  return { key, parameters };
}

/**
 * The key that {@link newKeyInKeyring} put there.
 *
 * @throws WritError `UNLOCK_FAILED` where there is none, `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function keyFromKeyring(
  owner: KeyOwner,
  source: KeySourceOf<"keyring">,
  parameters: ParametersOf<"keyring">,
): Promise<Uint8Array> {
  const kept = await ask(source, (keyring, signal) =>
    keyring.get(KEYRING_SERVICE, accountOf(owner, parameters), signal),
  );
  if (kept === null) {
    throw new WritError("UNLOCK_FAILED", "the keyring holds no key for this", {
      hint: "It is a copy from before another key was given, or from another machine: restore a backup.",
    });
  }
  return bytesOfKeyring(kept);
}

/**
 * Deletes the key from the keyring. What it opened stays closed for good.
 *
 * @returns whether there was one
 * @throws WritError `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function deleteFromKeyring(
  owner: KeyOwner,
  source: KeySourceOf<"keyring">,
  parameters: ParametersOf<"keyring">,
): Promise<boolean> {
  return ask(source, (keyring, signal) =>
    keyring.delete(KEYRING_SERVICE, accountOf(owner, parameters), signal),
  );
}

function ask<T>(
  { keyring, timeoutMs = DEFAULT_TIMEOUT_MS }: KeySourceOf<"keyring">,
  question: (keyring: Keyring, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return askWithin(timeoutMs, "the keyring", (signal) => question(keyring, signal));
}

/** Under what a person finds it in the keyring: whose it is, and which key of theirs. */
function accountOf({ kind, id }: KeyOwner, { entry }: ParametersOf<"keyring">): string {
  return `${kind} ${id} ${entry}`;
}

/** Other programs of the user write to the keyring too. */
function bytesOfKeyring(kept: unknown): Uint8Array {
  if (!(kept instanceof Uint8Array) || kept.length !== KEY_LENGTH) {
    throw new WritError("UNLOCK_FAILED", "what the keyring holds for this is no key");
  }
  return kept;
}
