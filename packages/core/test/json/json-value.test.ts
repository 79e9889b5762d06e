import { describe, expect, it } from "vitest";

import { deepFreeze, isJsonArray, isJsonObject, omit } from "../../src/json/json-value.js";

describe("deepFreeze", () => {
  it("freezes all that a value holds", () => {
    const value = { a: [{ b: {} }], c: null, d: "text" };
    expect(deepFreeze(value)).toBe(value);
    const places = [value, value.a, value.a[0], value.a[0]?.b];
    expect(places.map((place) => Object.isFrozen(place))).toEqual([true, true, true, true]);
  });

  it("ends where something is frozen, even where it holds itself", () => {
    const value: { self?: object } = {};
    value.self = value;
    expect(Object.isFrozen(deepFreeze(value))).toBe(true);
  });
});

describe("the kinds of JSON values", () => {
  it.each([
    [{}, true, false],
    [[], false, true],
    [null, false, false],
    ["a", false, false],
    [undefined, false, false],
  ])("of %j", (value, object, array) => {
    expect([isJsonObject(value), isJsonArray(value)]).toEqual([object, array]);
  });

  it("lose one member in a copy", () => {
    const value = { a: 1, b: 2 };
    expect([omit(value, "a"), omit(value, "c"), value]).toEqual([{ b: 2 }, { a: 1, b: 2 }, { a: 1, b: 2 }]);
  });
});
