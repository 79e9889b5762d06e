import { problemOf } from "../../errors/writ-error.js";
import { isJsonObject, type JsonValue } from "../../json/json-value.js";
import { joinPointer, parsePointer, valueAt } from "../../json/pointer.js";
import { map, refined, refuse, text, type Shape } from "../../schema/shape.js";
import {
  constraint,
  coversBelow,
  implies,
  inWords,
  isOpen,
  shown,
  unmet,
  type Constraint,
} from "../constraint.js";
import type { ActionRequest } from "../action-request.js";
import { excess, type Dimension, type DraftMaterial, type Excess } from "../dimension.js";
import { quoted } from "../quoted.js";

/** Constraints by JSON Pointer into the invocation's `args`. What is not named is not allowed. */
export type Args = Readonly<Record<string, Constraint>>;

/** A JSON Pointer into the arguments. */
export const argsPointer: Shape<string> = refined(
  text({ pattern: /^\//, maxLength: 512, what: "a JSON Pointer" }),
  (value, pointer) => {
    if (problemOf(() => parsePointer(value)) !== undefined) refuse(pointer, "must be a JSON Pointer");
  },
);

export const args: Dimension<Args> = {
  shape: map(argsPointer, constraint),
  wider(value, folded) {
    for (const [pointer, outer] of Object.entries(folded)) {
      const looser = looserAt(pointer, outer, value);
      if (looser !== undefined) return at(pointer, looser, value[pointer], outer);
    }
    const opened = Object.keys(value).find((pointer) => !isNamedOrBelowOpen(pointer, folded));
    if (opened === undefined) return undefined;
    return at(opened, "an argument that is not granted above", value[opened], undefined);
  },
  denies: (value, request) => unnamedArgument(value, request) ?? unmetArgument(value, request),
  describe: (value) => [
    ...Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([pointer, constraint]) =>
          `Argument ${quoted(pointer)}${constraint.optional === true ? ", where given" : ""}: ${inWords(constraint)}`,
      ),
    "No other arguments",
  ],
  draft: draftOf,
};

/** How the inner grant lets through at this pointer what the outer constraint does not. */
function looserAt(pointer: string, outer: Constraint, inner: Args): string | undefined {
  const own = inner[pointer];
  if (own !== undefined) {
    if (own.optional === true && outer.optional !== true) return "an argument that is required above";
    return implies(own, outer) ? undefined : "a constraint that is wider than the one above";
  }
  if (outer.optional !== true) return "an argument that is required above is not named";
  // Absent from the inner grant means absent from its invocations, unless a pointer above or below
  // this one lets a value in after all.
  if (isOpen(outer)) return undefined;
  const letIn = Object.entries(inner).some(
    ([other, constraint]) =>
      isBelow(other, pointer) || (isBelow(pointer, other) && mayBreak(constraint, other, pointer, outer)),
  );
  return letIn ? "an argument is let in without the constraint above" : undefined;
}

/** Whether what a constraint at `above` lets in may hold, at `pointer`, a value that breaks `outer`. */
function mayBreak(constraint: Constraint, above: string, pointer: string, outer: Constraint): boolean {
  if (constraint.equals === undefined) return isOpen(constraint);
  // What its own fellow members rule out lets nothing in.
  if (unmet(constraint, constraint.equals) !== undefined) return false;
  const inside = valueAt(constraint.equals, parsePointer(pointer.slice(above.length)));
  return inside !== undefined && unmet(outer, inside) !== undefined;
}

function isBelow(pointer: string, above: string): boolean {
  return pointer.startsWith(`${above}/`);
}

function isNamedOrBelowOpen(pointer: string, folded: Args): boolean {
  return (
    folded[pointer] !== undefined ||
    Object.entries(folded).some(([above, bound]) => isOpen(bound) && isBelow(pointer, above))
  );
}

function at(
  pointer: string,
  detail: string,
  asked: Constraint | undefined,
  allowed: Constraint | undefined,
): Excess {
  return excess(joinPointer("/args", pointer), detail, asked, allowed);
}

/** The closed world: each leaf is named, or lies below a pointer that covers what is below it. */
function unnamedArgument(value: Args, { invocation: { args = {} } }: ActionRequest): Excess | undefined {
  return unnamedBelow(args, "", value);
}

function unnamedBelow(node: JsonValue, pointer: string, named: Args): Excess | undefined {
  const constraint = named[pointer];
  if (constraint !== undefined && coversBelow(constraint)) return undefined;
  if (isJsonObject(node)) {
    const members = Object.entries(node);
    if (members.length > 0 || pointer === "") {
      for (const [name, member] of members) {
        const unnamed = unnamedBelow(member, exactPointer(pointer, name), named);
        if (unnamed !== undefined) return unnamed;
      }
      return undefined;
    }
  }
  if (constraint !== undefined) return undefined;
  return excess(`/args${pointer}`, "the argument is not named by the grant", shown(node), undefined);
}

/** The whole pointer; the one for messages cuts long names. */
function exactPointer(pointer: string, name: string): string {
  const token = /[~/]/.test(name) ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
  return `${pointer}/${token}`;
}

function unmetArgument(value: Args, { invocation: { args = {} } }: ActionRequest): Excess | undefined {
  for (const [pointer, constraint] of Object.entries(value)) {
    const argument = valueAt(args, parsePointer(pointer));
    const place = `/args${pointer}`;
    if (argument === undefined) {
      if (constraint.optional !== true)
        return excess(place, "a required argument is missing", undefined, constraint);
      continue;
    }
    const broken = unmet(constraint, argument);
    if (broken !== undefined) {
      return excess(place, `the argument breaks \`${broken}\``, shown(argument), constraint);
    }
  }
  return undefined;
}

/** The nearest to none that can be said: an empty text, where nobody expects it. */
const NO_ARGUMENTS: Args = { "/-": { maxLength: 0, optional: true } };

/** Exactly these arguments, by the pointers of the outer grant where it has any. */
function draftOf({ request, value, outer }: DraftMaterial<Args>): Args | undefined {
  const { args = {} } = request.invocation;
  const pointers = Object.keys(outer ?? {});
  const places = outer === undefined ? Object.keys(args).map((name) => exactPointer("", name)) : pointers;
  const exact = places.flatMap((pointer) => {
    const argument = valueAt(args, parsePointer(pointer));
    return argument === undefined ? [] : [[pointer, { equals: argument }] as const];
  });
  if (exact.length > 0) return Object.fromEntries(exact);
  return value ?? NO_ARGUMENTS;
}
