import { codeOf, codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createDidWebDriver, didWebAddress } from "../../src/did/did-web.js";
import { createResolver } from "../../src/did/resolver.js";
import { resolveVerificationKey, type ProofPurpose } from "../../src/did/verification-key.js";
import { WritError } from "../../src/errors/writ-error.js";
import type { Fetched, SafeFetch } from "../../src/ports/safe-fetch.js";
import { AGENT, ORGANISATION } from "../fixtures.js";

const DID = "did:web:acme.example";
const KEY = `${DID}#key-1`;

const method = (id: string, did = ORGANISATION.did, controller = DID) => ({
  id,
  type: "Multikey",
  controller,
  publicKeyMultibase: did.slice("did:key:".length),
});
const DOCUMENT = { id: DID, verificationMethod: [method(KEY)], assertionMethod: [KEY] };

/** A resolver whose fetch answers with this, and what the fetch was asked. */
function resolverOf(answer: object | string | Uint8Array | WritError) {
  const asked: unknown[] = [];
  const fetch: SafeFetch = (...demand) => {
    asked.push(demand);
    if (answer instanceof WritError) return Promise.reject(answer);
    return Promise.resolve(
      "status" in Object(answer) ? (answer as Fetched) : { status: "ok", body: bytesOf(answer) },
    );
  };
  return { resolver: createResolver({ web: createDidWebDriver(fetch) }), asked };
}

function bytesOf(answer: object | string): Uint8Array {
  if (answer instanceof Uint8Array) return answer;
  return new TextEncoder().encode(typeof answer === "string" ? answer : JSON.stringify(answer));
}

const codeFor = (
  answer: Parameters<typeof resolverOf>[0],
  id = KEY,
  purpose: ProofPurpose = "assertionMethod",
) => codeOfAsync(() => resolveVerificationKey(resolverOf(answer).resolver, id, purpose));

describe("the address of a did:web", () => {
  it.each([
    ["did:web:acme.example", "https://acme.example/.well-known/did.json"],
    ["did:web:a.b-c.x1.xn--p1ai", "https://a.b-c.x1.xn--p1ai/.well-known/did.json"],
    ["did:web:1.acme.example", "https://1.acme.example/.well-known/did.json"],
    ["did:web:acme.example:user:Alice", "https://acme.example/user/Alice/did.json"],
    ["did:web:acme.example:a_b:..c:...:.d:-", "https://acme.example/a_b/..c/.../.d/-/did.json"],
  ])("of %s", (did, address) => {
    expect(didWebAddress(did)).toBe(address);
    expect(new URL(address).href).toBe(address);
  });

  it.each([
    ["a port", "did:web:acme.example%3A8443"],
    ["a port, and a path", "did:web:acme.example%3A8443:user"],
    ["a user", "did:web:user%40acme.example"],
    ["an escape", "did:web:acme.example:a%20b"],
    ["an escaped separator", "did:web:acme.example:a%2Fb"],
    ["escaped dots", "did:web:acme.example:%2e%2e:b"],
    ["dots", "did:web:acme.example:..:b"],
    ["dots at the end", "did:web:acme.example:a:.."],
    ["one dot", "did:web:acme.example:."],
    ["an empty segment", "did:web:acme.example::a"],
    ["a colon at the end", "did:web:acme.example:"],
    ["a slash", "did:web:acme.example/a"],
    ["a backslash", "did:web:acme.example:a\\b"],
    ["a query", "did:web:acme.example?a"],
    ["a fragment", "did:web:acme.example#a"],
    ["a semicolon", "did:web:acme.example;a"],
    ["a tilde", "did:web:acme.example:~a"],
    ["one label", "did:web:localhost"],
    ["a dot at the end", "did:web:acme.example."],
    ["a dot before", "did:web:.acme.example"],
    ["two dots", "did:web:acme..example"],
    ["a hyphen before", "did:web:-acme.example"],
    ["a hyphen after", "did:web:acme-.example"],
    ["an underscore", "did:web:ac_me.example"],
    ["upper case", "did:web:ACME.example"],
    ["an upper-case method", "did:WEB:acme.example"],
    ["a letter outside ASCII", "did:web:acmé.example"],
    ["full-width digits", "did:web:１２７.０.０.１"],
    ["an IPv4 address", "did:web:127.0.0.1"],
    ["an IPv4 address in short", "did:web:127.1"],
    ["an IPv4 address in hexadecimal", "did:web:0x7f.0x1"],
    ["a number at the end", "did:web:acme.1"],
    ["an IPv6 address", "did:web:[::1]"],
    ["a label that is too long", `did:web:${"a".repeat(64)}.example`],
    ["a host that is too long", `did:web:${"a.".repeat(127)}example`],
    ["a DID that is too long", `did:web:acme.example:${"a".repeat(2048)}`],
    ["a line feed", "did:web:acme.example\n"],
    ["nothing", "did:web:"],
    ["another method", "did:key:acme.example"],
  ])("row 133: is none with %s", async (_, did) => {
    expect(codeOf(() => didWebAddress(did))).toBe("DID_SYNTAX");
    const { resolver, asked } = resolverOf(DOCUMENT);
    expect(["DID_SYNTAX", "DID_UNAVAILABLE"]).toContain(
      await codeOfAsync(() => resolveVerificationKey(resolver, `${did}#key-1`, "assertionMethod")),
    );
    expect(asked).toEqual([]);
  });
});

