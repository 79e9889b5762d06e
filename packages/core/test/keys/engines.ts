import { hash } from "node:crypto";

import { ed25519 } from "@noble/curves/ed25519.js";

import { concatBytes, fromHex, toHex } from "../../src/encoding/bytes.js";
import { nativeEngine, nobleEngine, type Ed25519Engine } from "../../src/keys/ed25519-engine.js";
import { loadSodiumEngine } from "../../src/keys/sodium-engine.js";

const { Point } = ed25519;

/** Every engine; the optional one is a development dependency. */
export const ENGINES: readonly Ed25519Engine[] = [nativeEngine, nobleEngine, await loadSodiumEngine()].filter(
  (engine) => engine !== undefined,
);

/** The order of the field. */
export const P: bigint = 2n ** 255n - 19n;
/** The order of the group. */
export const L: bigint = Point.Fn.ORDER;

export function littleEndian(number: bigint): Uint8Array {
  return fromHex(number.toString(16).padStart(64, "0")).reverse();
}

export function fromLittleEndian(data: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(data).reverse())}`);
}

/** A point of order 8. */
export const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

/** The 14 encodings of points of small order: 8 canonical, 6 not (row 65). */
export const SMALL_ORDER: readonly Uint8Array[] = [
  ...Array.from({ length: 8 }, (_, n) =>
    (n === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(n))).toBytes(),
  ),
  littleEndian(1n + 2n ** 255n),
  littleEndian(P - 1n + 2n ** 255n),
  littleEndian(P),
  littleEndian(P + 2n ** 255n),
  littleEndian(P + 1n),
  littleEndian(P + 1n + 2n ** 255n),
];

/** S for a given encoding of R and its discrete logarithm, so that SB = R + kA holds up to torsion. */
export function scalarFor({
  r,
  nonce,
  message,
  seed,
}: {
  readonly r: Uint8Array;
  readonly nonce: bigint;
  readonly message: Uint8Array;
  readonly seed: Uint8Array;
}): Uint8Array {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
  const k = fromLittleEndian(hash("sha512", concatBytes(r, pointBytes, message), "buffer")) % L;
  return littleEndian((nonce + k * scalar) % L);
}
