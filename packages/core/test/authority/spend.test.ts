import { parseShape, type Grant, type JsonObject, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { unitName } from "../../src/authority/action-request.js";
import { spend } from "../../src/authority/dimensions/spend.js";
import {
  accountAt,
  type Asked,
  charges,
  deniedBy,
  denial,
  denials,
  fold,
  isInside,
  ORDERS,
  type Said,
  violation,
  wider,
} from "./grants.js";

type Spend = NonNullable<Grant["spend"]>;
type Request = Asked;

const STATED: Spend = { unit: "EUR", perAction: 100 };
const NAMED: Spend = { unit: "EUR", amountAt: "/amount", perAction: 100 };
const BOTH: Spend = { unit: "EUR", amountAt: "/pay/amount", unitAt: "/pay/unit", perAction: 100 };

function pay(amount: JsonValue, unit?: JsonValue): { readonly args: JsonObject } {
  return { args: { pay: { amount, ...(unit === undefined ? {} : { unit }) } } };
}

function stated(amount: number, unit = "EUR"): Request {
  return { spend: { unit, amount } };
}

describe("spend, Rule A", () => {
  it.each<readonly [string, Spend, Request]>([
    ["stated", STATED, stated(100)],
    ["stated, as little as can be", STATED, stated(1)],
    ["stated, arguments apart", STATED, { ...stated(5), args: { amount: 7 } }],
    ["stated, without a limit", { unit: "EUR" }, stated(Number.MAX_SAFE_INTEGER)],
    ["named", NAMED, { args: { amount: 100 } }],
    ["stated instead of named", NAMED, stated(100)],
    ["both, alike", NAMED, { ...stated(7), args: { amount: 7 } }],
    ["named with its unit", BOTH, pay(100, "EUR")],
    ["unit named, amount stated", BOTH, { ...stated(3), args: { pay: { unit: "EUR" } } }],
    ["amount named, unit stated", BOTH, { ...stated(3), ...pay(3) }],
    ["all alike", BOTH, { ...stated(3), ...pay(3, "EUR") }],
    ["all stated", BOTH, stated(3)],
  ])("allows: %s", (_, limit, request) => {
    expect(denials({ spend: limit }, request)).toEqual([]);
  });

  it.each<readonly [string, Spend, Request, string, JsonValue | undefined, JsonValue | undefined]>([
    ["more", STATED, stated(101), "/args", 101, 100],
    ["more, named", NAMED, { args: { amount: 101 } }, "/args/amount", 101, 100],
    ["more, both", NAMED, { ...stated(101), args: { amount: 101 } }, "/args/amount", 101, 100],
    ["different", NAMED, { ...stated(7), args: { amount: 8 } }, "/args/amount", 8, 7],
    ["less stated than named", NAMED, { ...stated(7), args: { amount: 700 } }, "/args/amount", 700, 7],
    ["a text", NAMED, { args: { amount: "7" } }, "/args/amount", "7", undefined],
    ["a text that seems the same", NAMED, { ...stated(7), args: { amount: "7" } }, "/args/amount", "7", 7],
    ["null beside the stated", NAMED, { ...stated(7), args: { amount: null } }, "/args/amount", null, 7],
    ["null", NAMED, { args: { amount: null } }, "/args/amount", null, undefined],
    ["an object", NAMED, { args: { amount: {} } }, "/args/amount", {}, undefined],
    ["zero", NAMED, { args: { amount: 0 } }, "/args/amount", 0, undefined],
    ["negative", NAMED, { args: { amount: -1 } }, "/args/amount", -1, undefined],
    ["a fraction", NAMED, { args: { amount: 1.5 } }, "/args/amount", 1.5, undefined],
    ["too large to be exact", { unit: "EUR" }, stated(2 ** 53), "/args", 2 ** 53, undefined],
    ["zero, stated", STATED, stated(0), "/args", 0, undefined],
    ["negative, stated", STATED, stated(-5), "/args", -5, undefined],
    ["a fraction, stated", STATED, stated(0.5), "/args", 0.5, undefined],
    ["nothing", STATED, {}, "/args", undefined, 100],
    ["nothing where it is named", NAMED, { args: { other: 1 } }, "/args/amount", undefined, 100],
    ["nothing, without a limit", { unit: "EUR" }, {}, "/args", undefined, undefined],
    ["another unit", STATED, stated(5, "USD"), "/args", "USD", "EUR"],
    ["another case of the unit", STATED, stated(5, "eur"), "/args", "eur", "EUR"],
    ["another unit, named", BOTH, pay(5, "USD"), "/args/pay/unit", "USD", "EUR"],
    [
      "another unit named than stated",
      BOTH,
      { ...stated(5), ...pay(5, "USD") },
      "/args/pay/unit",
      "USD",
      "EUR",
    ],
    [
      "another unit stated than named",
      BOTH,
      { ...stated(5, "USD"), ...pay(5, "EUR") },
      "/args/pay/unit",
      "USD",
      "EUR",
    ],
    ["a unit that is no text", BOTH, pay(5, 1), "/args/pay/unit", 1, "EUR"],
    ["a unit of null", BOTH, pay(5, null), "/args/pay/unit", null, "EUR"],
    ["no unit", BOTH, pay(5), "/args/pay/unit", undefined, "EUR"],
    ["no unit and no amount", BOTH, {}, "/args/pay/unit", undefined, "EUR"],
    ["no amount", BOTH, { args: { pay: { unit: "EUR" } } }, "/args/pay/amount", undefined, 100],
  ])("denies: %s", (_, limit, request, pointer, asked, allowed) => {
    expect(denials({ spend: limit }, request)).toEqual([denial("spend", pointer, asked, allowed)]);
  });

  it.each<readonly [string, Spend, Request]>([
    ["nothing", STATED, {}],
    ["nothing where it is named", NAMED, {}],
    ["nothing where both are named", BOTH, {}],
    ["the amount without its unit", BOTH, pay(5)],
    ["the unit without its amount", BOTH, { args: { pay: { unit: "EUR" } } }],
  ])("leaves open for a holder: %s", (_, limit, request) => {
    expect(denials({ spend: limit }, { ...request, perspective: "holder" })).toEqual([]);
  });

  it.each<readonly [string, Spend, Request, string, JsonValue, JsonValue | undefined]>([
    ["too much", NAMED, { args: { amount: 101 } }, "/args/amount", 101, 100],
    ["too much without its unit", BOTH, pay(101), "/args/pay/amount", 101, 100],
    ["too much, stated", STATED, stated(101), "/args", 101, 100],
    ["zero", NAMED, { args: { amount: 0 } }, "/args/amount", 0, undefined],
    ["another unit", BOTH, pay(5, "USD"), "/args/pay/unit", "USD", "EUR"],
  ])("denies a holder what no service could allow: %s", (_, limit, request, pointer, asked, allowed) => {
    expect(denials({ spend: limit }, { ...request, perspective: "holder" })).toEqual([
      denial("spend", pointer, asked, allowed),
    ]);
  });

  it("enters objects only, on the way to its amount", () => {
    const unknown = (amountAt: string): readonly Said[] => [
      denial("spend", `/args${amountAt}`, undefined, 100),
    ];
    const at = (amountAt: string): Spend => ({ unit: "EUR", amountAt, perAction: 100 });
    expect(denials({ spend: at("/a/b") }, { args: { a: { b: 5 } } })).toEqual([]);
    expect(denials({ spend: at("/a/0") }, { args: { a: [5] } })).toEqual(unknown("/a/0"));
    expect(denials({ spend: at("/a/length") }, { args: { a: "12345" } })).toEqual(unknown("/a/length"));
    expect(denials({ spend: at("/a/b") }, { args: { a: null } })).toEqual(unknown("/a/b"));
  });

  it("stays as free as the grant leaves it", () => {
    expect(denials({}, stated(-1, "?"))).toEqual([]);
  });
});

describe("spend, Rule B", () => {
  it.each<readonly [Spend | undefined, Spend]>([
    [undefined, BOTH],
    [STATED, STATED],
    [STATED, { unit: "EUR", perAction: 99 }],
    [{ unit: "EUR" }, STATED],
    // What the child leaves out is as above.
    [BOTH, { unit: "EUR" }],
    [BOTH, { unit: "EUR", perAction: 1 }],
    [BOTH, { unit: "EUR", unitAt: "/pay/unit" }],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside(outer === undefined ? {} : { spend: outer }, { spend: inner })).toBe(true);
  });

  it.each<readonly [Spend, Spend, keyof Spend]>([
    [STATED, { unit: "EUR", perAction: 101 }, "perAction"],
    [STATED, { unit: "USD", perAction: 1 }, "unit"],
    [STATED, { unit: "eur" }, "unit"],
    [STATED, { unit: "EUR", amountAt: "/amount" }, "amountAt"],
    [NAMED, { unit: "EUR", amountAt: "/other" }, "amountAt"],
    [NAMED, { unit: "EUR", unitAt: "/unit" }, "unitAt"],
    [BOTH, { unit: "EUR", unitAt: "/other" }, "unitAt"],
  ])("%j does not cover %j: %s", (outer, inner, member) => {
    expect(violation({ spend: outer }, { spend: inner })).toEqual(
      wider("spend", `/spend/${member}`, inner[member], outer[member]),
    );
  });
});

