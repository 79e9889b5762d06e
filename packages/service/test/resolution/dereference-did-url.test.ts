import type { DidResolver } from "@writ/core";
import type { DIDResolutionResult } from "did-resolver";
import { describe, expect, it } from "vitest";

import { dereferenceDidUrl, resolveDid, type ResolutionOptions } from "../../src/index.js";
import { didKey, didKeyOf, PREFIX } from "./keys.js";

const KEY = didKeyOf("Ed25519");
const OWN_METHOD = `${KEY}#${KEY.slice(8)}`;

async function errorOf(didUrl: string, options?: ResolutionOptions): Promise<unknown> {
  const { content, dereferencingMetadata, contentMetadata } = await dereferenceDidUrl(didUrl, options);
  expect([content, contentMetadata]).toEqual([null, {}]);
  return dereferencingMetadata.error;
}

describe("a DID URL of a did:key", () => {
  it("without parts is the document", async () => {
    const { didDocument } = await resolveDid(KEY);
    expect(await dereferenceDidUrl(KEY)).toEqual({
      content: didDocument,
      dereferencingMetadata: { contentType: "application/did+ld+json" },
      contentMetadata: {},
    });
  });

  it("with its own fragment is its verification method", async () => {
    expect(await dereferenceDidUrl(OWN_METHOD)).toEqual({
      content: {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        id: OWN_METHOD,
        type: "Multikey",
        controller: KEY,
        publicKeyMultibase: KEY.slice(8),
      },
      dereferencingMetadata: { contentType: "application/did+ld+json" },
      contentMetadata: {},
    });
  });

  it("is given in the format that is asked for", async () => {
    const { content } = await dereferenceDidUrl(OWN_METHOD, { publicKeyFormat: "JsonWebKey2020" });
    expect(content).toMatchObject({ id: OWN_METHOD, type: "JsonWebKey2020" });
  });

  it("names the derived key where it is derived", async () => {
    const options = { enableEncryptionKeyDerivation: true };
    const { didDocument } = await resolveDid(KEY, options);
    const [derived = ""] = didDocument?.["keyAgreement"] as readonly string[];
    expect(await dereferenceDidUrl(derived, options)).toMatchObject({ content: { id: derived } });
    expect(await errorOf(derived)).toBe("notFound");
  });

  it.each([
    ["row 76: another fragment", `${KEY}#key-1`],
    ["the fragment in another case", OWN_METHOD.toLowerCase().replace(KEY.toLowerCase(), KEY)],
    ["an empty fragment", `${KEY}#`],
    ["its DID in the fragment", `${KEY}#${KEY}`],
    ["a path", `${KEY}/path`],
    ["an empty path", `${KEY}/`],
    ["a path, and its own fragment", `${KEY}/path#${KEY.slice(8)}`],
    ["row 77: a query, and its own fragment", `${KEY}?versionId=1#${KEY.slice(8)}`],
    ["an empty query", `${KEY}?`],
    ["a fragment of just the length that is read", `${KEY}#${"a".repeat(4096 - KEY.length - 1)}`],
    ["a service that is not there", `${KEY}?service=files&relativeRef=%2Fa`],
  ])("with %s is not found", async (_, didUrl) => {
    expect(await errorOf(didUrl)).toBe("notFound");
  });

  it.each([
    ["nothing", ""],
    ["a fragment alone", "#key-1"],
    ["an address", "https://issuer.example/#key"],
    ["no DID", "did:key#key-1"],
    ["a DID that is no did:key", `did:key:abc#abc`],
    ["row 77: two fragments", `${OWN_METHOD}#${KEY.slice(8)}`],
    ["row 77: a parameter after ;", `${KEY};service=files#${KEY.slice(8)}`],
    ["a space", `${KEY}#key 1`],
    ["half an escape", `${KEY}#key%2`],
    ["an escape that is none", `${KEY}?a=%zz`],
    ["brackets in the path", `${KEY}/[1]`],
    ["a caret in the fragment", `${KEY}#^`],
    ["a caret in the query", `${KEY}?^`],
    ["a line feed", `${OWN_METHOD}\n`],
    ["a letter outside ASCII", `${KEY}#cl\u00e9`],
    ["row 83: 100,000 characters", `${KEY}#${"a".repeat(100_000)}`],
    ["a fragment over the limit", `${KEY}#${"a".repeat(4096 - KEY.length)}`],
  ])("of %s is invalidDidUrl", async (_, didUrl) => {
    expect(await errorOf(didUrl)).toBe("invalidDidUrl");
  });

  it.each([
    ["invalidPublicKey", `${didKey(PREFIX.Ed25519, new Uint8Array(32))}#key`, {}],
    ["invalidPublicKeyLength", `${didKey(PREFIX.Ed25519, new Uint8Array(31))}#key`, {}],
    ["unsupportedPublicKeyType", OWN_METHOD, { publicKeyFormat: "NoSuchKey" }],
    ["invalidPublicKeyType", OWN_METHOD, { publicKeyFormat: "Ed25519VerificationKey2018" }],
    ["methodNotSupported", "did:example:123#key", {}],
    // What is wrong with the DID is said before what is asked of it.
    ["methodNotSupported", "did:example:123/path?query", {}],
  ])("passes on %s", async (error, didUrl, options) => {
    expect(await errorOf(didUrl, options)).toBe(error);
  });
});

