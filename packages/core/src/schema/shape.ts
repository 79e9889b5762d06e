import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";

/**
 * The form of a JSON value: one definition from which both the check and the published JSON Schema
 * come, so that they cannot differ. Objects are closed: an unknown member is refused.
 */
export interface Shape<T> {
  /** Refuses a value that is not of this form, with a pointer to the place. */
  check(value: JsonValue, pointer: string): void;
  /** JSON Schema 2020-12. It may say less than `check` where the schema language cannot. */
  readonly jsonSchema: JsonObject;
  /** Carries the type of a checked value; never set. */
  readonly type?: T;
}

/** The value as the type of its shape. */
export function parseShape<T>(shape: Shape<T>, value: JsonValue, pointer = ""): T {
  shape.check(value, pointer);
  return value as T;
}

/** Refuses a value at a place; `SCHEMA_INVALID` unless another code is given. */
export function refuse(pointer: string, detail: string, code: ErrorCode = "SCHEMA_INVALID"): never {
  throw new WritError(code, detail, { pointer });
}

/** Exactly this value. */
export function literal<const T extends string | number | boolean>(expected: T): Shape<T> {
  return {
    check(value, pointer) {
      if (value !== expected) refuse(pointer, `must be ${JSON.stringify(expected)}`);
    },
    jsonSchema: { const: expected },
  };
}

/** One of these texts. */
export function choice<const T extends string>(...expected: readonly T[]): Shape<T> {
  return {
    check(value, pointer) {
      if (!expected.includes(value as T)) refuse(pointer, `must be one of ${expected.join(", ")}`);
    },
    jsonSchema: { enum: expected },
  };
}

/** Exactly this list, in this order. */
export function exactList<const T extends readonly string[]>(
  expected: T,
  code: ErrorCode = "SCHEMA_INVALID",
): Shape<T> {
  return {
    check(value, pointer) {
      const same =
        isJsonArray(value) &&
        value.length === expected.length &&
        expected.every((item, index) => value[index] === item);
      if (!same) refuse(pointer, `must be exactly ${JSON.stringify(expected)}`, code);
    },
    jsonSchema: { const: expected },
  };
}

/** Controls, format characters, separators of lines, and what shows nothing: they hide what a text says. */
export const DECEPTIVE_CHARACTERS: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** The form of a text; lengths in UTF-16 code units. */
export interface TextForm {
  readonly pattern?: RegExp;
  readonly maxLength?: number;
  /** What the text is, for the message. */
  readonly what?: string;
  /** The code for a text that does not match; `SCHEMA_INVALID` unless given. */
  readonly code?: ErrorCode;
}

/** A text without characters that deceive, in normalisation form C. Not empty. */
export function text({ pattern, maxLength = 256, what = "a text", code }: TextForm = {}): Shape<string> {
  return {
    check(value, pointer) {
      if (typeof value !== "string" || value === "") return refuse(pointer, `must be ${what}`);
      if (value.length > maxLength) refuse(pointer, `longer than ${String(maxLength)} characters`);
      if (DECEPTIVE_CHARACTERS.test(value)) refuse(pointer, "a deceptive character", "CHAR_FORBIDDEN");
      if (value.normalize("NFC") !== value) refuse(pointer, "must be in normalisation form C", "NOT_NFC");
      if (pattern?.test(value) === false) refuse(pointer, `must be ${what}`, code);
    },
    jsonSchema: {
      type: "string",
      minLength: 1,
      maxLength,
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
    },
  };
}

/** An integer between bounds, both included. */
export function integer(
  minimum: number = Number.MIN_SAFE_INTEGER,
  maximum: number = Number.MAX_SAFE_INTEGER,
): Shape<number> {
  return {
    check(value, pointer) {
      if (typeof value !== "number") return refuse(pointer, "must be an integer");
      if (!Number.isSafeInteger(value)) refuse(pointer, "must be an integer", "NUMBER_NOT_INTEGER");
      if (value < minimum || value > maximum) {
        refuse(pointer, `must be from ${String(minimum)} to ${String(maximum)}`);
      }
    },
    jsonSchema: { type: "integer", minimum, maximum },
  };
}

/** A list with one item at least. Items may repeat, as the parts of a path do. */
export function sequence<T>(item: Shape<T>, maxItems = 256): Shape<readonly T[]> {
  return {
    check(value, pointer) {
      if (!isJsonArray(value)) return refuse(pointer, "must be an array");
      if (value.length === 0) refuse(pointer, "must not be empty", "ARRAY_EMPTY");
      if (value.length > maxItems) refuse(pointer, `more than ${String(maxItems)} items`, "TOO_MANY_ITEMS");
      value.forEach((entry, index) => {
        item.check(entry, joinPointer(pointer, index));
      });
    },
    jsonSchema: { type: "array", items: item.jsonSchema, minItems: 1, maxItems },
  };
}

