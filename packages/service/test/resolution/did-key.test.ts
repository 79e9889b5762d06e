import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { decodeBase64url, didKeyDocument, encodeBase64url, toHex } from "@writ/core";
import { describe, expect, it } from "vitest";

import { resolveDid, type ResolutionOptions } from "../../src/index.js";
import { didKey, didKeyOf, multikey, PREFIX, PUBLIC_KEY, type Curve } from "./keys.js";

const ED25519 = didKeyOf("Ed25519");
const IDENTIFIER = ED25519.slice("did:key:".length);
const KEY = PUBLIC_KEY.Ed25519;

async function errorOf(did: string, options?: ResolutionOptions): Promise<unknown> {
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = await resolveDid(did, options);
  expect([didDocument, didDocumentMetadata]).toEqual([null, {}]);
  return didResolutionMetadata.error;
}

async function documentOf(did: string, options?: ResolutionOptions) {
  const { didDocument, didResolutionMetadata } = await resolveDid(did, options);
  expect(didResolutionMetadata).toEqual({ contentType: "application/did+ld+json" });
  return didDocument;
}

describe("a did:key that is not one", () => {
  const text = (identifier: string): string => `did:key:${identifier}`;
  const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

  it.each<readonly [what: string, did: string, error: string]>([
    // The DID and the method's own syntax.
    ["no DID", "hello", "invalidDid"],
    ["nothing", "", "invalidDid"],
    ["another scheme", `urn:key:${IDENTIFIER}`, "invalidDid"],
    ["row 78: DID:KEY:", `DID:KEY:${IDENTIFIER}`, "invalidDid"],
    ["row 78: did:Key:", `did:Key:${IDENTIFIER}`, "invalidDid"],
    ["row 79: a Cyrillic letter", ED25519.replace("k", "\u043a"), "invalidDid"],
    ["row 83: 100,000 characters", text(`z${"6".repeat(100_000)}`), "invalidDid"],
    ["row 75: no multibase", text(IDENTIFIER.slice(1)), "invalidDid"],
    ["row 75: multibase u", text(`u${encodeBase64url(bytes(...PREFIX.Ed25519, ...KEY))}`), "invalidDid"],
    ["row 75: multibase f", text(`fed01${toHex(KEY)}`), "invalidDid"],
    ["row 75: multibase Z", text(`Z${IDENTIFIER.slice(1)}`), "invalidDid"],
    ["no key", text("z"), "invalidDid"],
    ["row 74: the figure 0", text(`${IDENTIFIER.slice(0, -1)}0`), "invalidDid"],
    ["row 74: a small l", text(`${IDENTIFIER.slice(0, -1)}l`), "invalidDid"],
    ["row 74: a space", text(`${IDENTIFIER.slice(0, 9)} ${IDENTIFIER.slice(9)}`), "invalidDid"],
    ["an escape", text(IDENTIFIER.replace("z", "%7A")), "invalidDid"],
    ["a dot", text(`${IDENTIFIER}.`), "invalidDid"],
    ["a line feed at the end", `${ED25519}\n`, "invalidDid"],
    // The version.
    ["a version in words", text(`one:${IDENTIFIER}`), "invalidDid"],
    ["version 0", text(`0:${IDENTIFIER}`), "invalidDid"],
    ["a negative version", text(`-1:${IDENTIFIER}`), "invalidDid"],
    ["version 1.5", text(`1.5:${IDENTIFIER}`), "invalidDid"],
    ["an empty version", text(`:${IDENTIFIER}`), "invalidDid"],
    ["a leading zero", text(`01:${IDENTIFIER}`), "invalidDid"],
    ["two versions", text(`1:1:${IDENTIFIER}`), "invalidDid"],
    ["a version after the key", text(`${IDENTIFIER}:1`), "invalidDid"],
    ["a version without a key", text("1:"), "invalidDid"],
    // The codec.
    ["row 73: a varint with a byte too many", didKey([0xed, 0x81, 0x00], KEY), "invalidPublicKeyLength"],
    ["row 73: a varint cut short", didKey([0xed], new Uint8Array(0)), "invalidPublicKeyLength"],
    ["row 74: a leading 1", text(`z1${IDENTIFIER.slice(1)}`), "invalidPublicKeyLength"],
    ["no codec that there is", didKey([0xff, 0x7f], KEY), "invalidPublicKeyLength"],
    ["its text cut short", ED25519.slice(0, -3), "invalidPublicKeyLength"],
    ["its text drawn out", `${ED25519}xyz`, "invalidPublicKeyLength"],
    ["P-521, which is not in the table", didKeyOf("P-521"), "unsupportedPublicKeyType"],
    ["row 72: an Ed25519 private key", didKey([0x80, 0x26], KEY), "unsupportedPublicKeyType"],
    ["BLS12-381 G1", didKey([0xea, 0x01], KEY), "unsupportedPublicKeyType"],
    // The length.
    ...(["Ed25519", "X25519", "secp256k1", "P-256", "P-384"] as const).flatMap((curve) => {
      const key = PUBLIC_KEY[curve];
      return [
        [`${curve}, a byte too few`, didKey(PREFIX[curve], key.subarray(1)), "invalidPublicKeyLength"],
        [`${curve}, a byte too many`, didKey(PREFIX[curve], bytes(...key, 0)), "invalidPublicKeyLength"],
        [`${curve}, no bytes`, didKey(PREFIX[curve], bytes()), "invalidPublicKeyLength"],
      ] as const;
    }),
    [
      "secp256k1, not compressed",
      didKey(PREFIX.secp256k1, new Uint8Array(65).fill(4)),
      "invalidPublicKeyLength",
    ],
    ["a key of 98 bytes", didKey(PREFIX.Ed25519, new Uint8Array(98)), "invalidPublicKeyLength"],
    ["a key of 1,000 bytes", text(`z6Mk${"6".repeat(1400)}`), "invalidPublicKeyLength"],
    // The point.
    ["row 65: Ed25519, zeros", didKey(PREFIX.Ed25519, new Uint8Array(32)), "invalidPublicKey"],
    ["row 65: Ed25519, the identity", didKey(PREFIX.Ed25519, bytes(1, ...many(31, 0))), "invalidPublicKey"],
    [
      "row 66: Ed25519, not canonical",
      didKey(PREFIX.Ed25519, new Uint8Array(32).fill(255)),
      "invalidPublicKey",
    ],
    ["Ed25519, off the curve", didKey(PREFIX.Ed25519, bytes(2, ...many(31, 0))), "invalidPublicKey"],
    ["X25519, zeros", didKey(PREFIX.X25519, new Uint8Array(32)), "invalidPublicKey"],
    ["X25519, of small order", didKey(PREFIX.X25519, bytes(1, ...many(31, 0))), "invalidPublicKey"],
    ["X25519, the top bit set", didKey(PREFIX.X25519, withTopBit(PUBLIC_KEY.X25519)), "invalidPublicKey"],
    [
      "X25519, 9 written as 9 + p",
      didKey(PREFIX.X25519, bytes(0xf6, ...many(30, 0xff), 0x7f)),
      "invalidPublicKey",
    ],
    ["secp256k1, off the curve", didKey(PREFIX.secp256k1, bytes(2, ...many(31, 0), 5)), "invalidPublicKey"],
    [
      "secp256k1, another sign",
      didKey(PREFIX.secp256k1, bytes(5, ...PUBLIC_KEY.secp256k1.subarray(1))),
      "invalidPublicKey",
    ],
    ["secp256k1, x over the prime", didKey(PREFIX.secp256k1, bytes(2, ...many(32, 255))), "invalidPublicKey"],
    ["P-256, off the curve", didKey(PREFIX["P-256"], bytes(2, ...many(31, 0), 1)), "invalidPublicKey"],
    ["P-256, x over the prime", didKey(PREFIX["P-256"], bytes(2, ...many(32, 255))), "invalidPublicKey"],
    ["P-384, off the curve", didKey(PREFIX["P-384"], bytes(2, ...many(47, 0), 1)), "invalidPublicKey"],
    ["P-384, x over the prime", didKey(PREFIX["P-384"], bytes(3, ...many(48, 255))), "invalidPublicKey"],
  ])("%s", async (_, did, error) => {
    expect(await errorOf(did)).toBe(error);
  });

  it("is not echoed (row 72)", async () => {
    const secret = didKey([0x80, 0x26], KEY);
    const answer = JSON.stringify(await resolveDid(secret));
    expect(answer).toContain("unsupportedPublicKeyType");
    expect(answer).not.toContain(secret.slice(9, 20));
  });
});

