import { evaluate, foldGrants, type Grant, type LinkGrants } from "@writ/core";
import { describe, expect, it } from "vitest";

import type { DimensionValues } from "../../src/authority/dimensions.js";
import type { FoldedGrant } from "../../src/authority/fold.js";
import { problemOf } from "../../src/errors/writ-error.js";
import { asks, BILLING, type Dimensions, fold, ORDERS, said, violation } from "./grants.js";

const TREE = "https://api.acme.example/files/";

const FULL: Dimensions = {
  actions: ["do", "undo"],
  resources: [TREE],
  audience: [ORDERS],
  args: { "/a": { range: { max: 5 } } },
  spend: { unit: "EUR", amountAt: "/a", perAction: 5 },
};

const ALLOWED = asks({ resource: `${TREE}x`, audience: ORDERS, args: { a: 5 } });

describe("folding a chain", () => {
  it("gives each grant what it says, and else what it inherits", () => {
    const grant = fold(FULL, { actions: ["do"] }, { actions: ["do"], resources: [`${TREE}x`] });
    expect(grant.effective).toEqual({ ...FULL, actions: ["do"], resources: [`${TREE}x`] });
    expect(grant.written).toEqual({ id: "g2", within: "g1", actions: ["do"], resources: [`${TREE}x`] });
    expect([grant.link, grant.outer?.link, grant.outer?.outer?.link]).toEqual([2, 1, 0]);
    expect(grant.outer?.effective).toEqual({ ...FULL, actions: ["do"] });
    expect(grant.outer?.outer?.effective).toEqual(FULL);
    expect(grant.outer?.outer?.outer).toBeUndefined();
  });

  it("leaves out what nobody says", () => {
    expect(fold({}, {}).effective).toEqual({ actions: ["do"] });
  });

  it("gives all grants of the last link, in their order, each in its own box", () => {
    const result = foldGrants([
      { pointer: "/0", grants: [grantOf("a", undefined, ["a.*"]), grantOf("b", undefined, ["b.*"])] },
      {
        pointer: "/1",
        grants: [grantOf("y", "b", ["b.1"]), grantOf("x", "a", ["a.1"]), grantOf("z", "a", ["a.2"])],
      },
    ]);
    expect(result.map(({ written, outer }) => [written.id, outer?.written.id])).toEqual([
      ["y", "b"],
      ["x", "a"],
      ["z", "a"],
    ]);
  });

  it("judges a grant by the grant that it names, not by another of the same parent", () => {
    const chain: readonly LinkGrants[] = [
      { pointer: "/0", grants: [grantOf("a", undefined, ["a.*"]), grantOf("b", undefined, ["b.*"])] },
      { pointer: "/1", grants: [grantOf("x", "a", ["a.1"]), grantOf("y", "a", ["b.1"])] },
    ];
    expect(problemOf(() => foldGrants(chain))).toEqual({
      code: "ATTENUATION_VIOLATED",
      detail: "actions: actions that are not granted above",
      pointer: "/1/1/actions/0",
      link: 1,
      grant: "y",
      dimension: "actions",
      asked: "b.1",
      allowed: ["a.*"],
    });
  });
});

describe("a caveat that is dropped in the middle (HOSTILE 142)", () => {
  const dropped: readonly (readonly [keyof Grant, Dimensions, string, unknown, unknown])[] = [
    [
      "resources",
      { resources: [TREE, "https://other.example/"] },
      "/resources/1",
      "https://other.example/",
      [TREE],
    ],
    ["audience", { audience: [BILLING] }, "/audience/0", BILLING, [ORDERS]],
    [
      "args",
      { args: { "/a": { range: { max: 6 } } } },
      "/args/~1a",
      { range: { max: 6 } },
      { range: { max: 5 } },
    ],
    ["args", { args: { "/b": { any: true } } }, "/args/~1a", undefined, { range: { max: 5 } }],
    ["spend", { spend: { unit: "EUR", perAction: 6 } }, "/spend/perAction", 6, 5],
  ];

  it.each(dropped)("cannot come back wider: %s, %j", (dimension, last, place, asked, allowed) => {
    for (const between of [[{}], [{}, {}, {}]]) {
      const link = between.length + 1;
      const expected = { code: "ATTENUATION_VIOLATED", pointer: `/${String(link)}/0${place}`, link };
      expect(violation(FULL, ...between, last)).toEqual({
        ...expected,
        grant: `g${String(link)}`,
        dimension,
        ...(asked === undefined ? {} : { asked }),
        allowed,
      });
    }
  });

  it("still holds", () => {
    const grant = fold(FULL, {}, {});
    expect(evaluate(grant, ALLOWED)).toEqual([]);
    expect(evaluate(grant, asks({ ...ALLOWED, audience: BILLING })).map(said)).toEqual([
      { link: 0, dimension: "audience", pointer: "", asked: BILLING, allowed: [ORDERS] },
    ]);
    expect(evaluate(grant, asks({ ...ALLOWED, args: { a: 6 } })).map(said)).toEqual([
      { link: 0, dimension: "args", pointer: "/args/a", asked: 6, allowed: { range: { max: 5 } } },
      { link: 0, dimension: "spend", pointer: "/args/a", asked: 6, allowed: 5 },
    ]);
  });
});

