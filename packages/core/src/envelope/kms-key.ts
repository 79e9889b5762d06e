import { decodeBase64url, encodeBase64url } from "../encoding/base64url.js";
import { equalBytes } from "../encoding/bytes.js";
import type { RandomSource } from "../crypto/random.js";
import { WritError } from "../errors/writ-error.js";
import { parseShape } from "../schema/shape.js";
import { askWithin } from "./ask-within.js";
import type { KeptKey, KeyOwner } from "./key-encryption-key.js";
import type { KeySourceOf } from "./key-source.js";
import { kmsKey, kmsType, MAX_WRAPPED_BYTES, type ParametersOf } from "./key-source-parameters.js";
import type { KmsContext } from "./kms.js";

/** How long a KMS may take unless it is said. */
const DEFAULT_TIMEOUT_MS = 10_000;
const KEY_LENGTH = 32;

/**
 * A random key, wrapped by the KMS. The KMS is asked to unwrap it again at once: a store is not made where
 * wrapping is permitted and unwrapping is not.
 *
 * @throws WritError `ARGUMENT_INVALID` for the port's names, `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function newKeyUnderKms(
  owner: KeyOwner,
  source: KeySourceOf<"kms">,
  random: RandomSource,
): Promise<KeptKey> {
  const { kms, timeoutMs = DEFAULT_TIMEOUT_MS } = source;
  assertNames(source);
  const key = random(KEY_LENGTH);
  const wrapped = bytesOfKms(
    await askWithin(timeoutMs, "the KMS", (signal) => kms.wrap(key.slice(), contextOf(owner), signal)),
    { min: 1, max: MAX_WRAPPED_BYTES },
  );
  const parameters: ParametersOf<"kms"> = {
    type: "kms",
    kms: kms.type,
    key: kms.key,
    wrapped: encodeBase64url(wrapped),
  };
  const unwrapped = await unwrapWithKms(owner, source, parameters);
  const same = equalBytes(unwrapped, key);
  unwrapped.fill(0);
  if (!same) throw new WritError("KEY_SOURCE_UNAVAILABLE", "the KMS does not unwrap what it has wrapped");
  return { key, parameters };
}

/**
 * The key that {@link newKeyUnderKms} had wrapped. Only the key that the caller's KMS names is used; what
 * a header names instead is refused before anybody is asked.
 *
 * @throws WritError `UNLOCK_FAILED`, `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`.
 */
export async function unwrapWithKms(
  owner: KeyOwner,
  { kms, timeoutMs = DEFAULT_TIMEOUT_MS }: KeySourceOf<"kms">,
  parameters: ParametersOf<"kms">,
): Promise<Uint8Array> {
  if (parameters.kms !== kms.type || parameters.key !== kms.key) {
    const [required, given] = [`${parameters.kms}:${parameters.key}`, `${kms.type}:${kms.key}`];
    throw new WritError("UNLOCK_FAILED", `the key ${required} of a KMS opens this, not ${given}`, {
      asked: given,
      allowed: required,
    });
  }
  const wrapped = decodeBase64url(parameters.wrapped);
  const key = await askWithin(timeoutMs, "the KMS", (signal) =>
    kms.unwrap(wrapped, contextOf(owner), signal),
  );
  return bytesOfKms(key, { min: KEY_LENGTH, max: KEY_LENGTH });
}

/** One wrapped key opens one store, of one kind. */
function contextOf({ kind, id }: KeyOwner): KmsContext {
  return { "writ:kind": kind, "writ:id": id };
}

/** A KMS is somebody else's: what it answers is looked at. */
function bytesOfKms(
  answer: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): Uint8Array {
  if (!(answer instanceof Uint8Array) || answer.length < min || answer.length > max) {
    throw new WritError("KEY_SOURCE_UNAVAILABLE", "the KMS has answered what is no key");
  }
  return answer;
}

/** Before a key is wrapped whose header nobody could read. */
function assertNames({ kms }: KeySourceOf<"kms">): void {
  try {
    parseShape(kmsType, kms.type);
    parseShape(kmsKey, kms.key);
  } catch (cause) {
    throw new WritError("ARGUMENT_INVALID", "the KMS or its key has a name that is none", { cause });
  }
}
