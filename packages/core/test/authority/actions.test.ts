import { parseShape } from "@writ/core";
import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { actions, concreteAction } from "../../src/authority/dimensions/actions.js";
import { denial, denials, isInside, violation, wider } from "./grants.js";

describe("actions, Rule A", () => {
  it.each<readonly [readonly string[], string, boolean]>([
    [["order.read"], "order.read", true],
    [["order.read"], "order", false],
    [["order.read"], "order.read.all", false],
    [["order.read"], "order.reads", false],
    [["order.*"], "order.read", true],
    [["order.*"], "order.read.all", true],
    [["order.*"], "order", false],
    [["order.*"], "orders.read", false],
    [["order.*"], "preorder.read", false],
    [["order.line.*"], "order.read", false],
    [["*"], "order", true],
    [["*"], "order.read.all", true],
    [["refund.create", "order.*"], "order.read", true],
    [["refund.create", "order.*"], "refund.read", false],
  ])("%j allows %s: %j", (granted, action, allowed) => {
    expect(denials({ actions: granted }, { action })).toEqual(
      allowed ? [] : [denial("actions", "/action", action, granted)],
    );
  });
});

describe("actions, Rule B", () => {
  it.each<readonly [readonly string[], readonly string[]]>([
    [["order.read"], ["order.read"]],
    [["order.*"], ["order.*"]],
    [["order.*"], ["order.read", "order.line.*"]],
    [["*"], ["*"]],
    [["*"], ["order", "order.*"]],
    [
      ["a", "b.*", "c"],
      ["c", "b.x"],
    ],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside({ actions: outer }, { actions: inner })).toBe(true);
  });

  it.each<readonly [readonly string[], readonly string[], number]>([
    [["order.read"], ["order.write"], 0],
    [["order.read"], ["order.*"], 0],
    [["order.read"], ["*"], 0],
    [["order.*"], ["order"], 0],
    [["order.*"], ["*"], 0],
    [["order.line.*"], ["order.*"], 0],
    [["order.*"], ["orders.read"], 0],
    [["a", "b"], ["b", "a", "c"], 2],
  ])("%j does not cover %j", (outer, inner, index) => {
    expect(violation({ actions: outer }, { actions: inner })).toEqual(
      wider("actions", `/actions/${String(index)}`, inner[index], outer),
    );
  });
});

describe("names of actions", () => {
  it.each(["a", "refund.create", "a-b_c.0", "0"])("takes %s everywhere", (name) => {
    expect(parseShape(concreteAction, name)).toBe(name);
    expect(parseShape(actions.shape, [name])).toEqual([name]);
  });

  it.each(["*", "a.*", "a.b.*"])("takes %s in a grant, refuses it in an invocation", (name) => {
    expect(parseShape(actions.shape, [name])).toEqual([name]);
    expect(codeOf(() => parseShape(concreteAction, name))).toBe("SCHEMA_INVALID");
  });

  it.each([
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "A",
    "Order.read",
    "a*",
    "*.a",
    "a.*.b",
    "**",
    "a b",
    "ä",
    "a/b",
    "\ufb01le",
  ])("refuses %j", (name) => {
    expect(codeOf(() => parseShape(concreteAction, name))).toBe("SCHEMA_INVALID");
    expect(codeOf(() => parseShape(actions.shape, [name]))).toBe("SCHEMA_INVALID");
  });

  it("refuses an empty list, a repeated name and hidden characters", () => {
    expect(codeOf(() => parseShape(actions.shape, []))).toBe("ARRAY_EMPTY");
    expect(codeOf(() => parseShape(actions.shape, ["a", "a"]))).toBe("DUPLICATE_ITEM");
    expect(codeOf(() => parseShape(actions.shape, ["a\u200bb"]))).toBe("CHAR_FORBIDDEN");
    // The Kelvin sign.
    expect(codeOf(() => parseShape(actions.shape, ["a.\u212a"]))).toBe("NOT_NFC");
    expect(codeOf(() => parseShape(concreteAction, "a.\u212a"))).toBe("NOT_NFC");
  });
});
