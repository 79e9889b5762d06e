import { draftGrant, type Grant, type Problem } from "@writ/core";
import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { DraftMaterial } from "../../src/authority/dimension.js";
import { DIMENSIONS } from "../../src/authority/dimensions.js";
import { evaluate } from "../../src/authority/evaluate.js";
import type { Window } from "../../src/authority/dimensions/when.js";
import {
  accountAt,
  asks,
  type Asked,
  BILLING,
  deniedAt,
  type Dimensions,
  fold,
  NOW,
  ORDERS,
  randomOf,
} from "./grants.js";

const FRESH = accountAt(99);
const HOST = "https://api.acme.example/";

/** The draft for a request that the link denies, with what it says beside its id and `within`. */
function drafted(asked: Asked, deniedLink: number, ...chain: readonly Dimensions[]): Dimensions {
  const request = asks(asked);
  const grant = fold(...chain);
  const { grant: draft, outer } = draftGrant(
    { grant, request, problems: [deniedAt(deniedLink)] },
    randomOf(FRESH),
  );
  const above = deniedLink === 0 ? {} : { within: `g${String(deniedLink - 1)}` };
  expect({ id: draft.id, within: draft.within }).toEqual({ id: "draft", within: undefined, ...above });
  expect(outer?.link).toBe(deniedLink === 0 ? undefined : deniedLink - 1);
  const { id: _, within: __, ...dimensions } = draft;
  const placed = fold(...chain.slice(0, deniedLink), dimensions);
  expect(evaluate(placed, request).denials).toEqual([]);
  return dimensions;
}

/** The nearest to no arguments that a grant can say. */
const NONE: Dimensions = { args: { "/-": { maxLength: 0, optional: true } } };

/** The code with which no draft is made. */
function refusedDraft(asked: Asked, deniedLink: number, ...chain: readonly Dimensions[]): string {
  return codeOf(() =>
    draftGrant(
      { grant: fold(...chain), request: asks(asked), problems: [deniedAt(deniedLink)] },
      randomOf(FRESH),
    ),
  );
}

const OTHER: Asked = { action: "other" };