describe("within (HOSTILE 219)", () => {
  it.each<readonly [string, readonly LinkGrants[], string, number]>([
    ["at a root", [linkOf(grantOf("a", "a"))], "/0/0/within", 0],
    ["missing below a root", [linkOf(grantOf("a")), linkOf(grantOf("a"))], "/1/0/within", 1],
    ["naming nothing", [linkOf(grantOf("a")), linkOf(grantOf("a", "b"))], "/1/0/within", 1],
    [
      "naming a grant beside it",
      [linkOf(grantOf("a")), linkOf(grantOf("b", "a"), grantOf("c", "b"))],
      "/1/1/within",
      1,
    ],
    [
      "naming a grant of the parent's parent",
      [linkOf(grantOf("a")), linkOf(grantOf("b", "a")), linkOf(grantOf("c", "a"))],
      "/2/0/within",
      2,
    ],
  ])("%s", (_, chain, pointer, link) => {
    const numbered = chain.map((each, index) => ({ ...each, pointer: `/${String(index)}` }));
    const grant = numbered[link]?.grants[pointer.startsWith("/1/1") ? 1 : 0]?.id;
    expect(problemOf(() => foldGrants(numbered))).toEqual({
      code: "GRANT_WITHIN",
      detail: "names no grant of the parent",
      pointer,
      link,
      grant,
    });
  });
});

describe("Rule A where Rule B is bypassed", () => {
  /** A grant within a narrower one, as no chain that is accepted has it. */
  const outer = handMade(0, FULL);
  const inner = handMade(
    1,
    {
      actions: ["*"],
      resources: ["https://other.example/", TREE],
      audience: [BILLING, ORDERS],
      args: { "/a": { any: true }, "/b": { any: true, optional: true } },
      spend: { unit: "EUR", amountAt: "/a", perAction: 500 },
    },
    outer,
  );

  it.each<readonly [object, string, string, unknown, unknown]>([
    [{ action: "other" }, "actions", "/action", "other", ["do", "undo"]],
    [{ resource: "https://other.example/" }, "resources", "/resource", "https://other.example/", [TREE]],
    [{ audience: BILLING }, "audience", "", BILLING, [ORDERS]],
    [{ args: { a: 5, b: 1 } }, "args", "/args/b", 1, undefined],
  ])("the ancestor denies %j", (request, dimension, pointer, asked, allowed) => {
    expect(evaluate(inner, ALLOWED)).toEqual([]);
    const expected = { link: 0, dimension, pointer, asked, ...(allowed === undefined ? {} : { allowed }) };
    expect(evaluate(inner, { ...ALLOWED, ...request }).map(said)).toEqual([expected]);
  });

  it("each ancestor is asked, root first", () => {
    const chain = handMade(
      2,
      { ...FULL, actions: ["do"] },
      handMade(1, { ...FULL, actions: ["undo"] }, outer),
    );
    expect(evaluate(chain, { ...ALLOWED, action: "other" }).map(({ link, grant }) => [link, grant])).toEqual([
      [0, "g0"],
      [1, "g1"],
      [2, "g2"],
    ]);
    expect(evaluate(chain, { ...ALLOWED, action: "undo" }).map(said)).toEqual([
      { link: 2, dimension: "actions", pointer: "/action", asked: "undo", allowed: ["do"] },
    ]);
    expect(evaluate(chain, ALLOWED)).toEqual([
      {
        code: "NOT_ALLOWED",
        detail: "actions: the action is not granted",
        link: 1,
        grant: "g1",
        dimension: "actions",
        pointer: "/action",
        asked: "do",
        allowed: ["undo"],
      },
    ]);
  });
});

function grantOf(id: string, within?: string, actions: readonly string[] = ["do"]): Grant {
  return { id, actions, ...(within === undefined ? {} : { within }) };
}

function linkOf(...grants: readonly Grant[]): LinkGrants {
  return { grants, pointer: "" };
}

function handMade(link: number, dimensions: Dimensions, outer?: FoldedGrant): FoldedGrant {
  const effective: DimensionValues = { actions: ["do"], ...dimensions };
  const written = { id: `g${String(link)}`, ...effective };
  return { link, written, effective, ...(outer === undefined ? {} : { outer }) };
}
