import { createHash } from "node:crypto";

import { concatBytes, encodeBase58, parseDidKey, type Signer } from "@writ/core";

import { seedOf, signerOf } from "./story.js";

/** The order of the prime-order group, L (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * The encodings of points of small order: y is 1, −1, 0, or that of a point of order 8; and the prime or one
 * more, which are 0 and 1 again. Each with either sign, also where there is but one.
 */
export const SMALL_ORDER: readonly string[] = [
  "01".padEnd(64, "0"),
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
].flatMap((hex) => [hex, withSign(hex)]);

/** The same y with the sign bit set. */
function withSign(hex: string): string {
  return hex.slice(0, -2) + (Number.parseInt(hex.slice(-2), 16) | 0x80).toString(16);
}

/** Encodings, with y not below the prime, of points that are not of small order. */
export const NON_CANONICAL: readonly string[] = [
  "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** B + T, where B is the base point and T a point of order 8. */
export const BASE_PLUS_TORSION = "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2";

/** The text after `did:key:z` for a multicodec and bytes in hexadecimal. */
export function multikeyOf(codec: readonly number[], hex: string): string {
  return encodeBase58(concatBytes(Uint8Array.from(codec), Buffer.from(hex, "hex")));
}

/** A DID and its one method, and a signature that is 64 bytes and no more. */
export function namedSigner(did: string, method = `${did}#${did.replace(/^did:key:/i, "")}`): Signer {
  return { did, verificationMethod: method, sign: () => Promise.resolve(new Uint8Array(64).fill(1)) };
}

/** The signer of a seed, whose signatures are then changed. */
export function forging(
  byte: number,
  forge: (message: Uint8Array, signature: Uint8Array) => Uint8Array,
): Signer {
  const signer = signerOf(byte);
  return { ...signer, sign: async (message) => forge(message, await signer.sign(message)) };
}

/** The same signature with L added to S: the equation still holds. */
export function plusOrder(signature: Uint8Array): Uint8Array {
  return concatBytes(signature.subarray(0, 32), toBytes(toNumber(signature.subarray(32)) + ORDER));
}

/**
 * A signature by the key of a seed with R = rB + T, for a T of small order. It holds if the equation is
 * multiplied with the cofactor, and for T = 0 without it, too.
 */
export function signatureWith(
  byte: number,
  r: bigint,
  rEncoded: string,
): (message: Uint8Array) => Uint8Array {
  const hash = createHash("sha512").update(seedOf(byte)).digest();
  const scalar = hash.subarray(0, 32);
  scalar[0] = (scalar[0] ?? 0) & 0xf8;
  scalar[31] = ((scalar[31] ?? 0) & 0x7f) | 0x40;
  const key = parseDidKey(signerOf(byte).did).bytes;
  return (message) => {
    const encoded = Buffer.from(rEncoded, "hex");
    const challenge = toNumber(createHash("sha512").update(encoded).update(key).update(message).digest());
    return concatBytes(encoded, toBytes((r + challenge * toNumber(scalar)) % ORDER));
  };
}

/** Little-endian, as RFC 8032 has it. */
function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n);
}

function toBytes(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((number >> BigInt(8 * index)) & 0xffn));
}
