import { describe, expect, it } from "vitest";

import { excess, uncovered } from "../../src/authority/dimension.js";

describe("an excess", () => {
  it("has no members for what is not known", () => {
    expect(excess("/a", "why", undefined, undefined)).toStrictEqual({ pointer: "/a", detail: "why" });
    expect(excess("", "why", null, 0)).toStrictEqual({ pointer: "", detail: "why", asked: null, allowed: 0 });
    expect(excess("", "why", undefined, "x", "NOT_ALLOWED")).toStrictEqual({
      pointer: "",
      detail: "why",
      allowed: "x",
      code: "NOT_ALLOWED",
    });
  });

  it("names the first item that nothing covers", () => {
    const same = (granted: string, asked: string): boolean => granted === asked;
    expect(uncovered("/list", ["a", "b"], ["b", "a"], same)).toBeUndefined();
    expect(uncovered("/list", ["a", "c", "d"], ["b", "a"], same)).toMatchObject({
      pointer: "/list/1",
      asked: "c",
      allowed: ["b", "a"],
    });
  });
});
