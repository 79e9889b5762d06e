import { parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { meter, type Meter } from "../../src/authority/dimensions/meter.js";
import { subjectAt } from "./credentials.js";
import {
  accountAt,
  BILLING,
  charges,
  denials,
  denialsInFull,
  type Dimensions,
  fold,
  isInside,
  ORDERS,
  unavailable,
  violation,
  wider,
} from "./grants.js";

const METER: Meter = { ledger: ORDERS, account: accountAt(0) };

function at(position: number, more: Dimensions = {}): Dimensions {
  return { meter: { ledger: ORDERS, account: accountAt(position) }, ...more };
}

describe("meter, Rule A", () => {
  it("allows where its ledger is kept", () => {
    expect(denials({ meter: METER }, { ledger: ORDERS })).toEqual([]);
    expect(denials({}, {})).toEqual([]);
    expect(denials({}, { ledger: BILLING })).toEqual([]);
  });

  it("could not tell elsewhere, or without a ledger (HOSTILE 231)", () => {
    for (const ledger of [BILLING, `${ORDERS}.evil`, "did:web:orders", "did:web:Orders.example"]) {
      expect(denialsInFull({ meter: METER }, { ledger })).toEqual([
        unavailable("LEDGER_UNAVAILABLE", "meter", ledger, ORDERS),
      ]);
    }
    expect(denialsInFull({ meter: METER }, {})).toEqual([
      unavailable("LEDGER_UNAVAILABLE", "meter", undefined, ORDERS),
    ]);
    // The DID that the service states does not stand for a ledger.
    expect(denials({ meter: METER }, { audience: ORDERS })).toHaveLength(1);
  });

  it("is left open for a holder who does not know it", () => {
    expect(denials({ meter: METER }, { perspective: "holder" })).toEqual([]);
    expect(denials({ meter: METER }, { perspective: "holder", ledger: ORDERS })).toEqual([]);
    expect(denialsInFull({ meter: METER }, { perspective: "holder", ledger: BILLING })).toEqual([
      unavailable("LEDGER_UNAVAILABLE", "meter", BILLING, ORDERS),
    ]);
  });
});

describe("meter, Rule B", () => {
  it("keeps the ledger, and has an account of its own", () => {
    expect(isInside({ meter: METER }, at(1))).toBe(true);
    expect(isInside({}, { meter: METER })).toBe(true);
    expect(violation({ meter: METER }, { meter: { ledger: BILLING, account: accountAt(1) } })).toEqual(
      wider("meter", "/meter/ledger", BILLING, ORDERS),
    );
    expect(violation({ meter: METER }, { meter: METER })).toEqual(
      wider("meter", "/meter/account", accountAt(0), undefined),
    );
    expect(violation({ meter: METER }, {}, { meter: METER })).toMatchObject({
      link: 2,
      pointer: "/2/0/meter/account",
    });
    expect(violation({ meter: METER }, { meter: { ledger: BILLING, account: accountAt(0) } })).toMatchObject({
      pointer: "/1/0/meter/ledger",
    });
  });

  it("is replaced whole", () => {
    const grant = fold({ meter: METER }, at(1), {});
    expect(grant.effective.meter).toEqual({ ledger: ORDERS, account: accountAt(1) });
  });
});

describe("what is charged", () => {
  const root = { link: 0, grant: "g0", issuer: subjectAt(-1), account: accountAt(0) };
  const child = { link: 1, grant: "g1", issuer: subjectAt(0), account: accountAt(1) };
  const cost = { ledger: ORDERS, spend: { unit: "EUR", amount: 7 } };
  const spend = { unit: "EUR", amount: 7 };

  it("is nothing where nothing is metered", () => {
    expect(charges(cost, { spend: { unit: "EUR", perAction: 9 } })).toEqual([]);
  });

  it("is one action, where nothing is spent", () => {
    expect(charges(cost, at(0))).toEqual([{ ...root, limits: [] }]);
    expect(Object.hasOwn(charges(cost, at(0))[0] ?? {}, "spend")).toBe(false);
    expect(
      charges(
        cost,
        at(0, {
          rate: [
            { max: 2, seconds: 60 },
            { max: 9, seconds: 3600 },
          ],
        }),
      ),
    ).toEqual([
      {
        ...root,
        limits: [
          { dimension: "rate", max: 2, seconds: 60 },
          { dimension: "rate", max: 9, seconds: 3600 },
        ],
      },
    ]);
  });

  it("is the spend, against the budget and before the rates", () => {
    const limited = at(0, { spend: { unit: "EUR", budget: 50 }, rate: [{ max: 2, seconds: 60 }] });
    expect(charges(cost, limited)).toEqual([
      {
        ...root,
        spend,
        limits: [
          { dimension: "spend", budget: 50 },
          { dimension: "rate", max: 2, seconds: 60 },
        ],
      },
    ]);
    expect(charges(cost, at(0, { spend: { unit: "EUR", perAction: 5 } }))).toEqual([
      { ...root, spend, limits: [] },
    ]);
  });

  it("is taken from the arguments where they say it", () => {
    const named = at(0, { spend: { unit: "EUR", amountAt: "/amount", budget: 50 } });
    expect(charges({ ledger: ORDERS, args: { amount: 3 } }, named)).toEqual([
      { ...root, spend: { unit: "EUR", amount: 3 }, limits: [{ dimension: "spend", budget: 50 }] },
    ]);
  });

  it("names no spend that is not known", () => {
    const limited = at(0, { spend: { unit: "EUR", budget: 50 } });
    const expected = [{ ...root, limits: [{ dimension: "spend", budget: 50 }] }];
    expect(charges({ ledger: ORDERS }, limited)).toEqual(expected);
    expect(charges({ perspective: "holder" }, limited)).toEqual(expected);
    expect(charges({ spend: { unit: "USD", amount: 7 } }, limited)).toEqual(expected);
  });

  it("goes to each account that a link names, with what that link says (HOSTILE 154)", () => {
    const outer = at(0, { spend: { unit: "EUR", budget: 50 }, rate: [{ max: 5, seconds: 60 }] });
    expect(charges(cost, outer, at(1))).toEqual([
      {
        ...root,
        spend,
        limits: [
          { dimension: "spend", budget: 50 },
          { dimension: "rate", max: 5, seconds: 60 },
        ],
      },
      { ...child, spend, limits: [] },
    ]);
    // A link without a meter has nothing to keep; its ancestor's account bears it all the same.
    expect(charges(cost, outer, {}).map(({ link }) => link)).toEqual([0]);
    expect(charges(cost, {}, at(1, { rate: [{ max: 5, seconds: 60 }] }))).toEqual([
      { ...child, limits: [{ dimension: "rate", max: 5, seconds: 60 }] },
    ]);
    expect(charges(cost, { spend: { unit: "EUR" } }, at(1))).toEqual([{ ...child, spend, limits: [] }]);
  });
});

describe("the form of a meter", () => {
  it("is a DID and a urn:uuid:", () => {
    expect(parseShape(meter.shape, METER as unknown as JsonValue)).toBe(METER);
  });

  it.each<readonly [unknown, string, string]>([
    [{}, "SCHEMA_INVALID", "/s/ledger"],
    [{ account: METER.account }, "SCHEMA_INVALID", "/s/ledger"],
    [{ ledger: ORDERS }, "SCHEMA_INVALID", "/s/account"],
    [{ ...METER, ledger: "https://a.example/" }, "DID_SYNTAX", "/s/ledger"],
    [{ ...METER, ledger: `${ORDERS}#a` }, "DID_SYNTAX", "/s/ledger"],
    [{ ...METER, ledger: [ORDERS] }, "SCHEMA_INVALID", "/s/ledger"],
    [{ ...METER, account: "urn:uuid:5be1" }, "SCHEMA_INVALID", "/s/account"],
    [{ ...METER, account: accountAt(0).toUpperCase() }, "SCHEMA_INVALID", "/s/account"],
    [{ ...METER, account: 1 }, "SCHEMA_INVALID", "/s/account"],
    [{ ...METER, unit: "EUR" }, "SCHEMA_INVALID", "/s/unit"],
    [[METER], "SCHEMA_INVALID", "/s"],
  ])("%j is refused: %s at %s", (value, code, pointer) => {
    expect(refusalOf(() => parseShape(meter.shape, value as JsonValue, "/s"))).toEqual({ code, pointer });
  });
});
