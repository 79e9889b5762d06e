import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { encodeBase64url, parsePublicKey, type JsonObject } from "@writ/core";

/** The kinds of keys that a did:key may hold, by the names of their curves in a JWK. */
export type KeyType = "Ed25519" | "X25519" | "secp256k1" | "P-256" | "P-384";

/** One row of the table of did:key (section 3.1.2), and what its keys must be. */
export interface KeyCodec {
  readonly type: KeyType;
  /** The multicodec as a varint, which stands before the key. */
  readonly prefix: Uint8Array;
  /** In bytes, without the prefix. */
  readonly keyLength: number;
  /** Whether bytes of the right length are the one encoding of a usable point. */
  readonly accepts: (key: Uint8Array) => boolean;
  /** An accepted key as a JWK (RFC 8037, RFC 8812, RFC 7518), which has no private member. */
  readonly toJwk: (key: Uint8Array) => JsonObject;
}

/** The bytes of a multicodec as an unsigned varint, in its shortest form. */
function varint(code: number): Uint8Array {
  const bytes: number[] = [];
  let rest = code;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** A curve in short Weierstrass form, whose points are all of prime order. */
interface PrimeCurve {
  readonly Point: {
    fromBytes(key: Uint8Array): { toBytes(isCompressed: boolean): Uint8Array };
  };
}

function primeCurveCodec(type: KeyType, code: number, keyLength: number, { Point }: PrimeCurve): KeyCodec {
  return {
    type,
    prefix: varint(code),
    keyLength,
    accepts: (key) => succeeds(() => Point.fromBytes(key)),
    toJwk: (key) => {
      // 0x04, then both coordinates at full length.
      const coordinates = Point.fromBytes(key).toBytes(false).subarray(1);
      const half = coordinates.length / 2;
      const [x, y] = [coordinates.subarray(0, half), coordinates.subarray(half)];
      return { kty: "EC", crv: type, x: encodeBase64url(x), y: encodeBase64url(y) };
    },
  };
}

function curve25519Codec(type: KeyType, code: number, accepts: KeyCodec["accepts"]): KeyCodec {
  return {
    type,
    prefix: varint(code),
    keyLength: 32,
    accepts,
    toJwk: (key) => ({ kty: "OKP", crv: type, x: encodeBase64url(key) }),
  };
}

/** X25519 keys, which may also be derived from an Ed25519 key. */
export const X25519_CODEC: KeyCodec = curve25519Codec("X25519", 0xec, isX25519Key);

const CODECS: readonly KeyCodec[] = [
  // The same keys as everywhere in Writ, so that what resolves here can also verify.
  curve25519Codec("Ed25519", 0xed, (key) => succeeds(() => parsePublicKey(key))),
  X25519_CODEC,
  primeCurveCodec("secp256k1", 0xe7, 33, secp256k1),
  primeCurveCodec("P-256", 0x1200, 33, p256),
  primeCurveCodec("P-384", 0x1201, 49, p384),
];

/**
 * Multicodecs of keys that no row of the table is for: BLS12-381, P-521, Ed448, X448, RSA, SM2, JWK; then
 * private keys.
 */
const OTHER_KEYS: readonly Uint8Array[] = [
  ...[0xea, 0xeb, 0xee, 0x1202, 0x1203, 0x1204, 0x1205, 0x1206, 0xeb51],
  ...[0x1300, 0x1301, 0x1302, 0x1303, 0x1305, 0x1306, 0x1307, 0x1308],
].map(varint);

/** The codec that bytes begin with, `other` for a key of a kind that is not resolved, or nothing known. */
export function keyCodecOf(bytes: Uint8Array): KeyCodec | "other" | undefined {
  const codec = CODECS.find(({ prefix }) => beginsWith(bytes, prefix));
  return codec ?? (OTHER_KEYS.some((prefix) => beginsWith(bytes, prefix)) ? "other" : undefined);
}

/** The X25519 key of the same secret as an accepted Ed25519 key (did:key, section 3.1.6). */
export function deriveX25519Key(ed25519Key: Uint8Array): Uint8Array {
  return ed25519.utils.toMontgomery(ed25519Key);
}

function beginsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

/**
 * Whether 32 bytes are a coordinate below 2^255 − 19, so that one key has one text, and not of small
 * order, with which everybody's shared secret is zero (RFC 7748, section 6.1).
 */
function isX25519Key(key: Uint8Array): boolean {
  let coordinate = 0n;
  for (const byte of key.toReversed()) coordinate = (coordinate << 8n) | BigInt(byte);
  return coordinate < X25519_PRIME && succeeds(() => x25519.getSharedSecret(ANY_SECRET, key));
}

const X25519_PRIME = 2n ** 255n - 19n;

/** Any secret will do: with a point of small order each gives zero, which the library refuses. */
const ANY_SECRET = new Uint8Array(32).fill(1);

/** Whether a call that refuses by throwing does not. */
function succeeds(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}
