import { describeVectors, readVector } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { utf8, toHex } from "../../src/encoding/bytes.js";
import { canonicalize } from "../../src/json/canonicalize.js";
import type { JsonValue } from "../../src/json/json-value.js";
import { parseStrictJson } from "../../src/json/strict-json.js";

/** These hold numbers that Writ refuses in documents; the canonical form is defined for them as well. */
const BEYOND_LIMITS: ReadonlySet<string> = new Set(["values"]);

describeVectors("RFC 8785 test data", () => {
  describe.each(["arrays", "french", "structures", "unicode", "values", "weird"])("%s", (name) => {
    const input = readVector("json-canonicalization", "input", `${name}.json`);
    const output = readVector("json-canonicalization", "output", `${name}.json`).toString("utf8");
    const hex = readVector("json-canonicalization", "outhex", `${name}.txt`)
      .toString("ascii")
      .replace(/\s/g, "");
    const parse = (bytes: Buffer): JsonValue =>
      BEYOND_LIMITS.has(name) ? (JSON.parse(bytes.toString("utf8")) as JsonValue) : parseStrictJson(bytes);

    it("has the published bytes", () => {
      expect(toHex(utf8(canonicalize(parse(input))))).toBe(hex);
    });

    it("is the published text, from which it does not move again", () => {
      expect(canonicalize(parse(Buffer.from(output)))).toBe(output);
    });
  });
});
