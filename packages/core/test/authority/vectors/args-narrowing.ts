import type { JsonObject, JsonValue } from "@writ/core";

import { allow, answers, by, deny, wider, type Vector } from "./vector.js";

/** A child's constraint at `/x` that implies its parent's: a value that holds, and one that only the child denies. */
const INSIDE: readonly (readonly [string, string, object, object, JsonValue, JsonValue?])[] = [
  ["equals-same", "The same object.", { equals: { a: 1, b: 2 } }, { equals: { b: 2, a: 1 } }, { a: 1, b: 2 }],
  ["equals-of-one-of", "equals one of oneOf.", { oneOf: [1, 2] }, { equals: 1 }, 1, 2],
  ["equals-of-range", "equals in a range.", { range: { min: 1, max: 9 } }, { equals: 9 }, 9, 8],
  ["equals-of-text", "equals in two.", { prefix: "EU-", maxLength: 4 }, { equals: "EU-7" }, "EU-7", "EU-8"],
  ["equals-of-under", "equals a path below.", { under: "a/" }, { equals: "a/b" }, "a/b", "a/c"],
  ["one-of-of-equals", "oneOf of one.", { equals: 1 }, { oneOf: [1] }, 1],
  ["one-of-fewer", "Fewer of oneOf.", { oneOf: ["EUR", "USD"] }, { oneOf: ["USD"] }, "USD", "EUR"],
  ["one-of-of-range", "oneOf in a range.", { range: { min: 1, max: 9 } }, { oneOf: [1, 9] }, 9, 5],
  ["range-smaller", "A smaller range.", { range: { min: 1, max: 9 } }, { range: { min: 2, max: 9 } }, 9, 1],
  ["range-closed", "A range that was open.", { range: { min: 1 } }, { range: { min: 1, max: 9 } }, 9, 10],
  ["prefix-longer", "A longer prefix.", { prefix: "EU-" }, { prefix: "EU-7" }, "EU-77", "EU-8"],
  ["under-deeper", "A deeper tree.", { under: "a/" }, { under: "a/b/" }, "a/b/c", "a/c"],
  ["under-one", "One path of a tree.", { under: "a/" }, { under: "a/b" }, "a/b", "a/b/c"],
  ["max-length-less", "Fewer code points.", { maxLength: 9 }, { maxLength: 4 }, "late", "later"],
  ["more-kinds", "One kind more.", { prefix: "EU-" }, { prefix: "EU-", maxLength: 4 }, "EU-7", "EU-77"],
  ["anything-of-any", "Anything implies any.", { any: true }, { range: { max: 9 } }, 9, 10],
];

const OUTSIDE: readonly (readonly [string, string, object, object])[] = [
  ["equals-other", "Another value.", { equals: 1 }, { equals: 2 }],
  ["equals-type", "HOSTILE 217: another type.", { equals: 1 }, { equals: "1" }],
  ["equals-of-one-of", "A value that oneOf does not list.", { oneOf: [1, 2] }, { equals: 3 }],
  ["equals-of-prefix", "A path is met by no prefix.", { prefix: "EU-" }, { equals: "EU-/x" }],
  ["one-of-more", "One of oneOf more.", { oneOf: ["EUR"] }, { oneOf: ["EUR", "USD"] }],
  ["one-of-of-equals", "oneOf two for equals.", { equals: 1 }, { oneOf: [1, 2] }],
  ["one-of-of-range", "oneOf beyond a range.", { range: { max: 9 } }, { oneOf: [9, 10] }],
  [
    "range-above",
    "HOSTILE 140: a greater max.",
    { range: { min: 1, max: 9 } },
    { range: { min: 1, max: 10 } },
  ],
  ["range-below", "A smaller min.", { range: { min: 1, max: 9 } }, { range: { min: 0, max: 9 } }],
  ["range-open", "A range without the max.", { range: { min: 1, max: 9 } }, { range: { min: 1 } }],
  ["prefix-shorter", "A shorter prefix.", { prefix: "EU-" }, { prefix: "EU" }],
  ["prefix-other", "Another case of the prefix.", { prefix: "EU-" }, { prefix: "eu-7" }],
  ["under-above", "The tree above.", { under: "a/b/" }, { under: "a/" }],
  [
    "under-neighbour",
    "HOSTILE 135: a neighbour that begins alike.",
    { under: "files/a/" },
    { under: "files/ab/" },
  ],
  ["under-tree-of-one", "A tree for one path.", { under: "a/b" }, { under: "a/b/" }],
  ["max-length-more", "One code point more.", { maxLength: 4 }, { maxLength: 5 }],
  ["any", "any for anything.", { maxLength: 4 }, { any: true }],
  [
    "kind-dropped",
    "HOSTILE 142: one of two kinds left out.",
    { prefix: "EU-", maxLength: 4 },
    { prefix: "EU-" },
  ],
  [
    "range-of-equals",
    "A range of one number is not compared with equals.",
    { equals: 1 },
    { range: { min: 1, max: 1 } },
  ],
  ["under-of-prefix", "A path is met by no prefix.", { prefix: "a" }, { under: "a/" }],
  ["kind-other", "Another kind.", { prefix: "a" }, { maxLength: 1 }],
];

