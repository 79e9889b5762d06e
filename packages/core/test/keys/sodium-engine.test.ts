import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { utf8 } from "../../src/encoding/bytes.js";
import { nobleEngine } from "../../src/keys/ed25519-engine.js";
import { parsePublicKey } from "../../src/keys/public-key.js";
import { createSodiumEngine, loadSodiumEngine, type Sodium } from "../../src/keys/sodium-engine.js";
import { verifyEd25519 } from "../../src/keys/verify-ed25519.js";

/** It comes without types. */
const PACKAGE: string = "sodium-native";

const SEED = new Uint8Array(32).fill(9);

describe("loadSodiumEngine", () => {
  it("finds the package that is installed", async () => {
    expect((await loadSodiumEngine())?.name).toBe("sodium");
  });

  it("answers undefined where there is no such package, or it does not load", async () => {
    const asked: string[] = [];
    const engine = await loadSodiumEngine((name) => {
      asked.push(name);
      return Promise.reject(new Error("no such package"));
    });
    expect([engine, asked]).toEqual([undefined, ["sodium-native"]]);
    for (const other of [undefined, {}, { default: {} }]) {
      expect(await loadSodiumEngine(() => Promise.resolve(other))).toBeUndefined();
    }
  });
});

describe("createSodiumEngine", () => {
  it("leaves the secret key nowhere", async () => {
    const secrets: Uint8Array[] = [];
    const { default: sodium } = (await import(PACKAGE)) as { readonly default: Sodium };
    const engine = createSodiumEngine({
      ...sodium,
      crypto_sign_verify_detached: (...args) => sodium.crypto_sign_verify_detached(...args),
      crypto_sign_detached: (...args) => sodium.crypto_sign_detached(...args),
      crypto_sign_seed_keypair(publicKey, secretKey, seed) {
        sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
        secrets.push(secretKey);
      },
    });
    const message = utf8("message");
    const publicKey = engine.publicKeyOf(SEED);
    expect(publicKey).toEqual(nobleEngine.publicKeyOf(SEED));
    expect(engine.sign(message, SEED)).toEqual(nobleEngine.sign(message, SEED));
    expect(secrets).toEqual([new Uint8Array(64), new Uint8Array(64)]);
  });

  it("signs and verifies nothing at all, as the others do", async () => {
    const engine = (await loadSodiumEngine()) ?? nobleEngine;
    const key = parsePublicKey(engine.publicKeyOf(SEED));
    const signature = engine.sign(new Uint8Array(0), SEED);
    expect(() => verifyEd25519(signature, new Uint8Array(0), key, engine)).not.toThrow();
    expect(codeOf(() => verifyEd25519(signature, utf8("x"), key, engine))).toBe("SIGNATURE_INVALID");
  });
});
