import { parseShape, type Shape } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { coversResource, isPath, path, resource } from "../../src/authority/resource.js";
import { problemOf } from "../../src/errors/writ-error.js";

const HOST = "https://api.acme.example";

function check(shape: Shape<string>, value: string): string | undefined {
  return problemOf(() => shape.check(value, "/at"))?.code;
}

describe("a resource", () => {
  it.each([
    `${HOST}/`,
    `${HOST}/files/a`,
    `${HOST}/files/a/`,
    `${HOST}:8443/files`,
    `${HOST}:80/`,
    `${HOST}:65535/`,
    `${HOST}:4430/`,
    "https://a/",
    "https://a.b/",
    "https://0.example/",
    "https://xn--bcher-kva.example/",
    "https://a--b.example/",
    `${HOST}/A/b.c/-._~!$&'()+,=:@`,
    `${HOST}/...`,
    `${HOST}/a..b/.c`,
    `${HOST}/%20%C3%A9%40%3A`,
    `${HOST}/${"a".repeat(2048 - HOST.length - 1)}`,
    "urn:isbn:9780306406157",
    "urn:uuid:77f0c7a4-0000-4000-8000-000000000000",
    "urn:acme:orders/eu/",
    "urn:ab:A",
  ])("may be %s", (value) => {
    expect(parseShape(resource, value)).toBe(value);
  });

  it.each([
    // Paths that a server may read in another way (HOSTILE 135, 136, 229).
    `${HOST}/files/a/../b`,
    `${HOST}/..`,
    `${HOST}/../`,
    `${HOST}/./a`,
    `${HOST}/a/.`,
    `${HOST}//a`,
    `${HOST}//`,
    `${HOST}/a//`,
    `${HOST}/a//b`,
    `${HOST}/a\\b`,
    `${HOST}/%2e%2e/a`,
    `${HOST}/%2E%2E/a`,
    `${HOST}/..%2fa`,
    `${HOST}/..%2Fa`,
    `${HOST}/%5C`,
    `${HOST}/%5c`,
    `${HOST}/%252e%252e`,
    `${HOST}/%25`,
    `${HOST}/a;b`,
    `${HOST}/a%3Bb`,
    `${HOST}/a?b`,
    `${HOST}/a#b`,
    `${HOST}/?`,
    // Escapes: malformed, in lower case, of controls, of what needs none.
    `${HOST}/%`,
    `${HOST}/%4`,
    `${HOST}/%zz`,
    `${HOST}/%c3%a9`,
    `${HOST}/%C3%a9`,
    `${HOST}/%00`,
    `${HOST}/%0A`,
    `${HOST}/%1F`,
    `${HOST}/%7F`,
    `${HOST}/%30`,
    `${HOST}/%39`,
    `${HOST}/%41`,
    `${HOST}/%4F`,
    `${HOST}/%50`,
    `${HOST}/%5A`,
    `${HOST}/%61`,
    `${HOST}/%6F`,
    `${HOST}/%70`,
    `${HOST}/%7A`,
    `${HOST}/%2D`,
    `${HOST}/%5F`,
    `${HOST}/%7E`,
    // Escapes that are not UTF-8 (the first is an overlong `..`), or that stand for what deceives.
    `${HOST}/%C0%AE%C0%AE/a`,
    `${HOST}/%C0%AF`,
    `${HOST}/%C3`,
    `${HOST}/%FF`,
    `${HOST}/%ED%A0%80`,
    `${HOST}/%E2%80%AEa`,
    `${HOST}/%E2%80%8B`,
    "urn:acme:%C3",
    // Characters.
    `${HOST}/*`,
    "*",
    `${HOST}/a b`,
    `${HOST}/"`,
    `${HOST}/<a>`,
    `${HOST}/[a]`,
    `${HOST}/{a}`,
    `${HOST}/a|b`,
    `${HOST}/^`,
    `${HOST}/\u00e9`,
    `${HOST}/\ufb01`,
    // Hosts and ports.
    HOST,
    `${HOST}?a`,
    `${HOST}:443/`,
    `${HOST}:0/`,
    `${HOST}:080/`,
    `${HOST}:65536/`,
    `${HOST}:/`,
    `${HOST}:a/`,
    "https://api.acme.example./a",
    "https://API.acme.example/",
    "https://api..example/",
    "https://.example/",
    "https://-a.example/",
    "https://a-.example/",
    "https://a_b.example/",
    "https://b\u00fccher.example/",
    "https://%61.example/",
    "https://user@api.acme.example/",
    "https://user:secret@api.acme.example/",
    "https://[::1]/",
    "https:///a",
    "https:/a",
    // Schemes.
    "HTTPS://api.acme.example/",
    "http://api.acme.example/",
    "ftp://api.acme.example/",
    "xurn:acme:order",
    "xhttps://api.acme.example/",
    "file:///etc/passwd",
    "//api.acme.example/",
    "/files/a",
    "files/a",
    "URN:isbn:1",
    "urn:ISBN:1",
    "urn:a:1",
    "urn:-a:1",
    "urn:a-:1",
    `urn:${"a".repeat(33)}:1`,
    "urn:isbn:",
    "urn:isbn",
    "urn:isbn:a?b",
    "urn:isbn:a#b",
    "urn:acme:a/../b",
    "urn:acme://",
    " https://api.acme.example/",
  ])("may not be %s", (value) => {
    expect(refusalOf(() => resource.check(value, "/at"))).toEqual({
      code: "RESOURCE_INVALID",
      pointer: "/at",
    });
  });

  it("is a short text without hidden characters, composed", () => {
    expect(check(resource, "")).toBe("SCHEMA_INVALID");
    expect(check(resource, `${HOST}/${"a".repeat(2048 - HOST.length)}`)).toBe("SCHEMA_INVALID");
    expect(check(resource, `${HOST}/a\u0000`)).toBe("CHAR_FORBIDDEN");
    expect(check(resource, `${HOST}/a\n`)).toBe("CHAR_FORBIDDEN");
    expect(check(resource, `${HOST}/\u202e`)).toBe("CHAR_FORBIDDEN");
    // The Kelvin sign is not composed: its normal form is the letter K.
    expect(check(resource, `${HOST}/\u212a`)).toBe("NOT_NFC");
  });
});

