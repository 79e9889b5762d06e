import { evaluate, type Grant, type JsonObject, type JsonValue } from "@writ/core";
import { describe, expect, it } from "vitest";

import { asks, denial, denials, fold, type Said } from "./grants.js";

type Args = NonNullable<Grant["args"]>;

/** What the arguments asked for are denied for. */
function verdict(args: Args, asked: JsonObject): readonly Said[] {
  return denials({ args }, { args: asked });
}

/** A denial at a place in the arguments. */
function at(pointer: string, asked?: JsonValue, allowed?: JsonObject): Said {
  return denial("args", `/args${pointer}`, asked, allowed);
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
    expect(verdict(REFUND, ASKED)).toEqual([]);
  });

  it.each<readonly [string, JsonObject, Said]>([
    ["one missing", omitting("currency"), at("/currency", undefined, { oneOf: ["EUR", "GBP"] })],
    ["another missing", omitting("mode"), at("/mode", undefined, { equals: { dry: true } })],
    ["one extra", { ...ASKED, force: true }, at("/force", true)],
    ["an extra null", { ...ASKED, force: null }, at("/force", null)],
    ["an extra empty object", { ...ASKED, force: {} }, at("/force", {})],
    ["an extra empty array", { ...ASKED, force: [] }, at("/force", [])],
    ["an extra below one", { ...ASKED, extra: { deep: { er: 1 } } }, at("/extra/deep/er", 1)],
    ["the wrong beginning", { ...ASKED, orderId: "US-7" }, at("/orderId", "US-7", { prefix: "EU-" })],
    ["too much", { ...ASKED, amount: 201 }, at("/amount", 201, { range: { min: 1, max: 200 } })],
    ["too little", { ...ASKED, amount: 0 }, at("/amount", 0, { range: { min: 1, max: 200 } })],
    ["a text for a number", { ...ASKED, amount: "5" }, at("/amount", "5", { range: { min: 1, max: 200 } })],
    ["null for a number", { ...ASKED, amount: null }, at("/amount", null, { range: { min: 1, max: 200 } })],
    [
      "a list for a text",
      { ...ASKED, currency: ["EUR"] },
      at("/currency", ["EUR"], { oneOf: ["EUR", "GBP"] }),
    ],
    ["an empty list for a text", { ...ASKED, currency: [] }, at("/currency", [], { oneOf: ["EUR", "GBP"] })],
    ["another case", { ...ASKED, currency: "eur" }, at("/currency", "eur", { oneOf: ["EUR", "GBP"] })],
    ["a neighbour", { ...ASKED, path: "files/ab" }, at("/path", "files/ab", { under: "files/a/" })],
    ["a way out", { ...ASKED, path: "files/a/../b" }, at("/path", "files/a/../b", { under: "files/a/" })],
    ["too long", { ...ASKED, reason: "later" }, at("/reason", "later", { maxLength: 4 })],
    [
      "a member more",
      { ...ASKED, mode: { dry: true, x: 1 } },
      at("/mode", { dry: true, x: 1 }, { equals: { dry: true } }),
    ],
    ["a number for true", { ...ASKED, mode: { dry: 1 } }, at("/mode", { dry: 1 }, { equals: { dry: true } })],
    ["an object where a text is named", { ...ASKED, currency: { is: "EUR" } }, at("/currency/is", "EUR")],
    [
      "an empty object where a text is named",
      { ...ASKED, currency: {} },
      at("/currency", {}, { oneOf: ["EUR", "GBP"] }),
    ],
  ])("deny %s", (_, asked, expected) => {
    expect(verdict(REFUND, asked)).toEqual([expected]);
  });

  it.each<JsonValue>(["a", 1, null, [], [1, [2]], {}, { a: { b: [] } }])("allow %j below `any`", (note) => {
    expect(verdict(REFUND, { ...ASKED, note })).toEqual([]);
  });

  it("deny where the invocation has no arguments", () => {
    expect(verdict({ "/a": { equals: 1 } }, {})).toEqual([at("/a", undefined, { equals: 1 })]);
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
    expect(verdict(deep, { a: { b: 1 } })).toEqual([]);
    expect(verdict(deep, { a: 1 })).toEqual([at("/a", 1)]);
    expect(verdict(deep, { a: {} })).toEqual([at("/a", {})]);
    expect(verdict(deep, { a: { b: { c: 1 } } })).toEqual([at("/a/b/c", 1)]);
    expect(verdict(deep, { a: { b: {} } })).toEqual([at("/a/b", {}, { oneOf: [1, 2] })]);
    expect(verdict(deep, { a: { b: 1, c: 2 } })).toEqual([at("/a/c", 2)]);
    expect(verdict(deep, { "a/b": 1 })).toEqual([at("/a~1b", 1)]);
    expect(verdict(deep, { b: 1 })).toEqual([at("/b", 1)]);
    expect(verdict(deep, { a: { b: 3 } })).toEqual([at("/a/b", 3, { oneOf: [1, 2] })]);
  });

  it("never enters an array", () => {
    const indexed: Args = { "/a/0": { equals: 1 }, "/a/length": { any: true, optional: true } };
    expect(verdict(indexed, { a: [1] })).toEqual([at("/a", [1])]);
    expect(verdict(indexed, { a: { 0: 1 } })).toEqual([]);
    expect(verdict({ "/a/0": { any: true, optional: true } }, { a: [] })).toEqual([at("/a", [])]);
  });

  it("does not enter a text, nor inherited members", () => {
    expect(verdict({ "/a/length": { any: true, optional: true } }, { a: "x" })).toEqual([at("/a", "x")]);
    expect(verdict({ "/toString": { any: true } }, {})).toEqual([at("/toString", undefined, { any: true })]);
  });

  it("writes / and ~ as ~1 and ~0", () => {
    const args: Args = { "/x~1z": { equals: 1 }, "/~0": { equals: 2 }, "/~01": { equals: 3 } };
    expect(verdict(args, { "x/z": 1, "~": 2, "~1": 3 })).toEqual([]);
    expect(verdict(args, { x: { z: 1 }, "~": 2, "~1": 3 })).toEqual([at("/x/z", 1)]);
    expect(verdict(args, { "x/z": 1, "~": 2, "/": 3 })).toEqual([at("/~1", 3)]);
  });

  it("may name the empty name", () => {
    expect(verdict({ "/": { equals: 1 } }, { "": 1 })).toEqual([]);
    expect(verdict({ "/": { equals: 1 } }, { a: 1 })).toEqual([at("/a", 1)]);
    expect(verdict({ "/a": { equals: 1 } }, { a: 1, "": {} })).toEqual([at("/", {})]);
  });

  it("tells long names apart to their ends", () => {
    const name = "n".repeat(200);
    expect(verdict({ [`/${name}`]: { equals: 1 } }, { [name]: 1 })).toEqual([]);
    expect(verdict({ [`/${name}`]: { equals: 1 } }, { [name]: 1, [`${name}m`]: 1 })).toEqual([
      at(`/${name}m`, 1),
    ]);
  });

  it("under `any` or `equals` speaks for all below, and no other constraint does", () => {
    expect(verdict({ "/a": { any: true } }, { a: { b: { c: [1] } } })).toEqual([]);
    expect(verdict({ "/a": { equals: { b: { c: [1] } } } }, { a: { b: { c: [1] } } })).toEqual([]);
    expect(verdict({ "/a": { any: true } }, { a: 1, ab: 2 })).toEqual([at("/ab", 2)]);
    expect(verdict({ "/a": { any: true }, "/a/b": { equals: 1 } }, { a: { b: 2, c: 3 } })).toEqual([
      at("/a/b", 2, { equals: 1 }),
    ]);
    expect(verdict({ "/a": { any: true, maxLength: 1 } }, { a: { b: 1 } })).toEqual([
      at("/a", { b: 1 }, { any: true, maxLength: 1 }),
    ]);
  });
});

