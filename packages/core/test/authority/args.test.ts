import { evaluate, type Grant, type JsonObject, type JsonValue } from "@writ/core";
import { describe, expect, it } from "vitest";

import { asks, denial, denials, fold } from "./grants.js";

type Args = NonNullable<Grant["args"]>;

/** The place, the value and the constraint of the one denial; nothing for an allow. */
type Expected = readonly [pointer: string, asked?: JsonValue, allowed?: JsonObject];

function expectVerdict(args: Args, asked: JsonObject, ...expected: readonly Expected[]): void {
  expect(denials({ args }, { args: asked })).toEqual(
    expected.map(([pointer, value, allowed]) => denial("args", pointer, value, allowed)),
  );
}

/** One of each kind, all required, and one optional. */
const REFUND: Args = {
  "/orderId": { prefix: "EU-" },
  "/amount": { range: { min: 1, max: 200 } },
  "/currency": { oneOf: ["EUR", "GBP"] },
  "/path": { under: "files/a/" },
  "/reason": { maxLength: 4 },
  "/mode": { equals: { dry: true } },
  "/note": { any: true, optional: true },
};

const ASKED = {
  orderId: "EU-7",
  amount: 200,
  currency: "EUR",
  path: "files/a/b",
  reason: "late",
  mode: { dry: true },
};

describe("closed arguments", () => {
  it("allow what names exactly what is required", () => {
    expectVerdict(REFUND, ASKED);
  });

  it.each<readonly [string, JsonObject, Expected]>([
    ["one missing", omitting("currency"), ["/args/currency", undefined, { oneOf: ["EUR", "GBP"] }]],
    ["another missing", omitting("mode"), ["/args/mode", undefined, { equals: { dry: true } }]],
    ["one extra", { ...ASKED, force: true }, ["/args/force", true]],
    ["an extra null", { ...ASKED, force: null }, ["/args/force", null]],
    ["an extra empty object", { ...ASKED, force: {} }, ["/args/force", {}]],
    ["an extra empty array", { ...ASKED, force: [] }, ["/args/force", []]],
    ["an extra below one", { ...ASKED, extra: { deep: { er: 1 } } }, ["/args/extra/deep/er", 1]],
    ["the wrong beginning", { ...ASKED, orderId: "US-7" }, ["/args/orderId", "US-7", { prefix: "EU-" }]],
    ["too much", { ...ASKED, amount: 201 }, ["/args/amount", 201, { range: { min: 1, max: 200 } }]],
    ["too little", { ...ASKED, amount: 0 }, ["/args/amount", 0, { range: { min: 1, max: 200 } }]],
    [
      "a text for a number",
      { ...ASKED, amount: "5" },
      ["/args/amount", "5", { range: { min: 1, max: 200 } }],
    ],
    [
      "null for a number",
      { ...ASKED, amount: null },
      ["/args/amount", null, { range: { min: 1, max: 200 } }],
    ],
    [
      "a list for a text",
      { ...ASKED, currency: ["EUR"] },
      ["/args/currency", ["EUR"], { oneOf: ["EUR", "GBP"] }],
    ],
    [
      "an empty list for a text",
      { ...ASKED, currency: [] },
      ["/args/currency", [], { oneOf: ["EUR", "GBP"] }],
    ],
    ["another case", { ...ASKED, currency: "eur" }, ["/args/currency", "eur", { oneOf: ["EUR", "GBP"] }]],
    ["a neighbour", { ...ASKED, path: "files/ab" }, ["/args/path", "files/ab", { under: "files/a/" }]],
    ["a way out", { ...ASKED, path: "files/a/../b" }, ["/args/path", "files/a/../b", { under: "files/a/" }]],
    ["too long", { ...ASKED, reason: "later" }, ["/args/reason", "later", { maxLength: 4 }]],
    [
      "a member more",
      { ...ASKED, mode: { dry: true, x: 1 } },
      ["/args/mode", { dry: true, x: 1 }, { equals: { dry: true } }],
    ],
    [
      "a number for true",
      { ...ASKED, mode: { dry: 1 } },
      ["/args/mode", { dry: 1 }, { equals: { dry: true } }],
    ],
    ["an object where a text is named", { ...ASKED, currency: { is: "EUR" } }, ["/args/currency/is", "EUR"]],
    [
      "an empty object where a text is named",
      { ...ASKED, currency: {} },
      ["/args/currency", {}, { oneOf: ["EUR", "GBP"] }],
    ],
  ])("deny %s", (_, asked, expected) => {
    expectVerdict(REFUND, asked, expected);
  });

  it.each<JsonValue>(["a", 1, null, [], [1, [2]], {}, { a: { b: [] } }])("allow %j below `any`", (note) => {
    expectVerdict(REFUND, { ...ASKED, note });
  });

  it("deny where the invocation has no arguments", () => {
    expectVerdict({ "/a": { equals: 1 } }, {}, ["/args/a", undefined, { equals: 1 }]);
    expect(denials({ args: { "/a": { equals: 1 } } }, {})).toEqual([
      denial("args", "/args/a", undefined, { equals: 1 }),
    ]);
    expect(denials({ args: { "/a": { equals: 1, optional: true } } }, {})).toEqual([]);
  });

  it("are open where the grant says nothing of them", () => {
    expect(denials({}, { args: { anything: [1, { a: {} }] } })).toEqual([]);
  });
});

