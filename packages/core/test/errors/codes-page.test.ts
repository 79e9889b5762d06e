import { readFileSync } from "node:fs";

import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { ERROR_CODES } from "../../src/errors/codes.js";
import { codesPage } from "../../src/errors/codes-page.js";

const SOURCE = readFileSync(new URL("../../src/errors/codes.ts", import.meta.url), "utf8");
const PAGE = readFileSync(new URL("../../../../docs/codes.md", import.meta.url), "utf8");

describe("docs/codes.md", () => {
  it("is up to date (else: node packages/core/scripts/write-codes.js, after a build)", () => {
    expect(PAGE).toBe(codesPage(SOURCE));
  });

  it("has each code once, with its meaning", () => {
    const rows = PAGE.split("\n").flatMap(
      (line) => /^\| `([A-Z0-9_]+)` *\| (.*?) *\| </.exec(line)?.slice(1, 3) ?? [],
    );
    expect(rows).toEqual(Object.entries(ERROR_CODES).flat());
  });

  it("is refused where a code stands under no heading", () => {
    expect(codeOf(() => codesPage(SOURCE.replace(/^ {2}REVOKED:/m, "  REVOKE:")))).toBe("SCHEMA_INVALID");
    expect(codeOf(() => codesPage(""))).toBe("SCHEMA_INVALID");
  });
});
