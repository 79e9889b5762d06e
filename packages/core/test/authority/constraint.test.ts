import { parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  constraint,
  coversBelow,
  implies,
  isOfType,
  isOpen,
  shown,
  unmet,
  type Constraint,
} from "../../src/authority/constraint.js";

function constraintOf(value: unknown): Constraint {
  return parseShape(constraint, value as JsonValue, "/c");
}

describe("a value and a constraint", () => {
  it.each<readonly [Constraint, readonly JsonValue[], readonly JsonValue[]]>([
    [{ equals: 1 }, [1], ["1", 2, true, null, [1]]],
    [{ equals: "a" }, ["a"], ["A", "a ", ["a"]]],
    [{ equals: null }, [null], [0, "", false, {}]],
    [{ equals: false }, [false], [0, null, "", true]],
    [{ equals: {} }, [{}], [[], null, { a: 1 }]],
    [{ equals: [] }, [[]], [{}, [1], ""]],
    [{ equals: [1, 2] }, [[1, 2]], [[2, 1], [1], [1, 2, 3], ["1", "2"]]],
    [
      { equals: { a: 1, b: [{}] } },
      [{ b: [{}], a: 1 }],
      [{ a: 1 }, { a: 1, b: [{}], c: 1 }, { a: 1, b: [[]] }],
    ],
    [{ oneOf: [1, "a", true] }, [1, "a", true], ["1", 2, "true", false, [1], null]],
    [{ range: { min: 1, max: 3 } }, [1, 2, 3], [0, 4, "2", true, null, [2], 2.5, {}]],
    [{ range: { min: 1 } }, [1, Number.MAX_SAFE_INTEGER], [0, "1", 2 ** 53]],
    [{ range: { max: 1 } }, [1, 0, -5, Number.MIN_SAFE_INTEGER], [2, null, -(2 ** 53)]],
    [
      { prefix: "EU-" },
      ["EU-", "EU-7"],
      ["EU", "eu-7", " EU-7", 7, null, ["EU-7"], "EU-/../US", "EU-\\..", "EU-%2F.."],
    ],
    [{ under: "a/b" }, ["a/b"], ["a/bc", "a/b/", "a/b/c", "a", 1]],
    [
      { under: "a/" },
      ["a/", "a/b", "a/b/", "a/b/c"],
      [
        "a",
        "ab",
        "a/../b",
        "a/./b",
        "a//b",
        "a/b//",
        "a/%2E%2E/b",
        "a/b\\c",
        "A/b",
        "a/b;c",
        "/a/b",
        "",
        1,
        ["a/b"],
      ],
    ],
    [{ under: "/" }, ["/", "/a"], ["a", "//", "/..", ""]],
    [{ maxLength: 2 }, ["", "ab", "\u{1f600}\u{1f600}"], ["abc", "\u{1f600}\u{1f600}a", 12, null, ["a"]]],
    [{ maxLength: 0 }, [""], ["a"]],
    [{ any: true }, [0, "", null, {}, [], [[1]], { a: { b: 1 } }], []],
    [{ prefix: "a", maxLength: 2 }, ["a", "ab"], ["b", "abc"]],
    [{ range: { min: 1 }, oneOf: [0, 1, 2] }, [1, 2], [0, 3]],
    [{ any: true, maxLength: 1 }, ["a"], ["ab", 1, {}]],
  ])("%j is met by %j, not by %j", (bound, met, broken) => {
    expect(constraintOf(bound)).toBe(bound);
    expect(met.filter((value) => unmet(bound, value) !== undefined)).toEqual([]);
    expect(broken.filter((value) => unmet(bound, value) === undefined)).toEqual([]);
  });

  it("is told by the first member that it breaks", () => {
    const bound: Constraint = { oneOf: ["ab", "abc"], prefix: "ab", maxLength: 2, optional: true };
    expect(unmet(bound, "b")).toBe("oneOf");
    expect(unmet(bound, "abc")).toBe("maxLength");
    expect(unmet(bound, "ab")).toBeUndefined();
  });
});

