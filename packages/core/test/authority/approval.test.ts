import { evaluate, parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { approval, type ApprovalRule } from "../../src/authority/dimensions/approval.js";
import {
  asks,
  type Asked,
  awaited,
  denial,
  denials,
  denialsInFull,
  type Dimensions,
  fold,
  isInside,
  violation,
  wider,
} from "./grants.js";

const [ANN, BEN, CY, DAN] = ["ann", "ben", "cy", "dan"].map((name) => `did:web:${name}.example`) as [
  string,
  string,
  string,
  string,
];

const RULE: ApprovalRule = { over: 100, approvers: [ANN, BEN, CY], quorum: 2 };
const SPEND = { unit: "EUR" };
const GRANT: Dimensions = { spend: SPEND, approval: RULE };

function costing(amount: number, ...approvedBy: readonly string[]): Asked {
  return { spend: { unit: "EUR", amount }, approvedBy };
}

/** The approval that is still missing at a link. */
function missing(cost: number, rule: ApprovalRule = RULE, link = 0): object {
  return {
    code: "APPROVAL_REQUIRED",
    pointer: "",
    link,
    grant: `g${String(link)}`,
    dimension: "approval",
    asked: cost,
    allowed: rule,
  };
}

describe("approval, Rule A", () => {
  it.each<readonly [string, Asked]>([
    ["as much as needs none", costing(100)],
    ["less", costing(1)],
    ["more, approved by two", costing(101, ANN, BEN)],
    ["more, approved by two others", costing(101, CY, BEN)],
    ["more, approved by all", costing(101, ANN, BEN, CY)],
    ["more, approved by two and a stranger", costing(101, DAN, ANN, CY)],
  ])("allows %s", (_, asked) => {
    expect(denials(GRANT, asked)).toEqual([]);
    expect(awaited(asked, GRANT)).toEqual([]);
  });

  it.each<readonly [string, Asked]>([
    ["nobody", costing(101)],
    ["nobody said", { spend: { unit: "EUR", amount: 101 } }],
    ["one", costing(101, BEN)],
    ["one, twice (HOSTILE 224)", costing(101, BEN, BEN)],
    ["one and a stranger", costing(101, ANN, DAN)],
    ["strangers", costing(101, DAN, `${ANN}.evil`, ANN.toUpperCase())],
  ])("awaits more where it costs more and is approved by %s", (_, asked) => {
    expect(denials(GRANT, asked)).toEqual([]);
    expect(awaited(asked, GRANT)).toEqual([missing(101)]);
    expect(awaited({ ...asked, perspective: "holder" }, GRANT)).toEqual([missing(101)]);
  });

  it.each([
    [[], new RegExp(`\\b2 .*${ANN}.*${BEN}`)],
    [[BEN], new RegExp(`^(?!.*${BEN}).*\\b1 .*${ANN}`)],
  ])("tells how many more must approve than %j, and who may", (approvedBy, missing) => {
    const { approvals } = evaluate(fold(GRANT), asks(costing(101, ...approvedBy)));
    expect(approvals.map(({ detail }) => detail)).toEqual([expect.stringMatching(missing)]);
  });

  it("needs a spend beside it, or above", () => {
    expect(approval.needs?.(RULE)).toEqual({ dimension: "spend", where: "beside-or-above" });
  });

  it("may be demanded of every action, by one alone", () => {
    const rule = { over: 0, approvers: [ANN], quorum: 1 };
    expect(awaited(costing(1), { spend: SPEND, approval: rule })).toEqual([missing(1, rule)]);
    expect(awaited(costing(1, ANN), { spend: SPEND, approval: rule })).toEqual([]);
  });

  it("is awaited at each link that demands it", () => {
    const inner = { ...RULE, over: 50, quorum: 3 };
    expect(awaited(costing(101, ANN), GRANT, { approval: inner })).toEqual([
      missing(101),
      missing(101, inner, 1),
    ]);
    expect(awaited(costing(101, ANN, BEN), GRANT, { approval: inner })).toEqual([missing(101, inner, 1)]);
    expect(awaited(costing(100), GRANT, { approval: inner })).toEqual([missing(100, inner, 1)]);
    expect(awaited(costing(101), GRANT, {})).toEqual([missing(101)]);
  });

  it("goes by what the arguments say, where the service states nothing", () => {
    const grant = { ...GRANT, spend: { unit: "EUR", amountAt: "/amount" } };
    expect(awaited({ args: { amount: 101 } }, grant)).toEqual([missing(101)]);
    expect(awaited({ args: { amount: 100 } }, grant)).toEqual([]);
  });

  it.each<readonly [string, Asked, JsonValue | undefined, JsonValue | undefined]>([
    ["unknown", {}, undefined, undefined],
    ["in another unit", { spend: { unit: "USD", amount: 1 } }, "USD", "EUR"],
    ["no amount", costing(0), 0, undefined],
  ])("denies, and awaits nothing, where the cost is %s", (_, asked, said, allowed) => {
    expect(denials(GRANT, asked)).toEqual([
      denial("spend", "/args", said, allowed),
      denial("approval", "/args", said, allowed),
    ]);
    expect(awaited(asked, GRANT)).toEqual([]);
  });

  it("denies nothing and awaits nothing of a holder who does not know the cost", () => {
    expect(denials(GRANT, { perspective: "holder" })).toEqual([]);
    expect(awaited({ perspective: "holder" }, GRANT)).toEqual([]);
  });

  it("is refused where no grant says what an action costs", () => {
    expect(violation({}, { approval: RULE })).toEqual({
      code: "SCHEMA_INVALID",
      pointer: "/1/0/spend",
      link: 1,
      grant: "g1",
      dimension: "approval",
    });
    expect(violation({}, {}, { approval: RULE })).toMatchObject({ pointer: "/2/0/spend", link: 2 });
    expect(violation({ spend: SPEND }, {}, { approval: RULE })).toBeUndefined();
  });

  it("denies where no grant says it all the same", () => {
    const effective = { actions: ["do"], approval: RULE };
    const grant = {
      link: 0,
      issuer: "did:web:issuer.example",
      written: { id: "g0", ...effective },
      effective,
    };
    const expected = { code: "NOT_ALLOWED", pointer: "", link: 0, grant: "g0", dimension: "approval" };
    for (const perspective of ["service", "holder"] as const) {
      const asked = { ...costing(101), perspective };
      expect(denialsInFull(grant, asked)).toEqual([expected]);
      expect(evaluate(grant, asks(asked)).approvals).toEqual([]);
    }
  });

  it("is judged by a spend that a grant above states", () => {
    const chain = [{ spend: SPEND }, { approval: RULE }];
    expect(denialsInFull(fold(...chain), costing(101))).toEqual([]);
    expect(awaited(costing(101), ...chain)).toEqual([missing(101, RULE, 1)]);
  });
});

describe("approval, Rule B", () => {
  const inside = (changes: Partial<ApprovalRule>): boolean =>
    isInside(GRANT, { approval: { ...RULE, ...changes } });
  const violationOf = (changes: Partial<ApprovalRule>): unknown =>
    violation(GRANT, { approval: { ...RULE, ...changes } });

  it("may come sooner, from more, chosen among fewer", () => {
    expect(inside({})).toBe(true);
    expect(inside({ over: 99 })).toBe(true);
    expect(inside({ over: 0 })).toBe(true);
    expect(inside({ quorum: 3 })).toBe(true);
    expect(inside({ approvers: [CY, ANN] })).toBe(true);
    expect(isInside({ spend: SPEND }, { approval: RULE })).toBe(true);
  });

  it.each<readonly [Partial<ApprovalRule>, string, JsonValue, JsonValue]>([
    [{ over: 101 }, "/over", 101, 100],
    [{ quorum: 1 }, "/quorum", 1, 2],
    [{ approvers: [ANN, DAN] }, "/approvers/1", DAN, [...RULE.approvers]],
    [{ approvers: [`${ANN}.evil`, ANN] }, "/approvers/0", `${ANN}.evil`, [...RULE.approvers]],
  ])("may not have %j", (changes, place, asked, allowed) => {
    expect(violationOf(changes)).toEqual(wider("approval", `/approval${place}`, asked, allowed));
  });

  it("is replaced whole", () => {
    const inner = { over: 1, approvers: [ANN, BEN], quorum: 2 };
    expect(fold(GRANT, { approval: inner }, {}).effective.approval).toEqual(inner);
  });
});

describe("the form of an approval", () => {
  const many = Array.from({ length: 33 }, (_, index) => `did:web:a${String(index)}.example`);

  it.each<readonly [unknown]>([
    [{ over: 0, approvers: [ANN], quorum: 1 }],
    [{ over: Number.MAX_SAFE_INTEGER, approvers: [ANN, BEN], quorum: 2 }],
    [{ over: 1, approvers: many.slice(1), quorum: 32 }],
  ])("may be %j", (value) => {
    expect(parseShape(approval.shape, value as JsonValue)).toBe(value);
  });

  it.each<readonly [object, string, string]>([
    [{ over: -1 }, "SCHEMA_INVALID", "/s/over"],
    [{ over: 0.5 }, "NUMBER_NOT_INTEGER", "/s/over"],
    [{ over: "0" }, "SCHEMA_INVALID", "/s/over"],
    [{ approvers: [] }, "ARRAY_EMPTY", "/s/approvers"],
    [{ approvers: many }, "TOO_MANY_ITEMS", "/s/approvers"],
    [{ approvers: [ANN, BEN, ANN] }, "DUPLICATE_ITEM", "/s/approvers/2"],
    [{ approvers: [ANN, "ben"] }, "DID_SYNTAX", "/s/approvers/1"],
    [{ approvers: ANN }, "SCHEMA_INVALID", "/s/approvers"],
    [{ quorum: 0 }, "SCHEMA_INVALID", "/s/quorum"],
    [{ quorum: 4 }, "SCHEMA_INVALID", "/s/quorum"],
    [{ quorum: 1.5 }, "NUMBER_NOT_INTEGER", "/s/quorum"],
    [{ unit: "EUR" }, "SCHEMA_INVALID", "/s/unit"],
  ])("with %j is refused: %s at %s", (changes, code, pointer) => {
    const value = { ...RULE, ...changes } as unknown as JsonValue;
    expect(refusalOf(() => parseShape(approval.shape, value, "/s"))).toEqual({ code, pointer });
  });

  it.each(["over", "approvers", "quorum"] as const)("needs %s", (member) => {
    const { [member]: _, ...rest } = RULE;
    expect(refusalOf(() => parseShape(approval.shape, rest as unknown as JsonValue, "/s"))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: `/s/${member}`,
    });
  });
});
