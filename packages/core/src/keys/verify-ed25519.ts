import { toHex } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { defaultEngine, type Ed25519Engine } from "./ed25519-engine.js";
import type { PublicKey } from "./public-key.js";

/** The order of the prime-order group, L (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Canonical encodings of the eight points whose order divides the cofactor. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]);

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
  if (signature.length !== 64) throw new WritError("SIGNATURE_INVALID", "a signature has 64 bytes");
  if (littleEndian(signature.subarray(32)) >= ORDER) {
    throw new WritError("SIGNATURE_MALLEABLE", "S is not below the order of the group");
  }
  if (SMALL_ORDER.has(toHex(signature.subarray(0, 32)))) {
    throw new WritError("SIGNATURE_INVALID", "R is of small order");
  }
  if (!engine.verify(signature, message, publicKey.bytes)) {
    throw new WritError("SIGNATURE_INVALID", "the signature does not verify");
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}
