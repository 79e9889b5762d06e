import { codeOf, codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { isDid } from "../../src/did/did.js";
import { didKeyDocument, didKeyMethodId, parseDidKey, parseMultikey } from "../../src/did/did-key.js";
import { createResolver } from "../../src/did/resolver.js";
import { resolveVerificationKey } from "../../src/did/verification-key.js";
import { encodeBase58 } from "../../src/encoding/base58.js";
import { encodeBase64url } from "../../src/encoding/base64url.js";
import { concatBytes, toHex } from "../../src/encoding/bytes.js";
import { AGENT, SERVICE } from "../fixtures.js";

const { did } = AGENT;
const identifier = did.slice("did:key:".length);
const { bytes } = parseDidKey(did);
const multikey = (...codec: readonly number[]): string =>
  `did:key:z${encodeBase58(concatBytes(Uint8Array.from(codec), bytes))}`;

describe("parseDidKey", () => {
  it.each([
    ["71 X25519", multikey(0xec, 0x01), "KEY_TYPE"],
    ["71 P-256", multikey(0x80, 0x24), "KEY_TYPE"],
    ["72 an Ed25519 private key", multikey(0x80, 0x26), "KEY_TYPE"],
    ["73 a varint with a byte too many", multikey(0xed, 0x81, 0x00), "KEY_TYPE"],
    ["73 a varint cut short", multikey(0xed), "KEY_TYPE"],
    ["74 a leading 1", `did:key:z1${identifier.slice(1)}`, "KEY_TYPE"],
    ["74 a space", `did:key:${identifier.slice(0, 20)} ${identifier.slice(20)}`, "ENCODING_INVALID"],
    ["74 a character outside base58", `did:key:${identifier.slice(0, -1)}0`, "ENCODING_INVALID"],
    [
      "75 multibase u",
      `did:key:u${encodeBase64url(concatBytes(Uint8Array.of(0xed, 1), bytes))}`,
      "DID_SYNTAX",
    ],
    ["75 multibase m", `did:key:m${Buffer.from([0xed, 1, ...bytes]).toString("base64")}`, "DID_SYNTAX"],
    ["75 multibase f", `did:key:fed01${toHex(bytes)}`, "DID_SYNTAX"],
    ["75 no multibase", `did:key:${identifier.slice(1)}`, "DID_SYNTAX"],
    ["78 DID:KEY:", `DID:KEY:${identifier}`, "DID_SYNTAX"],
    ["78 did:Key:", `did:Key:${identifier}`, "DID_SYNTAX"],
    ["79 Cyrillic letter in the method", `did:k\u0435y:${identifier}`, "DID_SYNTAX"],
    ["79 Cyrillic letter in the key", `did:key:${identifier.replace("k", "\u043a")}`, "ENCODING_INVALID"],
    ["83 100,000 characters", `did:key:z${"6".repeat(100_000)}`, "DID_SYNTAX"],
    ["a byte too many", `did:key:z${encodeBase58(Uint8Array.of(0xed, 1, ...bytes, 0))}`, "KEY_TYPE"],
    ["a byte too few", `did:key:z${encodeBase58(Uint8Array.of(0xed, 1, ...bytes.subarray(1)))}`, "KEY_TYPE"],
    ["nothing", "did:key:z", "KEY_TYPE"],
    [
      "65 the key of zeros",
      `did:key:z${encodeBase58(Uint8Array.of(0xed, 1, ...new Uint8Array(32)))}`,
      "KEY_INVALID",
    ],
  ])("refuses row %s", (_, text, code) => {
    expect(codeOf(() => parseDidKey(text))).toBe(code);
  });

  // Another case is another text: it names another key or none, and never this one.
  it.each([
    ["lower", identifier.toLowerCase(), "KEY_TYPE"],
    ["upper", identifier.toUpperCase(), "DID_SYNTAX"],
    ["one letter's", swapCaseAt(identifier, 10), "KEY_INVALID"],
  ])("78 does not fold %s case", (_, text, code) => {
    expect(text).not.toBe(identifier);
    expect(codeOf(() => parseDidKey(`did:key:${text}`))).toBe(code);
  });

  it("echoes nothing of a private key (row 72)", () => {
    const secret = multikey(0x80, 0x26);
    let message = "";
    try {
      parseDidKey(secret);
    } catch (error) {
      message = JSON.stringify([error, (error as Error).message, (error as { problem: unknown }).problem]);
    }
    expect(message).toContain("KEY_TYPE");
    expect(message).not.toContain(secret.slice(9, 20));
  });

  it("refuses again what it refused before, and reads again what it read", () => {
    const bad = multikey(0xec, 0x01);
    expect([codeOf(() => parseDidKey(bad)), codeOf(() => parseDidKey(bad))]).toEqual([
      "KEY_TYPE",
      "KEY_TYPE",
    ]);
    expect(parseDidKey(did)).toEqual(parseDidKey(did));
  });

  it("wants the z of a Multikey", () => {
    expect(codeOf(() => parseMultikey(identifier.slice(1)))).toBe("ENCODING_INVALID");
  });
});

function swapCaseAt(text: string, at: number): string {
  const letters = [...text];
  for (let index = at; index < letters.length; index++) {
    const letter = letters[index] as string;
    const swapped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
    if (swapped !== letter && !"0OIl".includes(swapped)) {
      letters[index] = swapped;
      return letters.join("");
    }
  }
  return text;
}

describe("the method of a did:key", () => {
  const resolve = (method: string): Promise<string> =>
    codeOfAsync(() => resolveVerificationKey(createResolver(), method, "assertionMethod"));

  it.each([
    ["76 another fragment", `${did}#${SERVICE.did.slice(8)}`, "METHOD_NOT_AUTHORIZED"],
    ["76 a fragment of its own", `${did}#key-1`, "METHOD_NOT_AUTHORIZED"],
    ["77 no fragment", did, "DID_SYNTAX"],
    ["77 an empty fragment", `${did}#`, "DID_SYNTAX"],
    ["77 two fragments", `${did}#${identifier}#${identifier}`, "DID_SYNTAX"],
    ["77 a query", `${did}?versionId=1#${identifier}`, "DID_SYNTAX"],
    ["77 parameters", `${did};service=x#${identifier}`, "DID_SYNTAX"],
    ["77 a path", `${did}/path#${identifier}`, "DID_SYNTAX"],
    ["77 a space", `${did}# ${identifier}`, "DID_SYNTAX"],
    ["77 a line feed", `${did}#${identifier}\n`, "DID_SYNTAX"],
    ["77 nothing", "", "DID_SYNTAX"],
    ["78 upper case", `DID:KEY:${identifier}#${identifier}`, "DID_SYNTAX"],
    ["78 upper-case method", `did:KEY:${identifier}#${identifier}`, "DID_SYNTAX"],
    ["79 Cyrillic letter", `did:k\u0435y:${identifier}#${identifier}`, "DID_SYNTAX"],
    ["over-long", `did:web:${"a".repeat(2048)}#key`, "DID_SYNTAX"],
    ["another method of DIDs", `did:example:abc#key`, "DID_UNAVAILABLE"],
    ["not a DID", "https://issuer.example#key", "DID_SYNTAX"],
    ["71 an X25519 key", `${multikey(0xec, 1)}#${multikey(0xec, 1).slice(8)}`, "KEY_TYPE"],
  ])("row %s is refused", async (_, method, code) => {
    expect(await resolve(method)).toBe(code);
  });

  it("serves both purposes", async () => {
    for (const purpose of ["assertionMethod", "authentication"] as const) {
      const key = await resolveVerificationKey(createResolver(), didKeyMethodId(did), purpose);
      expect(key).toEqual({ did, publicKey: { bytes } });
    }
  });

  it("stands in a document of its own", () => {
    expect(didKeyDocument(did)).toEqual({
      "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
      id: did,
      verificationMethod: [
        { id: `${did}#${identifier}`, type: "Multikey", controller: did, publicKeyMultibase: identifier },
      ],
      authentication: [`${did}#${identifier}`],
      assertionMethod: [`${did}#${identifier}`],
      capabilityDelegation: [`${did}#${identifier}`],
      capabilityInvocation: [`${did}#${identifier}`],
    });
  });
});

describe("isDid", () => {
  it.each([
    ["did:web:example.com", true],
    ["did:web:example.com:a%20b", true],
    ["did:web:example.com%3A8443", true],
    ["did:web:a%zz", false],
    ["did:web:a%2", false],
    ["did:a1:x", true],
    ["did:web:", false],
    ["did:web:a:", false],
    ["did::a", false],
    ["did:web:a#b", false],
    ["did:web:a/b", false],
    ["did:web:a?b", false],
    ["did:web:a;b", false],
    ["did:web:a b", false],
    ["did:web:a\n", false],
    ["did:web:é", false],
    ["DID:web:a", false],
    [`did:web:${"a".repeat(2040)}`, true],
    [`did:web:${"a".repeat(2041)}`, false],
  ])("of %j is %j", (text, is) => {
    expect(isDid(text)).toBe(is);
  });
});
