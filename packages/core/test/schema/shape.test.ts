import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { JsonValue } from "../../src/json/json-value.js";
import {
  integer,
  list,
  literal,
  map,
  object,
  oneOrMany,
  ordinaryJson,
  parseShape,
  text,
} from "../../src/schema/shape.js";

describe("a list", () => {
  const shape = list(ordinaryJson, 4);

  it.each<readonly [string, JsonValue]>([
    ["scalars of different types", [1, "1", true, "true"]],
    ["null and the text of it", [null, "null"]],
    [
      "objects that differ",
      [
        { id: "a", n: 1 },
        { id: "a", n: 2 },
      ],
    ],
    [
      "lists in another order",
      [
        [1, 2],
        [2, 1],
      ],
    ],
    ["an empty object and an empty list", [{}, []]],
  ])("takes %s", (_, value) => {
    expect(parseShape(shape, value)).toBe(value);
  });

  it.each<readonly [string, JsonValue, string, string]>([
    ["a text twice", ["a", "b", "a"], "DUPLICATE_ITEM", "/2"],
    ["a number twice", [1, 1], "DUPLICATE_ITEM", "/1"],
    ["null twice", [null, null], "DUPLICATE_ITEM", "/1"],
    [
      "an object twice",
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      "DUPLICATE_ITEM",
      "/1",
    ],
    [
      "an object with an id twice",
      [
        { id: "x", a: 1 },
        { a: 1, id: "x" },
      ],
      "DUPLICATE_ITEM",
      "/1",
    ],
    ["an object whose id is an object twice", [{ id: { a: 1 } }, { id: { a: 1 } }], "DUPLICATE_ITEM", "/1"],
    ["a list twice", [[1], [2], [1]], "DUPLICATE_ITEM", "/2"],
    ["a list with the same object twice", [{ id: "x" }, 1, { id: "x" }], "DUPLICATE_ITEM", "/2"],
    ["nothing", [], "ARRAY_EMPTY", ""],
    ["too many", [1, 2, 3, 4, 5], "TOO_MANY_ITEMS", ""],
    ["an object", { 0: 1 }, "SCHEMA_INVALID", ""],
    ["a fraction", [[0.5]], "NUMBER_NOT_INTEGER", "/0/0"],
  ])("refuses %s", (_, value, code, pointer) => {
    expect(refusalOf(() => parseShape(shape, value))).toEqual({ code, pointer });
  });
});

describe("an integer", () => {
  const shape = integer(-1, 5);

  it.each([-1, 0, 5])("takes %i", (value) => {
    expect(parseShape(shape, value)).toBe(value);
  });

  it.each<readonly [JsonValue, string]>([
    [-2, "SCHEMA_INVALID"],
    [6, "SCHEMA_INVALID"],
    [0.5, "NUMBER_NOT_INTEGER"],
    [2 ** 53, "NUMBER_NOT_INTEGER"],
    ["1", "SCHEMA_INVALID"],
    [true, "SCHEMA_INVALID"],
    [null, "SCHEMA_INVALID"],
  ])("refuses %j", (value, code) => {
    expect(refusalOf(() => parseShape(shape, value, "/at"))).toEqual({ code, pointer: "/at" });
  });
});

describe("a text", () => {
  const shape = text({ pattern: /^[a-zé]+$/, maxLength: 3, code: "DID_SYNTAX" });

  it.each(["a", "abc", "é"])("takes %j", (value) => {
    expect(parseShape(shape, value)).toBe(value);
  });

  it.each<readonly [JsonValue, string]>([
    ["", "SCHEMA_INVALID"],
    ["abcd", "SCHEMA_INVALID"],
    ["A", "DID_SYNTAX"],
    ["a\n", "CHAR_FORBIDDEN"],
    ["e\u0301", "NOT_NFC"],
    [["a"], "SCHEMA_INVALID"],
    [1, "SCHEMA_INVALID"],
  ])("refuses %j", (value, code) => {
    expect(refusalOf(() => parseShape(shape, value))).toEqual({ code, pointer: "" });
  });
});

describe("a map", () => {
  const shape = map(text({ pattern: /^\// }), literal(1), 2);

  it.each<readonly [JsonValue, string, string]>([
    [{}, "SCHEMA_INVALID", ""],
    [[1], "SCHEMA_INVALID", ""],
    [null, "SCHEMA_INVALID", ""],
    [{ "/a": 1, "/b": 1, "/c": 1 }, "SCHEMA_INVALID", ""],
    [{ a: 1 }, "SCHEMA_INVALID", "/a"],
    [{ "/a": 1, "/b": 2 }, "SCHEMA_INVALID", "/~1b"],
  ])("refuses %j", (value, code, pointer) => {
    expect(refusalOf(() => parseShape(shape, value))).toEqual({ code, pointer });
  });

  it("takes what fits", () => {
    expect(parseShape(shape, { "/a": 1, "/b": 1 })).toEqual({ "/a": 1, "/b": 1 });
  });
});

describe("an object, and one or many of them", () => {
  const shape = oneOrMany(object<{ a: number; b?: number }>({ a: integer(), b: integer() }, ["b"]), 2);

  it.each<JsonValue>([{ a: 1 }, { a: 1, b: 2 }, [{ a: 1 }], [{ a: 1 }, { a: 2 }]])("take %j", (value) => {
    expect(parseShape(shape, value)).toBe(value);
  });

  it.each<readonly [JsonValue, string, string]>([
    [{ b: 1 }, "SCHEMA_INVALID", "/a"],
    [{ a: 1, c: 1 }, "SCHEMA_INVALID", "/c"],
    [{ a: 1, toString: 1 }, "SCHEMA_INVALID", "/toString"],
    [[{ a: 1 }, { a: "2" }], "SCHEMA_INVALID", "/1/a"],
    [[{ a: 1 }, { a: 2 }, { a: 3 }], "TOO_MANY_ITEMS", ""],
    [[], "ARRAY_EMPTY", ""],
    [null, "SCHEMA_INVALID", ""],
    ["a", "SCHEMA_INVALID", ""],
  ])("refuse %j", (value, code, pointer) => {
    expect(refusalOf(() => parseShape(shape, value))).toEqual({ code, pointer });
  });
});
