import { parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { statusMaxAgeSeconds } from "../../src/authority/dimensions/status-max-age.js";
import { denials, denialsInFull, fold, isInside, NOW, unavailable, violation, wider } from "./grants.js";

const GRANT = { statusMaxAgeSeconds: 300 };

describe("statusMaxAgeSeconds, Rule A", () => {
  it.each([300_000, 299_999, 1, 0, -1000])("allows a list that was signed %d ms ago", (age) => {
    expect(denials(GRANT, { statusAsOf: NOW - age })).toEqual([]);
  });

  it.each([
    [300_001, 301],
    [301_000, 301],
    [301_001, 302],
    [86_400_000, 86_400],
  ])("denies one of %d ms: it could not tell (HOSTILE 226)", (age, seconds) => {
    const expected = [unavailable("STATUS_UNAVAILABLE", "statusMaxAgeSeconds", seconds, 300)];
    expect(denialsInFull(GRANT, { statusAsOf: NOW - age })).toEqual(expected);
    expect(denialsInFull(GRANT, { statusAsOf: NOW - age, perspective: "holder" })).toEqual(expected);
  });

  it("counts from the time of the decision", () => {
    expect(denials(GRANT, { now: 300_000, statusAsOf: 0 })).toEqual([]);
    expect(denials(GRANT, { now: 300_001, statusAsOf: 0 })).toHaveLength(1);
  });

  it("denies where the age is not known, but not a holder who looks ahead", () => {
    expect(denialsInFull(GRANT, {})).toEqual([
      unavailable("STATUS_UNAVAILABLE", "statusMaxAgeSeconds", undefined, 300),
    ]);
    expect(denials(GRANT, { perspective: "holder" })).toEqual([]);
    expect(denials({}, { statusAsOf: 0 })).toEqual([]);
    expect(denials({}, {})).toEqual([]);
  });
});

describe("statusMaxAgeSeconds, Rule B", () => {
  it("may become shorter, not longer", () => {
    expect(isInside(GRANT, GRANT)).toBe(true);
    expect(isInside(GRANT, { statusMaxAgeSeconds: 299 })).toBe(true);
    expect(isInside({}, GRANT)).toBe(true);
    expect(violation(GRANT, { statusMaxAgeSeconds: 301 })).toEqual(
      wider("statusMaxAgeSeconds", "/statusMaxAgeSeconds", 301, 300),
    );
    expect(violation(GRANT, {}, { statusMaxAgeSeconds: 301 })).toMatchObject({ link: 2, allowed: 300 });
  });

  it("is the tightest of a chain", () => {
    expect(fold(GRANT, {}).effective.statusMaxAgeSeconds).toBe(300);
    expect(fold(GRANT, { statusMaxAgeSeconds: 60 }, {}).effective.statusMaxAgeSeconds).toBe(60);
  });
});

describe("the form of statusMaxAgeSeconds", () => {
  it("is a positive integer", () => {
    expect(parseShape(statusMaxAgeSeconds.shape, 1)).toBe(1);
    expect(parseShape(statusMaxAgeSeconds.shape, Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each<readonly [JsonValue, string]>([
    [0, "SCHEMA_INVALID"],
    [-1, "SCHEMA_INVALID"],
    [0.5, "NUMBER_NOT_INTEGER"],
    [2 ** 53, "NUMBER_NOT_INTEGER"],
    ["300", "SCHEMA_INVALID"],
    [null, "SCHEMA_INVALID"],
    [[300], "SCHEMA_INVALID"],
  ])("%j is refused: %s", (value, code) => {
    expect(refusalOf(() => parseShape(statusMaxAgeSeconds.shape, value, "/s"))).toEqual({
      code,
      pointer: "/s",
    });
  });
});