describe("a constraint that implies another", () => {
  it.each<readonly [Constraint, Constraint]>([
    [{ equals: { a: 1, b: 2 } }, { equals: { b: 2, a: 1 } }],
    [{ equals: 1 }, { oneOf: [1, 2] }],
    [{ equals: 2 }, { range: { min: 1, max: 2 } }],
    [{ equals: "EU-1" }, { prefix: "EU-", maxLength: 4 }],
    [{ equals: "a/b" }, { under: "a/" }],
    [{ equals: null }, { any: true }],
    [{ oneOf: [1] }, { equals: 1 }],
    [{ oneOf: [2, 1] }, { oneOf: [1, 2, 3] }],
    [{ oneOf: [1, 2] }, { range: { min: 1, max: 2 } }],
    [{ oneOf: ["EU-1", "EU-22"] }, { prefix: "EU-" }],
    [{ oneOf: ["a", "ab"] }, { maxLength: 2 }],
    [{ range: { min: 1, max: 2 } }, { range: { min: 1, max: 2 } }],
    [{ range: { min: 1, max: 2 } }, { range: { min: 0 } }],
    [{ range: { min: 1, max: 2 } }, { range: { max: 3 } }],
    [{ range: { max: 3 } }, { range: { max: 3 } }],
    [{ prefix: "EU-" }, { prefix: "EU" }],
    [{ under: "a/b/" }, { under: "a/" }],
    [{ under: "a/b" }, { under: "a/" }],
    [{ maxLength: 2 }, { maxLength: 2 }],
    [{ maxLength: 2 }, { any: true }],
    [{ any: true }, { any: true }],
    [{ prefix: "EU-", maxLength: 5 }, { prefix: "EU-" }],
    [{ any: true, maxLength: 5 }, { maxLength: 6 }],
    // `equals` and `oneOf` each list all values that are left.
    [{ equals: "p", oneOf: ["q", "rst"] }, { maxLength: 1 }],
    [{ equals: "rst", oneOf: ["p", "q"] }, { maxLength: 1 }],
    [
      { equals: "p", oneOf: ["EU-1", "EU-2"] },
      { prefix: "EU-", maxLength: 4 },
    ],
    [{ oneOf: [1, 2], range: { min: 5 } }, { range: { min: 1 } }],
    [{ oneOf: [5, 6], range: { min: 1 } }, { range: { min: 5 } }],
  ])("%j implies %j", (inner, outer) => {
    expect(implies(constraintOf(inner), constraintOf(outer))).toBe(true);
  });

  it.each<readonly [Constraint, Constraint]>([
    [{ any: true }, { maxLength: 9 }],
    [{ any: true }, { equals: 1 }],
    [{ equals: 1 }, { equals: "1" }],
    [{ equals: 3 }, { oneOf: [1, 2] }],
    [{ equals: "1" }, { range: { min: 1 } }],
    [{ equals: [1] }, { oneOf: [1] }],
    [{ equals: "a/../b" }, { under: "a/" }],
    [{ oneOf: [1, 2] }, { equals: 1 }],
    [{ oneOf: [1, 4] }, { oneOf: [1, 2, 3] }],
    [{ oneOf: [1, "1"] }, { oneOf: [1, 2] }],
    [{ oneOf: [1, 3] }, { range: { min: 1, max: 2 } }],
    [{ oneOf: ["EU-1", "US-1"] }, { prefix: "EU-" }],
    [{ oneOf: ["EU-1", "EU-/.."] }, { prefix: "EU-" }],
    [{ under: "EU-/" }, { prefix: "EU-" }],
    [{ range: { min: 1, max: 3 } }, { range: { min: 1, max: 2 } }],
    [{ range: { min: 0, max: 2 } }, { range: { min: 1, max: 2 } }],
    [{ range: { min: 1 } }, { range: { min: 1, max: 2 } }],
    [{ range: { max: 2 } }, { range: { min: 1, max: 2 } }],
    [{ range: { min: 1, max: 1 } }, { equals: 1 }],
    [{ prefix: "EU" }, { prefix: "EU-" }],
    [{ prefix: "a" }, { under: "a" }],
    [{ under: "a/" }, { under: "a/b/" }],
    [{ under: "ab/" }, { under: "a/" }],
    [{ under: "a" }, { maxLength: 1 }],
    [{ maxLength: 3 }, { maxLength: 2 }],
    [{ prefix: "EU-" }, { prefix: "EU-", maxLength: 5 }],
    [{ equals: "pqr", oneOf: ["q", "rst"] }, { maxLength: 1 }],
    [
      { prefix: "EU-", maxLength: 6 },
      { prefix: "EU-", maxLength: 5 },
    ],
  ])("%j does not imply %j", (inner, outer) => {
    expect(implies(constraintOf(inner), constraintOf(outer))).toBe(false);
  });
});