function many(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

function withTopBit(key: Uint8Array): Uint8Array {
  return key.with(31, (key[31] ?? 0) | 0x80);
}

describe("the document of a did:key", () => {
  it("is core's for an Ed25519 key", async () => {
    expect(await documentOf(ED25519)).toEqual(didKeyDocument(ED25519));
  });

  it.each(["secp256k1", "P-256", "P-384"] as const)("lists a key of %s for all that signs", async (curve) => {
    const did = didKeyOf(curve);
    const id = `${did}#${did.slice(8)}`;
    expect(await documentOf(did)).toEqual({
      "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
      id: did,
      verificationMethod: [{ id, type: "Multikey", controller: did, publicKeyMultibase: did.slice(8) }],
      authentication: [id],
      assertionMethod: [id],
      capabilityDelegation: [id],
      capabilityInvocation: [id],
    });
  });

  it("lists an X25519 key for key agreement only", async () => {
    const did = didKeyOf("X25519");
    const id = `${did}#${did.slice(8)}`;
    expect(await documentOf(did)).toEqual({
      "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
      id: did,
      verificationMethod: [{ id, type: "Multikey", controller: did, publicKeyMultibase: did.slice(8) }],
      keyAgreement: [id],
    });
  });

  it.each(["1", "2", "10"])("of version %s has the DID that was asked for", async (version) => {
    const did = `did:key:${version}:${IDENTIFIER}`;
    expect(await documentOf(did)).toMatchObject({
      id: did,
      verificationMethod: [{ id: `${did}#${IDENTIFIER}`, controller: did, publicKeyMultibase: IDENTIFIER }],
    });
  });
});

describe("public keys as JWK", () => {
  it.each(["Ed25519", "X25519"] as const)("of %s", async (curve) => {
    const document = await documentOf(didKeyOf(curve), { publicKeyFormat: "JsonWebKey2020" });
    const publicKeyJwk = { kty: "OKP", crv: curve, x: encodeBase64url(PUBLIC_KEY[curve]) };
    expect(document).toMatchObject({
      "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
      verificationMethod: [{ type: "JsonWebKey2020", publicKeyJwk }],
    });
    expect(document?.["verificationMethod"]).not.toMatchObject([
      { publicKeyMultibase: expect.anything() as unknown },
    ]);
  });

  it.each([
    ["secp256k1", 32],
    ["P-256", 32],
    ["P-384", 48],
  ] as const)("of %s", async (curve, length) => {
    const document = await documentOf(didKeyOf(curve), { publicKeyFormat: "JsonWebKey2020" });
    const [method] = document?.["verificationMethod"] as unknown as [
      { publicKeyJwk: Record<string, string> },
    ];
    const { kty, crv, x = "", y = "", ...rest } = method.publicKeyJwk;
    expect({ kty, crv, rest }).toEqual({ kty: "EC", crv: curve, rest: {} });
    expect([decodeBase64url(x).length, decodeBase64url(y).length]).toEqual([length, length]);
    const parity = 2 + ((decodeBase64url(y).at(-1) ?? 0) & 1);
    expect(Uint8Array.of(parity, ...decodeBase64url(x))).toEqual(PUBLIC_KEY[curve]);
  });

  // RFC 7518, appendix C: the key of Alice.
  it("of P-256 in RFC 7518", async () => {
    const [x, y] = [
      "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
      "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
    ];
    const point = p256.Point.fromBytes(Uint8Array.of(4, ...decodeBase64url(x), ...decodeBase64url(y)));
    const did = didKey(PREFIX["P-256"], point.toBytes(true));
    expect(await documentOf(did, { publicKeyFormat: "JsonWebKey2020" })).toMatchObject({
      verificationMethod: [{ publicKeyJwk: { kty: "EC", crv: "P-256", x, y } }],
    });
  });
});

describe("the format of public keys", () => {
  const cases: readonly (readonly [curve: Curve, format: string, experimental: boolean, expected: string])[] =
    [
      ["Ed25519", "Multikey", false, "publicKeyMultibase"],
      ["Ed25519", "JsonWebKey2020", false, "publicKeyJwk"],
      ["Ed25519", "Ed25519VerificationKey2020", false, "publicKeyMultibase"],
      ["Ed25519", "X25519KeyAgreementKey2020", false, "invalidPublicKeyType"],
      ["X25519", "X25519KeyAgreementKey2020", false, "publicKeyMultibase"],
      ["X25519", "Ed25519VerificationKey2020", false, "invalidPublicKeyType"],
      ["P-256", "Ed25519VerificationKey2020", false, "invalidPublicKeyType"],
      ["P-256", "Ed25519VerificationKey2020", true, "invalidPublicKeyType"],
      ["Ed25519", "Ed25519VerificationKey2018", false, "invalidPublicKeyType"],
      ["Ed25519", "Ed25519VerificationKey2018", true, "publicKeyBase58"],
      ["X25519", "X25519KeyAgreementKey2019", false, "invalidPublicKeyType"],
      ["X25519", "X25519KeyAgreementKey2019", true, "publicKeyBase58"],
      ["secp256k1", "EcdsaSecp256k1VerificationKey2019", false, "invalidPublicKeyType"],
      ["secp256k1", "EcdsaSecp256k1VerificationKey2019", true, "publicKeyBase58"],
      ["P-384", "JsonWebKey", false, "publicKeyJwk"],
      ["P-384", "JsonWebKey", true, "publicKeyJwk"],
      ["Ed25519", "RsaVerificationKey2018", false, "invalidPublicKeyType"],
      ["Ed25519", "RsaVerificationKey2018", true, "unsupportedPublicKeyType"],
      ["Ed25519", "NoSuchKey", false, "unsupportedPublicKeyType"],
      ["Ed25519", "NoSuchKey", true, "unsupportedPublicKeyType"],
      ["Ed25519", "", false, "unsupportedPublicKeyType"],
      ["Ed25519", "multikey", false, "unsupportedPublicKeyType"],
      ["Ed25519", "toString", false, "unsupportedPublicKeyType"],
    ];

  it.each(cases)(
    "%s as %s (experimental: %s) is %s",
    async (curve, publicKeyFormat, experimental, expected) => {
      const did = didKeyOf(curve);
      const { didDocument, didResolutionMetadata } = await resolveDid(did, {
        publicKeyFormat,
        enableExperimentalPublicKeyTypes: experimental,
      });
      const [method] = (didDocument?.["verificationMethod"] ?? []) as readonly Record<string, unknown>[];
      const { id: _, controller, type, ...value } = method ?? {};
      expect(didResolutionMetadata.error ?? Object.keys(value).join()).toBe(expected);
      expect([type, controller]).toEqual(
        method === undefined ? [undefined, undefined] : [publicKeyFormat, did],
      );
    },
  );

  // What is wrong with the key is said before what is wrong with the wish.
  it("is looked at after the key", async () => {
    const did = didKey(PREFIX.Ed25519, new Uint8Array(32));
    expect(await errorOf(did, { publicKeyFormat: "NoSuchKey" })).toBe("invalidPublicKey");
  });
});

describe("the derived key for encryption", () => {
  const derivedId = `${ED25519}#${multikey(PREFIX.X25519, ed25519.utils.toMontgomery(KEY))}`;
  const derive = { enableEncryptionKeyDerivation: true };

  it("is not there unless it is asked for", async () => {
    expect(await documentOf(ED25519, { enableEncryptionKeyDerivation: false })).toEqual(
      await documentOf(ED25519),
    );
    expect(await documentOf(ED25519)).not.toHaveProperty("keyAgreement");
  });

  // The example of the specification.
  it("is the one of the specification", async () => {
    const did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const id = `${did}#z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p`;
    expect(await documentOf(did, derive)).toMatchObject({
      keyAgreement: [id],
      verificationMethod: [
        { id: `${did}#${did.slice(8)}` },
        { id, type: "Multikey", controller: did, publicKeyMultibase: id.slice(did.length + 1) },
      ],
    });
  });

  it.each([
    ["Multikey", false, "Multikey"],
    ["JsonWebKey2020", false, "JsonWebKey2020"],
    ["Ed25519VerificationKey2020", true, "X25519KeyAgreementKey2020"],
    ["Ed25519VerificationKey2018", true, "X25519KeyAgreementKey2019"],
  ])("of an Ed25519 key as %s (experimental: %s) is %s", async (publicKeyFormat, experimental, type) => {
    const document = await documentOf(ED25519, {
      ...derive,
      publicKeyFormat,
      enableExperimentalPublicKeyTypes: experimental,
    });
    expect(document).toMatchObject({
      keyAgreement: [derivedId],
      assertionMethod: [`${ED25519}#${IDENTIFIER}`],
    });
    expect(document?.["verificationMethod"]).toMatchObject([
      { type: publicKeyFormat },
      { id: derivedId, type },
    ]);
    expect(new Set(document?.["@context"] as readonly string[]).size).toBe(type === publicKeyFormat ? 2 : 3);
  });

  // By the letter of section 3.1.5.
  it("is not made as Ed25519VerificationKey2020", async () => {
    const options = { ...derive, publicKeyFormat: "Ed25519VerificationKey2020" };
    expect(await errorOf(ED25519, options)).toBe("invalidPublicKeyType");
  });

  it.each(["P-256", "secp256k1", "X25519"] as const)("is not made of a key of %s", async (curve) => {
    expect(await documentOf(didKeyOf(curve), derive)).toEqual(await documentOf(didKeyOf(curve)));
  });
});
