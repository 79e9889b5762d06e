import { createResolver, type DidResolver } from "@writ/core";
import type { DIDResolutionResult } from "did-resolver";
import { describe, expect, it } from "vitest";

import {
  answerIdentifier,
  chooseResolutionMediaType,
  identifierStatus,
  readResolutionOptions,
  type IdentifierRequest,
  type ResolutionError,
} from "../../src/index.js";
import { didKey, didKeyOf, PREFIX } from "./keys.js";

const KEY = didKeyOf("Ed25519");
const LD_RESULT = 'application/ld+json;profile="https://w3id.org/did-resolution"';
const CONTEXT = "https://w3id.org/did-resolution/v1";

function resolving(didDocument: object | null, didDocumentMetadata = {}): DidResolver {
  const result = { didDocument, didResolutionMetadata: {}, didDocumentMetadata } as DIDResolutionResult;
  return { resolve: () => Promise.resolve(result) };
}

describe("the HTTP status", () => {
  it.each<[ResolutionError, number]>([
    ["invalidDid", 400],
    ["invalidDidUrl", 400],
    ["invalidOptions", 400],
    ["methodNotSupported", 400],
    ["invalidPublicKey", 400],
    ["invalidPublicKeyLength", 400],
    ["invalidPublicKeyType", 400],
    ["unsupportedPublicKeyType", 400],
    ["notFound", 404],
    ["representationNotSupported", 406],
    ["internalError", 500],
  ])("of %s is %i", (error, status) => {
    expect(identifierStatus(error, { deactivated: false })).toBe(status);
  });

  it("of a success is 200, and 410 for a deactivated DID", () => {
    expect(identifierStatus(undefined, { deactivated: false })).toBe(200);
    expect(identifierStatus(undefined, { deactivated: true })).toBe(410);
    expect(identifierStatus("notFound", { deactivated: true })).toBe(404);
  });
});

describe("an answer", () => {
  it("to a DID has the members of a resolution", async () => {
    const { status, contentType, body } = await answerIdentifier({ identifier: KEY });
    expect([status, contentType]).toEqual([200, LD_RESULT]);
    expect(body).toEqual({
      "@context": CONTEXT,
      didDocument: expect.objectContaining({ id: KEY }) as unknown,
      didResolutionMetadata: { contentType: "application/did+ld+json" },
      didDocumentMetadata: {},
    });
  });

  it("to a DID URL has those of a dereferencing", async () => {
    const identifier = `${KEY}#${KEY.slice(8)}`;
    const { status, body } = await answerIdentifier({ identifier });
    expect(status).toBe(200);
    expect(body).toEqual({
      "@context": CONTEXT,
      didDocument: expect.objectContaining({ id: identifier, type: "Multikey" }) as unknown,
      didDereferencingMetadata: { contentType: "application/did+ld+json" },
      didDocumentMetadata: {},
    });
  });

  const query = (text: string): URLSearchParams => new URLSearchParams(text);

  it.each<[error: string, status: number, request: IdentifierRequest]>([
    ["invalidDid", 400, { identifier: "hello" }],
    ["invalidDid", 400, { identifier: "" }],
    ["methodNotSupported", 400, { identifier: "did:example:123" }],
    ["methodNotSupported", 400, { identifier: "did:constructor:123", resolver: createResolver() }],
    ["invalidPublicKeyLength", 400, { identifier: didKey(PREFIX.Ed25519, new Uint8Array(31)) }],
    ["invalidPublicKey", 400, { identifier: didKey(PREFIX.Ed25519, new Uint8Array(32)) }],
    ["unsupportedPublicKeyType", 400, { identifier: KEY, query: query("publicKeyFormat=NoSuchKey") }],
    [
      "invalidPublicKeyType",
      400,
      { identifier: KEY, query: query("publicKeyFormat=Ed25519VerificationKey2018") },
    ],
    ["invalidOptions", 400, { identifier: KEY, query: query("enableExperimentalPublicKeyTypes=yes") }],
    ["representationNotSupported", 406, { identifier: KEY, accept: "text/html" }],
    ["internalError", 500, { identifier: "did:example:123", resolver: resolving(null) }],
  ])("%s (%i) to a DID", async (error, status, request) => {
    expect(await answerIdentifier(request)).toEqual({
      status,
      contentType: LD_RESULT,
      body: {
        "@context": CONTEXT,
        didDocument: null,
        didResolutionMetadata: { error, message: expect.any(String) as unknown },
        didDocumentMetadata: {},
      },
    });
  });

  it.each<[error: string, status: number, request: IdentifierRequest]>([
    ["invalidDidUrl", 400, { identifier: `${KEY}##` }],
    ["invalidDidUrl", 400, { identifier: "https://issuer.example/" }],
    ["notFound", 404, { identifier: `${KEY}#key-1` }],
    ["notFound", 404, { identifier: `${KEY}?versionId=1` }],
    ["notFound", 404, { identifier: `${KEY}/path` }],
    ["invalidOptions", 400, { identifier: `${KEY}#a`, query: query("enableEncryptionKeyDerivation=") }],
    ["representationNotSupported", 406, { identifier: `${KEY}#a`, accept: "image/png" }],
  ])("%s (%i) to a DID URL", async (error, status, request) => {
    expect(await answerIdentifier(request)).toMatchObject({
      status,
      contentType: LD_RESULT,
      body: { didDocument: null, didDereferencingMetadata: { error }, didDocumentMetadata: {} },
    });
  });

  it("heeds the options of the query", async () => {
    const request = {
      identifier: KEY,
      query: query("publicKeyFormat=Ed25519VerificationKey2018&enableExperimentalPublicKeyTypes=true"),
    };
    expect(await answerIdentifier(request)).toMatchObject({
      status: 200,
      body: { didDocument: { verificationMethod: [{ type: "Ed25519VerificationKey2018" }] } },
    });
  });

  it("is 410 for a deactivated DID, with or without its document", async () => {
    const identifier = "did:example:123";
    const without = await answerIdentifier({ identifier, resolver: resolving(null, { deactivated: true }) });
    expect(without).toMatchObject({ status: 410, body: { didDocument: null, didResolutionMetadata: {} } });
    const resolver = resolving({ id: identifier }, { deactivated: true });
    expect(await answerIdentifier({ identifier, resolver })).toMatchObject({
      status: 410,
      body: { didDocument: { id: identifier }, didDocumentMetadata: { deactivated: true } },
    });
    expect(
      await answerIdentifier({
        identifier: `${identifier}#a`,
        resolver: resolving(null, { deactivated: true }),
      }),
    ).toMatchObject({ status: 410, body: { didDereferencingMetadata: {} } });
  });

  it.each(["application/did-resolution", "application/did-url-dereferencing", "application/json"])(
    "is a whole result as %s",
    async (accept) => {
      expect(await answerIdentifier({ identifier: KEY, accept })).toMatchObject({
        status: 200,
        contentType: accept,
        body: { didDocument: { id: KEY } },
      });
      const failed = await answerIdentifier({ identifier: "hello", accept });
      expect(failed).toMatchObject({ status: 400, contentType: accept, body: { didDocument: null } });
    },
  );

  it.each(["application/did", "application/did+ld+json", "application/did+json"])(
    "is the document alone as %s, and a failure is told in full",
    async (accept) => {
      const answer = await answerIdentifier({ identifier: KEY, accept });
      expect(answer).toMatchObject({ status: 200, contentType: accept, body: { id: KEY } });
      expect(answer.body).not.toHaveProperty("didDocument");
      const failed = await answerIdentifier({ identifier: "hello", accept });
      expect(failed).toMatchObject({
        status: 400,
        contentType: LD_RESULT,
        body: { didDocument: null, didResolutionMetadata: { error: "invalidDid" } },
      });
    },
  );

  it("is no JSON-LD document where the document has no context", async () => {
    const identifier = "did:example:123";
    const request = { identifier, resolver: resolving({ id: identifier }) };
    expect(await answerIdentifier({ ...request, accept: "application/did+ld+json" })).toMatchObject({
      status: 406,
      contentType: LD_RESULT,
      body: { didDocument: null, didResolutionMetadata: { error: "representationNotSupported" } },
    });
    expect(await answerIdentifier({ ...request, accept: "application/did+json" })).toMatchObject({
      status: 200,
      body: { id: identifier },
    });
  });
});

