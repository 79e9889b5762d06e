import { malformed, meter, type Loose, type Vector } from "./vector.js";

type Code = Parameters<typeof malformed>[4];
type Row = readonly [name: string, what: string, value: unknown, place: string, code?: Code];

const table =
  (prefix: string, at: string, grantOf: (value: unknown) => Loose) =>
  (rows: readonly Row[]): readonly Vector[] =>
    rows.map(([name, what, value, place, code]) =>
      malformed(`form-${prefix}-${name}`, what, grantOf(value), at + place, code),
    );

const constraint = table("constraint", "/args/~1x", (value) => ({ args: { "/x": value } }));
const spend = table("spend", "/spend", (value) => ({ spend: value }));
const rate = table("rate", "/rate", (value) => ({ rate: value, ...meter(1) }));
const metered = table("meter", "/meter", (value) => ({ meter: value }));
const when = table("when", "/when", (value) => ({ when: value }));
const approval = table("approval", "/approval", (value) => ({ spend: { unit: "EUR" }, approval: value }));

const window = (change: Loose): Loose => ({
  windows: [{ days: ["mo"], from: "08:00", to: "18:00", timeZone: "Europe/Berlin", ...change }],
});

const KIM = "did:web:kim.acme.example";
const LEDGER = "did:web:orders.example";

