import type { JsonObject, JsonValue } from "@writ/core";

import { argsNarrowing } from "./args-narrowing.js";
import { allow, answers, by, deny, type Asking, type Vector } from "./vector.js";

const permitted = (args: JsonObject): Asking => allow({ args });

/** Denied by the root's grant at a place in the arguments. */
const denied = (pointer: string, args: JsonObject): Asking => deny(by("args", `/args${pointer}`), { args });

/** Each kind of constraint: which values of the argument `x` hold, and which do not. */
const KINDS: readonly (readonly [string, string, object, readonly JsonValue[], readonly JsonValue[]])[] = [
  [
    "equals-text",
    "equals a text, bytewise.",
    { equals: "EUR" },
    ["EUR"],
    ["eur", "EUR ", "USD", "", ["EUR"], null, {}],
  ],
  ["equals-number", "equals a number, never a text of it.", { equals: 1 }, [1], ["1", 2, true, null, [1]]],
  ["equals-boolean", "equals a boolean.", { equals: false }, [false], [0, "false", "", null, true]],
  ["equals-null", "equals null.", { equals: null }, [null], [0, "", false, {}, []]],
  [
    "equals-object",
    "equals an object, whatever the order of its members.",
    { equals: { dry: true, tags: ["a", "b"] } },
    [
      { dry: true, tags: ["a", "b"] },
      { tags: ["a", "b"], dry: true },
    ],
    [
      { dry: true },
      { dry: true, tags: ["b", "a"] },
      { dry: 1, tags: ["a", "b"] },
      { dry: true, tags: ["a", "b"], fast: true },
      {},
    ],
  ],
  [
    "equals-array",
    "equals an array, in its order.",
    { equals: [1, 2] },
    [[1, 2]],
    [[2, 1], [1], [1, 2, 3], ["1", "2"], 1],
  ],
  [
    "one-of",
    "oneOf texts, integers and booleans, by type.",
    { oneOf: ["EUR", 2, true] },
    ["EUR", 2, true],
    ["eur", "2", 1, "true", false, ["EUR"], null],
  ],
  [
    "range",
    "range, both ends included, of integers.",
    { range: { min: 1, max: 200 } },
    [1, 50, 200],
    [0, 201, -1, "5", null, true, [5]],
  ],
  ["range-min", "range without max.", { range: { min: 1 } }, [1, Number.MAX_SAFE_INTEGER], [0, "1"]],
  ["range-max", "range without min.", { range: { max: 0 } }, [0, -5], [1, null]],
  [
    "prefix",
    "prefix of a text that has no /, \\ or % anywhere.",
    { prefix: "EU-" },
    ["EU-", "EU-77"],
    ["EU", "eu-77", " EU-77", 7, null, ["EU-77"], "EU-/../US", "EU-\\..", "EU-%2F"],
  ],
  [
    "under-tree",
    "HOSTILE 135, 136: under a path that ends in /, segment by segment; a path outside the grammar is under none.",
    { under: "2026/a/" },
    ["2026/a/", "2026/a/b", "2026/a/b/", "2026/a/b/c.pdf"],
    [
      ...[
        "2026/a",
        "2026/ab",
        "2026/a/../b",
        "2026/a/./b",
        "2026/a//b",
        "2026/a/%2e%2e/b",
        "2026/a/%2E%2E/b",
      ],
      ...["2026/a/..%2Fb", "2026/a/b\\c", "2026/a/b;v=1", "/2026/a/b", "2026/A/b", "", 2026, ["2026/a/b"]],
    ],
  ],
  [
    "under-exact",
    "under a path that does not end in / is exactly that path.",
    { under: "2026/a" },
    ["2026/a"],
    ["2026/a/", "2026/ab", "2026/a/b", "2026"],
  ],
  [
    "max-length",
    "maxLength counts code points.",
    { maxLength: 4 },
    ["", "late", "caf\u00e9", "\u{1f600}\u{1f600}\u{1f600}\u{1f600}"],
    ["later", "\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}", 1234, null, ["a"]],
  ],
  ["max-length-zero", "maxLength 0 is the empty text.", { maxLength: 0 }, [""], ["a", 0]],
  [
    "any",
    "any is met by every value, with all below it.",
    { any: true },
    [0, "", null, [], {}, [1, [2]], { a: { b: [] } }],
    [],
  ],
  [
    "several",
    "Several constraints in one object all hold.",
    { prefix: "EU-", maxLength: 5 },
    ["EU-77"],
    ["EU-777", "US-77"],
  ],
  ["several-numbers", "range and oneOf together.", { range: { min: 2 }, oneOf: [1, 2, 3] }, [2, 3], [1, 4]],
  [
    "several-any",
    "any does not lift what stands beside it.",
    { any: true, maxLength: 2 },
    ["ab"],
    ["abc", 1],
  ],
];