it("spend without a limit is wider than any", () => {
  expect(spend.wider({ unit: "EUR" }, { unit: "EUR", perAction: 1 })).toMatchObject({
    pointer: "/spend/perAction",
    allowed: 1,
  });
  expect(spend.wider({ unit: "EUR" }, { unit: "EUR" })).toBeUndefined();
});

describe("spend, folded member by member", () => {
  it("inherits the pointers and the limit that a child does not write", () => {
    const grant = fold(
      { spend: BOTH },
      { spend: { unit: "EUR" } },
      { spend: { unit: "EUR", perAction: 10 } },
    );
    expect(grant.effective.spend).toEqual({ ...BOTH, perAction: 10 });
    expect(grant.outer?.effective.spend).toEqual(BOTH);
    expect(deniedBy(grant, pay(10, "EUR"))).toEqual([]);
    expect(deniedBy(grant, pay(11, "EUR"))).toEqual([
      { link: 2, dimension: "spend", pointer: "/args/pay/amount", asked: 11, allowed: 10 },
    ]);
  });

  it("keeps a limit that a link in the middle leaves out", () => {
    expect(
      violation({ spend: STATED }, { spend: { unit: "EUR" } }, { spend: { unit: "EUR", perAction: 101 } }),
    ).toEqual({
      code: "ATTENUATION_VIOLATED",
      pointer: "/2/0/spend/perAction",
      link: 2,
      grant: "g2",
      dimension: "spend",
      asked: 101,
      allowed: 100,
    });
  });
});

