import { canonicalize, sameJson } from "../json/canonicalize.js";
import type { JsonValue } from "../json/json-value.js";
import {
  integer,
  list,
  literal,
  object,
  ordinaryJson,
  refined,
  refuse,
  text,
  type Shape,
} from "../schema/shape.js";
import { coversResource, isPath, path } from "./resource.js";

type Scalar = string | number | boolean;

/** An interval of integers, both ends included; an absent end is open. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** What one argument must be. Several members all hold; values are compared by type, never coerced. */
export interface Constraint {
  /** Exactly this value, of any kind. */
  readonly equals?: JsonValue;
  /** One of these scalars. */
  readonly oneOf?: readonly Scalar[];
  readonly range?: Range;
  /** A text that begins so, without `/`, `\` and `%` in either; for paths there is `under`. */
  readonly prefix?: string;
  /** A path that this one covers, segment by segment, as resources do. */
  readonly under?: string;
  /** A text of at most so many code points. */
  readonly maxLength?: number;
  /** Whatever it is, with everything below it. */
  readonly any?: true;
  /** The argument may be absent; otherwise it must be there. */
  readonly optional?: true;
}

/** One kind of constraint: its form, when a value meets it, when one bound lies inside another. */
interface Kind<T> {
  readonly shape: Shape<T>;
  holds(bound: T, value: JsonValue): boolean;
  inside(bound: T, outer: T): boolean;
}

const scalar: Shape<Scalar> = refined(ordinaryJson as Shape<Scalar>, (value, pointer) => {
  if (!["string", "number", "boolean"].includes(typeof value)) refuse(pointer, "must be a scalar");
});

const range: Shape<Range> = refined(
  object<Range>({ min: integer(), max: integer() }, ["min", "max"]),
  ({ min, max }, pointer) => {
    if (min === undefined && max === undefined) refuse(pointer, "must have min or max");
    if (min !== undefined && max !== undefined && min > max) refuse(pointer, "min is above max");
  },
);

const within = (value: number, { min = -Infinity, max = Infinity }: Range): boolean =>
  value >= min && value <= max;

/** A prefix says nothing of a path, whose beginning does not tell where it ends. */
const NOT_PATH = /^[^/\\%]+$/;

type Kinds = {
  readonly [K in keyof Omit<Constraint, "optional">]-?: Kind<Exclude<Constraint[K], undefined>>;
};

const KINDS: Kinds = {
  equals: { shape: ordinaryJson, holds: sameJson, inside: sameJson },
  oneOf: {
    shape: list(scalar),
    holds: (bound, value) => bound.some((item) => item === value),
    inside: (bound, outer) => bound.every((item) => outer.includes(item)),
  },
  range: {
    shape: range,
    holds: (bound, value) => Number.isSafeInteger(value) && within(value as number, bound),
    inside: ({ min = -Infinity, max = Infinity }, outer) => within(min, outer) && within(max, outer),
  },
  prefix: {
    shape: text({ pattern: NOT_PATH, what: "a text without / \\ %" }),
    holds: (bound, value) => typeof value === "string" && value.startsWith(bound) && NOT_PATH.test(value),
    inside: (bound, outer) => bound.startsWith(outer),
  },
  under: {
    shape: path,
    holds: (bound, value) => typeof value === "string" && isPath(value) && coversResource(bound, value),
    inside: (bound, outer) => coversResource(outer, bound),
  },
  maxLength: {
    shape: integer(0, 1_000_000),
    holds: (bound, value) => typeof value === "string" && [...value].length <= bound,
    inside: (bound, outer) => bound <= outer,
  },
  any: { shape: literal(true), holds: () => true, inside: () => true },
};

const KIND_NAMES = Object.keys(KINDS) as (keyof Kinds)[];

/** The shape of a {@link Constraint}. */
export const constraint: Shape<Constraint> = refined(
  object<Constraint>(
    {
      ...(Object.fromEntries(KIND_NAMES.map((name) => [name, KINDS[name].shape])) as {
        readonly [K in keyof Kinds]: Kinds[K]["shape"];
      }),
      optional: literal(true),
    },
    [...KIND_NAMES, "optional"],
  ),
  (value, pointer) => {
    if (!KIND_NAMES.some((name) => value[name] !== undefined)) refuse(pointer, "must constrain something");
  },
);

function kindOf(name: keyof Kinds): Kind<unknown> {
  return KINDS[name];
}

/** The first member of the constraint that the value does not meet. */
export function unmet(constraint: Constraint, value: JsonValue): keyof Constraint | undefined {
  return KIND_NAMES.find((name) => {
    const bound = constraint[name];
    return bound !== undefined && !kindOf(name).holds(bound, value);
  });
}

/**
 * Whether every value that meets `inner` meets `outer`. Sound; a true implication between different
 * kinds may be missed unless `inner` lists its values.
 */
export function implies(inner: Constraint, outer: Constraint): boolean {
  const values = inner.equals === undefined ? inner.oneOf : [inner.equals];
  return KIND_NAMES.every((name) => {
    const bound = outer[name];
    if (bound === undefined || name === "any") return true;
    const own = inner[name];
    if (own !== undefined && kindOf(name).inside(own, bound)) return true;
    return values?.every((value) => kindOf(name).holds(bound, value)) === true;
  });
}

/** Whether the constraint also speaks for everything below its pointer. */
export function coversBelow({ any, equals }: Constraint): boolean {
  return any === true || equals !== undefined;
}

/** Whether the constraint leaves its value entirely open. */
export function isOpen(constraint: Constraint): boolean {
  return KIND_NAMES.every((name) => name === "any" || constraint[name] === undefined);
}

/** A value for a message: the value itself while it is small. */
export function shown(value: JsonValue): JsonValue {
  return canonicalize(value).length <= 256 ? value : "(too long to show)";
}
