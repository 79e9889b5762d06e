import { createHash } from "node:crypto";

import { codeOf, refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { assertDigest, relatedResource, type RelatedResource } from "../../src/documents/related-resource.js";
import { encodeBase58 } from "../../src/encoding/base58.js";
import { utf8 } from "../../src/encoding/bytes.js";
import type { JsonValue } from "../../src/json/json-value.js";
import { parseShape } from "../../src/schema/shape.js";

const BYTES = utf8("the bytes of a resource");
const ID = "https://issuer.example/terms.html";
const MULTIHASH = { sha256: 0x12, sha384: 0x20, sha512: 0x13 } as const;

type Name = keyof typeof MULTIHASH;
type Digests = Omit<RelatedResource, "id">;

const hashOf = (name: Name): Buffer => createHash(name).update(BYTES).digest();
const sri = (name: Name): string => `${name}-${hashOf(name).toString("base64")}`;

function multihash(name: Name, bytes: Uint8Array = hashOf(name)): Buffer {
  return Buffer.concat([Uint8Array.of(MULTIHASH[name], hashOf(name).length), bytes]);
}

const multibase64 = (name: Name): string => `u${multihash(name).toString("base64url")}`;

describe.each<Name>(["sha256", "sha384", "sha512"])("the %s of a related resource", (name) => {
  it.each<readonly [string, Digests]>([
    ["subresource integrity", { digestSRI: sri(name) }],
    ["subresource integrity without padding", { digestSRI: sri(name).replace(/=+$/, "") }],
    ["multibase base64url", { digestMultibase: multibase64(name) }],
    ["multibase base58", { digestMultibase: `z${encodeBase58(multihash(name))}` }],
    ["both", { digestSRI: sri(name), digestMultibase: multibase64(name) }],
  ])("as %s is checked", (_, digests) => {
    const resource = parseShape(relatedResource, { id: ID, ...digests });
    expect(() => {
      assertDigest(resource, BYTES);
    }).not.toThrow();
    expect(
      codeOf(() => {
        assertDigest(resource, utf8("other bytes"));
      }),
    ).toBe("DIGEST_MISMATCH");
  });

  it("may be one of several, each of which is checked", () => {
    const other = `${name}-${createHash(name).update("other bytes").digest("base64")}`;
    const check = (digestSRI: readonly string[]) => () => {
      assertDigest(parseShape(relatedResource, { id: ID, digestSRI }), BYTES);
    };
    expect(
      check([sri(name), sri("sha256")].filter((each, index, all) => all.indexOf(each) === index)),
    ).not.toThrow();
    expect(codeOf(check([sri(name), other]))).toBe("DIGEST_MISMATCH");
  });

  it("must agree with the other digest", () => {
    const other = createHash(name).update("other bytes").digest("base64");
    for (const digests of [
      {
        digestSRI: sri(name),
        digestMultibase: `u${multihash(name, utf8("x".repeat(hashOf(name).length))).toString("base64url")}`,
      },
      { digestSRI: `${name}-${other}`, digestMultibase: multibase64(name) },
    ]) {
      const resource = parseShape(relatedResource, { id: ID, ...digests });
      expect(
        codeOf(() => {
          assertDigest(resource, BYTES);
        }),
      ).toBe("DIGEST_MISMATCH");
    }
  });

  it.each<readonly [string, Digests]>([
    [
      "too short, as subresource integrity",
      { digestSRI: `${name}-${hashOf(name).subarray(1).toString("base64")}` },
    ],
    ["too short, with its own length", { digestMultibase: short(name, -1) }],
    ["longer than it says", { digestMultibase: wrongLength(name) }],
    ["too short for its length", { digestMultibase: short(name, 0) }],
  ])("is refused where it is %s", (_, digests) => {
    expect(refusalOf(() => parseShape(relatedResource, { id: ID, ...digests }))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: "",
    });
  });
});

/** A multihash whose digest lacks its last byte; its length is that of the whole digest and `more`. */
function short(name: Name, more: number): string {
  const { length } = hashOf(name);
  const bytes = [MULTIHASH[name], length + more, ...hashOf(name).subarray(0, -1)];
  return `u${Buffer.from(bytes).toString("base64url")}`;
}

/** A multihash of the right digest that says another length. */
function wrongLength(name: Name): string {
  const bytes = [MULTIHASH[name], hashOf(name).length - 1, ...hashOf(name)];
  return `u${Buffer.from(bytes).toString("base64url")}`;
}

describe("a related resource", () => {
  it.each<readonly [string, JsonValue, string, string]>([
    ["without id", { digestSRI: sri("sha256") }, "SCHEMA_INVALID", "/at/id"],
    ["with a relative id", { id: "terms.html", digestSRI: sri("sha256") }, "ID_INVALID", "/at/id"],
    ["with a space before its id", { id: `x ${ID}`, digestSRI: sri("sha256") }, "ID_INVALID", "/at/id"],
    ["with a space in its id", { id: `${ID} x`, digestSRI: sri("sha256") }, "ID_INVALID", "/at/id"],
    ["without digest", { id: ID }, "SCHEMA_INVALID", "/at"],
    ["with SHA-1", { id: ID, digestSRI: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }, "SCHEMA_INVALID", "/at"],
    [
      "with two digests in one",
      { id: ID, digestSRI: `${sri("sha256")} ${sri("sha384")}` },
      "SCHEMA_INVALID",
      "/at",
    ],
    [
      "with base64url as subresource integrity",
      { id: ID, digestSRI: `sha256-${"_".repeat(43)}` },
      "SCHEMA_INVALID",
      "/at",
    ],
    ["with tail bits", { id: ID, digestSRI: `sha256-${"A".repeat(42)}B` }, "ENCODING_INVALID", "/at"],
    [
      "with another multibase",
      { id: ID, digestMultibase: `f1220${"0".repeat(64)}` },
      "SCHEMA_INVALID",
      "/at",
    ],
    [
      "with an unknown hash",
      { id: ID, digestMultibase: `u${Buffer.from([0x11, 20, ...new Uint8Array(20)]).toString("base64url")}` },
      "SCHEMA_INVALID",
      "/at",
    ],
    ["with no bytes", { id: ID, digestMultibase: "u" }, "SCHEMA_INVALID", "/at"],
    ["with padding", { id: ID, digestMultibase: `${multibase64("sha256")}=` }, "ENCODING_INVALID", "/at"],
    ["with a digest that is a number", { id: ID, digestSRI: 1 }, "SCHEMA_INVALID", "/at/digestSRI"],
    [
      "with a digest that is a number",
      { id: ID, digestMultibase: 1 },
      "SCHEMA_INVALID",
      "/at/digestMultibase",
    ],
    [
      "with a media type that is a number",
      { id: ID, digestSRI: sri("sha256"), mediaType: 1 },
      "SCHEMA_INVALID",
      "/at/mediaType",
    ],
    ["that is a text", "x", "SCHEMA_INVALID", "/at"],
  ])("%s is refused", (_, resource, code, pointer) => {
    const refusal = refusalOf(() => parseShape(relatedResource, resource, "/at"));
    expect(refusal).toEqual({ code, pointer });
  });
});