describe("a path", () => {
  it.each(["a", "a/b", "/", "/a", "a/", "/a/b/", "Files/A", "a%20b", "..."])("may be %s", (value) => {
    expect([check(path, value), isPath(value)]).toEqual([undefined, true]);
  });

  it.each([
    "..",
    ".",
    "a/..",
    "../a",
    "a//b",
    "//",
    "//a",
    "a//",
    "a\\b",
    "%2E",
    "a%2Fb",
    "a;b",
    "a?b",
    "a#b",
    "a*",
  ])("may not be %s", (value) => {
    expect([check(path, value), isPath(value)]).toEqual(["RESOURCE_INVALID", false]);
  });

  it("is not empty", () => {
    expect([check(path, ""), isPath("")]).toEqual(["SCHEMA_INVALID", false]);
  });
});

describe("what covers a resource", () => {
  it.each([
    ["files/a", "files/a", true],
    ["files/a", "files/ab", false],
    ["files/a", "files/a/", false],
    ["files/a", "files/a/b", false],
    ["files/a/", "files/a/", true],
    ["files/a/", "files/a/b", true],
    ["files/a/", "files/a/b/", true],
    ["files/a/", "files/a/b/c", true],
    ["files/a/", "files/a", false],
    ["files/a/", "files/ab", false],
    ["files/a/", "files/", false],
    ["files/a", "Files/A", false],
    ["files/", "Files/a", false],
    [`${HOST}/`, `${HOST}/a`, true],
    [`${HOST}/`, "https://api.acme.example.evil/a", false],
    [`${HOST}/`, `${HOST}:8443/a`, false],
    ["urn:acme:a/", "urn:acme:a/b", true],
    ["urn:acme:a", "urn:acme:a:b", false],
  ] as const)("%s covers %s: %j", (granted, asked, covered) => {
    expect(coversResource(granted, asked)).toBe(covered);
  });
});
