import { parseShape, type JsonObject, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { Constraint } from "../../src/authority/constraint.js";
import { when } from "../../src/authority/dimensions/when.js";
import {
  type Asked,
  denials,
  denialsInFull,
  type Dimensions,
  isInside,
  unavailable,
  violation,
  wider,
} from "./grants.js";

type Context = Readonly<Record<string, Constraint>>;

function given(context: Context): Dimensions {
  return { when: { context } };
}

function supplying(context: JsonObject, more: Asked = {}): Asked {
  return { context, ...more };
}

const ANY: Constraint = { any: true };

const TIER: Context = { tier: { range: { min: 2 } } };

describe("when.context, Rule A", () => {
  it.each<readonly [Context, JsonObject]>([
    [TIER, { tier: 2 }],
    // Open: what is not named is free.
    [TIER, { tier: 3, region: "eu", more: [null, {}] }],
    [{ region: { oneOf: ["eu", "uk"] } }, { region: "uk" }],
    [
      { region: { equals: "eu" }, tier: { any: true } },
      { region: "eu", tier: {} },
    ],
    [{ flags: { equals: ["a", "b"] } }, { flags: ["a", "b"] }],
    [{ toString: { equals: "own" } }, { toString: "own" }],
  ])("%j allows %j", (context, supplied) => {
    expect(denials(given(context), supplying(supplied))).toEqual([]);
  });

  it.each<readonly [Context, JsonObject, string, JsonValue]>([
    [TIER, { tier: 1 }, "tier", 1],
    [{ region: { equals: "eu" } }, { region: "us" }, "region", "us"],
    [{ region: { oneOf: ["eu", 1] } }, { region: 2 }, "region", 2],
    [{ region: { oneOf: ["eu", 1] } }, { region: "us" }, "region", "us"],
    [{ name: { prefix: "a" } }, { name: "b" }, "name", "b"],
    [{ path: { under: "/a/" } }, { path: "/b" }, "path", "/b"],
    [{ name: { maxLength: 1 } }, { name: "ab" }, "name", "ab"],
    [{ flags: { equals: ["a"] } }, { flags: [] }, "flags", []],
    [{ deep: { equals: { a: 1 } } }, { deep: {} }, "deep", {}],
    [{ name: { maxLength: 300 } }, { name: "n".repeat(301) }, "name", "(too long to show)"],
  ])("%j denies %j", (context, supplied, name, asked) => {
    for (const perspective of ["service", "holder"] as const) {
      expect(denialsInFull(given(context), supplying(supplied, { perspective }))).toEqual([
        unavailable("NOT_ALLOWED", "when", { [name]: asked }, { [name]: context[name] as JsonValue }),
      ]);
    }
  });

  it.each<readonly [Constraint, JsonValue]>([
    [{ equals: 1 }, "1"],
    [{ equals: "1" }, 1],
    [{ equals: true }, "true"],
    [{ equals: true }, 1],
    [{ equals: {} }, null],
    [{ equals: {} }, []],
    [{ equals: ["a"] }, {}],
    [{ equals: ["a"] }, null],
    [{ oneOf: ["eu", "uk"] }, 1],
    [{ oneOf: ["eu", "uk"] }, null],
    [{ oneOf: ["eu", 1] }, true],
    [{ range: { min: 1 } }, "2"],
    [{ range: { min: 1 } }, true],
    [{ range: { min: 1 } }, null],
    [{ range: { min: 1 } }, 2.5],
    [{ prefix: "a" }, 1],
    [{ prefix: "a" }, ["a"]],
    [{ under: "/" }, 1],
    [{ maxLength: 5 }, 1],
    [{ maxLength: 5 }, null],
    [{ maxLength: 5 }, []],
    [{ any: true, maxLength: 5 }, {}],
    // One member of several speaks of another type.
    [{ maxLength: 5, equals: "a" }, 1],
    [{ equals: 1, maxLength: 5 }, 1],
  ])("%j could not tell of %j, which is of another type (HOSTILE 228)", (bound, value) => {
    for (const perspective of ["service", "holder"] as const) {
      expect(denialsInFull(given({ name: bound }), supplying({ name: value }, { perspective }))).toEqual([
        unavailable("CONTEXT_UNAVAILABLE", "when", { name: value }, { name: bound as JsonObject }),
      ]);
    }
  });

  it("does not echo a long attribute of another type", () => {
    expect(
      denialsInFull(given({ name: { range: { min: 1 } } }), supplying({ name: "n".repeat(300) })),
    ).toMatchObject([{ code: "CONTEXT_UNAVAILABLE", asked: { name: "(too long to show)" } }]);
  });

  it.each<readonly [string, Context, Asked]>([
    ["no context", TIER, {}],
    ["an empty one", TIER, supplying({})],
    ["another name", TIER, supplying({ Tier: 2, "tier ": 2 })],
    ["a name that every object has", { toString: ANY }, supplying({})],
    ["another that every object has", { hasOwnProperty: ANY }, {}],
  ])("could not tell where the service supplies %s (HOSTILE 228)", (_, context, asked) => {
    expect(denialsInFull(given(context), asked)).toEqual([
      unavailable("CONTEXT_UNAVAILABLE", "when", undefined, context as JsonObject),
    ]);
    // A holder who looks ahead leaves it to the service.
    expect(denials(given(context), { ...asked, perspective: "holder" })).toEqual([]);
  });

  it("tells the first condition that is not met, and looks past those left open", () => {
    const context: Context = { a: { equals: 1 }, b: { equals: 2 }, c: { equals: 3 } };
    expect(denialsInFull(given(context), supplying({ a: 1, b: 0, c: 0 }))).toMatchObject([
      { asked: { b: 0 } },
    ]);
    expect(denialsInFull(given(context), supplying({ a: 1, c: 0 }))).toMatchObject([
      { code: "CONTEXT_UNAVAILABLE", allowed: { b: { equals: 2 } } },
    ]);
    expect(denialsInFull(given(context), supplying({ c: 0 }, { perspective: "holder" }))).toMatchObject([
      { code: "NOT_ALLOWED", asked: { c: 0 } },
    ]);
  });

  it("comes after the hours", () => {
    const windows = [{ days: ["su"], from: "00:00", to: "24:00", timeZone: "UTC" }] as const;
    expect(denialsInFull({ when: { windows, context: TIER } }, {})).toMatchObject([
      { code: "NOT_ALLOWED", allowed: windows },
    ]);
    expect(
      denials({ when: { windows, context: TIER } }, { now: Date.parse("2026-11-29T08:00Z") }),
    ).toHaveLength(1);
  });
});

describe("when.context, Rule B", () => {
  it.each<readonly [Context, Context]>([
    [TIER, TIER],
    [TIER, { tier: { range: { min: 3 } } }],
    [TIER, { tier: { oneOf: [2, 3] }, region: { equals: "eu" } }],
    [{ a: { any: true } }, { a: { equals: 1 } }],
    [
      { a: { any: true }, b: { maxLength: 2 } },
      { b: { maxLength: 1 }, a: { any: true } },
    ],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside(given(outer), given(inner))).toBe(true);
  });

  it.each<readonly [Context, Context, string]>([
    [TIER, { tier: { range: { min: 1 } } }, "tier"],
    [TIER, { tier: { any: true } }, "tier"],
    [TIER, { region: { equals: "eu" } }, "tier"],
    [{ a: { any: true }, b: { maxLength: 2 } }, { a: { any: true } }, "b"],
    [{ a: { any: true }, b: { maxLength: 2 } }, { b: { maxLength: 2 } }, "a"],
    [{ a: { equals: 1 }, b: { maxLength: 2 } }, { b: { maxLength: 3 }, a: { equals: 1 } }, "b"],
  ])("%j does not cover %j, at %s", (outer, inner, name) => {
    expect(violation(given(outer), given(inner))).toEqual(
      wider(
        "when",
        `/when/context/${name}`,
        inner[name] as JsonObject | undefined,
        outer[name] as JsonObject,
      ),
    );
  });

  it("is free to be stated where the parent states none, and stays where a child states none", () => {
    const windows = [{ days: ["mo"], from: "00:00", to: "24:00", timeZone: "UTC" }] as const;
    expect(isInside({}, given(TIER))).toBe(true);
    expect(isInside({ when: { windows } }, given(TIER))).toBe(true);
    expect(isInside(given(TIER), { when: { windows } })).toBe(true);
    expect(when.wider({ windows }, { windows, context: TIER })).toMatchObject({
      pointer: "/when/context/tier",
      allowed: TIER["tier"],
    });
  });

  it("is told after the hours", () => {
    const windows = [{ days: ["mo"], from: "00:00", to: "23:00", timeZone: "UTC" }] as const;
    const longer = [{ ...windows[0], to: "24:00" }] as const;
    expect(
      violation(
        { when: { windows, context: TIER } },
        { when: { windows: longer, context: { a: { any: true } } } },
      ),
    ).toMatchObject({ pointer: "/1/0/when/windows/0" });
  });

  // A condition is not named by what every object has.
  it("names its attributes itself", () => {
    expect(violation(given({ toString: ANY }), given(TIER))).toEqual(
      wider("when", "/when/context/toString", undefined, ANY as JsonObject),
    );
  });
});

