import { canonicalize, sameJson } from "../json/canonicalize.js";
import { isJsonArray, type JsonValue } from "../json/json-value.js";
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
import { quoted } from "./quoted.js";
import { coversResource, isPath, path } from "./resource.js";

export type Scalar = string | number | boolean;

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
  /** Whether a value is of a type that the bound speaks of. */
  readonly ofType: (bound: T, value: JsonValue) => boolean;
  readonly holds: (bound: T, value: JsonValue) => boolean;
  /** Whether one bound lies inside another, where that is not told by the values that it lists. */
  readonly inside?: (bound: T, outer: T) => boolean;
  /** What the bound says of a value, in English. */
  readonly inWords: (bound: T) => string;
}

const scalar: Shape<Scalar> = refined(ordinaryJson as Shape<Scalar>, (value, pointer) => {
  if (!["string", "number", "boolean"].includes(typeof value)) refuse(pointer, "must be a scalar");
});

const range: Shape<Range> = refined(
  object<Range>({ min: integer(), max: integer() }, ["min", "max"]),
  ({ min, max }, pointer) => {
    if (min === undefined && max === undefined) refuse(pointer, "must have min or max");
    if ((min ?? -Infinity) > (max ?? Infinity)) refuse(pointer, "min is above max");
  },
);

const within = (value: number, { min = -Infinity, max = Infinity }: Range): boolean =>
  value >= min && value <= max;

function rangeInWords({ min, max }: Range): string {
  if (min === undefined) return `an integer of at most ${String(max)}`;
  return max === undefined
    ? `an integer of at least ${String(min)}`
    : `an integer from ${String(min)} to ${String(max)}`;
}

/** A prefix says nothing of a path, whose beginning does not tell where it ends. */
const NOT_PATH = /^[^/\\%]+$/;

function isText(_bound: unknown, value: JsonValue): boolean {
  return typeof value === "string";
}

function sameType(a: JsonValue, b: JsonValue): boolean {
  return typeof a === typeof b && isJsonArray(a) === isJsonArray(b) && (a === null) === (b === null);
}

type Kinds = {
  readonly [K in keyof Omit<Constraint, "optional">]-?: Kind<Exclude<Constraint[K], undefined>>;
};

const KINDS: Kinds = {
  equals: {
    shape: ordinaryJson,
    ofType: sameType,
    holds: sameJson,
    inWords: (bound) => `exactly ${quoted(bound)}`,
  },
  oneOf: {
    shape: list(scalar),
    ofType: (bound, value) => bound.some((item) => sameType(item, value)),
    holds: (bound, value) => bound.some((item) => item === value),
    inWords: (bound) => `one of ${bound.map(quoted).join(", ")}`,
  },
  range: {
    shape: range,
    ofType: (_, value) => Number.isSafeInteger(value),
    holds: (bound, value) => Number.isSafeInteger(value) && within(value as number, bound),
    inside: ({ min = -Infinity, max = Infinity }, outer) => within(min, outer) && within(max, outer),
    inWords: rangeInWords,
  },
  prefix: {
    shape: text({ pattern: NOT_PATH, what: "a text without / \\ %" }),
    ofType: isText,
    holds: (bound, value) => typeof value === "string" && value.startsWith(bound) && NOT_PATH.test(value),
    inside: (bound, outer) => bound.startsWith(outer),
    inWords: (bound) => `a text that begins with ${quoted(bound)}, without / \\ %`,
  },
  under: {
    shape: path,
    ofType: isText,
    holds: (bound, value) => typeof value === "string" && isPath(value) && coversResource(bound, value),
    inside: (bound, outer) => coversResource(outer, bound),
    inWords: (bound) => `the path ${quoted(bound)}${bound.endsWith("/") ? ", or one below it" : ""}`,
  },
  maxLength: {
    shape: integer(0, 1_000_000),
    ofType: isText,
    // There are never more code points than code units, which cost nothing to count.
    holds: (bound, value) =>
      typeof value === "string" && (value.length <= bound || [...value].length <= bound),
    inside: (bound, outer) => bound <= outer,
    inWords: (bound) => `a text of at most ${String(bound)} code points`,
  },
  any: {
    shape: literal(true),
    ofType: () => true,
    holds: () => true,
    inWords: () => "anything, with all that is in it",
  },
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

/** A member of a constraint as its kind; `optional` is none. */
function kindOf(member: string): Kind<unknown> | undefined {
  return (KINDS as Readonly<Record<string, Kind<unknown>>>)[member];
}

/** The first member of the constraint that the value does not meet. */
export function unmet(constraint: Constraint, value: JsonValue): string | undefined {
  return Object.keys(constraint).find(
    (member) => kindOf(member)?.holds(boundOf(constraint, member), value) === false,
  );
}

/**
 * Whether every value that meets `inner` meets `outer`. Sound; a true implication between different
 * kinds may be missed unless `inner` lists its values.
 */
export function implies(inner: Constraint, outer: Constraint): boolean {
  return Object.keys(outer).every((member) => {
    const kind = kindOf(member);
    if (kind === undefined || member === "any") return true;
    const [bound, own] = [boundOf(outer, member), boundOf(inner, member)];
    return (
      (own !== undefined && kind.inside?.(own, bound) === true) ||
      (inner.equals !== undefined && kind.holds(bound, inner.equals)) ||
      inner.oneOf?.every((value) => kind.holds(bound, value)) === true
    );
  });
}

/** Whether a value is of a type that each member of the constraint speaks of. */
export function isOfType(constraint: Constraint, value: JsonValue): boolean {
  return Object.keys(constraint).every(
    (member) => kindOf(member)?.ofType(boundOf(constraint, member), value) !== false,
  );
}

function boundOf(constraint: Constraint, member: string): unknown {
  return constraint[member as keyof Constraint];
}

/** Whether the constraint also speaks for everything below its pointer. */
export function coversBelow({ any, equals }: Constraint): boolean {
  return any === true || equals !== undefined;
}

/** Whether the constraint leaves its value entirely open. */
export function isOpen(constraint: Constraint): boolean {
  return KIND_NAMES.every((name) => name === "any" || constraint[name] === undefined);
}

/** What a value must be, in English; whether it may be absent is not said. */
export function inWords(constraint: Constraint): string {
  return KIND_NAMES.flatMap((name) => {
    const bound = boundOf(constraint, name);
    return bound === undefined ? [] : [kindOf(name)?.inWords(bound)];
  }).join(", and ");
}

/** A value for a message: the value itself while it is small. */
export function shown(value: JsonValue): JsonValue {
  return canonicalize(value).length <= 256 ? value : "(too long to show)";
}
