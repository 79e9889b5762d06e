import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { decodeBase58, type JsonObject } from "@writ/core";
import { cases, DEEP, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it, vi } from "vitest";

import { answerIdentifier, resolveDid } from "../../src/index.js";
import { didKey, didKeyOf, PREFIX } from "./keys.js";

const RUNS = cases(200, 20_000);

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

const CURVES = [
  ["Ed25519", ed25519, 32],
  ["X25519", x25519, 32],
  ["secp256k1", secp256k1, 32],
  ["P-256", p256, 32],
  ["P-384", p384, 48],
] as const;

/** Below every order, and not zero. */
const secret = (length: number): fc.Arbitrary<Uint8Array> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => bytes.with(0, 1).with(length - 1, 1));

/** The bytes of the key that a document holds, with its codec. */
function keyOf(document: JsonObject | null): string | undefined {
  const [method] = (document?.["verificationMethod"] ?? []) as unknown as readonly {
    publicKeyMultibase: string;
  }[];
  return method && Buffer.from(decodeBase58(method.publicKeyMultibase.slice(1))).toString("hex");
}

describe("did:key", () => {
  it.each(CURVES)("gives back each key of %s", async (curve, { getPublicKey }, length) => {
    await fc.assert(
      fc.asyncProperty(secret(length), async (seed) => {
        const key = getPublicKey(seed);
        const { didDocument } = await resolveDid(didKey(PREFIX[curve], key));
        expect(keyOf(didDocument)).toBe(Buffer.from([...PREFIX[curve], ...key]).toString("hex"));
      }),
      RUNS,
    );
  });

  const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.:%-_#?/ \u043a";

  // Row 78: no two texts are one key, but for a version written before it.
  it.each(CURVES)("of %s with any one character changed is never the same key", async (curve) => {
    const did = didKeyOf(curve);
    const { didDocument } = await resolveDid(did);
    const changes = Array.from(did).flatMap((own, at) =>
      Array.from(CHARACTERS)
        .filter((other) => other !== own)
        .map((other) => did.slice(0, at) + other + did.slice(at + 1)),
    );
    // Each checked point is costly; the whole of it is for the deep run.
    const tried = DEEP ? changes : changes.filter((_, index) => index % 7 === 0);
    const same: string[] = [];
    for (const text of tried) {
      const { didDocument: other } = await resolveDid(text);
      if (keyOf(other) === keyOf(didDocument)) same.push(text);
    }
    expect(tried.length).toBeGreaterThan(400);
    expect(same).toEqual([]);
  });

  it("is never anything but an answer, whatever is asked", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("did:", "key:", "z6Mk", "#", "?", "/", "%", "1:", "did:web:", didKeyOf("Ed25519")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.string(), async (parts, accept) => {
        const { status, body } = await answerIdentifier({ identifier: parts.join(""), accept });
        expect([200, 400, 404, 406]).toContain(status);
        expect(body["didDocument"] === null).toBe(status !== 200);
      }),
      RUNS,
    );
  });
});