describe("the form of conditions", () => {
  const form = (context: unknown): unknown => parseShape(when.shape, { context } as JsonObject, "/s");
  const many = (count: number): Context =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${String(index)}`, { any: true }]));

  it.each(["a", "A", "0", "_", "a.b", "a-b", "a_b", "Region", "a".repeat(64), "toString"])(
    "take the name %s",
    (name) => {
      expect(form({ [name]: { equals: 1 } })).toEqual({ context: { [name]: { equals: 1 } } });
    },
  );

  it.each(["", ".a", "-a", "a b", "a/b", "a~b", "ä", "a:b", "@a", "a".repeat(65)])(
    "refuse the name %j",
    (name) => {
      expect(refusalOf(() => form({ [name]: { equals: 1 } }))).toMatchObject({ code: "SCHEMA_INVALID" });
    },
  );

  it.each<readonly [unknown, string, string]>([
    [{}, "SCHEMA_INVALID", ""],
    [[], "SCHEMA_INVALID", ""],
    [many(65), "SCHEMA_INVALID", ""],
    [{ a: {} }, "SCHEMA_INVALID", "/a"],
    [{ a: "eu" }, "SCHEMA_INVALID", "/a"],
    [{ a: { regex: "." } }, "SCHEMA_INVALID", "/a/regex"],
    [{ a: { equals: 0.5 } }, "NUMBER_NOT_INTEGER", "/a/equals"],
    // Outside arguments there are no empty lists, and none that repeat an item.
    [{ a: { equals: [] } }, "ARRAY_EMPTY", "/a/equals"],
    [{ a: { equals: { "a@b": 1, "x:y": 1 } } }, "KEY_NOT_PLAIN", "/a/equals/x:y"],
    [{ a: { equals: null } }, "VALUE_NULL", "/a/equals"],
    [{ a: { equals: [{ b: null }] } }, "VALUE_NULL", "/a/equals/0/b"],
    [{ a: { equals: { "@id": 1 } } }, "KEY_NOT_PLAIN", "/a/equals/@id"],
    [{ a: { equals: { b: { "c:d": 1 } } } }, "KEY_NOT_PLAIN", "/a/equals/b/c:d"],
    [{ a: { equals: [1, 2, 1] } }, "DUPLICATE_ITEM", "/a/equals/2"],
    [{ a: { equals: { b: [{ c: [] }] } } }, "ARRAY_EMPTY", "/a/equals/b/0/c"],
    [{ a: { equals: [[1], [2, 2]] } }, "DUPLICATE_ITEM", "/a/equals/1/1"],
    // An attribute that may be absent would be no condition.
    [{ b: { any: true }, a: { equals: 1, optional: true } }, "SCHEMA_INVALID", "/a/optional"],
  ])("refuse %j: %s at %s", (context, code, place) => {
    expect(refusalOf(() => form(context))).toEqual({ code, pointer: `/s/context${place}` });
  });

  it.each([1, "a", { b: [1, 2], c: {} }, [[1], [2]], { b: { c: ["x"] } }])("may demand %j", (equals) => {
    expect(form({ a: { equals } })).toEqual({ context: { a: { equals } } });
  });

  it("are 64 at most", () => {
    expect(form(many(64))).toEqual({ context: many(64) });
  });
});
