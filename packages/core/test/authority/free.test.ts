import { freeOf, type Grant } from "@writ/core";
import { describe, expect, it } from "vitest";

import { spend } from "../../src/authority/dimensions/spend.js";
import { accountAt, type Dimensions, fold, isInside, ORDERS } from "./grants.js";

const meter = { ledger: ORDERS, account: accountAt(0) };
const GRANT: Dimensions = {
  resources: ["https://api.acme.example/"],
  spend: { unit: "EUR", amountAt: "/amount", perAction: 20, budget: 100 },
  rate: [{ max: 5, seconds: 60 }],
  meter,
};

/** Whoever receives a grant names an account of their own. */
const { meter: _, ...HANDED } = GRANT;

function handedOn(budget?: number): Grant {
  return {
    id: "x",
    within: "g0",
    actions: ["do"],
    spend: { unit: "EUR", ...(budget === undefined ? {} : { budget }) },
  };
}

describe("what is free to be handed on", () => {
  it("is all of a grant but its account, while nothing was handed on", () => {
    expect(freeOf(fold(GRANT), [])).toStrictEqual({ actions: ["do"], ...HANDED });
    expect(freeOf(fold({}), [handedOn(5)])).toEqual({ actions: ["do"] });
  });

  it.each<readonly [readonly (number | undefined)[], number]>([
    [[30], 70],
    [[30, 45], 25],
    [[30, undefined, 45], 25],
    [[undefined], 100],
    [[99], 1],
    [[100], 0],
    // More than there is may be handed on: the ledger charges all on the way.
    [[60, 60], 0],
  ])("is the budget less %j: %d", (budgets, left) => {
    const free = freeOf(fold(GRANT), budgets.map(handedOn));
    expect(free).toEqual({ actions: ["do"], ...HANDED, spend: { ...GRANT.spend, budget: left } });
  });

  it("can be handed on as it is, with an account of its own", () => {
    const { spend: left, ...rest } = freeOf(fold(GRANT), [handedOn(30)]) as Dimensions & object;
    const inner = { ...rest, spend: left, meter: { ...meter, account: accountAt(1) } } as Dimensions;
    expect(isInside(GRANT, inner)).toBe(true);
  });

  it("counts what a grant inherits as its own, and grants without a spend as nothing", () => {
    const inner = fold(GRANT, { actions: ["do"] });
    const silent: Grant = { id: "y", within: "g1", actions: ["do"] };
    expect(freeOf(inner, [silent, handedOn(30)]).spend).toEqual({ ...GRANT.spend, budget: 70 });
  });

  it("leaves a spend without a budget, and the grant itself, as they are", () => {
    const unlimited = { unit: "EUR", perAction: 5 };
    expect(freeOf(fold({ spend: unlimited }), [handedOn(30)]).spend).toEqual(unlimited);
    const value = { unit: "EUR", budget: 5 };
    expect(spend.free?.(value, [{ unit: "EUR", budget: 2 }])).toEqual({ unit: "EUR", budget: 3 });
    expect(value).toEqual({ unit: "EUR", budget: 5 });
  });
});