describe("a budget", () => {
  const meter = (account: number): NonNullable<Grant["meter"]> => ({
    ledger: ORDERS,
    account: accountAt(account),
  });
  const BUDGET: Spend = { unit: "EUR", budget: 100 };

  it("is for the ledger to keep: Rule A denies no single action for it", () => {
    const asked = { ...stated(101), ledger: ORDERS };
    expect(denials({ spend: BUDGET, meter: meter(0) }, asked)).toEqual([]);
    expect(charges(asked, { spend: BUDGET, meter: meter(0) })).toMatchObject([
      { spend: { unit: "EUR", amount: 101 }, limits: [{ dimension: "spend", budget: 100 }] },
    ]);
  });

  it.each<readonly [Spend, Spend]>([
    [BUDGET, BUDGET],
    [BUDGET, { unit: "EUR", budget: 99 }],
    [{ unit: "EUR" }, BUDGET],
    [STATED, BUDGET],
    [BUDGET, STATED],
    [
      { ...BUDGET, perAction: 5 },
      { unit: "EUR", perAction: 4, budget: 100 },
    ],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside({ spend: outer, meter: meter(0) }, { spend: inner, meter: meter(1) })).toBe(true);
  });

  it.each<readonly [Spend, Spend, keyof Spend]>([
    [BUDGET, { unit: "EUR", budget: 101 }, "budget"],
    [{ ...BUDGET, perAction: 5 }, { unit: "EUR", perAction: 5, budget: 101 }, "budget"],
    [{ ...BUDGET, perAction: 5 }, { unit: "EUR", perAction: 6, budget: 101 }, "perAction"],
    [BUDGET, { unit: "USD", budget: 1 }, "unit"],
  ])("%j does not cover %j: %s", (outer, inner, member) => {
    expect(violation({ spend: outer, meter: meter(0) }, { spend: inner, meter: meter(1) })).toEqual(
      wider("spend", `/spend/${member}`, inner[member], outer[member]),
    );
  });

  it("is kept by the account above where a child states none", () => {
    const grant = fold({ spend: BUDGET, meter: meter(0) }, { spend: { unit: "EUR", perAction: 10 } });
    expect(grant.effective.spend).toEqual({ unit: "EUR", perAction: 10, budget: 100 });
    expect(spend.wider({ unit: "EUR" }, BUDGET)).toMatchObject({ pointer: "/spend/budget", allowed: 100 });
  });

  it("needs a meter; a limit for one action does not", () => {
    expect(spend.needs?.(BUDGET)).toEqual({ dimension: "meter", where: "beside" });
    expect(spend.needs?.(STATED)).toBeUndefined();
  });
});

