import type { Grant, JsonObject } from "@writ/core";
import { describe, expect, it } from "vitest";

import { isInside, violation, wider } from "./grants.js";

type Args = NonNullable<Grant["args"]>;

function inside(outer: Args, inner: Args): boolean {
  return isInside({ args: outer }, { args: inner });
}

function violationOf(outer: Args, inner: Args): ReturnType<typeof violation> {
  return violation({ args: outer }, { args: inner });
}

/** The inner arguments go beyond the outer ones at a pointer. */
function widerAt(pointer: string, outer: Args, inner: Args): ReturnType<typeof violation> {
  const place = `/args/${pointer.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return wider(
    "args",
    place,
    inner[pointer] as JsonObject | undefined,
    outer[pointer] as JsonObject | undefined,
  );
}

function expectWider(outer: Args, inner: Args, pointer: string): void {
  expect(violationOf(outer, inner)).toEqual(widerAt(pointer, outer, inner));
}

describe("args, Rule B: each pointer", () => {
  it("is free to be constrained where the parent says nothing of arguments", () => {
    expect(isInside({}, { args: { "/a": { any: true } } })).toBe(true);
  });

  it.each<readonly [Args, Args]>([
    [{ "/a": { range: { max: 5 } } }, { "/a": { range: { max: 5 } } }],
    [{ "/a": { range: { max: 5 } } }, { "/a": { oneOf: [4, 5] } }],
    [{ "/a": { maxLength: 5 } }, { "/a": { maxLength: 5, prefix: "x" } }],
    // Optional may become required; optional stays optional.
    [{ "/a": { maxLength: 5, optional: true } }, { "/a": { maxLength: 5 } }],
    [{ "/a": { maxLength: 5, optional: true } }, { "/a": { maxLength: 5, optional: true } }],
    // An optional pointer may go.
    [{ "/a": { maxLength: 5, optional: true }, "/b": { any: true } }, { "/b": { any: true } }],
    [{ "/a": { any: true, optional: true }, "/b": { any: true } }, { "/b": { equals: [] } }],
    // Below `any`, all may be named.
    [{ "/a": { any: true } }, { "/a": { any: true }, "/a/b": { any: true, optional: true } }],
    [{ "/a": { any: true, optional: true } }, { "/a/b/c": { any: true } }],
  ])("%j covers %j", (outer, inner) => {
    expect(inside(outer, inner)).toBe(true);
  });

  it.each<readonly [Args, Args, string]>([
    [{ "/a": { range: { max: 5 } } }, { "/a": { range: { max: 6 } } }, "/a"],
    [{ "/a": { range: { max: 5 } } }, { "/a": { any: true } }, "/a"],
    [{ "/a": { maxLength: 5, prefix: "x" } }, { "/a": { maxLength: 5 } }, "/a"],
    [{ "/b": { equals: 1 }, "/a": { equals: 1 } }, { "/a": { equals: 1 }, "/b": { equals: 2 } }, "/b"],
    // Required above.
    [{ "/a": { maxLength: 5 } }, { "/a": { maxLength: 5, optional: true } }, "/a"],
    [{ "/a": { any: true } }, { "/a": { equals: 1, optional: true } }, "/a"],
    [{ "/a": { maxLength: 5 }, "/b": { any: true } }, { "/b": { any: true } }, "/a"],
    [{ "/a": { any: true } }, { "/a/b": { equals: 1 } }, "/a"],
    // Not named above.
    [{ "/a": { any: true } }, { "/a": { any: true }, "/b": { equals: 1 } }, "/b"],
    [{ "/a": { any: true } }, { "/a": { any: true }, "/ab": { equals: 1, optional: true } }, "/ab"],
    [{ "/a": { maxLength: 5 } }, { "/a": { maxLength: 5 }, "/a/b": { any: true, optional: true } }, "/a/b"],
    [{ "/a": { equals: { b: 1 } } }, { "/a": { equals: { b: 1 } }, "/a/b": { any: true } }, "/a/b"],
    [{ "/a/b": { any: true } }, { "/a/b": { any: true }, "/a": { any: true } }, "/a"],
    [{ "/x~1z": { any: true, optional: true } }, { "/x/z": { equals: 1 } }, "/x/z"],
    [{ "/x/z": { any: true, optional: true } }, { "/x~1z": { equals: 1 } }, "/x~1z"],
  ])("%j does not cover %j, at %s", (outer, inner, pointer) => {
    expect(violationOf(outer, inner)).toEqual(widerAt(pointer, outer, inner));
  });
});

describe("args, Rule B: an optional pointer that the child does not name", () => {
  const optional = { maxLength: 5, optional: true } as const;

  it("must not be let in by a pointer below it", () => {
    const outer: Args = { "/any": { any: true, optional: true }, "/any/a": optional };
    expect(inside(outer, { "/any/b": { any: true } })).toBe(true);
    expect(inside(outer, { "/any/ab": { any: true } })).toBe(true);
    expectWider(outer, { "/any/a/b": { any: true } }, "/any/a");
  });

  it("must not be let in by `any` above it", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": optional };
    expectWider(outer, { "/x": { any: true } }, "/x/a");
    expect(inside(outer, { "/x": { any: true }, "/x/a": optional })).toBe(true);
    expect(inside(outer, { "/x": { any: true }, "/x/a": { maxLength: 4 } })).toBe(true);
  });

  it("must not be let in by one of several", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": optional, "/y": { any: true, optional: true } };
    expectWider(outer, { "/y": { equals: 1 }, "/x": { any: true } }, "/x/a");
    expectWider(outer, { "/x": { any: true }, "/y": { equals: 1 } }, "/x/a");
    expect(inside(outer, { "/y": { equals: 1 }, "/x": { equals: {} } })).toBe(true);
  });

  it("must not be let in with another value by `equals` above it", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": optional };
    expect(inside(outer, { "/x": { equals: { a: "short" } } })).toBe(true);
    expect(inside(outer, { "/x": { equals: { b: 1 } } })).toBe(true);
    expect(inside(outer, { "/x": { equals: "text" } })).toBe(true);
    expectWider(outer, { "/x": { equals: { a: "longer" } } }, "/x/a");
    expectWider(outer, { "/x": { equals: { a: 1 } } }, "/x/a");
    expectWider(outer, { "/x": { equals: { a: { b: "deep" } } } }, "/x/a");
    expectWider(outer, { "/x": { equals: { a: [] } } }, "/x/a");
  });

  it("cannot be let in by a scalar above it", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": optional };
    for (const x of [
      { oneOf: ["s"] },
      { range: { min: 1 } },
      { prefix: "s" },
      { under: "s/" },
      { maxLength: 1 },
    ]) {
      expect(inside(outer, { "/x": x })).toBe(true);
    }
  });

  it("cannot be let in by a value that its own constraint rules out", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": { maxLength: 5, optional: true } };
    expect(inside(outer, { "/x": { equals: { a: "longer" }, maxLength: 1 } })).toBe(true);
    expectWider(outer, { "/x": { equals: { a: "longer" } } }, "/x/a");
  });

  it("is not let in by `any` beside what only a text can be", () => {
    const outer: Args = { "/x": { any: true, maxLength: 1 } };
    expect(inside(outer, { "/x": { maxLength: 1 } })).toBe(true);
    expectWider(outer, { "/x": { maxLength: 1 }, "/x/a": { equals: 1 } }, "/x/a");
  });

  it("may be let in where it is open itself", () => {
    const outer: Args = { "/x": { any: true }, "/x/a": { any: true, optional: true } };
    expect(inside(outer, { "/x": { any: true } })).toBe(true);
    expect(inside({ "/a": { any: true, optional: true } }, { "/a/b": { any: true } })).toBe(true);
    expectWider(
      { "/x": { any: true }, "/x/a": { any: true, maxLength: 1, optional: true } },
      { "/x": { any: true } },
      "/x/a",
    );
  });
});