const kinds = KINDS.map(([name, what, constraint, holds, breaks]) =>
  answers(
    `args-${name}`,
    what,
    [{ args: { "/x": constraint } }],
    ...holds.map((x) => permitted({ x })),
    ...breaks.map((x) => denied("/x", { x })),
  ),
);

const REFUND = {
  "/orderId": { prefix: "EU-" },
  "/amount": { range: { min: 1, max: 200 } },
  "/note": { any: true, optional: true },
};
const ASKED = { orderId: "EU-77", amount: 200 };

const closed: readonly Vector[] = [
  answers(
    "args-closed",
    "HOSTILE 217: every argument is named, and every one named is there.",
    [{ args: REFUND }],
    permitted(ASKED),
    permitted({ ...ASKED, note: { from: ["lead"] } }),
    denied("/amount", { orderId: "EU-77" }),
    denied("/force", { ...ASKED, force: true }),
    denied("/force", { ...ASKED, force: null }),
    denied("/force", { ...ASKED, force: {} }),
    denied("/force", { ...ASKED, force: [] }),
    denied("/force/deep/er", { ...ASKED, force: { deep: { er: 1 } } }),
  ),
  answers(
    "args-open",
    "Without args in the grant the arguments are open.",
    [{}],
    allow(),
    permitted({ anything: [1, { a: {} }, null] }),
  ),
  answers(
    "args-none",
    "HOSTILE 217: an invocation without arguments lacks those that are required.",
    [{ args: { "/orderId": { prefix: "EU-" } } }],
    deny(by("args", "/args/orderId")),
    denied("/orderId", {}),
  ),
  answers(
    "args-optional",
    "An optional argument may be absent; where it is there, it meets its constraint.",
    [{ args: { "/amount": { range: { min: 1 }, optional: true } } }],
    allow(),
    permitted({}),
    permitted({ amount: 1 }),
    denied("/amount", { amount: 0 }),
    denied("/amount", { amount: null }),
  ),
  answers(
    "args-any-required",
    "any without optional must be there.",
    [{ args: { "/note": { any: true } } }],
    permitted({ note: null }),
    denied("/note", {}),
  ),
  answers(
    "args-pointer-deep",
    "HOSTILE 217: a pointer above, below or beside a named one is not named.",
    [{ args: { "/pay/amount": { range: { min: 1 }, optional: true } } }],
    permitted({ pay: { amount: 1 } }),
    denied("/pay/amount", { pay: { amount: 0 } }),
    denied("/pay", { pay: 1 }),
    denied("/pay", { pay: {} }),
    denied("/pay/tip", { pay: { amount: 1, tip: 2 } }),
    denied("/pay/amount/value", { pay: { amount: { value: 1 } } }),
    denied("/pay~1amount", { "pay/amount": 1 }),
    denied("/amount", { amount: 1 }),
  ),
  answers(
    "args-pointer-array",
    "HOSTILE 217: no pointer leads into an array, which is one value; a member may be named 0.",
    [{ args: { "/tags/0": { equals: "a", optional: true } } }],
    denied("/tags", { tags: ["a"] }),
    denied("/tags", { tags: [] }),
    permitted({ tags: { "0": "a" } }),
  ),
  answers(
    "args-pointer-text",
    "No pointer leads into a text.",
    [{ args: { "/name/length": { any: true, optional: true } } }],
    denied("/name", { name: "bot" }),
  ),
  answers(
    "args-pointer-escapes",
    "In a pointer ~1 is / and ~0 is ~.",
    [{ args: { "/a~1b": { equals: 1, optional: true }, "/~0": { equals: 2, optional: true } } }],
    permitted({ "a/b": 1, "~": 2 }),
    denied("/a/b", { a: { b: 1 } }),
    denied("/~01", { "~1": 2 }),
  ),
  answers(
    "args-below-any",
    "any names all below its pointer, not what begins alike.",
    [{ args: { "/meta": { any: true } } }],
    permitted({ meta: { a: [1], b: {} } }),
    denied("/metadata", { meta: 1, metadata: 1 }),
  ),
  answers(
    "args-within-any",
    "A pointer below any constrains one member of an open value.",
    [{ args: { "/meta": { any: true }, "/meta/level": { range: { max: 3 }, optional: true } } }],
    permitted({ meta: { level: 3, more: 1 } }),
    permitted({ meta: 1 }),
    denied("/meta/level", { meta: { level: 4 } }),
  ),
  answers(
    "args-object-for-scalar",
    "HOSTILE 217: an object where a scalar is named; its leaf is not named.",
    [{ args: { "/currency": { oneOf: ["EUR"] } } }],
    denied("/currency/is", { currency: { is: "EUR" } }),
    denied("/currency", { currency: {} }),
  ),
];

/** The arguments: kinds, the closed world, and Rule B. */
export const args: readonly Vector[] = [...kinds, ...closed, ...argsNarrowing];
