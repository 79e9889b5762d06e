import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { concatBytes, encodeBase58 } from "@writ/core";

/** A secret that is one for every curve. */
const SECRET = new Uint8Array(32).fill(7);

/** Multicodecs as they stand before a key. */
export const PREFIX = {
  Ed25519: [0xed, 0x01],
  X25519: [0xec, 0x01],
  secp256k1: [0xe7, 0x01],
  "P-256": [0x80, 0x24],
  "P-384": [0x81, 0x24],
  "P-521": [0x82, 0x24],
} as const;

export type Curve = keyof typeof PREFIX;

/** A public key of each kind. */
export const PUBLIC_KEY: Readonly<Record<Curve, Uint8Array>> = {
  Ed25519: ed25519.getPublicKey(SECRET),
  X25519: x25519.getPublicKey(SECRET),
  secp256k1: secp256k1.getPublicKey(SECRET),
  "P-256": p256.getPublicKey(SECRET),
  "P-384": p384.getPublicKey(concatBytes(new Uint8Array(16), SECRET)),
  "P-521": p521.getPublicKey(concatBytes(new Uint8Array(34), SECRET)),
};

/** The text of a prefix and a key, right or wrong. */
export function multikey(prefix: readonly number[], key: Uint8Array): string {
  return `z${encodeBase58(concatBytes(Uint8Array.from(prefix), key))}`;
}

/** A did:key of a prefix and a key, right or wrong. */
export function didKey(prefix: readonly number[], key: Uint8Array): string {
  return `did:key:${multikey(prefix, key)}`;
}

/** The did:key of a curve's key. */
export function didKeyOf(curve: Curve): string {
  return didKey(PREFIX[curve], PUBLIC_KEY[curve]);
}
