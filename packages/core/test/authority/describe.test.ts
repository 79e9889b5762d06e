import { describe, expect, it } from "vitest";

import { describeGrant } from "../../src/authority/describe.js";
import { DIMENSIONS, type DimensionValues } from "../../src/authority/dimensions.js";
import { quoted } from "../../src/authority/quoted.js";

const SERVICE = "did:web:orders.example";
const ACCOUNT = "urn:uuid:acc00000-0000-4000-8000-000000000001";

/** Each dimension with values of each form, and what they say. */
const TABLE: {
  readonly [Name in keyof DimensionValues]-?: readonly (readonly [
    value: NonNullable<DimensionValues[Name]>,
    lines: readonly string[],
  ])[];
} = {
  actions: [
    [["refund.create"], ["May do: refund.create"]],
    [["refund.*", "order.read"], ["May do: refund.* (all below refund), order.read"]],
    [["*"], ["May do: * (every action)"]],
  ],
  resources: [
    [["https://api.example/orders/7"], ["Only on: https://api.example/orders/7"]],
    [
      ["https://api.example/orders/", "urn:isbn:1"],
      ["Only on: https://api.example/orders/ and all below it, urn:isbn:1"],
    ],
  ],
  audience: [[[SERVICE, "did:web:b"], [`Only at: ${SERVICE}, did:web:b`]]],
  args: [
    [
      { "/a": { equals: { b: [1, null], a: "ü" } } },
      ['Argument "/a": exactly {"a":"\\u00fc","b":[1,null]}', "No other arguments"],
    ],
    [{ "/a": { oneOf: ["EUR", 1, true] } }, ['Argument "/a": one of "EUR", 1, true', "No other arguments"]],
    [
      { "/a": { range: { min: -1, max: 2 } } },
      ['Argument "/a": an integer from -1 to 2', "No other arguments"],
    ],
    [{ "/a": { range: { min: 0 } } }, ['Argument "/a": an integer of at least 0', "No other arguments"]],
    [{ "/a": { range: { max: 0 } } }, ['Argument "/a": an integer of at most 0', "No other arguments"]],
    [
      { "/a": { prefix: "EU-" } },
      ['Argument "/a": a text that begins with "EU-", without / \\ %', "No other arguments"],
    ],
    [{ "/a": { under: "x/y" } }, ['Argument "/a": the path "x/y"', "No other arguments"]],
    [{ "/a": { under: "x/" } }, ['Argument "/a": the path "x/", or one below it', "No other arguments"]],
    [{ "/a": { maxLength: 1 } }, ['Argument "/a": a text of at most 1 code points', "No other arguments"]],
    [
      { "/b": { any: true, optional: true }, "/a  ü": { maxLength: 9, prefix: "A" } },
      [
        'Argument "/a\\u0020\\u0020\\u00fc": a text that begins with "A", without / \\ %, and a text of at most 9 code points',
        'Argument "/b", where given: anything, with all that is in it',
        "No other arguments",
      ],
    ],
  ],
  spend: [
    [
      { unit: "EUR" },
      ["Cost: no limit for one action, no limit for all together, in whole minor units of EUR"],
    ],
    [
      { unit: "EUR", amountAt: "/amount", unitAt: "/currency", perAction: 20000, budget: 150000 },
      [
        "Cost: at most 20000 for one action, at most 150000 for all together, in whole minor units of EUR",
        'Cost: its amount is argument "/amount"',
        'Cost: its unit is argument "/currency"',
      ],
    ],
  ],
  rate: [
    [
      [
        { max: 1, seconds: 1 },
        { max: 30, seconds: 60 },
      ],
      ["At most 1 action in any 1 second", "At most 30 actions in any 60 seconds"],
    ],
  ],
  meter: [[{ ledger: SERVICE, account: ACCOUNT }, [`Metered by ${SERVICE}, on the account ${ACCOUNT}`]]],
  when: [
    [
      {
        windows: [
          { days: ["mo", "fr"], from: "08:00", to: "18:00", timeZone: "Europe/Berlin" },
          { days: ["su"], from: "00:00", to: "24:00", timeZone: "UTC" },
        ],
      },
      ["Only on mo, fr from 08:00 until 18:00 in Europe/Berlin; or on su from 00:00 until 24:00 in UTC"],
    ],
    [
      { context: { riskScore: { range: { max: 40 } }, environment: { oneOf: ["prod"] } } },
      ['Only where environment is one of "prod"', "Only where riskScore is an integer of at most 40"],
    ],
  ],
  approval: [
    [
      { over: 10000, approvers: ["did:web:ann", "did:web:ben"], quorum: 2 },
      ["A cost over 10000 must be approved by 2 of did:web:ann, did:web:ben"],
    ],
  ],
  statusMaxAgeSeconds: [[300, ["Only by a status that was signed at most 300 s before"]]],
};

const ROWS = Object.entries(TABLE).flatMap(([name, rows]) =>
  rows.map(([value, lines]) => ({ name: name as keyof DimensionValues, value, lines })),
);

describe("a dimension in words", () => {
  it("is in the table, whichever it is", () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(DIMENSIONS));
  });

  it.each(ROWS)("$name: $lines.0", ({ name, value, lines }) => {
    expect(DIMENSIONS[name].describe(value as never)).toEqual(lines);
  });
});

describe("describeGrant", () => {
  it("says the dimensions in one order, and which of them set no limit", () => {
    const grant = { statusMaxAgeSeconds: 60, audience: [SERVICE], actions: ["a"] } as const;
    expect(describeGrant(grant)).toEqual([
      "May do: a",
      `Only at: ${SERVICE}`,
      "Only by a status that was signed at most 60 s before",
      "Sets no limit by: resources, args, spend, rate, meter, when, approval",
    ]);
  });

  it("says nothing of limits where there are all", () => {
    const grant = Object.fromEntries(Object.entries(TABLE).map(([name, [row]]) => [name, row?.[0]]));
    expect(describeGrant(grant as unknown as DimensionValues).at(-1)).toMatch(/^Only by a status/);
  });

  it("draws nothing with what a document says: one line each, in printable ASCII", () => {
    const deceiving = 'x", or anything\n\u202e \u0430\u00a0\t  \u{1f600}';
    const lines = describeGrant({
      actions: ["a"],
      args: { "/a": { oneOf: [deceiving], prefix: deceiving } },
    });
    expect(lines.filter((line) => !/^(?:[!-~]| (?! ))+$/.test(line))).toEqual([]);
    expect(lines[1]).toContain(
      String.raw`one of "x\", or anything\n\u202e \u0430\u00a0\t\u0020\u0020\ud83d\ude00", and a text`,
    );
  });
});

describe("a quoted value", () => {
  it("is JSON that reads as the same value", () => {
    const value = { b: ["  ", "ü\u{1f600}", "\u0000", '"\\'], a: [null, true, -1] };
    expect(JSON.parse(quoted(value))).toEqual(value);
  });
});
