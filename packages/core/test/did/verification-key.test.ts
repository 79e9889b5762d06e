import { codeOfAsync } from "@writ/testkit";
import type { DIDDocument, DIDResolutionResult, DIDResolver } from "did-resolver";
import { getResolver } from "key-did-resolver";
import { describe, expect, it } from "vitest";

import { didKeyMethodId, parseDidKey } from "../../src/did/did-key.js";
import { createResolver } from "../../src/did/resolver.js";
import { resolveVerificationKey, type ProofPurpose } from "../../src/did/verification-key.js";
import { encodeBase58 } from "../../src/encoding/base58.js";
import { encodeBase64url } from "../../src/encoding/base64url.js";
import { AGENT, ORGANISATION, SERVICE } from "../fixtures.js";

const DID = "did:test:org";
const KEY = `${DID}#key-1`;
const { publicKey, multikey } = { publicKey: parseDidKey(AGENT.did), multikey: AGENT.did.slice(8) };
const method = { id: KEY, type: "Multikey", controller: DID, publicKeyMultibase: multikey };
const document: DIDDocument = { id: DID, verificationMethod: [method], assertionMethod: [KEY] };

function answer(didDocument: DIDDocument | null, more: Partial<DIDResolutionResult> = {}): DIDResolver {
  const result = { didResolutionMetadata: {}, didDocument, didDocumentMetadata: {}, ...more };
  return () => Promise.resolve(result);
}

const resolve = (
  test: DIDResolver,
  purpose: ProofPurpose = "assertionMethod",
  id = KEY,
): ReturnType<typeof resolveVerificationKey> => resolveVerificationKey(createResolver({ test }), id, purpose);

