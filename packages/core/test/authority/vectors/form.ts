import { formOfInvocations } from "./form-invocations.js";
import { formOfValues } from "./form-values.js";
import { malformed, meter, refuses, type Vector } from "./vector.js";

type Code = Parameters<typeof malformed>[4];
type Row = readonly [name: string, what: string, value: unknown, place: string, code?: Code];

/** What one member of a grant says, which is otherwise in order. */
const member = (name: string, rows: readonly Row[]): readonly Vector[] =>
  rows.map(([row, what, value, place, code]) =>
    malformed(`form-${row}`, what, { [name]: value }, `/${name}${place}`, code),
  );

const API = "https://api.acme.example";

const members: readonly Vector[] = [
  ...member("id", [
    ["id-missing", "A grant has an id.", undefined, ""],
    ["id-empty", "An empty id.", "", ""],
    ["id-case", "Ids are lower case.", "Refunds", ""],
    ["id-character", "Ids have letters, digits and hyphens.", "eu_refunds", ""],
    ["id-long", "Ids have at most 64 characters.", "a".repeat(65), ""],
    ["id-number", "Ids are texts.", 7, ""],
  ]),
  ...member("caveats", [["unknown-member", "A member that no dimension is called.", { any: true }, ""]]),
  ...member("actions", [
    ["actions-missing", "Actions are required.", undefined, ""],
    ["actions-empty", "HOSTILE 139: an empty list grants nothing, and is refused.", [], "", "ARRAY_EMPTY"],
    ["actions-text", "A list.", "refund.create", ""],
    ["actions-duplicate", "Twice the same.", ["a", "b", "a"], "/2", "DUPLICATE_ITEM"],
    ["actions-case", "HOSTILE 137: lower case.", ["Refund.create"], "/0"],
    ["actions-star-inside", "* is a last segment.", ["refund.*.get"], "/0"],
    ["actions-star-part", "* is a whole segment.", ["refund.c*"], "/0"],
    ["actions-star-twice", "** is no segment.", ["refund.**"], "/0"],
    ["actions-empty-segment", "No empty segment.", ["refund..create"], "/0"],
    ["actions-final-dot", "No final dot.", ["order.read", "refund."], "/1"],
    ["actions-empty-text", "No empty name.", [""], "/0"],
    ["actions-slash", "No other separator.", ["refund/create"], "/0"],
    ["actions-number", "Texts.", [1], "/0"],
  ]),
  ...member("resources", [
    ["resources-empty", "HOSTILE 139: an empty list.", [], "", "ARRAY_EMPTY"],
    ["resources-duplicate", "Twice the same.", [`${API}/a`, `${API}/a`], "/1", "DUPLICATE_ITEM"],
    ["resources-number", "Texts.", [1], "/0"],
    ["resources-star", "HOSTILE 229: * is no resource.", [`${API}/v1/*`], "/0", "RESOURCE_INVALID"],
    ["resources-star-alone", "HOSTILE 229: * alone is no resource.", ["*"], "/0", "RESOURCE_INVALID"],
    ["resources-http", "https: or urn:.", ["http://api.acme.example/a"], "/0", "RESOURCE_INVALID"],
    ["resources-dots", "HOSTILE 136: no .. segment.", [`${API}/a/../b/`], "/0", "RESOURCE_INVALID"],
    ["resources-query", "HOSTILE 229: no query.", [`${API}/a`, `${API}/a?b=1`], "/1", "RESOURCE_INVALID"],
    ["resources-needless-escape", "No needless escape.", [`${API}/%41`], "/0", "RESOURCE_INVALID"],
  ]),
  ...member("audience", [
    ["audience-empty", "HOSTILE 139: an empty list.", [], "", "ARRAY_EMPTY"],
    ["audience-url", "DIDs.", ["https://orders.example"], "/0", "DID_SYNTAX"],
    ["audience-did-url", "DIDs without a fragment.", ["did:web:orders.example#key"], "/0", "DID_SYNTAX"],
    ["audience-scheme", "did: is lower case.", ["DID:web:orders.example"], "/0", "DID_SYNTAX"],
    ["audience-star", "HOSTILE 138: * is no DID.", ["*"], "/0", "DID_SYNTAX"],
    [
      "audience-duplicate",
      "Twice the same.",
      ["did:web:orders.example", "did:web:orders.example"],
      "/1",
      "DUPLICATE_ITEM",
    ],
  ]),
  ...member("args", [
    ["args-empty", "An empty object names nothing.", {}, ""],
    ["args-list", "An object.", [{ any: true }], ""],
    ["args-name", "Pointers begin with /.", { amount: { any: true } }, "/amount"],
    ["args-whole", "The empty pointer names no argument.", { "": { any: true } }, "/"],
    ["args-escape", "In a pointer ~ is followed by 0 or 1.", { "/a~2": { any: true } }, "/~1a~02"],
  ]),
  ...member("statusMaxAgeSeconds", [
    ["status-age-zero", "At least a second.", 0, ""],
    ["status-age-fraction", "Whole seconds.", 1.5, "", "NUMBER_NOT_INTEGER"],
    ["status-age-text", "A number.", "300", ""],
  ]),
];

/** What a dimension needs beside it: a limit that nobody keeps would be none. */
const needs: readonly Vector[] = [
  malformed(
    "form-budget-without-meter",
    "A budget needs a meter.",
    { spend: { unit: "EUR", budget: 1 } },
    "/meter",
  ),
  malformed("form-rate-without-meter", "A rate needs a meter.", { rate: [{ max: 1, seconds: 1 }] }, "/meter"),
  refuses(
    "form-rate-without-own-meter",
    "A rate needs a meter in its own grant, be there one above.",
    [meter(1), { rate: [{ max: 1, seconds: 1 }] }],
    { code: "SCHEMA_INVALID", pointer: "/links/1/grants/0/meter" },
  ),
  malformed(
    "form-approval-without-spend",
    "A rule of approval at a root needs a spend.",
    { approval: { over: 1, approvers: ["did:web:kim.example"], quorum: 1 } },
    "/spend",
  ),
  refuses(
    "form-in-second-link",
    "A malformed grant is told with its place, wherever it stands.",
    [
      {},
      [
        { id: "a", within: "g0", actions: ["x"] },
        { id: "b", within: "g0", actions: ["X"] },
      ],
    ],
    { code: "SCHEMA_INVALID", pointer: "/links/1/grants/1/actions/0" },
  ),
  malformed("form-within-case", "within is the id of a grant.", { within: "G0" }, "/within"),
];

/** Grants and invocations that are not of their form. */
export const form: readonly Vector[] = [...members, ...needs, ...formOfValues, ...formOfInvocations];
