import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../json/json-value.js";
import { joinPointer } from "../../json/pointer.js";
import { choice, list, map, object, refined, refuse, text, type Shape } from "../../schema/shape.js";
import type { ActionRequest } from "../action-request.js";
import { constraint, implies, inWords, isOfType, shown, unmet, type Constraint } from "../constraint.js";
import { excess, type Dimension, type DraftMaterial, type Excess } from "../dimension.js";
import { DAYS, isTimeZone, localTime, type Day } from "../local-time.js";

/** Hours of some days of the week, by the clocks of a time zone. */
export interface Window {
  readonly days: readonly Day[];
  /** `HH:MM`, included. */
  readonly from: string;
  /** `HH:MM`, not included; `24:00` is the end of the day. */
  readonly to: string;
  /** An IANA name. */
  readonly timeZone: string;
}

/** Constraints by the name of an attribute that the service supplies. */
export type ContextConditions = Readonly<Record<string, Constraint>>;

/** When a grant holds. */
export interface Conditions {
  /** In any of these. */
  readonly windows?: readonly Window[];
  /** All of these. */
  readonly context?: ContextConditions;
}

const MAX_WINDOWS = 32;

const timeZone: Shape<string> = refined(text({ maxLength: 64, what: "a time zone" }), (value, pointer) => {
  if (!isTimeZone(value)) refuse(pointer, "not an IANA time zone that is known here");
});

const window: Shape<Window> = refined(
  object<Window>({
    days: list(choice(...DAYS)),
    from: text({ pattern: /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, what: "a time of day, HH:MM" }),
    to: text({ pattern: /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, what: "a time of day, HH:MM" }),
    timeZone,
  }),
  ({ from, to }, pointer) => {
    if (from >= to) refuse(`${pointer}/to`, "must be after from; a night is two windows");
  },
);

const attributeName = text({ pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, what: "an attribute's name" });

/** JSON as the strict profile has it outside arguments: no null, no keyword or IRI, no empty list or repeated item. */
const plainJson: Shape<JsonValue> = {
  check(value, pointer) {
    if (value === null) refuse(pointer, "null is not allowed here", "VALUE_NULL");
    if (isJsonArray(value)) list(plainJson).check(value, pointer);
    if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        const place = joinPointer(pointer, name);
        if (/^@|:/.test(name)) refuse(place, "a member name must be a plain term", "KEY_NOT_PLAIN");
        plainJson.check(member, place);
      }
    }
  },
  jsonSchema: {},
};

/** An attribute that may be absent would be no condition. */
const condition: Shape<Constraint> = refined(constraint, ({ optional, equals }, pointer) => {
  if (optional !== undefined) refuse(`${pointer}/optional`, "a condition cannot be optional");
  if (equals !== undefined) plainJson.check(equals, `${pointer}/equals`);
});

/** The value of that name, and nothing that every object has. */
function named<T>(attributes: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

export const when: Dimension<Conditions> = {
  shape: refined(
    object<Conditions>({ windows: list(window, MAX_WINDOWS), context: map(attributeName, condition) }, [
      "windows",
      "context",
    ]),
    ({ windows, context }, pointer) => {
      if (windows === undefined && context === undefined) refuse(pointer, "must have windows or context");
    },
  ),
  fold: (folded, written) => ({ ...folded, ...written }),
  wider: (value, folded) => widerWindow(value, folded) ?? widerContext(value, folded),
  denies: (value, request) => outsideWindows(value, request) ?? unmetContext(value, request),
  describe: ({ windows, context = {} }) => [
    ...(windows === undefined ? [] : [`Only on ${windows.map(hoursOf).join("; or on ")}`]),
    ...Object.entries(context)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bound]) => `Only where ${name} is ${inWords(bound)}`),
  ],
  draft: draftOf,
};

function hoursOf({ days, from, to, timeZone }: Window): string {
  return `${days.join(", ")} from ${from} until ${to} in ${timeZone}`;
}

