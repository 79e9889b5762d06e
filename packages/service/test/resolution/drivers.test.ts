import { createDidWebDriver, createResolver, utf8, type DidResolver, type SafeFetch } from "@writ/core";
import type { DIDResolutionResult } from "did-resolver";
import { describe, expect, it } from "vitest";

import { resolveDid } from "../../src/index.js";
import { didKeyOf } from "./keys.js";

const DID = "did:web:issuer.example";
const DOCUMENT = { "@context": ["https://www.w3.org/ns/did/v1"], id: DID };

/** A resolver that gives any answer at all. */
function answering(answer: unknown): DidResolver {
  return { resolve: () => Promise.resolve(answer as DIDResolutionResult) };
}

const result = (didDocument: unknown, metadata: unknown = {}, process: unknown = {}): object => ({
  didDocument,
  didResolutionMetadata: process,
  didDocumentMetadata: metadata,
});

async function errorBy(resolver: DidResolver | undefined, did = DID): Promise<unknown> {
  const resolved = await resolveDid(did, resolver === undefined ? {} : { resolver });
  expect([resolved.didDocument, resolved.didDocumentMetadata]).toEqual([null, {}]);
  return resolved.didResolutionMetadata.error;
}

describe("a method with a driver", () => {
  it("is resolved by it, with the metadata of the document", async () => {
    const metadata = { created: "2026-01-01T00:00:00Z", versionId: "4" };
    expect(await resolveDid(DID, { resolver: answering(result(DOCUMENT, metadata)) })).toEqual({
      didDocument: DOCUMENT,
      didResolutionMetadata: { contentType: "application/did+ld+json" },
      didDocumentMetadata: metadata,
    });
  });

  it("may have documents that are no JSON-LD", async () => {
    const { didResolutionMetadata } = await resolveDid(DID, { resolver: answering(result({ id: DID })) });
    expect(didResolutionMetadata).toEqual({ contentType: "application/did+json" });
  });

  it("passes on nothing that the driver says of the process", async () => {
    const resolver = answering(result(DOCUMENT, {}, { contentType: "text/html", message: "secret" }));
    expect(await resolveDid(DID, { resolver })).toMatchObject({
      didResolutionMetadata: { contentType: "application/did+ld+json" },
    });
    const failing = answering(result(null, {}, { error: "notFound", message: "secret" }));
    expect(JSON.stringify(await resolveDid(DID, { resolver: failing }))).not.toContain("secret");
  });

  it("has no document when deactivated, and no error", async () => {
    const resolver = answering(result(null, { deactivated: true }));
    expect(await resolveDid(DID, { resolver })).toEqual({
      didDocument: null,
      didResolutionMetadata: {},
      didDocumentMetadata: { deactivated: true },
    });
  });

  it("is copied: what the driver changes later has no effect", async () => {
    const document = { ...DOCUMENT, alsoKnownAs: ["https://issuer.example"] };
    const { didDocument } = await resolveDid(DID, { resolver: answering(result(document)) });
    document.alsoKnownAs.push("https://other.example");
    expect(didDocument?.["alsoKnownAs"]).toEqual(["https://issuer.example"]);
  });

  const method = { id: `${DID}#key-1`, type: "Multikey", controller: DID, publicKeyMultibase: "z6Mk" };

  it("may refer to methods, embed them, and have services", async () => {
    const document = {
      ...DOCUMENT,
      verificationMethod: [method],
      authentication: [method.id, method],
      service: [{ id: "#files", type: "Files", serviceEndpoint: "https://files.example" }],
    };
    expect(await resolveDid(DID, { resolver: answering(result(document)) })).toMatchObject({
      didDocument: document,
    });
  });

  const circular: Record<string, unknown> = { ...DOCUMENT };
  circular["self"] = circular;

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "document"],
    ["an empty object", {}],
    ["no metadata of the process", { didDocument: DOCUMENT, didDocumentMetadata: {} }],
    ["no metadata of the document", { didDocument: DOCUMENT, didResolutionMetadata: {} }],
    ["a list for metadata", result(DOCUMENT, [])],
    ["a list for the process", result(DOCUMENT, {}, [])],
    ["no document", result(null)],
    ["no document, and deactivated in words", result(null, { deactivated: "true" })],
    ["a text for a document", result("document")],
    ["a list for a document", result([DOCUMENT])],
    ["a document without id", result({})],
    ["another DID's document", result({ ...DOCUMENT, id: "did:web:other.example" })],
    ["methods that are no list", result({ ...DOCUMENT, verificationMethod: method })],
    ["methods by reference", result({ ...DOCUMENT, verificationMethod: [method.id] })],
    ["a service by reference", result({ ...DOCUMENT, service: ["#files"] })],
    ["a method without id", result({ ...DOCUMENT, verificationMethod: [{ type: "Multikey" }] })],
    ["an embedded method without id", result({ ...DOCUMENT, authentication: [{ type: "Multikey" }] })],
    ["null among the references", result({ ...DOCUMENT, keyAgreement: [null] })],
    ["a document in a circle", result(circular)],
    ["a document that is no JSON", result({ ...DOCUMENT, version: 10n })],
    [
      "a getter that throws",
      Object.defineProperty({}, "didDocument", { get: () => fail(), enumerable: true }),
    ],
    ["an error that is no text", result(null, {}, { error: 7 })],
    ["an error of its own", result(null, {}, { error: "registryOnFire" })],
    ["an error as no word of ours", result(null, {}, { error: "toString" })],
    ["a broken document", result(null, {}, { error: "invalidDidDocument" })],
  ])("answering %s is internalError", async (_, answer) => {
    expect(await errorBy(answering(answer))).toBe("internalError");
  });

  it.each([
    ["invalidDid", "invalidDid"],
    ["notFound", "notFound"],
    ["representationNotSupported", "representationNotSupported"],
    ["methodNotSupported", "methodNotSupported"],
    ["unsupportedDidMethod", "methodNotSupported"],
  ])("answering %s is %s, whatever document comes with it", async (error, expected) => {
    expect(await errorBy(answering(result(DOCUMENT, { versionId: "1" }, { error })))).toBe(expected);
  });

  it("is internalError where the driver throws, at once or later", async () => {
    expect(await errorBy({ resolve: () => fail() })).toBe("internalError");
    expect(await errorBy({ resolve: () => Promise.reject(new Error("secret")) })).toBe("internalError");
  });
});

