import { equalBytes, fromHex } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { defaultEngine, type Ed25519Engine } from "./ed25519-engine.js";
import type { PublicKey } from "./public-key.js";

/** The order of the prime-order group, L, big-endian (RFC 8032, section 5.1). */
const ORDER = fromHex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

/** Canonical encodings of the eight points whose order divides the cofactor. */
const SMALL_ORDER: readonly Uint8Array[] = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
].map(fromHex);

/**
 * Verifies an Ed25519 signature with one accept set on every engine (DESIGN 4.3): 64 bytes, S below
 * L, R not of small order, then the cofactorless equation.
 *
 * @throws WritError `SIGNATURE_MALLEABLE` where S is too large, otherwise `SIGNATURE_INVALID`.
 */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: PublicKey,
  engine: Ed25519Engine = defaultEngine,
): void {
  assertSignatureForm(signature);
  // An engine of somebody's own may answer with a promise, which is no yes.
  if ((engine.verify(signature, message, publicKey) as unknown) !== true) {
    throw new WritError("SIGNATURE_INVALID", "the signature does not verify");
  }
}

/**
 * Refuses what is no signature, whatever was signed by whom: it can be told before anything is hashed.
 *
 * @throws WritError `SIGNATURE_MALLEABLE`, `SIGNATURE_INVALID`.
 */
export function assertSignatureForm(signature: Uint8Array): void {
  if (signature.length !== 64) throw new WritError("SIGNATURE_INVALID", "a signature has 64 bytes");
  if (!isBelowOrder(signature.subarray(32))) {
    throw new WritError("SIGNATURE_MALLEABLE", "S is not below the order of the group");
  }
  const r = signature.subarray(0, 32);
  if (SMALL_ORDER.some((point) => equalBytes(point, r))) {
    throw new WritError("SIGNATURE_INVALID", "R is of small order");
  }
}

/** Compares S, little-endian, with L. */
function isBelowOrder(s: Uint8Array): boolean {
  for (let index = 0; index < 32; index++) {
    const difference = (s[31 - index] ?? 0) - (ORDER[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