const kinds = [
  ...INSIDE.map(([name, what, outer, inner, held, deniedByChild]) =>
    answers(
      `args-narrower-${name}`,
      `Inside: ${what}`,
      [{ args: { "/x": outer } }, { args: { "/x": inner } }],
      allow({ args: { x: held } }),
      ...(deniedByChild === undefined
        ? []
        : [deny(by("args", "/args/x", 1), { args: { x: deniedByChild } })]),
    ),
  ),
  ...OUTSIDE.map(([name, what, outer, inner]) =>
    wider(
      `args-wider-${name}`,
      `Wider: ${what}`,
      "args",
      [{ args: { "/x": outer } }, { args: { "/x": inner } }],
      "/args/~1x",
    ),
  ),
];

const LATE = { maxLength: 4 };
const LATE_IF_ANY = { ...LATE, optional: true };

/** What the child names; `place` is the pointer at fault, as a token of a pointer. */
const outside = (name: string, what: string, outer: object, inner: object, place: string): Vector =>
  wider(`args-wider-${name}`, what, "args", [{ args: outer }, { args: inner }], `/args/${place}`);

const inside = (name: string, what: string, outer: object, inner: object, args: JsonObject): Vector =>
  answers(`args-narrower-${name}`, what, [{ args: outer }, { args: inner }], allow({ args }));

const pointers: readonly Vector[] = [
  inside(
    "optional-to-required",
    "What was optional may be required.",
    { "/x": LATE_IF_ANY },
    { "/x": LATE },
    { x: "late" },
  ),
  answers(
    "args-narrower-optional-left-out",
    "An optional argument may be left out, and is then not allowed.",
    [{ args: { "/x": LATE, "/y": LATE_IF_ANY } }, { args: { "/x": LATE } }],
    allow({ args: { x: "late" } }),
    deny(by("args", "/args/y", 1), { args: { x: "late", y: "late" } }),
  ),
  inside(
    "below-any",
    "Whatever lies below any may be named.",
    { "/x": { any: true, optional: true } },
    { "/x/y": { equals: 1 } },
    { x: { y: 1 } },
  ),
  inside(
    "in-any-left-out-open",
    "An optional argument that is open may be let in by any above it.",
    { "/x": { any: true }, "/x/y": { any: true, optional: true } },
    { "/x": { any: true } },
    { x: { y: 1 } },
  ),
  inside(
    "in-equals-left-out",
    "An optional argument may be let in by equals above it, where its value holds.",
    { "/x": { any: true }, "/x/y": LATE_IF_ANY },
    { "/x": { equals: { y: "late" } } },
    { x: { y: "late" } },
  ),
  answers(
    "args-added",
    "A child may close the arguments where the parent leaves them open.",
    [{}, { args: { "/x": LATE } }],
    allow({ args: { x: "late" } }),
    deny(by("args", "/args/y", 1), { args: { x: "late", y: 1 } }),
  ),
  answers(
    "args-dropped",
    "HOSTILE 142: arguments that the child leaves out still hold.",
    [{ args: { "/x": LATE } }, {}],
    allow({ args: { x: "late" } }),
    deny(by("args", "/args/x", 0), { args: { x: "later" } }),
    deny(by("args", "/args/x", 0)),
  ),
  outside(
    "required-to-optional",
    "What is required above may not be optional.",
    { "/x": LATE },
    { "/x": LATE_IF_ANY },
    "~1x",
  ),
  outside(
    "required-left-out",
    "What is required above must be named.",
    { "/x": LATE, "/y": { any: true } },
    { "/y": { any: true } },
    "~1x",
  ),
  outside(
    "required-named-below",
    "A pointer below a required one does not name it.",
    { "/x": { any: true } },
    { "/x/y": { equals: 1 } },
    "~1x",
  ),
  outside("pointer-more", "An argument more.", { "/x": LATE }, { "/x": LATE, "/y": LATE }, "~1y"),
  outside(
    "pointer-more-optional",
    "An argument more that only begins alike, be it optional.",
    { "/x": { any: true } },
    { "/x": { any: true }, "/xy": LATE_IF_ANY },
    "~1xy",
  ),
  outside(
    "pointer-above",
    "A pointer above a named one.",
    { "/x/y": LATE },
    { "/x/y": LATE, "/x": { any: true } },
    "~1x",
  ),
  outside(
    "below-equals",
    "Below a pointer whose constraint has no any nothing is granted.",
    { "/x": { equals: { y: 1 } } },
    { "/x": { equals: { y: 1 } }, "/x/y": { equals: 1 } },
    "~1x~1y",
  ),
  outside(
    "in-any",
    "An optional argument that is left out may not be let in by any above it.",
    { "/x": { any: true }, "/x/y": LATE_IF_ANY },
    { "/x": { any: true } },
    "~1x~1y",
  ),
  outside(
    "in-equals",
    "Nor by equals above it, with a value that breaks its constraint.",
    { "/x": { any: true }, "/x/y": LATE_IF_ANY },
    { "/x": { equals: { y: "later" } } },
    "~1x~1y",
  ),
  outside(
    "in-below",
    "Nor by a pointer below it.",
    { "/x": { any: true }, "/x/y": LATE_IF_ANY },
    { "/x": { prefix: "a" }, "/x/y/z": { equals: 1 } },
    "~1x~1y",
  ),
  outside(
    "pointer-escaped",
    "/x~1z and /x/z are two pointers.",
    { "/x~1z": { any: true, optional: true } },
    { "/x/z": { equals: 1 } },
    "~1x~1z",
  ),
  wider(
    "args-wider-again",
    "HOSTILE 142: dropped in the middle and named wider at the end.",
    "args",
    [{ args: { "/x": LATE } }, {}, { args: { "/x": { maxLength: 5 } } }],
    "/args/~1x",
  ),
];

/** Rule B on arguments. */
export const argsNarrowing: readonly Vector[] = [...kinds, ...pointers];