describe("the form of spend", () => {
  it.each<readonly [unknown, string, string]>([
    [{}, "SCHEMA_INVALID", "/s/unit"],
    [{ perAction: 1 }, "SCHEMA_INVALID", "/s/unit"],
    [{ unit: "" }, "SCHEMA_INVALID", "/s/unit"],
    [{ unit: "EU R" }, "SCHEMA_INVALID", "/s/unit"],
    [{ unit: "EUR", perAction: 0 }, "SCHEMA_INVALID", "/s/perAction"],
    [{ unit: "EUR", perAction: -1 }, "SCHEMA_INVALID", "/s/perAction"],
    [{ unit: "EUR", perAction: "5" }, "SCHEMA_INVALID", "/s/perAction"],
    [{ unit: "EUR", perAction: 1.5 }, "NUMBER_NOT_INTEGER", "/s/perAction"],
    [{ unit: "EUR", amountAt: "amount" }, "SCHEMA_INVALID", "/s/amountAt"],
    [{ unit: "EUR", amountAt: "" }, "SCHEMA_INVALID", "/s/amountAt"],
    [{ unit: "EUR", unitAt: "/~2" }, "SCHEMA_INVALID", "/s/unitAt"],
    [{ unit: "EUR", budget: 0 }, "SCHEMA_INVALID", "/s/budget"],
    [{ unit: "EUR", budget: -1 }, "SCHEMA_INVALID", "/s/budget"],
    [{ unit: "EUR", budget: "5" }, "SCHEMA_INVALID", "/s/budget"],
    [{ unit: "EUR", budget: 1.5 }, "NUMBER_NOT_INTEGER", "/s/budget"],
    [{ unit: "EUR", total: 5 }, "SCHEMA_INVALID", "/s/total"],
    [[], "SCHEMA_INVALID", "/s"],
  ])("%j is refused: %s at %s", (value, code, pointer) => {
    expect(refusalOf(() => parseShape(spend.shape, value as JsonValue, "/s"))).toEqual({ code, pointer });
  });

  it.each([
    { unit: "EUR", perAction: 1 },
    { unit: "EUR", budget: 1 },
    { unit: "EUR", budget: Number.MAX_SAFE_INTEGER },
  ])("%j is a spend", (value) => {
    expect(parseShape(spend.shape, value)).toBe(value);
  });

  it("takes names of units", () => {
    for (const unit of ["EUR", "kWh", "1", "api-calls_1.0", "a".repeat(32)])
      expect(parseShape(unitName, unit)).toBe(unit);
    for (const unit of ["-a", "a/b", "a".repeat(33)]) {
      expect(refusalOf(() => parseShape(unitName, unit)).code).toBe("SCHEMA_INVALID");
    }
  });
});
