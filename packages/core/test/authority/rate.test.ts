import { parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { rate, type Rates } from "../../src/authority/dimensions/rate.js";
import { accountAt, type Dimensions, denials, fold, isInside, ORDERS, violation, wider } from "./grants.js";

function metered(account: number, rates: Rates): Dimensions {
  return { rate: rates, meter: { ledger: ORDERS, account: accountAt(account) } };
}

function at(max: number, seconds: number): { readonly max: number; readonly seconds: number } {
  return { max, seconds };
}

describe("rate, Rule A", () => {
  it("is for the ledger to keep: one request alone is within it", () => {
    expect(denials(metered(0, [at(1, 1)]), { ledger: ORDERS })).toEqual([]);
  });
});

describe("rate, Rule B", () => {
  it.each<readonly [Rates, Rates]>([
    [[at(100, 3600)], [at(100, 3600)]],
    [[at(100, 3600)], [at(99, 3600)]],
    [[at(100, 3600)], [at(100, 3601)]],
    [[at(100, 3600)], [at(50, 1800)]],
    [[at(100, 3600)], [at(1, 36)]],
    [[at(100, 3600)], [at(1, 3600 * 24)]],
    [[at(4, 3)], [at(2, 2)]],
    [[at(6, 5)], [at(2, 2)]],
    // One for each, or one for all.
    [
      [at(10, 60), at(100, 3600)],
      [at(100, 3600), at(10, 60)],
    ],
    [[at(10, 60), at(100, 3600)], [at(1, 60)]],
    [[at(10, 60)], [at(1000, 1), at(10, 60)]],
  ])("%j covers %j", (outer, inner) => {
    expect(isInside(metered(0, outer), metered(1, inner))).toBe(true);
  });

  it.each<readonly [Rates, Rates, number]>([
    [[at(100, 3600)], [at(101, 3600)], 0],
    [[at(100, 3600)], [at(51, 1800)], 0],
    // Two windows of 3599 touch one of 3600.
    [[at(100, 3600)], [at(100, 3599)], 0],
    [[at(3, 3)], [at(2, 2)], 0],
    [[at(5, 5)], [at(2, 2)], 0],
    // A longer average with a larger burst (HOSTILE 216).
    [[at(100, 3600)], [at(1000, 86_400)], 0],
    [[at(100, 3600)], [at(101, 86_400)], 0],
    [[at(10, 60), at(100, 3600)], [at(10, 60)], 1],
    [[at(10, 60), at(100, 3600)], [at(100, 3600)], 0],
    [[at(1, 1)], [at(2, 1), at(2, 2)], 0],
  ])("%j does not cover %j", (outer, inner, broken) => {
    expect(violation(metered(0, outer), metered(1, inner))).toEqual(
      wider("rate", "/rate", inner as unknown as JsonValue, outer[broken] as unknown as JsonValue),
    );
  });

  it("needs a meter beside it", () => {
    expect(rate.needs?.([at(1, 1)])).toEqual({ dimension: "meter", where: "beside" });
  });

  it("is free to be stated where the parent states none, and is inherited whole", () => {
    expect(isInside({}, metered(1, [at(1000, 1)]))).toBe(true);
    const grant = fold(metered(0, [at(10, 60), at(100, 3600)]), metered(1, [at(1, 60)]), {});
    expect(grant.effective.rate).toEqual([at(1, 60)]);
  });
});

describe("the form of rates", () => {
  const many = Array.from({ length: 17 }, (_, index) => at(index + 1, 1));

  it.each<readonly [unknown]>([
    [[at(1, 1)]],
    [[at(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)]],
    [many.slice(1)],
  ])("%j is one", (value) => {
    expect(parseShape(rate.shape, value as JsonValue)).toBe(value);
  });

  it.each<readonly [unknown, string, string]>([
    [[], "ARRAY_EMPTY", "/s"],
    [at(1, 1), "SCHEMA_INVALID", "/s"],
    [many, "TOO_MANY_ITEMS", "/s"],
    [[at(1, 1), at(1, 1)], "DUPLICATE_ITEM", "/s/1"],
    [[{ max: 1 }], "SCHEMA_INVALID", "/s/0/seconds"],
    [[{ seconds: 1 }], "SCHEMA_INVALID", "/s/0/max"],
    [[at(0, 1)], "SCHEMA_INVALID", "/s/0/max"],
    [[at(1, 0)], "SCHEMA_INVALID", "/s/0/seconds"],
    [[at(1, 1), at(-1, 1)], "SCHEMA_INVALID", "/s/1/max"],
    [[at(1.5, 1)], "NUMBER_NOT_INTEGER", "/s/0/max"],
    [[at(1, 0.5)], "NUMBER_NOT_INTEGER", "/s/0/seconds"],
    [[{ max: "1", seconds: 1 }], "SCHEMA_INVALID", "/s/0/max"],
    [[{ ...at(1, 1), burst: 2 }], "SCHEMA_INVALID", "/s/0/burst"],
  ])("%j is refused: %s at %s", (value, code, pointer) => {
    expect(refusalOf(() => parseShape(rate.shape, value as JsonValue, "/s"))).toEqual({ code, pointer });
  });
});
