import { ed25519 } from "@noble/curves/ed25519.js";
import { codeOf, codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { sha256 } from "../../src/crypto/sha256.js";
import { concatBytes, toHex, utf8 } from "../../src/encoding/bytes.js";
import { nobleEngine, type Ed25519Engine } from "../../src/keys/ed25519-engine.js";
import { parsePublicKey } from "../../src/keys/public-key.js";
import { createSeedSigner } from "../../src/keys/signer.js";
import { verifyEd25519 } from "../../src/keys/verify-ed25519.js";
import { ENGINES, fromLittleEndian, L, littleEndian, P, scalarFor, SMALL_ORDER, TORSION } from "./engines.js";

const { Point } = ed25519;

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** RFC 8032, section 7.1. */
const RFC8032 = [
  {
    name: "TEST 1",
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    name: "TEST 2",
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    name: "TEST 3",
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
] as const;

describe("parsePublicKey", () => {
  it.each(SMALL_ORDER.map((encoding) => [toHex(encoding)]))("refuses small order %s (row 65)", (hex) => {
    expect(codeOf(() => parsePublicKey(bytes(hex)))).toBe("KEY_INVALID");
  });

  it("knows 14 of them", () => {
    expect(new Set(SMALL_ORDER.map(toHex)).size).toBe(14);
  });

  it.each([
    ["66 y = p + 3, not canonical", littleEndian(P + 3n)],
    ["66 y = 2^255 - 1", littleEndian(2n ** 255n - 1n)],
    ["66 y without a point", littleEndian(2n)],
    ["67 mixed order", Point.BASE.multiply(7n).add(TORSION).toBytes()],
    ["67 mixed order, of order 2L", Point.BASE.add(TORSION.multiplyUnsafe(4n)).toBytes()],
  ])("refuses row %s", (_, encoding) => {
    expect(codeOf(() => parsePublicKey(encoding))).toBe("KEY_INVALID");
  });

  it.each([0, 31, 33, 34, 64])("refuses %i bytes", (length) => {
    expect(codeOf(() => parsePublicKey(new Uint8Array(length)))).toBe("KEY_TYPE");
  });

  it("keeps its own copy, and remembers no refusal as a key", () => {
    const encoding = bytes(RFC8032[0].key);
    const key = parsePublicKey(encoding);
    encoding.fill(0);
    expect(toHex(key.bytes)).toBe(RFC8032[0].key);
    expect(codeOf(() => parsePublicKey(encoding))).toBe("KEY_INVALID");
    expect(codeOf(() => parsePublicKey(encoding))).toBe("KEY_INVALID");
  });
});

describe.each(ENGINES)("Ed25519 by the engine $name", (engine: Ed25519Engine) => {
  const key = parsePublicKey(bytes(RFC8032[1].key));
  const message = bytes(RFC8032[1].message);
  const signature = bytes(RFC8032[1].signature);
  const codeFor = (altered: Uint8Array): string =>
    codeOf(() => {
      verifyEd25519(altered, message, key, engine);
    });

  it.each(RFC8032)("agrees with RFC 8032, $name", ({ seed, key, message, signature }) => {
    expect(toHex(engine.publicKeyOf(bytes(seed)))).toBe(key);
    expect(toHex(engine.sign(bytes(message), bytes(seed)))).toBe(signature);
    expect(toHex(engine.signWith?.(bytes(seed))(bytes(message)) ?? bytes(signature))).toBe(signature);
    expect(() =>
      verifyEd25519(bytes(signature), bytes(message), parsePublicKey(bytes(key)), engine),
    ).not.toThrow();
  });

  it("refuses S + L (row 68)", () => {
    const s = fromLittleEndian(signature.subarray(32));
    expect(codeFor(concatBytes(signature.subarray(0, 32), littleEndian(s + L)))).toBe("SIGNATURE_MALLEABLE");
  });

  it("refuses S = L (row 68)", () => {
    expect(codeFor(concatBytes(signature.subarray(0, 32), littleEndian(L)))).toBe("SIGNATURE_MALLEABLE");
  });

  it("compares S with L in all its bytes (row 68)", () => {
    const steps = [
      -(2n ** 252n),
      -(2n ** 200n),
      -256n,
      -1n,
      0n,
      1n,
      256n,
      2n ** 125n,
      2n ** 252n,
      2n ** 255n,
    ];
    const codes = steps.map((step) =>
      codeFor(concatBytes(signature.subarray(0, 32), littleEndian(L + step))),
    );
    expect(codes).toEqual(steps.map((step) => (step < 0n ? "SIGNATURE_INVALID" : "SIGNATURE_MALLEABLE")));
  });

  it("takes S = L - 1 for a number that it must check", () => {
    expect(codeFor(concatBytes(signature.subarray(0, 32), littleEndian(L - 1n)))).toBe("SIGNATURE_INVALID");
  });

  it.each([0, 32, 63, 65, 128])("refuses %i bytes (row 69)", (length) => {
    const altered = new Uint8Array(length);
    altered.set(signature.subarray(0, length));
    expect(codeFor(altered)).toBe("SIGNATURE_INVALID");
  });

  it("refuses a changed bit anywhere", () => {
    const codes = Array.from({ length: 64 }, (_, index) => {
      const altered = Uint8Array.from(signature);
      altered[index] = (altered[index] as number) ^ 1;
      return codeFor(altered);
    });
    expect(new Set(codes)).toEqual(new Set(["SIGNATURE_INVALID"]));
  });

  // With the seed's scalar a, S = k·a makes SB = R + kA up to torsion for any R of small order.
  it.each(SMALL_ORDER.map((encoding) => [toHex(encoding)]))("refuses R of small order %s (row 70)", (hex) => {
    const r = bytes(hex);
    expect(codeFor(concatBytes(r, signFor(r, 0n)))).toBe("SIGNATURE_INVALID");
  });

  it.each([1n, 2n, 4n])("refuses R = rB + %dT, T of order 8 (HOSTILE 230)", (times) => {
    const nonce = 12345n;
    const r = Point.BASE.multiply(nonce).add(TORSION.multiplyUnsafe(times)).toBytes();
    const forged = concatBytes(r, signFor(r, nonce));
    // The cofactored equation holds, so that only the accept set stands in the way.
    expect(ed25519.verify(forged, message, key.bytes, { zip215: true })).toBe(true);
    expect(codeFor(forged)).toBe("SIGNATURE_INVALID");
  });

  it("accepts the same construction without torsion", () => {
    const r = Point.BASE.multiply(12345n).toBytes();
    const made = concatBytes(r, signFor(r, 12345n));
    expect(() => verifyEd25519(made, message, key, engine)).not.toThrow();
  });

  /** S for a given encoding of R and its discrete logarithm. */
  function signFor(r: Uint8Array, nonce: bigint): Uint8Array {
    return scalarFor({ r, nonce, message, seed: bytes(RFC8032[1].seed) });
  }
});

describe("verifyEd25519", () => {
  const key = parsePublicKey(bytes(RFC8032[1].key));
  const trusting: Ed25519Engine = { ...nobleEngine, verify: () => true };
  const codeFor = (signature: Uint8Array): string =>
    codeOf(() => verifyEd25519(signature, utf8("message"), key, trusting));

  it("refuses by itself what is outside the accept set, whatever the engine says", () => {
    const s = littleEndian(1n);
    expect([0, 63, 65].map((length) => codeFor(new Uint8Array(length).fill(9)))).toEqual(
      Array.from({ length: 3 }, () => "SIGNATURE_INVALID"),
    );
    expect(SMALL_ORDER.slice(0, 8).map((r) => codeFor(concatBytes(r, s)))).toEqual(
      Array.from({ length: 8 }, () => "SIGNATURE_INVALID"),
    );
    expect(codeFor(concatBytes(Point.BASE.toBytes(), littleEndian(L)))).toBe("SIGNATURE_MALLEABLE");
  });
});

describe("createSeedSigner", () => {
  const seed = seededRandom("signer")(32);

  it("signs alike on every engine", async () => {
    const message = utf8("message");
    const signatures = await Promise.all(
      ENGINES.map((engine) => createSeedSigner(seed, engine).sign(message)),
    );
    expect(signatures.map(toHex)).toEqual(ENGINES.map(() => toHex(signatures[0] as Uint8Array)));
  });

  it("keeps a copy of the seed, and shows it nowhere", async () => {
    const given = Uint8Array.from(seed);
    const signer = createSeedSigner(given);
    const before = await signer.sign(sha256("a"));
    given.fill(0);
    expect(await signer.sign(sha256("a"))).toEqual(before);
    expect(JSON.stringify(signer)).toBe(
      JSON.stringify({ did: signer.did, verificationMethod: `${signer.did}#${signer.did.slice(8)}` }),
    );
  });

  it("refuses to sign when it is closed", async () => {
    const signer = createSeedSigner(seed);
    signer.close();
    expect(await codeOfAsync(() => signer.sign(utf8("message")))).toBe("ARGUMENT_INVALID");
  });

  it.each([0, 31, 33, 64])("refuses a seed of %i bytes", (length) => {
    expect(codeOf(() => createSeedSigner(new Uint8Array(length)))).toBe("ARGUMENT_INVALID");
  });
});
