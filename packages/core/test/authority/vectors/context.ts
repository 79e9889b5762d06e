import type { JsonObject, JsonValue } from "@writ/core";

import { allow, answers, by, deny, wider, type Asking, type Vector } from "./vector.js";

const when = (context: object) => ({ when: { context } });
const PROD = { environment: { oneOf: ["prod"] } };
const CALM = { riskScore: { range: { max: 40 } } };

const held = (context: JsonObject): Asking => allow({ facts: { context } });
const denied = (context: JsonObject, ...links: readonly number[]): Asking =>
  deny(
    (links.length === 0 ? [0] : links).map((link) => by("when", "", link)),
    { facts: { context } },
  );
/** The attribute is missing, or of another type. */
const unavailable = (context: JsonObject, ...links: readonly number[]): Asking =>
  deny(
    (links.length === 0 ? [0] : links).map((link) => by("when", "", link, "CONTEXT_UNAVAILABLE")),
    { facts: { context } },
  );

type Values = readonly JsonValue[];

/** Each kind of constraint: values of the attribute `x` that hold, that break it, and of another type. */
const KINDS: readonly (readonly [string, string, object, Values, Values, Values])[] = [
  ["equals", "equals", { equals: "prod" }, ["prod"], ["test", ""], [1, true, null, ["prod"], {}]],
  [
    "equals-object",
    "equals an object",
    { equals: { tier: 1 } },
    [{ tier: 1 }],
    [{ tier: 2 }, {}],
    ["1", 1, null, [1]],
  ],
  ["one-of", "oneOf", { oneOf: ["prod", "stage"] }, ["stage"], ["test"], [1, null, ["prod"]]],
  ["one-of-types", "oneOf of two types", { oneOf: ["prod", 1] }, ["prod", 1], ["test", 2], [true, null]],
  ["range", "range", { range: { min: 0, max: 40 } }, [0, 40], [-1, 41], ["40", null, true, [40]]],
  ["prefix", "prefix", { prefix: "eu-" }, ["eu-1"], ["us-1", "eu-/1"], [1, null]],
  ["under", "under", { under: "eu/" }, ["eu/1"], ["us/1", "eu/../us"], [1, null]],
  ["max-length", "maxLength", { maxLength: 2 }, ["eu"], ["eur"], [12, null, ["eu"]]],
  ["any", "any: the attribute must be there", { any: true }, ["eu", null, [], 0, false], [], []],
  ["several", "several constraints", { prefix: "eu-", maxLength: 4 }, ["eu-1"], ["eu-11", "us-1"], [1]],
];

const kinds = KINDS.map(([name, what, constraint, holds, breaks, otherTypes]) =>
  answers(
    `context-${name}`,
    `HOSTILE 228: ${what}; another type is not known, rather than denied.`,
    [when({ x: constraint })],
    ...holds.map((x) => held({ x })),
    ...breaks.map((x) => denied({ x })),
    ...otherTypes.map((x) => unavailable({ x })),
  ),
);

const WEEKDAYS = ["mo", "tu", "we", "th", "fr"];
const WINDOWS = { windows: [{ days: WEEKDAYS, from: "08:00", to: "18:00", timeZone: "UTC" }] };

const outside = (name: string, what: string, outer: object, inner: object, attribute: string): Vector =>
  wider(`context-wider-${name}`, what, "when", [when(outer), when(inner)], `/when/context/${attribute}`);

const rules: readonly Vector[] = [
  answers(
    "context-missing",
    "HOSTILE 228: a named attribute that the service does not supply.",
    [when({ ...PROD, ...CALM })],
    held({ environment: "prod", riskScore: 40 }),
    deny(by("when", "", 0, "CONTEXT_UNAVAILABLE")),
    unavailable({}),
    unavailable({ environment: "prod" }),
    unavailable({ riskScore: 40 }),
    denied({ environment: "prod", riskScore: 41 }),
    denied({ environment: "test", riskScore: 40 }),
  ),
  answers(
    "context-open",
    "Attributes that no condition names are free.",
    [when(PROD)],
    held({ environment: "prod", riskScore: 99, more: { a: [null] } }),
  ),
  answers(
    "context-inherited-name",
    "HOSTILE 228: a member that every object of a language has is not supplied by anybody.",
    [when({ toString: { any: true } })],
    unavailable({}),
    held({ toString: "supplied" }),
  ),
  answers(
    "context-absent",
    "Without conditions nothing needs to be supplied.",
    [{}],
    allow(),
    held({ environment: "test" }),
  ),
  answers(
    "context-and-windows",
    "Hours and context both hold.",
    [{ when: { ...WINDOWS, context: PROD } }],
    held({ environment: "prod" }),
    denied({ environment: "test" }),
    deny(by("when", ""), { facts: { now: "2026-11-28T10:00:00Z", context: { environment: "prod" } } }),
  ),
  answers(
    "context-narrowed",
    "Narrower conditions, and one more.",
    [when(CALM), when({ riskScore: { range: { max: 20 } }, ...PROD })],
    held({ riskScore: 20, environment: "prod" }),
    denied({ riskScore: 21, environment: "prod" }, 1),
    denied({ riskScore: 41, environment: "prod" }, 0, 1),
    unavailable({ riskScore: 20 }, 1),
    unavailable({ environment: "prod" }, 0, 1),
  ),
  answers(
    "context-added",
    "A child may set conditions where the parent sets none.",
    [{}, when(PROD)],
    held({ environment: "prod" }),
    denied({ environment: "test" }, 1),
  ),
  answers(
    "context-dropped",
    "HOSTILE 142: conditions that the child leaves out still hold.",
    [when(PROD), {}],
    held({ environment: "prod" }),
    denied({ environment: "test" }, 0),
    unavailable({}, 0),
  ),
  answers(
    "context-member-of-when",
    "when is folded member by member: a child that writes only hours keeps the context, and is judged by both.",
    [when(PROD), { when: WINDOWS }],
    held({ environment: "prod" }),
    denied({ environment: "test" }, 0, 1),
    deny(by("when", "", 1), { facts: { now: "2026-11-28T10:00:00Z", context: { environment: "prod" } } }),
  ),
  outside("dropped", "HOSTILE 142: an attribute left out.", { ...PROD, ...CALM }, PROD, "riskScore"),
  outside("max", "HOSTILE 140: a greater max.", CALM, { riskScore: { range: { max: 41 } } }, "riskScore"),
  outside("any", "any for anything.", PROD, { environment: { any: true } }, "environment"),
  outside("one-of", "One more.", PROD, { environment: { oneOf: ["prod", "test"] } }, "environment"),
  outside("name", "Names are compared by case.", PROD, { Environment: { oneOf: ["prod"] } }, "environment"),
  wider(
    "context-wider-again",
    "HOSTILE 142: hidden behind hours in the middle, and named wider at the end.",
    "when",
    [when(PROD), { when: WINDOWS }, when({ environment: { oneOf: ["prod", "test"] } })],
    "/when/context/environment",
  ),
];

export const context: readonly Vector[] = [...kinds, ...rules];