describe("a value and the types that a constraint speaks of", () => {
  it.each<readonly [Constraint, readonly JsonValue[], readonly JsonValue[]]>([
    [{ equals: 1 }, [1, 2], ["1", true, null, {}, []]],
    [{ equals: "a" }, ["", "b"], [1, null, ["a"]]],
    [{ equals: true }, [false], [0, "true", null]],
    [{ equals: null }, [null], [{}, [], "", 0]],
    [{ equals: {} }, [{ a: 1 }], [null, [], "{}"]],
    [{ equals: [1] }, [[], ["a"]], [{}, null, 1]],
    [{ oneOf: [1, "a"] }, [2, "b"], [true, null, {}, ["a"]]],
    [{ range: { min: 5 } }, [1, 9], ["9", true, null, 1.5, 2 ** 53]],
    [{ prefix: "a" }, ["", "b/c"], [1, null, {}, ["a"]]],
    [{ under: "/a/" }, ["", "/b"], [1, null, {}, ["/a/"]]],
    [{ maxLength: 1 }, ["", "abc"], [1, null, {}, []]],
    [{ any: true }, [1, "", null, {}, [], true], []],
    [{ any: true, maxLength: 1 }, ["abc"], [1, {}]],
    [{ equals: 1, maxLength: 1 }, [], [1, "a"]],
  ])("%j speaks of %j, not of %j", (bound, same, other) => {
    expect(same.filter((value) => !isOfType(bound, value))).toEqual([]);
    expect(other.filter((value) => isOfType(bound, value))).toEqual([]);
  });
});

describe("what a constraint leaves open", () => {
  it.each<readonly [Constraint, boolean, boolean]>([
    [{ any: true }, true, true],
    [{ any: true, optional: true }, true, true],
    [{ any: true, maxLength: 1 }, true, false],
    [{ equals: null }, true, false],
    [{ equals: { a: 1 }, optional: true }, true, false],
    [{ oneOf: [1] }, false, false],
    [{ range: { min: 1 } }, false, false],
    [{ prefix: "a" }, false, false],
    [{ under: "/" }, false, false],
    [{ maxLength: 9 }, false, false],
  ])("%j: below it %j, all of it %j", (bound, below, open) => {
    expect([coversBelow(bound), isOpen(bound)]).toEqual([below, open]);
  });
});