describe("a driver for another method of DIDs", () => {
  it.each<readonly [string, DIDDocument]>([
    ["a reference", document],
    [
      "relative ids",
      { ...document, verificationMethod: [{ ...method, id: "#key-1" }], assertionMethod: ["#key-1"] },
    ],
    ["a relative reference", { ...document, assertionMethod: ["#key-1"] }],
    ["an embedded method", { id: DID, assertionMethod: [method] }],
    ["an embedded method with a relative id", { id: DID, assertionMethod: [{ ...method, id: "#key-1" }] }],
    ["a reference among others", { ...document, assertionMethod: [`${DID}#key-0`, "#key-2", KEY] }],
    [
      "Ed25519VerificationKey2020",
      { ...document, verificationMethod: [{ ...method, type: "Ed25519VerificationKey2020" }] },
    ],
    [
      "Ed25519VerificationKey2018",
      {
        ...document,
        verificationMethod: [
          {
            id: KEY,
            type: "Ed25519VerificationKey2018",
            controller: DID,
            // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what old documents hold
            publicKeyBase58: encodeBase58(publicKey.bytes),
          },
        ],
      },
    ],
    ...["JsonWebKey", "JsonWebKey2020"].map((type): readonly [string, DIDDocument] => [
      type,
      { ...document, verificationMethod: [{ id: KEY, type, controller: DID, publicKeyJwk: jwk({}) }] },
    ]),
  ])("gives the key of %s", async (_, didDocument) => {
    expect(await resolve(answer(didDocument))).toEqual({ did: DID, publicKey });
  });

  function jwk(more: object): { kty: string; crv: string; x: string } {
    return { kty: "OKP", crv: "Ed25519", x: encodeBase64url(publicKey.bytes), ...more };
  }

  const withMethod = (more: object): DIDDocument => ({
    ...document,
    verificationMethod: [{ ...method, ...more }],
  });

  it.each<readonly [string, DIDResolver, string]>([
    ["throws", () => Promise.reject(new Error("down")), "DID_UNAVAILABLE"],
    ["finds nothing", answer(null), "DID_UNAVAILABLE"],
    [
      "reports an error",
      answer(document, { didResolutionMetadata: { error: "notFound" } }),
      "DID_UNAVAILABLE",
    ],
    ["answers for another DID", answer({ ...document, id: "did:test:other" }), "DID_UNAVAILABLE"],
    [
      "says deactivated",
      answer(document, { didDocumentMetadata: { deactivated: true } }),
      "METHOD_NOT_AUTHORIZED",
    ],
    ["has another controller", answer(withMethod({ controller: "did:test:other" })), "METHOD_NOT_AUTHORIZED"],
    ["has no relationship", answer({ id: DID, verificationMethod: [method] }), "METHOD_NOT_AUTHORIZED"],
    [
      "has another relationship",
      answer({ ...document, assertionMethod: [], keyAgreement: [KEY] }),
      "METHOD_NOT_AUTHORIZED",
    ],
    ["refers to nothing", answer({ id: DID, assertionMethod: [KEY] }), "METHOD_NOT_AUTHORIZED"],
    [
      "refers to another DID's key",
      answer({ ...document, assertionMethod: ["did:test:other#key-1"] }),
      "METHOD_NOT_AUTHORIZED",
    ],
    ["has an unknown type", answer(withMethod({ type: "EcdsaSecp256k1VerificationKey2019" })), "KEY_TYPE"],
    ["has a key of another member", answer(withMethod({ type: "JsonWebKey" })), "KEY_TYPE"],
    ["has no key", answer(withMethod({ publicKeyMultibase: undefined })), "KEY_TYPE"],
    [
      "has a JWK of another curve",
      answer(withMethod({ type: "JsonWebKey", publicKeyJwk: jwk({ crv: "X25519" }) })),
      "KEY_TYPE",
    ],
    [
      "has a JWK of another kind",
      answer(withMethod({ type: "JsonWebKey", publicKeyJwk: jwk({ kty: "EC" }) })),
      "KEY_TYPE",
    ],
    [
      "has a JWK without x",
      answer(withMethod({ type: "JsonWebKey", publicKeyJwk: jwk({ x: undefined }) })),
      "KEY_TYPE",
    ],
    [
      "has a JWK with padding",
      answer(withMethod({ type: "JsonWebKey", publicKeyJwk: jwk({ x: `${jwk({}).x}=` }) })),
      "ENCODING_INVALID",
    ],
    [
      "has a Multikey in another base",
      answer(withMethod({ publicKeyMultibase: `u${multikey}` })),
      "ENCODING_INVALID",
    ],
    [
      "has the key of zeros",
      answer(withMethod({ type: "JsonWebKey", publicKeyJwk: jwk({ x: "A".repeat(43) }) })),
      "KEY_INVALID",
    ],
  ])("is refused where it %s", async (_, driver, code) => {
    expect(await codeOfAsync(() => resolve(driver))).toBe(code);
  });

  it.each<readonly [string, object, number]>([
    ["expires", { expires: "2026-11-23T08:00:00Z" }, Date.UTC(2026, 10, 23, 8)],
    ["is revoked", { revoked: "2026-11-23T09:00:00+02:00" }, Date.UTC(2026, 10, 23, 7)],
    ["does both", { expires: "2027-01-01T00:00:00Z", revoked: "2026-01-01T00:00:00Z" }, Date.UTC(2026, 0)],
  ])("gives the end of a key that %s", async (_, more, endsAt) => {
    expect(await resolve(answer(withMethod(more)))).toEqual({ did: DID, publicKey, endsAt });
  });

  it.each([
    ["expires at what is no time", { expires: "tomorrow" }, "DATE_INVALID"],
    ["is revoked at a number", { revoked: 0 }, "DATE_INVALID"],
    ["is revoked at null", { revoked: null }, "DATE_INVALID"],
    ["gives another key as well", { publicKeyJwk: jwk({}) }, "KEY_INVALID"],
  ])("is refused where the method %s", async (_, more, code) => {
    expect(await codeOfAsync(() => resolve(answer(withMethod(more))))).toBe(code);
  });

  // What a driver fetched is as little trusted as any other input.
  it.each<readonly [string, unknown]>([
    ["no document", undefined],
    ["a relationship that is no list", { ...document, assertionMethod: {} }],
    ["a reference that is null", { ...document, assertionMethod: [null] }],
    ["a reference that is a number", { ...document, assertionMethod: [1] }],
    ["an embedded method without id", { ...document, assertionMethod: [{}] }],
    ["methods that are no list", { ...document, verificationMethod: {} }],
    ["a method that is null", { ...document, verificationMethod: [null] }],
    ["a method whose id is a number", withMethod({ id: 1 })],
    ["a Multikey that is a number", withMethod({ publicKeyMultibase: 1 })],
    ["a base58 key that is a list", withMethod({ type: "Ed25519VerificationKey2018", publicKeyBase58: [] })],
  ])("is refused where it answers with %s", async (_, didDocument) => {
    expect(await codeOfAsync(() => resolve(answer(didDocument as DIDDocument)))).toBe("DID_UNAVAILABLE");
  });

  it("is refused where it answers with nothing at all", async () => {
    const driver = (() => Promise.resolve(undefined)) as unknown as DIDResolver;
    expect(await codeOfAsync(() => resolve(driver))).toBe("DID_UNAVAILABLE");
  });

  it("is refused for a purpose that the document does not name (row 51)", async () => {
    expect(await codeOfAsync(() => resolve(answer(document), "authentication"))).toBe(
      "METHOD_NOT_AUTHORIZED",
    );
  });

  it("is refused for another key of the document", async () => {
    const other = { ...method, id: `${DID}#key-2` };
    const driver = answer({ ...document, verificationMethod: [method, other] });
    expect(await codeOfAsync(() => resolve(driver, "assertionMethod", other.id))).toBe(
      "METHOD_NOT_AUTHORIZED",
    );
  });
});

