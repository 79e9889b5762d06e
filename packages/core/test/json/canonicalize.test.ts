import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { canonicalize, sameJson } from "../../src/json/canonicalize.js";
import type { JsonValue } from "../../src/json/json-value.js";

describe("canonicalize", () => {
  it.each([NaN, Infinity, -Infinity])("refuses %d", (number) => {
    expect(codeOf(() => canonicalize({ a: [number] }))).toBe("NUMBER_UNSAFE");
  });

  it.each(["\ud800", "\udc00", "a\udfff\ud800b"])("refuses a lone surrogate in a value or a name", (text) => {
    expect(codeOf(() => canonicalize([text]))).toBe("JSON_SURROGATE");
    expect(codeOf(() => canonicalize({ [text]: 1 }))).toBe("JSON_SURROGATE");
  });

  it.each<readonly [JsonValue, string]>([
    [{ b: 1, a: [] }, '{"a":[],"b":1}'],
    // By UTF-16 code units, so that U+1F600 comes before U+FB33 (RFC 8785, section 3.2.3).
    [{ "\ufb33": 1, "\u{1f600}": 2, "10": 3, "9": 4 }, '{"10":3,"9":4,"\u{1f600}":2,"\ufb33":1}'],
    ['\u0000\b\u007f\u2028/"\\', '"\\u0000\\b\u007f\u2028/\\"\\\\"'],
    [[1e21, 1e-7, 0.1, 100, -0], "[1e+21,1e-7,0.1,100,0]"],
    [[null, true, false], "[null,true,false]"],
  ])("writes %j", (value, form) => {
    expect(canonicalize(value)).toBe(form);
  });
});

describe("a text of one character", () => {
  it.each(["value", "name"])("is written as ECMAScript writes it, as a %s", (place) => {
    const characters = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code));
    const wrap = (text: string): JsonValue => (place === "value" ? [text] : { [text]: 1 });
    expect(characters.map((text) => canonicalize(wrap(text)))).toEqual(
      characters.map((text) => JSON.stringify(wrap(text))),
    );
  });
});

describe("sameJson", () => {
  it.each<readonly [JsonValue, JsonValue, boolean]>([
    [1, "1", false],
    [0, false, false],
    [null, {}, false],
    [[], {}, false],
    [[1, 2], [2, 1], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ["é", "e\u0301", false],
    [1, 1, true],
  ])("of %j and %j is %j", (a, b, same) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
  });
});
