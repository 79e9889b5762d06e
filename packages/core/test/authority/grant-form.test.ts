import { grants, invocation, parseShape, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { accountAt, BILLING, ORDERS } from "./grants.js";

const GRANT = {
  id: "eu-refunds",
  within: "refunds",
  actions: ["refund.create"],
  resources: ["https://api.acme.example/v1/orders/eu/"],
  audience: [ORDERS],
  args: { "/orderId": { prefix: "EU-" }, "/amount": { range: { min: 1, max: 20000 } } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 20000, budget: 500000 },
  rate: [{ max: 30, seconds: 60 }],
  meter: { ledger: ORDERS, account: accountAt(0) },
  when: {
    windows: [{ days: ["mo", "fr"], from: "09:00", to: "17:30", timeZone: "Europe/Berlin" }],
    context: { environment: { equals: "prod" } },
  },
  approval: { over: 10000, approvers: [BILLING], quorum: 1 },
  statusMaxAgeSeconds: 300,
};

function check(value: unknown): unknown {
  return parseShape(grants, value as JsonValue, "/grants");
}

/** The grant with other members; `undefined` takes one out. */
function but(changes: object): unknown {
  const members: readonly (readonly [string, unknown])[] = Object.entries({ ...GRANT, ...changes });
  return [Object.fromEntries(members.filter(([, value]) => value !== undefined))];
}

describe("a grant", () => {
  it("may have all dimensions, or actions alone", () => {
    expect(check([GRANT])).toEqual([GRANT]);
    expect(check([{ id: "a", actions: ["*"] }])).toHaveLength(1);
  });

  it.each<readonly [string, object, string, string]>([
    // The forms of each dimension are tested beside it.
    ["empty rates", { rate: [] }, "ARRAY_EMPTY", "/rate"],
    ["one rate outside a list", { rate: { max: 30, seconds: 60 } }, "SCHEMA_INVALID", "/rate"],
    ["a rate of nothing", { rate: [{ max: 0, seconds: 60 }] }, "SCHEMA_INVALID", "/rate/0/max"],
    ["an empty meter", { meter: {} }, "SCHEMA_INVALID", "/meter/ledger"],
    [
      "a malformed account",
      { meter: { ledger: ORDERS, account: "urn:uuid:5be1" } },
      "SCHEMA_INVALID",
      "/meter/account",
    ],
    ["empty conditions", { when: {} }, "SCHEMA_INVALID", "/when"],
    ["no windows", { when: { windows: [] } }, "ARRAY_EMPTY", "/when/windows"],
    ["an empty context", { when: { context: {} } }, "SCHEMA_INVALID", "/when/context"],
    ["an unknown condition", { when: { until: "2027-01-01" } }, "SCHEMA_INVALID", "/when/until"],
    [
      "an approval by fewer than its quorum",
      { approval: { ...GRANT.approval, quorum: 2 } },
      "SCHEMA_INVALID",
      "/approval/quorum",
    ],
    ["an age of nothing", { statusMaxAgeSeconds: 0 }, "SCHEMA_INVALID", "/statusMaxAgeSeconds"],
    ["a budget of nothing", { spend: { ...GRANT.spend, budget: 0 } }, "SCHEMA_INVALID", "/spend/budget"],
    ["an unknown dimension", { scope: ["all"] }, "SCHEMA_INVALID", "/scope"],
    ["a name of every object", { toString: 1 }, "SCHEMA_INVALID", "/toString"],
    ["an unknown constraint", { args: { "/a": { regex: "." } } }, "SCHEMA_INVALID", "/args/~1a/regex"],

    // A limit that nobody keeps would be no limit.
    ["a budget and a rate without a meter", { meter: undefined }, "SCHEMA_INVALID", "/meter"],
    ["a budget without a meter", { meter: undefined, rate: undefined }, "SCHEMA_INVALID", "/meter"],
    ["a rate without a meter", { meter: undefined, spend: undefined }, "SCHEMA_INVALID", "/meter"],
    [
      "a rate without a meter at a root",
      { meter: undefined, spend: undefined, approval: undefined, within: undefined },
      "SCHEMA_INVALID",
      "/meter",
    ],
    [
      "an approval at a root without a spend",
      { spend: undefined, within: undefined },
      "SCHEMA_INVALID",
      "/spend",
    ],

    ["no id", { id: undefined }, "SCHEMA_INVALID", "/id"],
    ["an id in upper case", { id: "EU" }, "SCHEMA_INVALID", "/id"],
    ["an empty id", { id: "" }, "SCHEMA_INVALID", "/id"],
    ["an id too long", { id: "a".repeat(65) }, "SCHEMA_INVALID", "/id"],
    ["an id with an underscore", { id: "a_b" }, "SCHEMA_INVALID", "/id"],
    ["an id that is a number", { id: 1 }, "SCHEMA_INVALID", "/id"],
    ["within of another form", { within: "EU" }, "SCHEMA_INVALID", "/within"],
    ["within of several", { within: ["a", "b"] }, "SCHEMA_INVALID", "/within"],

    ["no actions", { actions: undefined }, "SCHEMA_INVALID", "/actions"],
    ["empty actions", { actions: [] }, "ARRAY_EMPTY", "/actions"],
    ["actions as a text", { actions: "*" }, "SCHEMA_INVALID", "/actions"],
    ["a malformed action", { actions: ["a", "a.*.b"] }, "SCHEMA_INVALID", "/actions/1"],
    ["empty resources", { resources: [] }, "ARRAY_EMPTY", "/resources"],
    [
      "a malformed resource",
      { resources: ["https://a/..", "https://a/"] },
      "RESOURCE_INVALID",
      "/resources/0",
    ],
    ["a resource twice", { resources: ["https://a/", "https://a/"] }, "DUPLICATE_ITEM", "/resources/1"],
    ["empty audience", { audience: [] }, "ARRAY_EMPTY", "/audience"],
    ["an audience that is no DID", { audience: ["https://a/"] }, "DID_SYNTAX", "/audience/0"],
    ["a DID URL as audience", { audience: [`${ORDERS}#key`] }, "DID_SYNTAX", "/audience/0"],
    ["empty args", { args: {} }, "SCHEMA_INVALID", "/args"],
    ["args as a list", { args: [] }, "SCHEMA_INVALID", "/args"],
    ["a pointer without slash", { args: { a: { any: true } } }, "SCHEMA_INVALID", "/args/a"],
    ["a pointer to the whole", { args: { "": { any: true } } }, "SCHEMA_INVALID", "/args/"],
    ["a pointer with a bad escape", { args: { "/a~": { any: true } } }, "SCHEMA_INVALID", "/args/~1a~0"],
    [
      "a pointer with another bad escape",
      { args: { "/a~2": { any: true } } },
      "SCHEMA_INVALID",
      "/args/~1a~02",
    ],
    [
      "a pointer too long",
      { args: { [`/${"a".repeat(512)}`]: { any: true } } },
      "SCHEMA_INVALID",
      `/args/~1${"a".repeat(127)}…`,
    ],
    [
      "a pointer with hidden characters",
      { args: { "/a\u200b": { any: true } } },
      "CHAR_FORBIDDEN",
      "/args/~1a\u200b",
    ],
    ["a pointer that is not composed", { args: { "/e\u0301": { any: true } } }, "NOT_NFC", "/args/~1e\u0301"],
    ["no constraint", { args: { "/a": {} } }, "SCHEMA_INVALID", "/args/~1a"],

    // Fractions anywhere (HOSTILE 10, 156).
    [
      "a fraction to spend",
      { spend: { unit: "EUR", perAction: 0.5 } },
      "NUMBER_NOT_INTEGER",
      "/spend/perAction",
    ],
    [
      "a fraction in a range",
      { args: { "/a": { range: { max: 1.5 } } } },
      "NUMBER_NOT_INTEGER",
      "/args/~1a/range/max",
    ],
    [
      "a fraction to equal",
      { args: { "/a": { equals: [0.1] } } },
      "NUMBER_NOT_INTEGER",
      "/args/~1a/equals/0",
    ],
    [
      "a fraction to choose",
      { args: { "/a": { oneOf: [1, 0.1] } } },
      "NUMBER_NOT_INTEGER",
      "/args/~1a/oneOf/1",
    ],
  ])("is refused with %s", (_, changes, code, place) => {
    const value = but(changes);
    expect(refusalOf(() => check(value))).toEqual({ code, pointer: `/grants/0${place}` });
  });

  it.each<readonly [string, object]>([
    ["a meter where nothing is limited", { rate: undefined, spend: { unit: "EUR" } }],
    ["a meter alone", { rate: undefined, spend: undefined, approval: undefined }],
    [
      "a limit for one action without a meter",
      { rate: undefined, meter: undefined, spend: { unit: "EUR", perAction: 1 } },
    ],
    ["an approval at a root beside a spend", { within: undefined }],
    // The spend may be stated above.
    ["an approval below a root without a spend", { spend: undefined }],
  ])("may have %s", (_, changes) => {
    const value = but(changes);
    expect(check(value)).toBe(value);
  });

  it("may have an id and a pointer of the greatest length", () => {
    const value = but({ id: "a".repeat(64), args: { [`/${"a".repeat(511)}`]: { any: true } } });
    expect(check(value)).toBe(value);
  });
});

describe("the grants of a credential", () => {
  it("have different ids (HOSTILE 219)", () => {
    expect(check([GRANT, { ...GRANT, id: "other" }])).toHaveLength(2);
    expect(
      refusalOf(() => check([GRANT, { id: "x", actions: ["a"] }, { id: "eu-refunds", actions: ["a"] }])),
    ).toEqual({
      code: "GRANT_DUPLICATE",
      pointer: "/grants/2/id",
    });
  });

  it("are one at least and 64 at most, none twice", () => {
    const many = Array.from({ length: 65 }, (_, index) => ({ id: `g${String(index)}`, actions: ["a"] }));
    expect(check(many.slice(1))).toHaveLength(64);
    expect(refusalOf(() => check(many))).toEqual({ code: "TOO_MANY_ITEMS", pointer: "/grants" });
    expect(refusalOf(() => check([]))).toEqual({ code: "ARRAY_EMPTY", pointer: "/grants" });
    expect(refusalOf(() => check([GRANT, GRANT]))).toEqual({ code: "DUPLICATE_ITEM", pointer: "/grants/1" });
    expect(refusalOf(() => check(GRANT))).toEqual({ code: "SCHEMA_INVALID", pointer: "/grants" });
  });
});

describe("an invocation", () => {
  const asked = {
    authority: { digestMultibase: "uEiBEkcXpPyBrX2pYzwxbTSnOxeyQYi7lzxkRPrgGxfxWHQ", grant: "eu-refunds" },
    action: "refund.create",
    nonce: "n-1",
  };

  it.each<readonly [object, string, string]>([
    // One concrete action, one concrete resource (HOSTILE 229).
    [{ action: "refund.*" }, "SCHEMA_INVALID", "/action"],
    [{ action: "*" }, "SCHEMA_INVALID", "/action"],
    [{ action: ["refund.create"] }, "SCHEMA_INVALID", "/action"],
    [{ resource: "*" }, "RESOURCE_INVALID", "/resource"],
    [{ resource: "https://api.acme.example/*" }, "RESOURCE_INVALID", "/resource"],
    [{ resource: "https://api.acme.example/a/../b" }, "RESOURCE_INVALID", "/resource"],
    [{ resource: "/a" }, "RESOURCE_INVALID", "/resource"],
    [{ args: [] }, "SCHEMA_INVALID", "/args"],
    [{ args: null }, "SCHEMA_INVALID", "/args"],
    [{ args: { amount: 0.5 } }, "NUMBER_NOT_INTEGER", "/args/amount"],
    [{ args: { a: [{ b: 1e21 }] } }, "NUMBER_NOT_INTEGER", "/args/a/0/b"],
    [{ authority: { ...asked.authority, grant: "A" } }, "SCHEMA_INVALID", "/authority/grant"],
  ])("with %j is refused: %s at %s", (changes, code, pointer) => {
    expect(refusalOf(() => parseShape(invocation, { ...asked, ...changes }))).toEqual({
      code,
      pointer,
    });
  });

  it("may have no arguments, or any ordinary JSON", () => {
    expect(parseShape(invocation, asked)).toBe(asked);
    const full = {
      ...asked,
      resource: "https://api.acme.example/a/",
      args: { a: [null, [], 1, 1], b: "1.50" },
    };
    expect(parseShape(invocation, full)).toBe(full);
  });
});