describe("did:web", () => {
  it("is resolved by one fetch, to the key that the document allows", async () => {
    const { resolver, asked } = resolverOf(DOCUMENT);
    const key = await resolveVerificationKey(resolver, KEY, "assertionMethod");
    expect(key.did).toBe(DID);
    expect(`did:key:${method(KEY).publicKeyMultibase}`).toBe(ORGANISATION.did);
    expect(asked).toEqual([
      [
        "https://acme.example/.well-known/did.json",
        {
          maxBytes: 262_144,
          accept: "application/did, application/did+json, application/did+ld+json, application/json",
        },
      ],
    ]);
  });

  it("row 133: is off unless a driver for it is given", async () => {
    expect(await codeOfAsync(() => resolveVerificationKey(createResolver(), KEY, "assertionMethod"))).toBe(
      "DID_UNAVAILABLE",
    );
  });

  it.each<readonly [string, object | string | Uint8Array]>([
    ["is not there", { status: "not-found" }],
    ["is unchanged, which was not asked", { status: "unchanged" }],
    ["could not be fetched", new WritError("FETCH_UNAVAILABLE", "no")],
    ["may not be fetched", new WritError("FETCH_REFUSED", "no")],
    ["is a page", "<html></html>"],
    ["is empty", ""],
    ["is a list", "[]"],
    ["is not UTF-8", Uint8Array.of(0xff)],
    ["has a byte order mark", `\uFEFF${JSON.stringify(DOCUMENT)}`],
    ["says a thing twice", `{"id":"${DID}",${JSON.stringify(DOCUMENT).slice(1)}`],
    ["pollutes", `{"__proto__":{},${JSON.stringify(DOCUMENT).slice(1)}`],
    ["is too deep", `{"id":"${DID}","x":${"[".repeat(40)}${"]".repeat(40)}}`],
    ["has no id", { ...DOCUMENT, id: undefined }],
    ["is another DID's", { ...DOCUMENT, id: "did:web:other.example" }],
    ["is another's below the same host", { ...DOCUMENT, id: `${DID}:user` }],
    ["names itself in upper case", { ...DOCUMENT, id: "did:web:ACME.example" }],
    ["has methods of no form", { ...DOCUMENT, verificationMethod: "key" }],
  ])("is unavailable where the document %s", async (_, answer) => {
    expect(await codeFor(answer)).toBe("DID_UNAVAILABLE");
  });

  it.each<readonly [string, string, object]>([
    ["invalidDid", `${DID}:..`, DOCUMENT],
    ["notFound", DID, { status: "not-found" }],
    ["notFound", DID, { status: "unchanged" }],
    ["invalidDidDocument", DID, [DOCUMENT]],
    ["invalidDidDocument", DID, { ...DOCUMENT, id: "did:web:other.example" }],
  ])("says %s as drivers do", async (error, did, answer) => {
    const { didDocument, didResolutionMetadata } = await resolverOf(answer).resolver.resolve(did);
    expect([didDocument, didResolutionMetadata.error]).toEqual([null, error]);
  });

  it("keeps why it could not be fetched", async () => {
    const cause = new WritError("FETCH_REFUSED", "no");
    const error: unknown = await resolveVerificationKey(
      resolverOf(cause).resolver,
      KEY,
      "assertionMethod",
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "DID_UNAVAILABLE", cause });
  });

  it.each<readonly [string, object]>([
    ["row 51: for another purpose", { ...DOCUMENT, assertionMethod: [], authentication: [KEY] }],
    ["row 51: for none", { ...DOCUMENT, assertionMethod: undefined }],
    ["row 51: for key agreement", { ...DOCUMENT, assertionMethod: [], keyAgreement: [KEY] }],
    [
      "rows 52, 53: with another controller",
      { ...DOCUMENT, verificationMethod: [method(KEY, ORGANISATION.did, "did:web:other.example")] },
    ],
    [
      "rows 52, 53: with a method of another DID",
      {
        ...DOCUMENT,
        verificationMethod: [
          method("did:web:other.example#key-1", ORGANISATION.did, "did:web:other.example"),
        ],
        assertionMethod: ["did:web:other.example#key-1"],
      },
    ],
    ["that has been deactivated", { ...DOCUMENT, deactivated: true }],
    ["that has been emptied", { id: DID, deactivated: true }],
  ])("is not authorised: a key %s", async (_, document) => {
    expect(await codeFor(document)).toBe("METHOD_NOT_AUTHORIZED");
  });

  it("is not deactivated by another word for it", async () => {
    const { resolver } = resolverOf({ ...DOCUMENT, deactivated: false });
    expect(await resolveVerificationKey(resolver, KEY, "assertionMethod")).toMatchObject({ did: DID });
  });

  it("follows the document when its key is rotated", async () => {
    const next = `${DID}#key-2`;
    const both = {
      ...DOCUMENT,
      verificationMethod: [method(KEY), method(next, AGENT.did)],
      assertionMethod: [KEY, next],
    };
    const after = { ...both, assertionMethod: [next] };
    const keyOf = (answer: object, id: string) =>
      resolveVerificationKey(resolverOf(answer).resolver, id, "assertionMethod");
    const [old, new_] = [await keyOf(both, KEY), await keyOf(both, next)];
    expect(old.publicKey.bytes).not.toEqual(new_.publicKey.bytes);
    expect(await keyOf(after, next)).toEqual(new_);
    expect(await codeFor(after, KEY)).toBe("METHOD_NOT_AUTHORIZED");
  });
});