describe("the form of a constraint", () => {
  it.each<readonly [unknown, string, string]>([
    [{}, "SCHEMA_INVALID", "/c"],
    [{ optional: true }, "SCHEMA_INVALID", "/c"],
    [[], "SCHEMA_INVALID", "/c"],
    [1, "SCHEMA_INVALID", "/c"],
    [{ any: true, regex: ".*" }, "SCHEMA_INVALID", "/c/regex"],
    [{ not: { equals: 1 } }, "SCHEMA_INVALID", "/c/not"],
    [{ toString: 1 }, "SCHEMA_INVALID", "/c/toString"],
    [{ any: false }, "SCHEMA_INVALID", "/c/any"],
    [{ any: 1 }, "SCHEMA_INVALID", "/c/any"],
    [{ any: true, optional: false }, "SCHEMA_INVALID", "/c/optional"],
    [{ any: true, optional: "true" }, "SCHEMA_INVALID", "/c/optional"],
    [{ equals: 0.5 }, "NUMBER_NOT_INTEGER", "/c/equals"],
    [{ equals: { a: [1, 1.5] } }, "NUMBER_NOT_INTEGER", "/c/equals/a/1"],
    [{ equals: 2 ** 53 }, "NUMBER_NOT_INTEGER", "/c/equals"],
    [{ oneOf: [] }, "ARRAY_EMPTY", "/c/oneOf"],
    [{ oneOf: 1 }, "SCHEMA_INVALID", "/c/oneOf"],
    [{ oneOf: [1, 1] }, "DUPLICATE_ITEM", "/c/oneOf/1"],
    [{ oneOf: [1, null] }, "SCHEMA_INVALID", "/c/oneOf/1"],
    [{ oneOf: [{}] }, "SCHEMA_INVALID", "/c/oneOf/0"],
    [{ oneOf: [[1]] }, "SCHEMA_INVALID", "/c/oneOf/0"],
    [{ oneOf: [1.5] }, "NUMBER_NOT_INTEGER", "/c/oneOf/0"],
    [{ range: {} }, "SCHEMA_INVALID", "/c/range"],
    [{ range: { min: 2, max: 1 } }, "SCHEMA_INVALID", "/c/range"],
    [{ range: { min: "1" } }, "SCHEMA_INVALID", "/c/range/min"],
    [{ range: { min: 0.5 } }, "NUMBER_NOT_INTEGER", "/c/range/min"],
    [{ range: { max: 0.5 } }, "NUMBER_NOT_INTEGER", "/c/range/max"],
    [{ range: { min: 1, step: 2 } }, "SCHEMA_INVALID", "/c/range/step"],
    [{ prefix: "" }, "SCHEMA_INVALID", "/c/prefix"],
    [{ prefix: 1 }, "SCHEMA_INVALID", "/c/prefix"],
    [{ prefix: "a/" }, "SCHEMA_INVALID", "/c/prefix"],
    [{ prefix: "a\\b" }, "SCHEMA_INVALID", "/c/prefix"],
    [{ prefix: "%2F" }, "SCHEMA_INVALID", "/c/prefix"],
    [{ prefix: "a\u200b" }, "CHAR_FORBIDDEN", "/c/prefix"],
    [{ under: "a/../b" }, "RESOURCE_INVALID", "/c/under"],
    [{ under: "" }, "SCHEMA_INVALID", "/c/under"],
    [{ under: 1 }, "SCHEMA_INVALID", "/c/under"],
    [{ maxLength: -1 }, "SCHEMA_INVALID", "/c/maxLength"],
    [{ maxLength: 1_000_001 }, "SCHEMA_INVALID", "/c/maxLength"],
    [{ maxLength: 1.5 }, "NUMBER_NOT_INTEGER", "/c/maxLength"],
    [{ maxLength: "1" }, "SCHEMA_INVALID", "/c/maxLength"],
  ])("%j is refused: %s at %s", (value, code, pointer) => {
    expect(refusalOf(() => constraintOf(value))).toEqual({ code, pointer });
  });

  it.each([
    { range: { min: 1, max: 1 } },
    { maxLength: 0 },
    { maxLength: 1_000_000 },
    { equals: null },
    { equals: [] },
    { equals: { a: "1.50" } },
    { oneOf: [1, "1", true] },
    { any: true, optional: true },
  ])("%j is a constraint", (value) => {
    expect(constraintOf(value)).toBe(value);
  });
});

describe("a value in a message", () => {
  it("is shown while its form has at most 256 characters", () => {
    const longest = "a".repeat(254);
    expect(shown(longest)).toBe(longest);
    expect(shown(`${longest}a`)).toBe("(too long to show)");
    expect(shown({ a: longest })).toBe("(too long to show)");
  });
});
