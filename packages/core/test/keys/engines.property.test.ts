import { ed25519 } from "@noble/curves/ed25519.js";
import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { concatBytes } from "../../src/encoding/bytes.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { nobleEngine } from "../../src/keys/ed25519-engine.js";
import { parsePublicKey } from "../../src/keys/public-key.js";
import { verifyEd25519 } from "../../src/keys/verify-ed25519.js";
import { ENGINES, fromLittleEndian, L, littleEndian, P, scalarFor, SMALL_ORDER, TORSION } from "./engines.js";

const { Point } = ed25519;

interface Signed {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A few keys: to decode one costs more than all that is done with it. */
const SEEDS = [1, 2, 3, 4].map((number) => new Uint8Array(32).fill(number));

const withBit = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  const index = Math.floor(bit / 8) % changed.length;
  changed[index] = (changed[index] ?? 0) ^ (1 << (bit % 8));
  return changed;
};

const withS = (signature: Uint8Array, s: bigint): Uint8Array =>
  concatBytes(signature.subarray(0, 32), littleEndian(s % 2n ** 256n));

/** Encodings that are no points of the prime-order group, or no canonical ones. */
const ODD_POINTS: readonly Uint8Array[] = [
  ...SMALL_ORDER,
  ...[2n, P + 3n, 2n ** 255n - 1n, 2n ** 256n - 1n].map(littleEndian),
  ...[1n, 2n, 4n].map((times) => Point.BASE.multiply(7n).add(TORSION.multiplyUnsafe(times)).toBytes()),
];

/** What a forger may change in something signed. */
const CHANGES: Readonly<Record<string, (signed: Signed, seed: Uint8Array, number: number) => Signed>> = {
  nothing: (signed) => signed,
  "a bit of R": (signed, _, bit) => ({ ...signed, signature: withBit(signed.signature, bit % 256) }),
  "a bit of S": (signed, _, bit) => ({ ...signed, signature: withBit(signed.signature, 256 + (bit % 256)) }),
  "a bit of the message": ({ message, ...signed }, _, bit) => ({ ...signed, message: withBit(message, bit) }),
  "a bit of the key": ({ key, ...signed }, _, bit) => ({ ...signed, key: withBit(key, bit % 64) }),
  "S by multiples of L": (signed, _, times) => ({
    ...signed,
    signature: withS(
      signed.signature,
      fromLittleEndian(signed.signature.subarray(32)) + BigInt(1 + (times % 8)) * L,
    ),
  }),
  "S near L": (signed, _, offset) => ({
    ...signed,
    signature: withS(signed.signature, L - 4n + BigInt(offset % 8)),
  }),
  "the key for an odd point": (signed, _, index) => ({
    ...signed,
    key: ODD_POINTS[index % ODD_POINTS.length] as Uint8Array,
  }),
  "R for an odd point, with the S that fits": ({ message, key }, seed, index) => {
    const r = ODD_POINTS[index % ODD_POINTS.length] as Uint8Array;
    return { key, message, signature: concatBytes(r, scalarFor({ r, nonce: 0n, message, seed })) };
  },
  "R by torsion, with the S that fits": ({ message, key }, seed, number) => {
    const nonce = BigInt(number) + 1n;
    const times = BigInt(number % 8);
    const point = Point.BASE.multiply(nonce);
    const r = (times === 0n ? point : point.add(TORSION.multiplyUnsafe(times))).toBytes();
    return { key, message, signature: concatBytes(r, scalarFor({ r, nonce, message, seed })) };
  },
  "the length of the signature": (signed, _, length) => ({
    ...signed,
    signature: signed.signature.slice(0, length % 64),
  }),
  "everything for nothing": ({ message }) => ({
    message,
    key: new Uint8Array(32),
    signature: new Uint8Array(64),
  }),
};

const changes = fc.record({
  change: fc.constantFrom(...Object.keys(CHANGES)),
  seed: fc.constantFrom(...SEEDS),
  message: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  number: fc.nat(),
});

describe("every engine", () => {
  it(
    "gives the same code for whatever is changed in what was signed (3,000)",
    { timeout: PROPERTY_TIMEOUT_MS },
    () => {
      const seen = new Map<string, Set<string>>(Object.keys(CHANGES).map((change) => [change, new Set()]));
      fc.assert(
        fc.property(changes, ({ change, seed, message, number }) => {
          const signed = {
            key: nobleEngine.publicKeyOf(seed),
            message,
            signature: nobleEngine.sign(message, seed),
          };
          const { key, signature, ...changed } = CHANGES[change]?.(signed, seed, number) ?? signed;
          const codes = ENGINES.map(
            (engine) =>
              problemOf(() => {
                verifyEd25519(signature, changed.message, parsePublicKey(key), engine);
              })?.code ?? "valid",
          );
          expect(codes).toEqual(ENGINES.map(() => codes[0]));
          seen.get(change)?.add(codes[0] ?? "");
        }),
        cases(3_000, 100_000),
      );
      expect(Object.fromEntries([...seen].map(([change, codes]) => [change, [...codes].sort()]))).toEqual({
        nothing: ["valid"],
        "a bit of R": ["SIGNATURE_INVALID"],
        "a bit of S": ["SIGNATURE_INVALID", "SIGNATURE_MALLEABLE"],
        "a bit of the message": ["SIGNATURE_INVALID"],
        "a bit of the key": ["KEY_INVALID", "SIGNATURE_INVALID"],
        "S by multiples of L": ["SIGNATURE_MALLEABLE"],
        "S near L": ["SIGNATURE_INVALID", "SIGNATURE_MALLEABLE"],
        "the key for an odd point": ["KEY_INVALID"],
        "R for an odd point, with the S that fits": ["SIGNATURE_INVALID"],
        "R by torsion, with the S that fits": ["SIGNATURE_INVALID", "valid"],
        "the length of the signature": ["SIGNATURE_INVALID"],
        "everything for nothing": ["KEY_INVALID"],
      });
    },
  );
});
