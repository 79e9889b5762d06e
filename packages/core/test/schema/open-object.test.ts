import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { JsonValue } from "../../src/json/json-value.js";
import { openObject } from "../../src/schema/open-object.js";
import { integer, parseShape, text } from "../../src/schema/shape.js";

const shape = openObject<{ a: number; "b/c"?: string }>({ a: integer(), "b/c": text() }, ["b/c"]);

describe("an open object", () => {
  it.each<JsonValue>([{ a: 1 }, { a: 1, "b/c": "x" }, { a: 1, other: [null] }])("takes %j", (value) => {
    expect(parseShape(shape, value)).toBe(value);
  });

  it.each<readonly [JsonValue, string]>([
    [{}, "/at/a"],
    [{ "b/c": "x" }, "/at/a"],
    [{ a: "1" }, "/at/a"],
    [{ a: null }, "/at/a"],
    [{ a: 1, "b/c": 1 }, "/at/b~1c"],
    [[1], "/at"],
    [null, "/at"],
    ["a", "/at"],
    [1, "/at"],
  ])("refuses %j", (value, pointer) => {
    expect(refusalOf(() => parseShape(shape, value, "/at"))).toEqual({ code: "SCHEMA_INVALID", pointer });
  });

  it("asks for members of its own, not for inherited ones", () => {
    const named = openObject<{ toString: string }>({ toString: text() });
    const open = openObject<{ toString?: string }>({ toString: text() }, ["toString" as never]);
    const refusal = { code: "SCHEMA_INVALID", pointer: "/toString" };
    expect(refusalOf(() => parseShape(named, {}))).toEqual(refusal);
    expect(parseShape(open, {})).toEqual({});
  });

  it("is published as an open schema", () => {
    expect(shape.jsonSchema).toMatchObject({ type: "object", required: ["a"] });
    expect(shape.jsonSchema).not.toHaveProperty("additionalProperties");
    expect(Object.keys(shape.jsonSchema["properties"] as object)).toEqual(["a", "b/c"]);
  });
});
