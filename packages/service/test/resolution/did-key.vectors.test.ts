import {
  decodeBase58,
  decodeBase64url,
  encodeBase58,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "@writ/core";
import { describeVectors, readJsonVector } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { resolveDid } from "../../src/index.js";

type Documents = Readonly<Record<string, JsonObject>>;
type Pairs = Readonly<Record<string, { readonly didDocument: JsonObject }>>;

function documentsOf(file: string): Documents {
  const pairs = readJsonVector<Pairs>("did-key", file);
  return Object.fromEntries(Object.entries(pairs).map(([did, { didDocument }]) => [did, didDocument]));
}

/** The methods of a document: their identifiers, and the bytes of their keys as base58, whatever their form. */
function keysOf(document: JsonObject | null): readonly (readonly [id: string, key: string])[] {
  const methods = document?.["verificationMethod"] as unknown as readonly Readonly<
    Record<string, JsonValue>
  >[];
  return methods.map(({ id, publicKeyBase58, publicKeyJwk }) => [
    id as string,
    typeof publicKeyBase58 === "string" ? publicKeyBase58 : encodeBase58(ofJwk(publicKeyJwk)),
  ]);
}

function ofJwk(jwk: JsonValue | undefined): Uint8Array {
  const { crv, x, y } = isJsonObject(jwk) ? jwk : {};
  const bytes = decodeBase64url(x as string);
  if (typeof y !== "string") return bytes;
  expect(crv).toBe("secp256k1");
  return Uint8Array.of(2 + ((decodeBase64url(y).at(-1) ?? 0) & 1), ...bytes);
}

describeVectors("did:key, published vectors, all kinds of keys", () => {
  const x25519 = readJsonVector<{ readonly didDocument: Documents }>("did-key", "x25519.json").didDocument;
  const vectors = [
    ...Object.entries(documentsOf("ed25519-x25519.json")),
    ...Object.entries(documentsOf("secp256k1.json")),
    ...Object.entries(x25519),
  ];

  it("are there", () => {
    expect(vectors).toHaveLength(
      5 + Object.keys(documentsOf("secp256k1.json")).length + Object.keys(x25519).length,
    );
    expect(vectors.length).toBeGreaterThan(10);
  });

  describe.each(vectors)("%s", (did, published) => {
    it("has the published identifiers and keys, derived ones included", async () => {
      const options = { enableEncryptionKeyDerivation: true, enableExperimentalPublicKeyTypes: true };
      const { didDocument } = await resolveDid(did, { ...options, publicKeyFormat: "JsonWebKey" });
      expect(keysOf(didDocument)).toEqual(keysOf(published));
      expect(didDocument?.["id"]).toBe(did);
    });

    it("lists the published keys for signing", async () => {
      const { didDocument } = await resolveDid(did);
      expect(didDocument?.["assertionMethod"]).toEqual(published["assertionMethod"]);
      expect(didDocument?.["authentication"]).toEqual(published["authentication"]);
    });
  });

  // Those documents that are of the types of 2018 and 2019.
  it.each(vectors.filter(([, { "@context": context }]) => JSON.stringify(context).includes("ed25519-2018")))(
    "%s has the published document",
    async (did, published) => {
      const { didDocument } = await resolveDid(did, {
        publicKeyFormat: "Ed25519VerificationKey2018",
        enableExperimentalPublicKeyTypes: true,
        enableEncryptionKeyDerivation: true,
      });
      expect(didDocument).toEqual(published);
    },
  );

  it("are read by core's base58", () => {
    expect(vectors.every(([did]) => decodeBase58(did.slice("did:key:z".length)).length > 33)).toBe(true);
  });
});
