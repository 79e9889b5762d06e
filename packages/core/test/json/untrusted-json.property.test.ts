import { isDeepStrictEqual } from "node:util";

import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { ERROR_CODES } from "../../src/errors/codes.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import { decodeText, type JsonText } from "../../src/json/decode-text.js";
import type { JsonValue } from "../../src/json/json-value.js";
import { isParsed, parseStrictJson } from "../../src/json/strict-json.js";
import { PRESENTATION } from "../fixtures.js";

const DOCUMENT = JSON.stringify(PRESENTATION);

/** What JSON is made of, and what looks like it. */
const PIECES: readonly string[] = [
  ...["{", "}", "[", "]", ",", ":", '"', '"a"', '"b"', '"__proto__"', '"constructor"', '""', "\\", "'", "/*"],
  ...[
    "0",
    "-0",
    "-",
    "1",
    "01",
    "+1",
    ".5",
    "1.5",
    "e1",
    "E-400",
    "1e400",
    "9007199254740993",
    "0.1e1",
    "NaN",
  ],
  ...[
    "true",
    "tru",
    "false",
    "null",
    "Null",
    "undefined",
    "Infinity",
    " ",
    "\t",
    "\n",
    "\r",
    "\u00a0",
    "\ufeff",
  ],
  ...[
    '"\\u0041"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\x41"',
    '"\\u00"',
    '"\ud83d\ude00"',
    '"\ud83d"',
    '"\u0000"',
  ],
];

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(""));

/** A document with a stretch of it replaced. */
const nearly = fc
  .tuple(fc.nat(DOCUMENT.length), fc.nat(6), fc.constantFrom("", ...PIECES))
  .map(([at, length, piece]) => DOCUMENT.slice(0, at) + piece + DOCUMENT.slice(at + length));

/** Small JSON with one character replaced. */
const broken = fc
  .tuple(fc.json({ maxDepth: 3 }), fc.nat(40), fc.constantFrom("", ...PIECES))
  .map(([json, at, piece]) => json.slice(0, at) + piece + json.slice(at + 1));

const bytes = fc.tuple(fc.oneof(soup, broken), fc.nat(40), fc.nat(255)).map(([text, at, byte]): JsonText => {
  const encoded = new TextEncoder().encode(text);
  if (at < encoded.length) encoded[at] = byte;
  return encoded;
});

const input: fc.Arbitrary<JsonText> = fc.oneof(
  { weight: 4, arbitrary: soup },
  { weight: 4, arbitrary: broken },
  { weight: 1, arbitrary: nearly },
  { weight: 2, arbitrary: bytes },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
);

/** What there is to say against a parse: the value is that of `JSON.parse`, whole, frozen, and reads back. */
function faultOf(text: JsonText): string | undefined {
  let value: JsonValue | undefined;
  const refused = problemOf(() => {
    value = parseStrictJson(text);
  });
  if (refused !== undefined)
    return refused.code in ERROR_CODES ? undefined : `has no such code: ${refused.code}`;
  if (value === undefined) return "neither a value nor a refusal";
  const expected = JSON.parse(decodeText(text, Infinity)) as JsonValue;
  if (!isDeepStrictEqual(value, expected)) return "reads it otherwise than JSON.parse";
  if (!isDeepStrictEqual(parseStrictJson(canonicalize(value)), value))
    return "does not read back its canonical form";
  if (!isDeepStrictEqual(parseStrictJson(JSON.stringify(value)), value))
    return "does not read back what was written";
  const isWhole = typeof value !== "object" || value === null || Object.isFrozen(value);
  return isWhole &&
    (Array.isArray(value) || isParsed(value as never) === (typeof value === "object" && value !== null))
    ? undefined
    : "is not frozen";
}

describe("any text or bytes", () => {
  it(
    "are refused with a code, or are the value that JSON.parse reads",
    { timeout: PROPERTY_TIMEOUT_MS },
    () => {
      let accepted = 0;
      const run = fc.check(
        fc.property(input, (text) => {
          const fault = faultOf(text);
          if (fault === undefined && problemOf(() => parseStrictJson(text)) === undefined) accepted++;
          if (fault !== undefined) throw new Error(fault);
        }),
        cases(4_000, 1_000_000),
      );
      expect(fc.defaultReportMessage(run)).toBeUndefined();
      // Of which enough are JSON for this to say something.
      expect(accepted).toBeGreaterThan(run.numRuns / 20);
    },
  );
});