describe("a draft", () => {
  it("is exactly what was asked, at the root where the root denied", () => {
    const asked = { action: "other", resource: `${HOST}a`, audience: ORDERS, args: { a: 1, b: { c: [2] } } };
    expect(drafted(asked, 0, {})).toEqual({
      actions: ["other"],
      resources: [`${HOST}a`],
      audience: [ORDERS],
      args: { "/a": { equals: 1 }, "/b": { equals: { c: [2] } } },
    });
  });

  it("stands below the link before the one that denied", () => {
    const chain = [{ actions: ["*"] }, { actions: ["do", "undo"] }, { actions: ["do"] }];
    expect(drafted({ action: "undo" }, 2, ...chain)).toEqual({ ...NONE, actions: ["undo"] });
    expect(drafted(OTHER, 1, ...chain)).toEqual({ ...NONE, actions: ["other"] });
    expect(drafted(OTHER, 0, ...chain)).toEqual({ ...NONE, actions: ["other"] });
  });

  it("names the grant within which it lies, and gives it", () => {
    const grant = fold({ actions: ["*"] }, { actions: ["a.*"] }, { actions: ["a.b"] });
    const { grant: draft, outer } = draftGrant(
      { grant, request: asks({ action: "a.c" }), problems: [deniedAt(2)] },
      randomOf(FRESH),
    );
    expect(draft).toEqual({ id: "draft", within: "g1", ...NONE, actions: ["a.c"] });
    expect(outer).toBe(grant.outer);
    expect(
      Object.hasOwn(
        draftGrant({ grant, request: asks({ action: "b" }), problems: [deniedAt(0)] }, randomOf(FRESH)),
        "outer",
      ),
    ).toBe(false);
    expect(
      draftGrant({ grant, request: asks({ action: "b" }), problems: [deniedAt(0)] }, randomOf(FRESH)),
    ).toEqual({
      grant: { id: "draft", ...NONE, actions: ["b"] },
    });
  });

  it("is refused where the links that stay deny as well", () => {
    const chain = [{ actions: ["do", "undo"] }, { actions: ["do"] }];
    expect(refusedDraft(OTHER, 1, ...chain)).toBe("AUTHORITY_NO_REMEDY");
    expect(
      refusedDraft({ action: "undo", audience: BILLING }, 1, { ...chain[0], audience: [ORDERS] }, {}),
    ).toBe("AUTHORITY_NO_REMEDY");
  });

  it("is refused where what was asked is malformed", () => {
    expect(refusedDraft({ action: "Other" }, 0, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ ...OTHER, resource: `${HOST}a/../b` }, 0, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ ...OTHER, args: { "a\u200b": 1 } }, 0, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ ...OTHER, args: { a: 0.5 } }, 0, {})).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("the resources of a draft", () => {
  it("are the one that was asked for, where one was", () => {
    const chain = [{ resources: [HOST] }, { resources: [`${HOST}a/`] }];
    expect(drafted({ resource: `${HOST}b` }, 1, ...chain)).toEqual({
      ...NONE,
      actions: ["do"],
      resources: [`${HOST}b`],
    });
    expect(drafted({ resource: `${HOST}b/` }, 1, ...chain)).toMatchObject({ resources: [`${HOST}b/`] });
    expect(drafted(OTHER, 0, {}).resources).toBeUndefined();
    expect(
      DIMENSIONS.resources.draft({ request: asks({}), value: [HOST], outer: undefined, account: FRESH }),
    ).toEqual([HOST]);
    // Whoever must name a resource is helped by naming it.
    expect(refusedDraft({}, 0, ...chain)).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({}, 1, {}, { resources: [HOST] })).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("the audience of a draft", () => {
  it("is the service that asks, or as before where it is not stated", () => {
    expect(drafted({ audience: BILLING }, 0, { audience: [ORDERS] })).toMatchObject({ audience: [BILLING] });
    expect(drafted({ ...OTHER, perspective: "holder" }, 0, { audience: [ORDERS] })).toEqual({
      ...NONE,
      actions: ["other"],
      audience: [ORDERS],
    });
    expect(refusedDraft({}, 0, { audience: [ORDERS] })).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ audience: BILLING }, 1, { audience: [ORDERS] }, {})).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("the arguments of a draft", () => {
  const outer: Dimensions = {
    args: {
      "/a": { any: true },
      "/b/c": { range: { max: 9 }, optional: true },
      "/x~1z": { any: true, optional: true },
    },
  };

  it("are those that were asked for, by the pointers above", () => {
    const asked = { args: { a: { deep: [1] }, b: { c: 5 } } };
    expect(drafted(asked, 1, outer, { args: { "/a": { equals: 1 } } }).args).toEqual({
      "/a": { equals: { deep: [1] } },
      "/b/c": { equals: 5 },
    });
    expect(
      drafted({ args: { a: 1, "x/z": null } }, 1, outer, { args: { "/a": { equals: 2 } } }).args,
    ).toEqual({
      "/a": { equals: 1 },
      "/x~1z": { equals: null },
    });
  });

  it("are named from the top where nothing above names them", () => {
    const asked = { args: { "": 0, "x/z": 1, "~": { a: [] }, a: null } };
    expect(drafted(asked, 0, outer).args).toEqual({
      "/": { equals: 0 },
      "/x~1z": { equals: 1 },
      "/~0": { equals: { a: [] } },
      "/a": { equals: null },
    });
    expect(drafted({ args: { b: 1 } }, 1, {}, outer).args).toEqual({ "/b": { equals: 1 } });
  });

  it("are none where none were asked for and nothing names any, or else those named", () => {
    const optional = { args: { "/a": { maxLength: 5, optional: true } } } as const;
    expect(drafted(OTHER, 0, {}).args).toEqual(NONE.args);
    expect(drafted({ ...OTHER, args: {} }, 0, {}).args).toEqual(NONE.args);
    expect(drafted(OTHER, 0, optional).args).toEqual(optional.args);
    expect(
      drafted({ action: "undo", args: {} }, 1, { ...optional, actions: ["do", "undo"] }, { actions: ["do"] })
        .args,
    ).toEqual(optional.args);
    // Whoever must name an argument is helped by naming it.
    expect(refusedDraft({}, 0, { args: { "/a": { maxLength: 5 } } })).toBe("AUTHORITY_NO_REMEDY");
  });

  it("are refused where what is above does not let them in", () => {
    expect(refusedDraft({ args: { a: 1, z: 1 } }, 1, outer, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ args: { a: 1, b: { c: 10 } } }, 1, outer, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ args: {} }, 1, outer, {})).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("the spend of a draft", () => {
  const meter = { ledger: ORDERS, account: accountAt(0) };
  const cost = { spend: { unit: "EUR", amount: 7 }, ledger: ORDERS };

  it("is exactly what the action costs", () => {
    expect(drafted(cost, 0, { spend: { unit: "EUR", perAction: 5 } }).spend).toEqual({
      unit: "EUR",
      perAction: 7,
    });
    expect(
      drafted(cost, 1, { spend: { unit: "EUR", perAction: 9 } }, { spend: { unit: "EUR", perAction: 5 } })
        .spend,
    ).toEqual({
      unit: "EUR",
      perAction: 7,
    });
    expect(drafted({ ...OTHER, ...cost }, 0, {}).spend).toEqual({ unit: "EUR", perAction: 7 });
    expect(drafted(OTHER, 0, {}).spend).toBeUndefined();
  });

  it("is once what the action costs, where a budget is kept", () => {
    const denied: Dimensions = { spend: { unit: "EUR", perAction: 5, budget: 50 }, meter };
    expect(drafted(cost, 0, denied)).toEqual({
      ...NONE,
      actions: ["do"],
      spend: { unit: "EUR", perAction: 7, budget: 7 },
      meter: { ledger: ORDERS, account: FRESH },
    });
    expect(
      drafted(
        cost,
        1,
        { spend: { unit: "EUR", budget: 50 }, meter },
        { spend: { unit: "EUR", perAction: 5 } },
      ),
    ).toMatchObject({
      spend: { unit: "EUR", perAction: 7, budget: 7 },
      meter: { ledger: ORDERS, account: FRESH },
    });
  });

  it("is measured as above", () => {
    const named = { unit: "EUR", amountAt: "/amount", unitAt: "/unit" };
    const [outer, inner] = [{ spend: { ...named, perAction: 9 } }, { spend: { unit: "EUR", perAction: 5 } }];
    const args = { amount: 7, unit: "EUR" };
    expect(drafted({ args }, 1, outer, inner).spend).toEqual({ ...named, perAction: 7 });
    expect(drafted({ args }, 0, { spend: { ...named, perAction: 5 } }).spend).toEqual({
      ...named,
      perAction: 7,
    });
    expect(drafted({ args }, 1, {}, { spend: { ...named, perAction: 5 } }).spend).toEqual({
      ...named,
      perAction: 7,
    });
    expect(
      drafted({ args: { amount: 7 }, spend: { unit: "EUR", amount: 7 } }, 1, outer, inner).spend,
    ).toEqual({
      ...named,
      perAction: 7,
    });
  });

  it("is in the unit that the action costs, where nothing above says another", () => {
    const usd = { spend: { unit: "USD", amount: 7 } };
    expect(drafted(usd, 0, { spend: { unit: "EUR", perAction: 50 } }).spend).toEqual({
      unit: "USD",
      perAction: 7,
    });
    const named = { unit: "EUR", amountAt: "/amount", unitAt: "/unit", perAction: 50 };
    expect(drafted({ args: { amount: 7, unit: "USD" } }, 0, { spend: named }).spend).toEqual({
      ...named,
      unit: "USD",
      perAction: 7,
    });
    expect(refusedDraft(usd, 1, { spend: { unit: "EUR" } }, {})).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ args: { amount: 7, unit: 1 } }, 0, { spend: named })).toBe("AUTHORITY_NO_REMEDY");
  });

  it("is refused where the cost is none or not known", () => {
    expect(refusedDraft({}, 0, { spend: { unit: "EUR" } })).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ spend: { unit: "EUR", amount: 0 } }, 0, { spend: { unit: "EUR" } })).toBe(
      "AUTHORITY_NO_REMEDY",
    );
    expect(
      refusedDraft(
        cost,
        1,
        { spend: { unit: "EUR", perAction: 6 } },
        { spend: { unit: "EUR", perAction: 5 } },
      ),
    ).toBe("AUTHORITY_NO_REMEDY");
  });

  it("keeps the limits for a holder who does not know the cost", () => {
    const limits = { unit: "EUR", perAction: 5, budget: 50 };
    const chain = [{ spend: limits, meter }] as const;
    expect(drafted({ ...OTHER, perspective: "holder" }, 0, ...chain).spend).toEqual(limits);
    expect(
      drafted(
        { action: "undo", perspective: "holder" },
        1,
        { actions: ["do", "undo"], spend: { unit: "EUR", perAction: 9 } },
        { spend: { unit: "EUR", perAction: 5 } },
      ).spend,
    ).toEqual({ unit: "EUR", perAction: 5 });
  });

  it("is as before where its unit is no text", () => {
    const value = { unit: "EUR", unitAt: "/unit", perAction: 5 };
    for (const perspective of ["service", "holder"] as const) {
      const request = asks({ args: { unit: 1 }, perspective });
      expect(DIMENSIONS.spend.draft({ request, value, outer: undefined, account: FRESH })).toBe(value);
    }
  });

  it("does not stand in the way where no grant speaks of it", () => {
    expect(drafted({ ...OTHER, spend: { unit: "EUR", amount: 0 } }, 0, {})).toMatchObject({
      actions: ["other"],
    });
  });
});

describe("the meter and the rate of a draft", () => {
  const rated = (account: number, ...rates: NonNullable<Grant["rate"]>): Dimensions => ({
    rate: rates,
    meter: { ledger: ORDERS, account: accountAt(account) },
  });

  it("are an account of its own, and one action in the longest time of all", () => {
    const outer = rated(0, { max: 9, seconds: 60 }, { max: 20, seconds: 3600 });
    const inner = rated(1, { max: 1, seconds: 600 }, { max: 1, seconds: 60 });
    const expected = { ...NONE, actions: ["undo"], meter: { ledger: ORDERS, account: FRESH } };
    const asked = { action: "undo", ledger: ORDERS };
    const both = [{ ...outer, actions: ["do", "undo"] }, inner] as const;
    expect(drafted(asked, 1, ...both)).toEqual({ ...expected, rate: [{ max: 1, seconds: 3600 }] });
    expect(drafted(asked, 0, ...both)).toEqual({ ...expected, rate: [{ max: 1, seconds: 600 }] });
    expect(
      drafted(
        asked,
        1,
        { ...rated(0, { max: 9, seconds: 60 }), actions: ["do", "undo"] },
        rated(1, { max: 1, seconds: 600 }),
      ),
    ).toEqual({ ...expected, rate: [{ max: 1, seconds: 600 }] });
    expect(drafted(asked, 1, { actions: ["do", "undo"] }, inner)).toEqual({
      ...expected,
      rate: [{ max: 1, seconds: 600 }],
    });
  });

  it("are kept at the ledger of the grant that was named", () => {
    expect(drafted({ ...OTHER, ledger: ORDERS }, 0, rated(0, { max: 1, seconds: 1 })).meter).toEqual({
      ledger: ORDERS,
      account: FRESH,
    });
    expect(refusedDraft({ ledger: BILLING }, 0, rated(0, { max: 1, seconds: 1 }))).toBe(
      "AUTHORITY_NO_REMEDY",
    );
    expect(drafted({ ...OTHER, perspective: "holder" }, 0, rated(0, { max: 1, seconds: 1 })).meter).toEqual({
      ledger: ORDERS,
      account: FRESH,
    });
    expect(drafted({ ...OTHER, ledger: ORDERS }, 0, {})).toEqual({ ...NONE, actions: ["other"] });
    expect(refusedDraft({}, 0, rated(0, { max: 1, seconds: 1 }))).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ ledger: BILLING }, 1, rated(0, { max: 1, seconds: 1 }), {})).toBe(
      "AUTHORITY_NO_REMEDY",
    );
  });

  it("cannot be an account that the grant above has", () => {
    const chain = [{ ...rated(0, { max: 1, seconds: 1 }), actions: ["do", "undo"] }, { actions: ["do"] }];
    const request = asks({ action: "undo", ledger: ORDERS });
    expect(
      codeOf(() =>
        draftGrant({ grant: fold(...chain), request, problems: [deniedAt(1)] }, randomOf(accountAt(0))),
      ),
    ).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("the conditions of a draft", () => {
  const EARLY: Window = { days: ["mo"], from: "00:00", to: "08:00", timeZone: "UTC" };
  const BERLIN: Window = { days: ["mo", "tu"], from: "09:00", to: "10:00", timeZone: "Europe/Berlin" };
  const LATE: Window = { days: ["mo"], from: "20:00", to: "24:00", timeZone: "UTC" };
  const minute = (from: string, to: string, timeZone: string): object => ({
    windows: [{ days: ["mo"], from, to, timeZone }],
  });

  it("keep the hours that do not stand in the way", () => {
    expect(drafted(OTHER, 0, { when: { windows: [LATE, BERLIN] } }).when).toEqual({
      windows: [LATE, BERLIN],
    });
  });

  it("name the minute in which it was asked, where the hours stood in the way", () => {
    expect(drafted({}, 0, { when: { windows: [EARLY] } }).when).toEqual(minute("08:00", "08:01", "UTC"));
    expect(drafted({}, 0, { when: { windows: [{ ...BERLIN, from: "09:01" }, EARLY] } }).when).toEqual(
      minute("09:00", "09:01", "Europe/Berlin"),
    );
    expect(drafted({ now: NOW + 59_999 }, 0, { when: { windows: [EARLY] } }).when).toEqual(
      minute("08:00", "08:01", "UTC"),
    );
    const midnight = Date.parse("2026-11-23T23:59:30Z");
    expect(drafted({ now: midnight }, 0, { when: { windows: [EARLY] } }).when).toEqual(
      minute("23:59", "24:00", "UTC"),
    );
    const nine = Date.parse("2026-11-23T09:59:30Z");
    expect(drafted({ now: nine }, 0, { when: { windows: [EARLY] } }).when).toEqual(
      minute("09:59", "10:00", "UTC"),
    );
  });

  it("name it by the clocks of the hours above that hold", () => {
    const outer = { when: { windows: [LATE, BERLIN] } };
    const inner = { when: { windows: [{ ...LATE, from: "21:00" }] } };
    expect(drafted({}, 1, outer, inner).when).toEqual(minute("09:00", "09:01", "Europe/Berlin"));
    expect(drafted({}, 1, {}, inner).when).toEqual(minute("08:00", "08:01", "UTC"));
    const context = { a: { any: true } } as const;
    expect(drafted({ context: { a: 1 } }, 1, { when: { context } }, inner, {}).when).toEqual({
      ...minute("08:00", "08:01", "UTC"),
      context,
    });
  });

  it("are refused where the hours above do not hold", () => {
    expect(refusedDraft({}, 1, { when: { windows: [LATE] } }, {})).toBe("AUTHORITY_NO_REMEDY");
  });

  it("take the attributes as they were, where they stood in the way", () => {
    const context = { region: { equals: "eu" }, tier: { range: { min: 2 } } };
    expect(drafted({ context: { region: "us", tier: 3, more: 1 } }, 0, { when: { context } }).when).toEqual({
      context: { region: { equals: "us" }, tier: { range: { min: 2 } } },
    });
    expect(drafted({ context: { region: "eu", tier: 1 } }, 0, { when: { context } }).when).toEqual({
      context: { region: { equals: "eu" }, tier: { equals: 1 } },
    });
    expect(drafted({ ...OTHER, perspective: "holder" }, 0, { when: { context } }).when).toEqual({ context });
    expect(
      drafted({ ...OTHER, context: { tier: 1 }, perspective: "holder" }, 0, { when: { context } }).when,
    ).toEqual({ context: { region: { equals: "eu" }, tier: { equals: 1 } } });
  });

  it("keep one member while the other stands in the way", () => {
    const context = { tier: { range: { min: 2 } } };
    expect(drafted({ context: { tier: 1 } }, 0, { when: { windows: [BERLIN], context } }).when).toEqual({
      windows: [BERLIN],
      context: { tier: { equals: 1 } },
    });
    expect(drafted({ context: { tier: 2 } }, 0, { when: { windows: [EARLY], context } }).when).toEqual({
      ...minute("08:00", "08:01", "UTC"),
      context,
    });
  });

  it("are refused where an attribute is missing, or the one above does not hold", () => {
    const when = { context: { tier: { range: { min: 2 } } } };
    expect(refusedDraft({}, 0, { when })).toBe("AUTHORITY_NO_REMEDY");
    expect(refusedDraft({ context: { tier: 1 } }, 1, { when }, {})).toBe("AUTHORITY_NO_REMEDY");
  });

  it("do not take what every object has for an attribute", () => {
    const when = { context: { toString: { maxLength: 5 } } };
    expect(drafted({ ...OTHER, context: {}, perspective: "holder" }, 0, { when }).when).toEqual(when);
  });
});

describe("the approval and the age of status in a draft", () => {
  const approval = { over: 5, approvers: [BILLING], quorum: 1 };

  it("are as before", () => {
    const chain = [{ spend: { unit: "EUR", perAction: 9 }, approval, statusMaxAgeSeconds: 300 }] as const;
    const asked = { ...OTHER, spend: { unit: "EUR", amount: 7 }, statusAsOf: NOW };
    expect(drafted(asked, 0, ...chain)).toEqual({
      ...NONE,
      actions: ["other"],
      spend: { unit: "EUR", perAction: 7 },
      approval,
      statusMaxAgeSeconds: 300,
    });
  });

  it("are refused where the status is too old, or its age unknown", () => {
    expect(refusedDraft({ statusAsOf: NOW - 300_001 }, 0, { statusMaxAgeSeconds: 300 })).toBe(
      "AUTHORITY_NO_REMEDY",
    );
    expect(refusedDraft({}, 0, { statusMaxAgeSeconds: 300 })).toBe("AUTHORITY_NO_REMEDY");
  });
});

describe("a dimension of which nobody speaks", () => {
  it.each([
    "resources",
    "audience",
    "spend",
    "rate",
    "meter",
    "when",
    "approval",
    "statusMaxAgeSeconds",
  ] as const)("%s is not drafted", (name) => {
    const material: DraftMaterial<never> = {
      request: asks({}),
      value: undefined,
      outer: undefined,
      account: FRESH,
    };
    expect(DIMENSIONS[name].draft(material)).toBeUndefined();
  });
});

describe("a draft needs a denial by a grant of the path", () => {
  const grant = fold({ actions: ["*"] }, { actions: ["do"] });
  const request = asks(OTHER);

  it.each<readonly [string, readonly Problem[]]>([
    ["none", []],
    ["one of no link", [{ code: "NONCE_REUSED", pointer: "/nonce", detail: "" }]],
    ["one of a link and one of none", [deniedAt(1), { code: "LEDGER_UNAVAILABLE", pointer: "", detail: "" }]],
    ["one below the path", [deniedAt(2)]],
    ["one above the root", [deniedAt(-1)]],
  ])("%s", (_, problems) => {
    expect(codeOf(() => draftGrant({ grant, request, problems }, randomOf(FRESH)))).toBe(
      "AUTHORITY_NO_REMEDY",
    );
  });

  it("and stands below the first link that denied", () => {
    const { outer } = draftGrant({ grant, request, problems: [deniedAt(1), deniedAt(0)] }, randomOf(FRESH));
    expect(outer).toBeUndefined();
  });
});