describe("an optional argument", () => {
  const args: Args = { "/a": { range: { min: 1 }, optional: true }, "/b": { any: true } };

  it("may be absent; where it is there, it meets its constraint", () => {
    expect(verdict(args, { b: 1 })).toEqual([]);
    expect(verdict(args, { a: 1, b: 1 })).toEqual([]);
    expect(verdict(args, { a: 0, b: 1 })).toEqual([at("/a", 0, { range: { min: 1 }, optional: true })]);
    expect(verdict(args, { a: null, b: 1 })).toEqual([at("/a", null, { range: { min: 1 }, optional: true })]);
    expect(verdict(args, { a: 1 })).toEqual([at("/b", undefined, { any: true })]);
  });
});

describe("a denial", () => {
  it("does not echo a long argument, and says which member it breaks", () => {
    const note = "n".repeat(300);
    expect(verdict({ "/note": { maxLength: 4 } }, { note })).toEqual([
      at("/note", "(too long to show)", { maxLength: 4 }),
    ]);
    expect(verdict({ "/note": { maxLength: 4 } }, { note: "", more: note })).toEqual([
      at("/more", "(too long to show)"),
    ]);
    const [problem] = evaluate(
      fold({ args: { "/note": { maxLength: 4 } } }),
      asks({ args: { note } }),
    ).denials;
    expect(problem).toMatchObject({ code: "NOT_ALLOWED", detail: "args: the argument breaks `maxLength`" });
  });
});

function omitting(name: keyof typeof ASKED): JsonObject {
  const { [name]: _, ...rest } = ASKED;
  return rest;
}