/** A list of different items, with one at least. */
export function list<T>(item: Shape<T>, maxItems = 256): Shape<readonly T[]> {
  const items = sequence(item, maxItems);
  return {
    check(value, pointer) {
      items.check(value, pointer);
      if (isJsonArray(value)) assertDistinct(value, pointer);
    },
    jsonSchema: { ...items.jsonSchema, uniqueItems: true },
  };
}

/** Refuses an array that holds the same value twice. */
function assertDistinct(items: readonly JsonValue[], pointer: string): void {
  if (items.length < 2) return;
  const marks = new Map<JsonValue, number>();
  for (const item of items) marks.set(markOf(item), (marks.get(markOf(item)) ?? 0) + 1);
  const seen = new Set<string>();
  items.forEach((item, index) => {
    // Only what has its mark in common with another is compared whole.
    if (marks.get(markOf(item)) === 1) return;
    const form = canonicalize(item);
    if (seen.has(form)) refuse(joinPointer(pointer, index), "the same item occurs twice", "DUPLICATE_ITEM");
    seen.add(form);
  });
}

/** Values with different marks are different: a scalar is its own, an object's is the text of its id. */
function markOf(item: JsonValue): JsonValue {
  if (typeof item !== "object") return item;
  const id = isJsonObject(item) ? item["id"] : undefined;
  return typeof id === "string" ? id : null;
}

/** A map from texts of one form to values of one form, with one entry at least. */
export function map<T>(
  key: Shape<string>,
  entry: Shape<T>,
  maxEntries = 64,
): Shape<Readonly<Record<string, T>>> {
  return {
    check(value, pointer) {
      if (!isJsonObject(value)) return refuse(pointer, "must be an object");
      const entries = Object.entries(value);
      if (entries.length === 0) refuse(pointer, "must not be empty");
      if (entries.length > maxEntries) refuse(pointer, `more than ${String(maxEntries)} members`);
      for (const [name, member] of entries) {
        key.check(name, joinPointer(pointer, name));
        entry.check(member, joinPointer(pointer, name));
      }
    },
    jsonSchema: {
      type: "object",
      propertyNames: key.jsonSchema,
      additionalProperties: entry.jsonSchema,
      minProperties: 1,
      maxProperties: maxEntries,
    },
  };
}

/** The shape of each member of an object. */
export type Members<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
/** The members that may not be absent. */
export type RequiredKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];

/** A closed object; `optional` names the members that may be absent. */
export function object<T extends object>(
  members: Members<T>,
  optional: readonly Exclude<keyof T & string, RequiredKeys<T>>[] = [],
): Shape<T> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries<Shape<unknown>>(members));
  const absentable: ReadonlySet<string> = new Set(optional);
  const required = [...shapes.keys()].filter((name) => !absentable.has(name));
  return {
    check(value, pointer) {
      if (!isJsonObject(value)) return refuse(pointer, "must be an object");
      for (const [name, member] of Object.entries(value)) {
        const shape = shapes.get(name) ?? refuse(joinPointer(pointer, name), "unknown member");
        shape.check(member, joinPointer(pointer, name));
      }
      for (const name of required) {
        if (!Object.hasOwn(value, name)) refuse(joinPointer(pointer, name), "missing");
      }
    },
    jsonSchema: {
      type: "object",
      properties: Object.fromEntries([...shapes].map(([name, shape]) => [name, shape.jsonSchema])),
      required,
      additionalProperties: false,
    },
  };
}

/** One value, or a list of such values: of different ones, unless another list is given. */
export function oneOrMany<T>(
  item: Shape<T>,
  maxItems: number,
  many: Shape<readonly T[]> = list(item, maxItems),
): Shape<T | readonly T[]> {
  return {
    check(value, pointer) {
      (isJsonArray(value) ? many : item).check(value, pointer);
    },
    jsonSchema: { anyOf: [item.jsonSchema, many.jsonSchema] },
  };
}

/** Any JSON value whose numbers are integers: the inside of an invocation's `args`. */
export const ordinaryJson: Shape<JsonValue> = {
  check(value, pointer) {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      refuse(pointer, "fractions are given as strings", "NUMBER_NOT_INTEGER");
    } else if (isJsonArray(value)) {
      value.forEach((item, index) => {
        ordinaryJson.check(item, joinPointer(pointer, index));
      });
    } else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        ordinaryJson.check(member, joinPointer(pointer, name));
      }
    }
  },
  jsonSchema: {},
};

/** A shape with a further rule that the schema language cannot state. */
export function refined<T>(shape: Shape<T>, rule: (value: T, pointer: string) => void): Shape<T> {
  return {
    check(value, pointer) {
      shape.check(value, pointer);
      rule(value as T, pointer);
    },
    jsonSchema: shape.jsonSchema,
  };
}
