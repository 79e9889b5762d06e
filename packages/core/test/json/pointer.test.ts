import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { joinPointer, parsePointer, valueAt } from "../../src/json/pointer.js";

describe("parsePointer", () => {
  // RFC 6901, section 5, and its order of unescaping.
  it.each([
    ["", []],
    ["/", [""]],
    ["/foo/0", ["foo", "0"]],
    ["/a~1b", ["a/b"]],
    ["/m~0n", ["m~n"]],
    ["/~01", ["~1"]],
    ["/ //", [" ", "", ""]],
  ])("splits %j", (pointer, tokens) => {
    expect(parsePointer(pointer)).toEqual(tokens);
  });

  it.each(["a", "a/b", "/~", "/~2", "/a~/b"])("refuses %j", (pointer) => {
    expect(codeOf(() => parsePointer(pointer))).toBe("SCHEMA_INVALID");
  });
});

describe("joinPointer", () => {
  it("escapes, and shows 128 characters of a name", () => {
    expect(joinPointer("/a", 0)).toBe("/a/0");
    expect(joinPointer("", "~/")).toBe("/~0~1");
    expect(joinPointer("", "x".repeat(128))).toBe(`/${"x".repeat(128)}`);
    expect(joinPointer("", "x".repeat(129))).toBe(`/${"x".repeat(128)}…`);
  });
});

describe("valueAt", () => {
  const root = { a: { b: [1], "": null }, c: "text" };

  it.each([
    [[], root],
    [["a", "b"], [1]],
    [["a", ""], null],
    // An array is one value, and so is a text.
    [["a", "b", "0"], undefined],
    [["c", "length"], undefined],
    [["a", "x"], undefined],
    [["a", "", "x"], undefined],
    [["toString"], undefined],
    [["a", "__proto__"], undefined],
  ])("finds at %j", (tokens, value) => {
    expect(valueAt(root, tokens)).toEqual(value);
  });
});