/** Times of one form compare as texts. */
function liesIn(inner: Window, outer: Window): boolean {
  return (
    inner.timeZone === outer.timeZone &&
    inner.from >= outer.from &&
    inner.to <= outer.to &&
    inner.days.every((day) => outer.days.includes(day))
  );
}

function widerWindow({ windows = [] }: Conditions, folded: Conditions): Excess | undefined {
  const above = folded.windows;
  if (above === undefined) return undefined;
  const index = windows.findIndex((inner) => !above.some((outer) => liesIn(inner, outer)));
  if (index < 0) return undefined;
  return excess(
    `/when/windows/${String(index)}`,
    "lies in no window that is granted above",
    windows[index],
    above,
  );
}

function widerContext({ context }: Conditions, folded: Conditions): Excess | undefined {
  for (const [name, outer] of Object.entries(folded.context ?? {})) {
    const own = named(context, name);
    if (own !== undefined && implies(own, outer)) continue;
    return excess(`/when/context/${name}`, "must be a condition no wider than the one above", own, outer);
  }
  return undefined;
}

/** `HH:MM` of a minute of the day. */
function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function contains({ days, from, to, timeZone: zone }: Window, instant: number): boolean {
  const local = localTime(zone, instant);
  if (local === undefined || !days.includes(local.day)) return false;
  const time = clockTime(local.minute);
  return from <= time && time < to;
}

function outsideWindows({ windows }: Conditions, { facts: { now } }: ActionRequest): Excess | undefined {
  if (windows === undefined || windows.some((each) => contains(each, now))) return undefined;
  const asked = new Date(now).toISOString();
  return excess("", "outside the hours of the grant", asked, windows);
}

function unmetContext({ context }: Conditions, { facts, perspective }: ActionRequest): Excess | undefined {
  for (const [name, bound] of Object.entries(context ?? {})) {
    const value = named(facts.context, name);
    if (value === undefined && perspective === "holder") continue;
    const fault = unmetCondition(name, bound, value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What is missing or of another type could not be told from what would break the condition. */
function unmetCondition(name: string, bound: Constraint, value: JsonValue | undefined): Excess | undefined {
  const isTold = value !== undefined && isOfType(bound, value);
  const broken = isTold ? unmet(bound, value) : undefined;
  if (isTold && broken === undefined) return undefined;
  const asked = value === undefined ? undefined : { [name]: shown(value) };
  if (isTold) return excess("", `${name} breaks \`${String(broken)}\``, asked, { [name]: bound });
  const detail = `${name} is not supplied, or of another type than its condition`;
  return excess("", detail, asked, { [name]: bound }, "CONTEXT_UNAVAILABLE");
}

/** The minute in which it was asked, and the attributes as they were, where they stood in the way. */
function draftOf({ request, value, outer }: DraftMaterial<Conditions>): Conditions | undefined {
  if (value === undefined) return undefined;
  const { context, windows } = value;
  const { facts } = request;
  const [first] = outer?.windows?.filter((each) => contains(each, facts.now)) ?? windows ?? [];
  const outside = first !== undefined && outsideWindows(value, request) !== undefined;
  return {
    ...(windows === undefined ? {} : { windows: outside ? [minuteOf(first, facts.now)] : windows }),
    ...(context === undefined ? {} : { context: mended(context, facts.context) }),
  };
}

/** The minute of the week at an instant, by the clocks of a window's zone. */
function minuteOf(window: Window, instant: number): Window {
  const local = localTime(window.timeZone, instant);
  if (local === undefined) return window;
  const [from, to] = [clockTime(local.minute), clockTime(local.minute + 1)];
  return { days: [local.day], from, to, timeZone: window.timeZone };
}

/** Conditions with the values that broke them. What could not be told stays asked for. */
function mended(context: ContextConditions, supplied: JsonObject | undefined): ContextConditions {
  return Object.fromEntries(
    Object.entries(context).map(([name, bound]) => {
      const value = named(supplied, name);
      const fault = unmetCondition(name, bound, value);
      const breaks = value !== undefined && fault !== undefined && fault.code === undefined;
      return [name, breaks ? { equals: value } : bound];
    }),
  );
}