describe("a DID URL of another method", () => {
  const DID = "did:example:123";
  const embedded = { id: `${DID}#embedded`, type: "Multikey", controller: DID, publicKeyMultibase: "z1" };
  const files = { id: "#files", type: "Files", serviceEndpoint: "https://files.example/" };
  const twice = { id: `${DID}#twice`, type: "Multikey", controller: DID, publicKeyMultibase: "z2" };
  const nested = { id: `${DID}#nested` };

  const document = {
    id: DID,
    verificationMethod: [twice, { ...twice, id: `${DID}#two` }, { ...twice, id: "#same" }],
    authentication: [`${DID}#reference`, embedded],
    assertionMethod: [{ ...twice, id: `${DID}#two`, publicKeyMultibase: "z3" }, twice],
    service: [files],
    extension: { id: `${DID}#extension`, nested },
  };

  function resolving(
    didDocument: object | null,
    didDocumentMetadata = {},
  ): { readonly resolver: DidResolver } {
    const result = { didDocument, didResolutionMetadata: {}, didDocumentMetadata } as DIDResolutionResult;
    return { resolver: { resolve: () => Promise.resolve(result) } };
  }

  it.each([
    ["embedded", embedded],
    ["files", files],
    ["same", { ...twice, id: "#same" }],
    // In two lists, and the same in both.
    ["twice", twice],
  ])("names the object %s", async (fragment, content) => {
    expect(await dereferenceDidUrl(`${DID}#${fragment}`, resolving(document))).toStrictEqual({
      content,
      dereferencingMetadata: { contentType: "application/did+json" },
      contentMetadata: {},
    });
  });

  it.each(["reference", "two", "extension", "nested", "%66iles", "123"])(
    "names nothing by #%s",
    async (fragment) => {
      expect(await errorOf(`${DID}#${fragment}`, resolving(document))).toBe("notFound");
    },
  );

  it("has the document's metadata", async () => {
    const options = resolving(document, { versionId: "3" });
    expect(await dereferenceDidUrl(`${DID}#files`, options)).toMatchObject({
      contentMetadata: { versionId: "3" },
    });
  });

  it("is neither found nor an error where the DID was deactivated without a document", async () => {
    expect(await dereferenceDidUrl(`${DID}#files`, resolving(null, { deactivated: true }))).toEqual({
      content: null,
      dereferencingMetadata: {},
      contentMetadata: { deactivated: true },
    });
  });
});