function fail(): never {
  throw new Error("secret");
}

describe("a method without a driver", () => {
  it.each(["did:example:123", "did:web:issuer.example", "did:keys:z6Mk"])(
    "%s is not supported",
    async (did) => {
      expect(await errorBy(undefined, did)).toBe("methodNotSupported");
      expect(await errorBy(createResolver(), did)).toBe("methodNotSupported");
    },
  );

  it("is said after a text that is no DID", async () => {
    expect(await errorBy(undefined, "did:example:")).toBe("invalidDid");
  });
});

describe("did:key", () => {
  it("is never asked of a driver", async () => {
    const did = didKeyOf("P-256");
    expect(await resolveDid(did, { resolver: answering(fail) })).toEqual(await resolveDid(did));
  });
});

describe("did:web", () => {
  const serving = (body: string): DidResolver => {
    const fetch: SafeFetch = (address) =>
      Promise.resolve(
        address === "https://issuer.example/.well-known/did.json"
          ? { status: "ok", body: utf8(body) }
          : { status: "not-found" },
      );
    return createResolver({ web: createDidWebDriver(fetch) });
  };

  it("is resolved through core's driver", async () => {
    const resolved = await resolveDid(DID, { resolver: serving(JSON.stringify(DOCUMENT)) });
    expect(resolved).toMatchObject({ didDocument: DOCUMENT, didDocumentMetadata: {} });
  });

  it.each([
    ["a host without a document", "did:web:other.example", "{}", "notFound"],
    ["no did:web", "did:web:localhost%3A80", "{}", "invalidDid"],
    ["no JSON", DID, "<html>", "internalError"],
  ])("%s", async (_, did, body, error) => {
    expect(await errorBy(serving(body), did)).toBe(error);
  });
});
