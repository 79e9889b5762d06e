import { codeOf } from "@writ/testkit";
import { fc } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { decodeBase58, encodeBase58 } from "../../src/encoding/base58.js";
import { decodeBase64url, encodeBase64url } from "../../src/encoding/base64url.js";
import { concatBytes, equalBytes, lengthPrefixed, toHex, utf8 } from "../../src/encoding/bytes.js";

describe("base58", () => {
  // draft-msporny-base58-03, section 5.
  it.each([
    ["Hello World!", "2NEpo7TZRRrLZSi2U"],
    [
      "The quick brown fox jumps over the lazy dog.",
      "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ],
    ["", ""],
    ["\u0000", "1"],
  ])("of %j is %s", (text, encoded) => {
    expect(encodeBase58(utf8(text))).toBe(encoded);
    expect(decodeBase58(encoded)).toEqual(utf8(text));
  });

  it("keeps leading zeros", () => {
    expect(encodeBase58(Uint8Array.of(0, 0, 0x28, 0x7f, 0xb4, 0xcd))).toBe("11233QC4");
  });

  it.each([
    ["74 a space", "2NEpo7TZ RRrLZSi2U"],
    ["74 a space in front", " 2NEpo7TZRRrLZSi2U"],
    ["74 zero", "0"],
    ["74 capital O", "O"],
    ["74 capital I", "I"],
    ["74 small l", "l"],
    ["74 line feed", "2NEpo7TZ\n"],
    ["79 Cyrillic a", "\u0430"],
    ["a surrogate pair", "𝟏"],
    ["83 one character over the limit", "2".repeat(129)],
    ["83 100,000 characters", "z".repeat(100_000)],
    ["83 100,000 characters outside the alphabet", "0".repeat(100_000)],
  ])("refuses row %s", (_, text) => {
    expect(codeOf(() => decodeBase58(text))).toBe("ENCODING_INVALID");
  });

  it("gives other bytes for a leading 1, so that no text has two readings (row 74)", () => {
    expect(decodeBase58("12NEpo7TZRRrLZSi2U")).toEqual(concatBytes(Uint8Array.of(0), utf8("Hello World!")));
  });

  it("takes text up to the limit", () => {
    expect(decodeBase58("1".repeat(128))).toEqual(new Uint8Array(128));
  });

  it("is a bijection", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(4), (bytes, zeros) => {
        const padded = concatBytes(new Uint8Array(zeros), bytes);
        expect(decodeBase58(encodeBase58(padded))).toEqual(padded);
      }),
    );
  });

  it("decodes each text to bytes that encode to it", () => {
    const digits = Array.from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    const texts = fc.array(fc.constantFrom(...digits), { maxLength: 128 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(encodeBase58(decodeBase58(text))).toBe(text);
      }),
    );
  });
});

describe("base64url", () => {
  // RFC 4648, section 10.
  it.each([
    ["", ""],
    ["f", "Zg"],
    ["fo", "Zm8"],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg"],
    ["fooba", "Zm9vYmE"],
    ["foobar", "Zm9vYmFy"],
    ["\u00fb\u00ff", "w7vDvw"],
  ])("of %j is %s", (text, encoded) => {
    expect(encodeBase64url(utf8(text))).toBe(encoded);
    expect(decodeBase64url(encoded)).toEqual(utf8(text));
  });

  it.each([
    ["80 plus", "Zm+v"],
    ["80 slash", "Zm/v"],
    ["80 padding", "Zg=="],
    ["80 space", "Zm 9v"],
    ["80 space behind", "Zm9v "],
    ["80 line feed", "Zm9v\n"],
    ["81 tail bits of two digits", "Zh"],
    ["81 tail bits of three digits", "Zm9"],
    ["81 highest tail bits", "Z_"],
    ["81 a single digit", "Z"],
    ["81 a single zero digit", "A"],
    ["81 five digits", "AAAAA"],
    ["a character beyond ASCII", "Zm9\u0176"],
  ])("refuses row %s", (_, text) => {
    expect(codeOf(() => decodeBase64url(text))).toBe("ENCODING_INVALID");
  });

  it("agrees with Node's encoder, and is a bijection", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(decodeBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it("decodes each text that it takes to bytes that encode to it", () => {
    const texts = fc.string({ unit: fc.constantFrom(...Array.from("AZaz09-_Qgw=+/")), maxLength: 6 });
    fc.assert(
      fc.property(texts, (text) => {
        const canonical = Buffer.from(text, "base64url").toString("base64url") === text;
        const outcome = canonical
          ? encodeBase64url(decodeBase64url(text))
          : codeOf(() => decodeBase64url(text));
        expect(outcome).toBe(canonical ? text : "ENCODING_INVALID");
      }),
    );
  });
});

describe("bytes", () => {
  it("join, compare and show as hexadecimal digits", () => {
    const bytes = concatBytes(Uint8Array.of(0, 15), Uint8Array.of(), Uint8Array.of(255));
    expect(toHex(bytes)).toBe("000fff");
    expect(equalBytes(bytes, Uint8Array.of(0, 15, 255))).toBe(true);
    expect(equalBytes(bytes, Uint8Array.of(0, 15, 254))).toBe(false);
    expect(equalBytes(bytes, Uint8Array.of(0, 15))).toBe(false);
  });

  it("are prefixed with their length so that no two lists of parts are alike", () => {
    expect(toHex(lengthPrefixed(utf8("a"), utf8("")))).toBe("000000016100000000");
    const parts = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a.map(toHex)) === JSON.stringify(b.map(toHex));
        expect(equalBytes(lengthPrefixed(...a), lengthPrefixed(...b))).toBe(same);
      }),
    );
  });
});
