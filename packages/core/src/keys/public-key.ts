import { ed25519 } from "@noble/curves/ed25519.js";

import { toHex } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";

/** An Ed25519 public key inside the accepted set (DESIGN 4.3). Made by {@link parsePublicKey} only. */
export interface PublicKey {
  /** A copy of the 32 bytes: the key is remembered, so that nobody may change it. */
  readonly bytes: Uint8Array;
  readonly [accepted]: true;
}

declare const accepted: unique symbol;

/** Checking a key costs several verifications, so accepted keys are remembered. */
const MAX_ACCEPTED_KEYS = 4096;
const acceptedKeys = new Map<string, PublicKey>();

/**
 * A public key from its 32 bytes. Accepted are canonical encodings of points of the prime-order
 * group other than the identity: for all other keys some signatures verify with one engine and not
 * with another, or verify for any message.
 *
 * @throws WritError `KEY_TYPE` where it is not 32 bytes, `KEY_INVALID` outside the accepted set.
 */
export function parsePublicKey(bytes: Uint8Array): PublicKey {
  if (bytes.length !== 32) throw new WritError("KEY_TYPE", "an Ed25519 public key has 32 bytes");
  const name = toHex(bytes);
  const known = acceptedKeys.get(name);
  if (known !== undefined) return known;
  assertAccepted(bytes);
  const own = Uint8Array.from(bytes);
  const key = Object.freeze({
    get bytes() {
      return Uint8Array.from(own);
    },
  }) as PublicKey;
  if (acceptedKeys.size >= MAX_ACCEPTED_KEYS) acceptedKeys.clear();
  acceptedKeys.set(name, key);
  return key;
}

function assertAccepted(bytes: Uint8Array): void {
  let point: InstanceType<typeof ed25519.Point>;
  try {
    point = ed25519.Point.fromBytes(bytes, false);
  } catch (cause) {
    throw new WritError("KEY_INVALID", "not the canonical encoding of a point", { cause });
  }
  if (point.isSmallOrder() || !point.isTorsionFree()) {
    throw new WritError("KEY_INVALID", "the point is not in the prime-order group");
  }
}
