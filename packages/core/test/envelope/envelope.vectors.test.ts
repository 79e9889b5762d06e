import { describeVectors, readJsonVector } from "@writ/testkit";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";

import { concatBytes, toHex } from "../../src/encoding/bytes.js";
import { unseal } from "../../src/envelope/aead.js";
import { AEAD_ENGINES } from "../../src/envelope/xchacha20-poly1305.js";

interface Aead {
  readonly testGroups: readonly {
    readonly ivSize: number;
    readonly tests: readonly (Readonly<
      Record<"comment" | "key" | "iv" | "aad" | "msg" | "ct" | "tag", string>
    > & {
      readonly tcId: number;
      readonly result: "valid" | "invalid";
    })[];
  }[];
}

interface Hkdf {
  readonly testGroups: readonly {
    readonly tests: readonly (Readonly<Record<"comment" | "ikm" | "salt" | "info" | "okm", string>> & {
      readonly tcId: number;
      readonly size: number;
      readonly result: "valid" | "invalid";
    })[];
  }[];
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

describeVectors("XChaCha20-Poly1305, Wycheproof", () => {
  const { testGroups } = readJsonVector<Aead>("wycheproof", "xchacha20_poly1305_test.json");
  const tests = testGroups.filter(({ ivSize }) => ivSize === 192).flatMap(({ tests }) => tests);

  // The nine others have nonces of another size, which a sealed box cannot have.
  it("has the vectors with a nonce of 24 bytes, and both engines", () => {
    expect(tests).toHaveLength(306);
    expect(AEAD_ENGINES.map(({ name }) => name)).toEqual(["native", "noble"]);
  });

  describe.each(tests)("$tcId $comment", ({ key, iv, aad, msg, ct, tag, result }) => {
    const sealed = concatBytes(bytes(iv), bytes(ct), bytes(tag));

    it(`is ${result} to unseal`, () => {
      const opened = unseal(bytes(key), sealed, bytes(aad));
      expect(opened === undefined ? undefined : toHex(opened)).toBe(result === "valid" ? msg : undefined);
    });

    it.each(AEAD_ENGINES)(`is ${result} by the $name engine`, (engine) => {
      const made = toHex(engine.encrypt(bytes(key), bytes(iv), bytes(aad), bytes(msg)));
      expect(made === ct + tag).toBe(result === "valid");
      let opened: string | undefined;
      try {
        opened = toHex(engine.decrypt(bytes(key), bytes(iv), bytes(aad), bytes(ct + tag)));
      } catch {
        opened = undefined;
      }
      expect(opened).toBe(result === "valid" ? msg : undefined);
    });
  });
});

describeVectors("HKDF-SHA-256, Wycheproof", () => {
  const { testGroups } = readJsonVector<Hkdf>("wycheproof", "hkdf_sha256_test.json");
  const tests = testGroups.flatMap(({ tests }) => tests);

  it("has all vectors", () => {
    expect(tests).toHaveLength(86);
  });

  // `deriveKey` fixes size and labels, so the function under it is tested here.
  it.each(tests)("$tcId $comment", ({ ikm, salt, info, size, okm, result }) => {
    const derive = (): string => toHex(hkdf(sha256, bytes(ikm), bytes(salt), bytes(info), size));
    let derived: string | undefined;
    try {
      derived = derive();
    } catch {
      derived = undefined;
    }
    expect(derived).toBe(result === "valid" ? okm : undefined);
  });
});
