import type { KeyObject } from "node:crypto";

import { ed25519 } from "@noble/curves/ed25519.js";

import { encodeBase64url } from "../encoding/base64url.js";
import { nodeModule } from "../runtime/node.js";
import type { PublicKey } from "./public-key.js";

/**
 * Ed25519 (RFC 8032) by one implementation. An engine does the arithmetic only; the accept set of
 * {@link verifyEd25519} makes all engines answer alike.
 */
export interface Ed25519Engine {
  readonly name: "native" | "noble" | "sodium";
  /** Whether the signature, of 64 bytes, verifies. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: PublicKey): boolean;
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array;
  /** What signs with one seed from now on, for engines in which importing it costs more than signing. */
  signWith?(seed: Uint8Array): (message: Uint8Array) => Uint8Array;
  publicKeyOf(seed: Uint8Array): Uint8Array;
}

function createNativeEngine(crypto: typeof import("node:crypto")): Ed25519Engine {
  // A key stays imported as long as it is remembered: importing costs a tenth of a verification.
  const imported = new WeakMap<PublicKey, KeyObject>();

  function importPublicKey(publicKey: PublicKey): KeyObject {
    let key = imported.get(publicKey);
    if (key === undefined) {
      const x = encodeBase64url(publicKey.bytes);
      key = crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
      imported.set(publicKey, key);
    }
    return key;
  }

  function importSeed(seed: Uint8Array): KeyObject {
    const key = Buffer.concat([PKCS8_ED25519_PREFIX, seed]);
    try {
      return crypto.createPrivateKey({ key, format: "der", type: "pkcs8" });
    } finally {
      key.fill(0);
    }
  }

  return {
    name: "native",
    verify: (signature, message, publicKey) =>
      crypto.verify(null, message, importPublicKey(publicKey), signature),
    sign: (message, seed) => new Uint8Array(crypto.sign(null, message, importSeed(seed))),
    signWith(seed) {
      const key = importSeed(seed);
      return (message) => new Uint8Array(crypto.sign(null, message, key));
    },
    publicKeyOf(seed) {
      const der = crypto.createPublicKey(importSeed(seed)).export({ format: "der", type: "spki" });
      return new Uint8Array(der.subarray(-32));
    },
  };
}

/** A PKCS #8 private key (RFC 8410, section 7) up to the 32 bytes of the seed. */
const PKCS8_ED25519_PREFIX = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  0x04,
  0x20,
);

/**
 * `@noble/curves` verifies with the cofactor, so that R with a torsion component would pass here and
 * fail natively. R outside the prime-order group is therefore refused.
 */
export const nobleEngine: Ed25519Engine = {
  name: "noble",
  verify(signature, message, publicKey) {
    try {
      if (!ed25519.Point.fromBytes(signature.subarray(0, 32), false).isTorsionFree()) return false;
      return ed25519.verify(signature, message, publicKey.bytes, { zip215: false });
    } catch {
      // R is not the encoding of a point. The key was decoded before, so nothing else throws.
      return false;
    }
  },
  sign: (message, seed) => ed25519.sign(message, seed),
  publicKeyOf: (seed) => ed25519.getPublicKey(seed),
};

const nodeCrypto = nodeModule("node:crypto");

/** Node's engine, where the runtime has it. */
export const nativeEngine: Ed25519Engine | undefined =
  nodeCrypto === undefined ? undefined : createNativeEngine(nodeCrypto);

/** The fastest engine here. */
export const defaultEngine: Ed25519Engine = nativeEngine ?? nobleEngine;
