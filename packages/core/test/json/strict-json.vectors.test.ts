import { codeOf, describeVectors, listVectors, readVector } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { parseStrictJson } from "../../src/json/strict-json.js";

/** What RFC 8259 permits and Writ's limits do not (DESIGN 4.1). */
const REFUSED_BY_LIMITS: ReadonlyMap<string, string> = new Map([
  // Minus zero, and integers outside ±(2^53−1) such as 123e65.
  ["y_number.json", "NUMBER_UNSAFE"],
  ["y_number_minus_zero.json", "NUMBER_UNSAFE"],
  ["y_number_negative_zero.json", "NUMBER_UNSAFE"],
  ["y_number_real_capital_e.json", "NUMBER_UNSAFE"],
  ["y_number_real_exponent.json", "NUMBER_UNSAFE"],
  ["y_number_real_fraction_exponent.json", "NUMBER_UNSAFE"],
  ["y_object_extreme_numbers.json", "NUMBER_UNSAFE"],
  // RFC 8259 says only that names should be unique.
  ["y_object_duplicated_key.json", "JSON_DUPLICATE_KEY"],
  ["y_object_duplicated_key_and_value.json", "JSON_DUPLICATE_KEY"],
]);

/** Broken texts that are refused for something before their syntax. All others: `JSON_SYNTAX`. */
const REFUSED_EARLIER: ReadonlyMap<string, string> = new Map([
  ["n_number_-01.json", "NUMBER_UNSAFE"],
  ["n_number_neg_int_starting_with_zero.json", "NUMBER_UNSAFE"],
  ["n_structure_100000_opening_arrays.json", "JSON_TOO_DEEP"],
  ["n_structure_open_array_object.json", "JSON_TOO_DEEP"],
  ["n_structure_UTF8_BOM_no_data.json", "JSON_ENCODING"],
]);

/** Texts that parsers may take or refuse. */
const EITHER: ReadonlyMap<RegExp, string> = new Map([
  [/^i_number_/, "NUMBER_UNSAFE"],
  [/^i_structure_500_nested_arrays/, "JSON_TOO_DEEP"],
  [
    /^i_(string_(UTF|utf|iso|overlong|invalid_utf|truncated|not_in|lone_utf8)|structure_UTF-8_BOM)/,
    "JSON_ENCODING",
  ],
  [/^i_(string|object)_/, "JSON_SURROGATE"],
]);

/** Whether the bytes are UTF-8 at all, by the runtime's own decoder. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function parseAsRuntime(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
}

describeVectors("JSONTestSuite", () => {
  const vectors = listVectors("json-test-suite").map((name) => ({
    name,
    bytes: new Uint8Array(readVector("json-test-suite", name)),
  }));
  const startingWith = (prefix: string): typeof vectors =>
    vectors.filter(({ name }) => name.startsWith(prefix));

  it("is complete", () => {
    expect(["y_", "n_", "i_"].map((prefix) => startingWith(prefix).length)).toEqual([95, 188, 35]);
  });

  describe("must be accepted, but for Writ's limits", () => {
    it.each(startingWith("y_"))("$name", ({ name, bytes }) => {
      const code = REFUSED_BY_LIMITS.get(name);
      const outcome = code === undefined ? parseStrictJson(bytes) : codeOf(() => parseStrictJson(bytes));
      expect(outcome).toEqual(code ?? parseAsRuntime(bytes));
    });
  });

  describe("must be refused", () => {
    it.each(startingWith("n_"))("$name", ({ name, bytes }) => {
      const expected = REFUSED_EARLIER.get(name) ?? (isUtf8(bytes) ? "JSON_SYNTAX" : "JSON_ENCODING");
      expect(codeOf(() => parseStrictJson(bytes))).toBe(expected);
    });
  });

  describe("may be either", () => {
    it.each(startingWith("i_"))("$name", ({ name, bytes }) => {
      const [, expected] = [...EITHER].find(([pattern]) => pattern.test(name)) ?? [];
      expect(codeOf(() => parseStrictJson(bytes))).toBe(expected);
    });
  });
});