describe("key-did-resolver in the place of Writ's driver", () => {
  const { key } = getResolver() as { readonly key: DIDResolver };
  const theirs = createResolver({ key });

  it.each([AGENT.did, ORGANISATION.did, SERVICE.did])("gives the same key of %s", async (did) => {
    const expected = await resolveVerificationKey(createResolver(), didKeyMethodId(did), "assertionMethod");
    expect(await resolveVerificationKey(theirs, didKeyMethodId(did), "assertionMethod")).toEqual(expected);
  });

  it("does not let the key of zeros through, which it accepts itself", async () => {
    const did = `did:key:z${encodeBase58(Uint8Array.of(0xed, 1, ...new Uint8Array(32)))}`;
    expect(await theirs.resolve(did)).toMatchObject({ didDocument: { id: did } });
    expect(
      await codeOfAsync(() => resolveVerificationKey(theirs, didKeyMethodId(did), "assertionMethod")),
    ).toBe("KEY_INVALID");
  });

  it("does not let another method through than the one of a did:key (row 76)", async () => {
    const id = `${AGENT.did}#key-1`;
    const entry = { id, type: "Multikey", controller: AGENT.did, publicKeyMultibase: multikey };
    const generous = answer({ id: AGENT.did, verificationMethod: [entry], assertionMethod: [id] });
    const resolver = createResolver({ key: generous });
    expect(await codeOfAsync(() => resolveVerificationKey(resolver, id, "assertionMethod"))).toBe(
      "METHOD_NOT_AUTHORIZED",
    );
  });

  it("does not let another key through than the DID names", async () => {
    const liar: DIDResolver = () => {
      const id = didKeyMethodId(AGENT.did);
      const type = { id, type: "Multikey", controller: AGENT.did, publicKeyMultibase: SERVICE.did.slice(8) };
      return answer({ id: AGENT.did, verificationMethod: [type], assertionMethod: [id] })(
        AGENT.did,
        { id: "", did: AGENT.did, didUrl: AGENT.did, method: "key" },
        theirs,
        {},
      );
    };
    const resolver = createResolver({ key: liar });
    expect(
      await codeOfAsync(() => resolveVerificationKey(resolver, didKeyMethodId(AGENT.did), "assertionMethod")),
    ).toBe("KEY_INVALID");
  });
});