export const formOfValues: readonly Vector[] = [
  ...constraint([
    ["empty", "A constraint constrains something.", {}, ""],
    ["only-optional", "optional alone constrains nothing.", { optional: true }, ""],
    ["list", "An object.", [1], ""],
    ["unknown", "An unknown kind makes the grant invalid.", { any: true, regex: ".*" }, "/regex"],
    ["any-false", "any is true.", { any: false }, "/any"],
    ["optional-false", "optional is true.", { any: true, optional: false }, "/optional"],
    ["equals-fraction", "HOSTILE 156: integers only.", { equals: 0.5 }, "/equals", "NUMBER_NOT_INTEGER"],
    [
      "equals-deep-fraction",
      "HOSTILE 156: integers only, at any depth.",
      { equals: { a: [1, 1.5] } },
      "/equals/a/1",
      "NUMBER_NOT_INTEGER",
    ],
    ["one-of-empty", "HOSTILE 139: an empty list.", { oneOf: [] }, "/oneOf", "ARRAY_EMPTY"],
    ["one-of-object", "oneOf lists scalars.", { oneOf: ["a", { b: 1 }] }, "/oneOf/1"],
    ["one-of-duplicate", "Twice the same.", { oneOf: [1, 1] }, "/oneOf/1", "DUPLICATE_ITEM"],
    ["range-empty", "A range has an end.", { range: {} }, "/range"],
    ["range-crossed", "min is not above max.", { range: { min: 2, max: 1 } }, "/range"],
    ["range-fraction", "Integers.", { range: { min: 0.5 } }, "/range/min", "NUMBER_NOT_INTEGER"],
    ["range-text", "Numbers.", { range: { max: "1" } }, "/range/max"],
    ["range-step", "min and max alone.", { range: { min: 1, step: 2 } }, "/range/step"],
    ["prefix-empty", "A prefix is not empty.", { prefix: "" }, "/prefix"],
    ["prefix-slash", "HOSTILE 135: a prefix has no /.", { prefix: "files/a" }, "/prefix"],
    ["prefix-backslash", "A prefix has no \\.", { prefix: "a\\" }, "/prefix"],
    ["prefix-percent", "A prefix has no %.", { prefix: "a%2F" }, "/prefix"],
    ["prefix-form", "Normalisation form C.", { prefix: "cafe\u0301" }, "/prefix", "NOT_NFC"],
    ["prefix-hidden", "No invisible characters.", { prefix: "EU-\u200b" }, "/prefix", "CHAR_FORBIDDEN"],
    ["under-dots", "HOSTILE 136: no .. segment.", { under: "a/../b/" }, "/under", "RESOURCE_INVALID"],
    ["under-double", "HOSTILE 136: no empty segment.", { under: "a//b" }, "/under", "RESOURCE_INVALID"],
    ["under-star", "HOSTILE 138: * is no path.", { under: "a/*" }, "/under", "RESOURCE_INVALID"],
    ["max-length-negative", "From 0.", { maxLength: -1 }, "/maxLength"],
    ["max-length-fraction", "Integers.", { maxLength: 1.5 }, "/maxLength", "NUMBER_NOT_INTEGER"],
  ]),
  ...spend([
    ["no-unit", "A unit is required.", { perAction: 1 }, "/unit"],
    ["unit-empty", "A unit is not empty.", { unit: "" }, "/unit"],
    ["unit-long", "A unit has at most 32 characters.", { unit: "E".repeat(33) }, "/unit"],
    ["unit-space", "A unit has no space.", { unit: "api calls" }, "/unit"],
    ["per-action-zero", "HOSTILE 158: at least 1.", { unit: "EUR", perAction: 0 }, "/perAction"],
    ["per-action-negative", "HOSTILE 158: at least 1.", { unit: "EUR", perAction: -1 }, "/perAction"],
    [
      "per-action-fraction",
      "HOSTILE 156: minor units.",
      { unit: "EUR", perAction: 0.5 },
      "/perAction",
      "NUMBER_NOT_INTEGER",
    ],
    ["per-action-text", "A number.", { unit: "EUR", perAction: "100" }, "/perAction"],
    ["amount-at-name", "A pointer.", { unit: "EUR", amountAt: "amount" }, "/amountAt"],
    ["unit-at-name", "A pointer.", { unit: "EUR", unitAt: "currency" }, "/unitAt"],
    ["unknown", "A member that spend does not have.", { unit: "EUR", perDay: 1 }, "/perDay"],
  ]),
  ...rate([
    ["empty", "HOSTILE 139: an empty list.", [], "", "ARRAY_EMPTY"],
    ["object", "A list.", { max: 1, seconds: 1 }, ""],
    ["max-zero", "At least 1.", [{ max: 0, seconds: 1 }], "/0/max"],
    ["seconds-zero", "At least 1.", [{ max: 1, seconds: 0 }], "/0/seconds"],
    ["max-fraction", "Integers.", [{ max: 1.5, seconds: 1 }], "/0/max", "NUMBER_NOT_INTEGER"],
    ["no-seconds", "Both are required.", [{ max: 1 }], "/0/seconds"],
    [
      "many",
      "At most 16.",
      Array.from({ length: 17 }, (_, index) => ({ max: 1, seconds: index + 1 })),
      "",
      "TOO_MANY_ITEMS",
    ],
    [
      "duplicate",
      "A set.",
      [
        { max: 1, seconds: 2 },
        { seconds: 2, max: 1 },
      ],
      "/1",
      "DUPLICATE_ITEM",
    ],
  ]),
  ...metered([
    ["no-account", "An account is required.", { ledger: LEDGER }, "/account"],
    [
      "no-ledger",
      "A ledger is required.",
      { account: "urn:uuid:5be1a5e0-0000-4000-8000-000000000001" },
      "/ledger",
    ],
    [
      "ledger-url",
      "The ledger is a DID.",
      { ledger: "https://orders.example", account: "urn:uuid:5be1a5e0-0000-4000-8000-000000000001" },
      "/ledger",
      "DID_SYNTAX",
    ],
    [
      "account-case",
      "An account is in lower case.",
      { ledger: LEDGER, account: "urn:uuid:5BE1A5E0-0000-4000-8000-000000000001" },
      "/account",
    ],
  ]),
  ...when([
    ["empty", "Windows or context.", {}, ""],
    ["unknown", "Nothing else.", { season: "winter" }, "/season"],
    ["no-windows", "HOSTILE 139: an empty list.", { windows: [] }, "/windows", "ARRAY_EMPTY"],
    [
      "no-days",
      "HOSTILE 139: an empty list of days.",
      window({ days: [] }),
      "/windows/0/days",
      "ARRAY_EMPTY",
    ],
    ["day", "mo, tu, we, th, fr, sa, su.", window({ days: ["mo", "Tue"] }), "/windows/0/days/1"],
    ["day-twice", "Twice the same.", window({ days: ["mo", "mo"] }), "/windows/0/days/1", "DUPLICATE_ITEM"],
    [
      "crossed",
      "from is before to; a night is two windows.",
      window({ from: "22:00", to: "06:00" }),
      "/windows/0/to",
    ],
    ["no-time", "A window of no time.", window({ from: "08:00", to: "08:00" }), "/windows/0/to"],
    ["from-24", "No window begins at 24:00.", window({ from: "24:00", to: "24:00" }), "/windows/0/from"],
    ["one-digit", "HH:MM.", window({ from: "8:00" }), "/windows/0/from"],
    ["seconds", "HH:MM.", window({ to: "18:00:00" }), "/windows/0/to"],
    ["to-24-01", "HOSTILE 85: nothing is after 24:00.", window({ to: "24:01" }), "/windows/0/to"],
    ["minute-60", "HOSTILE 85: no minute 60.", window({ from: "08:60" }), "/windows/0/from"],
    ["zone-missing", "HOSTILE 86: no zone.", window({ timeZone: undefined }), "/windows/0/timeZone"],
    ["zone-offset", "A name, not an offset.", window({ timeZone: "+01:00" }), "/windows/0/timeZone"],
    ["zone-unknown", "A zone of the IANA data.", window({ timeZone: "Mars/Olympus" }), "/windows/0/timeZone"],
    ["context-empty", "Conditions on something.", { context: {} }, "/context"],
    [
      "context-optional",
      "No condition is optional.",
      { context: { env: { any: true, optional: true } } },
      "/context/env/optional",
    ],
    ["context-constraint", "As in args.", { context: { env: { in: ["prod"] } } }, "/context/env/in"],
    [
      "context-name",
      "Names of attributes have no space.",
      { context: { "my env": { any: true } } },
      "/context/my env",
    ],
  ]),
  ...approval([
    ["no-over", "An amount is required.", { approvers: [KIM], quorum: 1 }, "/over"],
    ["over-negative", "From 0.", { over: -1, approvers: [KIM], quorum: 1 }, "/over"],
    [
      "no-approvers",
      "HOSTILE 139: an empty list.",
      { over: 1, approvers: [], quorum: 1 },
      "/approvers",
      "ARRAY_EMPTY",
    ],
    [
      "approver-twice",
      "HOSTILE 224: distinct.",
      { over: 1, approvers: [KIM, KIM], quorum: 1 },
      "/approvers/1",
      "DUPLICATE_ITEM",
    ],
    ["approver-name", "DIDs.", { over: 1, approvers: ["kim"], quorum: 1 }, "/approvers/0", "DID_SYNTAX"],
    ["quorum-zero", "At least 1.", { over: 1, approvers: [KIM], quorum: 0 }, "/quorum"],
    [
      "quorum-above",
      "No more than there are approvers.",
      { over: 1, approvers: [KIM], quorum: 2 },
      "/quorum",
    ],
  ]),
];
