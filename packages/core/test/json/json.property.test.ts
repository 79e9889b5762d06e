import { fc } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { utf8 } from "../../src/encoding/bytes.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { canonicalize, sameJson } from "../../src/json/canonicalize.js";
import type { JsonValue } from "../../src/json/json-value.js";
import { parseStrictJson } from "../../src/json/strict-json.js";

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const text = fc.string({ unit: "binary", maxLength: 12 });

/** JSON values within the limits of documents. */
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.constant(null), fc.boolean(), text, fc.maxSafeInteger(), fractions()),
    fc.array(tie("json"), { maxLength: 6 }),
    fc.dictionary(
      text.filter((key) => !FORBIDDEN.has(key)),
      tie("json"),
      { maxKeys: 6, noNullPrototype: true },
    ),
  ),
}));

function fractions(): fc.Arbitrary<number> {
  return fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((number) => !Object.is(number, -0));
}

describe("strict JSON", () => {
  it("reads back what JSON.stringify wrote", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        const written = JSON.stringify(value, undefined, space);
        expect(parseStrictJson(written)).toEqual(value);
      }),
    );
  });

  it("reads bytes and text alike", () => {
    fc.assert(
      fc.property(json, (value) => {
        const written = JSON.stringify(value);
        expect(parseStrictJson(utf8(written))).toEqual(parseStrictJson(written));
      }),
    );
  });

  it("reads any text as JSON.parse does, or refuses it with a code", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"a"',
        '"b"',
        "0",
        "-",
        "1",
        ".5",
        "e1",
        "true",
        "null",
        " ",
        "\\",
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const written = parts.join("");
        const refusal = problemOf(() => parseStrictJson(written))?.code;
        const expected = refusal ?? (JSON.parse(written) as unknown);
        expect(refusal ?? parseStrictJson(written)).toEqual(expected);
        expect(refusal ?? "JSON_").toMatch(/^(JSON|NUMBER)_/);
      }),
    );
  });
});

describe("the canonical form", () => {
  it("reads back as the same value, and is its own canonical form", () => {
    fc.assert(
      fc.property(json, (value) => {
        const form = canonicalize(value);
        expect(parseStrictJson(form)).toEqual(value);
        expect(canonicalize(parseStrictJson(form))).toBe(form);
      }),
    );
  });

  it("does not depend on the order of members", () => {
    fc.assert(
      fc.property(fc.dictionary(text, json, { noNullPrototype: true }), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalize(reversed)).toBe(canonicalize(object));
        expect(sameJson(reversed, object)).toBe(true);
      }),
    );
  });

  it("tells different values apart", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(canonicalize(a) === canonicalize(b)).toBe(
          JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)),
        );
      }),
    );
  });
});

/** The value with its members in order, for a comparison that does not use the code under test. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  // Entries, because integer-like names come first in an object whatever the order.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { object: entries.map(([key, member]) => [key, sorted(member)]) };
}
