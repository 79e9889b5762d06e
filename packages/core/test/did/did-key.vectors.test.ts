import { codeOf, describeVectors, readJsonVector } from "@writ/testkit";
import type { DIDDocument } from "did-resolver";
import { describe, expect, it } from "vitest";

import { didKeyMethodId, encodeDidKey, parseDidKey } from "../../src/did/did-key.js";
import { createResolver } from "../../src/did/resolver.js";
import { resolveVerificationKey } from "../../src/did/verification-key.js";
import { decodeBase58 } from "../../src/encoding/base58.js";
import { decodeBase64url } from "../../src/encoding/base64url.js";
import { createSeedSigner } from "../../src/keys/signer.js";

interface Vector {
  readonly seed: string;
  /** One of both forms. */
  readonly verificationKeyPair: {
    readonly publicKeyBase58?: string;
    readonly publicKeyJwk?: { readonly x: string };
  };
  readonly didDocument: DIDDocument;
}

function publishedKey({ publicKeyBase58, publicKeyJwk }: Vector["verificationKeyPair"]): Uint8Array {
  return publicKeyBase58 === undefined
    ? decodeBase64url(publicKeyJwk?.x ?? "")
    : decodeBase58(publicKeyBase58);
}

describeVectors("did:key, published vectors", () => {
  const vectors = Object.entries(
    readJsonVector<Readonly<Record<string, Vector>>>("did-key", "ed25519-x25519.json"),
  );

  it("are there", () => {
    expect(vectors).toHaveLength(5);
  });

  describe.each(vectors)("%s", (did, { seed, verificationKeyPair, didDocument }) => {
    const expected = { did, publicKey: { bytes: publishedKey(verificationKeyPair) } };

    it("holds the published key", () => {
      expect(parseDidKey(did)).toEqual(expected.publicKey);
    });

    it("is the DID of its seed", () => {
      expect(createSeedSigner(new Uint8Array(Buffer.from(seed, "hex"))).did).toBe(did);
    });

    it("is encoded as it was decoded", () => {
      expect(encodeDidKey(parseDidKey(did))).toBe(did);
    });

    it("has the published method", () => {
      expect([didKeyMethodId(did)]).toEqual(didDocument.assertionMethod);
    });

    it("resolves to its key", async () => {
      expect(await resolveVerificationKey(createResolver(), didKeyMethodId(did), "assertionMethod")).toEqual(
        expected,
      );
    });

    // Its methods are of the types of 2018 and 2020.
    it("resolves to its key through the published document", async () => {
      const resolver = createResolver({
        key: () => Promise.resolve({ didResolutionMetadata: {}, didDocument, didDocumentMetadata: {} }),
      });
      expect(await resolveVerificationKey(resolver, didKeyMethodId(did), "authentication")).toEqual(expected);
    });
  });

  // Row 71: keys of other kinds.
  const others = {
    ...readJsonVector<{ readonly didDocument: Readonly<Record<string, unknown>> }>("did-key", "x25519.json")
      .didDocument,
    ...readJsonVector<Readonly<Record<string, unknown>>>("did-key", "secp256k1.json"),
  };

  describe("of other codecs", () => {
    it.each(Object.keys(others))("%s is refused", (did) => {
      expect(codeOf(() => parseDidKey(did))).toBe("KEY_TYPE");
    });
  });
});