describe("the media type", () => {
  it.each([
    [undefined, LD_RESULT],
    ["", LD_RESULT],
    [" ", LD_RESULT],
    ["*/*", LD_RESULT],
    ["application/*", LD_RESULT],
    ["application/ld+json", LD_RESULT],
    [LD_RESULT, LD_RESULT],
    ['application/ld+json; profile="https://other.example https://w3id.org/did-resolution"', LD_RESULT],
    ['application/ld+json;profile="https://other.example"', undefined],
    ["Application/DID+LD+JSON", "application/did+ld+json"],
    ["text/html, application/json", "application/json"],
    ["application/did+json;q=0.5, application/did-resolution", "application/did-resolution"],
    ["application/did+json;q=0.5, application/did-resolution;q=0.500", "application/did+json"],
    ["application/did-resolution;q=0.1,application/did+json;q=0.9", "application/did+json"],
    ["application/did+json;q=0.12,application/json;q=0.123", "application/json"],
    ["application/did+json;q=0.999,application/json;q=1.000", "application/json"],
    ["application/json ; Q = 0.5 , application/did", "application/did"],
    ["application/json;q=0", undefined],
    ["application/json;q=0.1234", undefined],
    ["application/json;q=10", undefined],
    ["application/json;q=01", undefined],
    ["application/json;q=2", undefined],
    ["application/json;q=x", undefined],
    ["text/html", undefined],
    ["text/*", undefined],
    [",;", undefined],
  ])("for %s is %s", (accept, contentType) => {
    expect(chooseResolutionMediaType(accept)?.contentType).toBe(contentType);
  });
});

describe("the options of a query", () => {
  it.each([
    ["", {}],
    ["versionId=1", {}],
    ["publicKeyFormat=JsonWebKey2020", { publicKeyFormat: "JsonWebKey2020" }],
    ["publicKeyFormat=", { publicKeyFormat: "" }],
    ["enableExperimentalPublicKeyTypes=true", { enableExperimentalPublicKeyTypes: true }],
    [
      "enableEncryptionKeyDerivation=true&enableExperimentalPublicKeyTypes=false",
      { enableEncryptionKeyDerivation: true, enableExperimentalPublicKeyTypes: false },
    ],
  ])("%s", (query, options) => {
    expect(readResolutionOptions(new URLSearchParams(query))).toEqual(options);
  });

  it.each([
    "publicKeyFormat=Multikey&publicKeyFormat=Multikey",
    "enableExperimentalPublicKeyTypes=false&enableExperimentalPublicKeyTypes=true",
    "enableExperimentalPublicKeyTypes=1",
    "enableExperimentalPublicKeyTypes",
    "enableEncryptionKeyDerivation=TRUE",
  ])("%s is refused", (query) => {
    expect(readResolutionOptions(new URLSearchParams(query))).toMatchObject({ error: "invalidOptions" });
  });
});