describe("a pointer", () => {
  const deep: Args = { "/a/b": { oneOf: [1, 2] } };

  it("names a member of a member, not what is above, below or beside it", () => {
    expectVerdict(deep, { a: { b: 1 } });
    expectVerdict(deep, { a: 1 }, ["/args/a", 1]);
    expectVerdict(deep, { a: {} }, ["/args/a", {}]);
    expectVerdict(deep, { a: { b: { c: 1 } } }, ["/args/a/b/c", 1]);
    expectVerdict(deep, { a: { b: {} } }, ["/args/a/b", {}, { oneOf: [1, 2] }]);
    expectVerdict(deep, { a: { b: 1, c: 2 } }, ["/args/a/c", 2]);
    expectVerdict(deep, { "a/b": 1 }, ["/args/a~1b", 1]);
    expectVerdict(deep, { b: 1 }, ["/args/b", 1]);
    expectVerdict(deep, { a: { b: 3 } }, ["/args/a/b", 3, { oneOf: [1, 2] }]);
  });

  it("never enters an array", () => {
    const indexed: Args = { "/a/0": { equals: 1 }, "/a/length": { any: true, optional: true } };
    expectVerdict(indexed, { a: [1] }, ["/args/a", [1]]);
    expectVerdict(indexed, { a: { 0: 1 } });
    expectVerdict({ "/a/0": { any: true, optional: true } }, { a: [] }, ["/args/a", []]);
  });

  it("does not enter a text, nor inherited members", () => {
    expectVerdict({ "/a/length": { any: true, optional: true } }, { a: "x" }, ["/args/a", "x"]);
    expectVerdict({ "/toString": { any: true } }, {}, ["/args/toString", undefined, { any: true }]);
  });

  it("writes / and ~ as ~1 and ~0", () => {
    const args: Args = { "/x~1z": { equals: 1 }, "/~0": { equals: 2 }, "/~01": { equals: 3 } };
    expectVerdict(args, { "x/z": 1, "~": 2, "~1": 3 });
    expectVerdict(args, { x: { z: 1 }, "~": 2, "~1": 3 }, ["/args/x/z", 1]);
    expectVerdict(args, { "x/z": 1, "~": 2, "/": 3 }, ["/args/~1", 3]);
  });

  it("may name the empty name", () => {
    expectVerdict({ "/": { equals: 1 } }, { "": 1 });
    expectVerdict({ "/": { equals: 1 } }, { a: 1 }, ["/args/a", 1]);
    expectVerdict({ "/a": { equals: 1 } }, { a: 1, "": {} }, ["/args/", {}]);
  });

  it("tells long names apart to their ends", () => {
    const name = "n".repeat(200);
    expectVerdict({ [`/${name}`]: { equals: 1 } }, { [name]: 1 });
    expectVerdict({ [`/${name}`]: { equals: 1 } }, { [name]: 1, [`${name}m`]: 1 }, [`/args/${name}m`, 1]);
  });

  it("under `any` or `equals` speaks for all below, and no other constraint does", () => {
    expectVerdict({ "/a": { any: true } }, { a: { b: { c: [1] } } });
    expectVerdict({ "/a": { equals: { b: { c: [1] } } } }, { a: { b: { c: [1] } } });
    expectVerdict({ "/a": { any: true } }, { a: 1, ab: 2 }, ["/args/ab", 2]);
    expectVerdict({ "/a": { any: true }, "/a/b": { equals: 1 } }, { a: { b: 2, c: 3 } }, [
      "/args/a/b",
      2,
      { equals: 1 },
    ]);
    expectVerdict({ "/a": { any: true, maxLength: 1 } }, { a: { b: 1 } }, [
      "/args/a",
      { b: 1 },
      { any: true, maxLength: 1 },
    ]);
  });
});

describe("an optional argument", () => {
  const args: Args = { "/a": { range: { min: 1 }, optional: true }, "/b": { any: true } };

  it("may be absent; where it is there, it meets its constraint", () => {
    expectVerdict(args, { b: 1 });
    expectVerdict(args, { a: 1, b: 1 });
    expectVerdict(args, { a: 0, b: 1 }, ["/args/a", 0, { range: { min: 1 }, optional: true }]);
    expectVerdict(args, { a: null, b: 1 }, ["/args/a", null, { range: { min: 1 }, optional: true }]);
    expectVerdict(args, { a: 1 }, ["/args/b", undefined, { any: true }]);
  });
});

describe("a denial", () => {
  it("does not echo a long argument, and says which member it breaks", () => {
    const note = "n".repeat(300);
    expectVerdict({ "/note": { maxLength: 4 } }, { note }, [
      "/args/note",
      "(too long to show)",
      { maxLength: 4 },
    ]);
    expectVerdict({ "/note": { maxLength: 4 } }, { note: "", more: note }, [
      "/args/more",
      "(too long to show)",
    ]);
    const [problem] = evaluate(fold({ args: { "/note": { maxLength: 4 } } }), asks({ args: { note } }));
    expect(problem).toMatchObject({ code: "NOT_ALLOWED", detail: "args: the argument breaks `maxLength`" });
  });
});

function omitting(name: keyof typeof ASKED): JsonObject {
  const { [name]: _, ...rest } = ASKED;
  return rest;
}
