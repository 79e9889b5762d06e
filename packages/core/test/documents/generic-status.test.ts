import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { genericStatus } from "../../src/documents/generic-status.js";
import { snapshot } from "../../src/json/strict-json.js";
import { parseShape } from "../../src/schema/shape.js";
import { edit } from "../fixtures.js";
import { refuses } from "./refuses.js";

const ADDRESS = "https://example.com/credentials/status/3";

/** The examples of Bitstring Status List 1.0, section 2.1, with all messages. */
const REVOCATION = snapshot({
  id: `${ADDRESS}#94567`,
  type: "BitstringStatusListEntry",
  statusPurpose: "revocation",
  statusListIndex: "94567",
  statusListCredential: ADDRESS,
});
const MESSAGE = snapshot({
  id: "https://example.com/credentials/status/8#492847",
  type: "BitstringStatusListEntry",
  statusPurpose: "message",
  statusListIndex: "492847",
  statusSize: 2,
  statusListCredential: "https://example.com/credentials/status/8",
  statusMessage: [
    { status: "0x0", message: "pending_review" },
    { status: "0x1", message: "accepted" },
    { status: "0x2", message: "rejected" },
    { status: "0x3", message: "undefined" },
  ],
  statusReference: "https://example.org/status-dictionary/",
});

const messages = (count: number, digits = 1) =>
  Array.from({ length: count }, (_, value) => ({
    status: `0x${value.toString(16).padStart(digits, "0")}`,
    message: `m${String(value)}`,
  }));

describe("genericStatus", () => {
  it.each([
    ["the specification's revocation", {}],
    ["no id", { "/id": undefined }],
    ["a purpose of the issuer's own", { "/statusPurpose": "acme-frozen" }],
    ["index 0", { "/statusListIndex": "0" }],
    ["an index that no list has (row 111)", { "/statusListIndex": "99999999999999999999999999" }],
    ["a size of one bit", { "/statusSize": 1 }],
    ["messages for one bit", { "/statusMessage": messages(2) }],
    ["messages in another order", { "/statusMessage": messages(2).reverse() }],
    ["256 messages", { "/statusSize": 8, "/statusMessage": messages(256) }],
    ["values of two digits", { "/statusMessage": messages(2, 2) }],
    ["more in a message", { "/statusMessage": messages(2).map((each) => ({ ...each, colour: "red" })) }],
    ["several references", { "/statusReference": ["https://example.org/a", "urn:example:b"] }],
    ["a member of the issuer's own", { "/label": { any: ["thing"] } }],
  ])("takes an entry with %s", (_, changes) => {
    const entry = edit(REVOCATION, changes);
    expect(parseShape(genericStatus, entry)).toBe(entry);
    expect(parseShape(genericStatus, [entry])).toEqual([entry]);
  });

  it("takes the specification's messages", () => {
    expect(parseShape(genericStatus, MESSAGE)).toBe(MESSAGE);
    expect(parseShape(genericStatus, [REVOCATION, MESSAGE])).toEqual([REVOCATION, MESSAGE]);
  });

  it.each([
    ["a text", "x", "SCHEMA_INVALID", ""],
    ["an empty list", [], "ARRAY_EMPTY", ""],
    ["a list of texts", ["x"], "SCHEMA_INVALID", "/0"],
    ["a list in a list", [[REVOCATION]], "SCHEMA_INVALID", "/0"],
    ["seventeen entries", Array.from({ length: 17 }, () => REVOCATION), "TOO_MANY_ITEMS", ""],
    ["an entry twice", [REVOCATION, REVOCATION], "DUPLICATE_ITEM", "/1"],
    ["one good and one bad", [REVOCATION, { ...MESSAGE, statusSize: 0 }], "SCHEMA_INVALID", "/1/statusSize"],
  ] as const)("refuses %s", (_, status, code, pointer) => {
    expect(refusalOf(() => parseShape(genericStatus, status))).toEqual({ code, pointer });
  });
});

refuses("the status entry of another's credential", REVOCATION, genericStatus, [
  ["124 another type", { "/type": "StatusList2021Entry" }, "STATUS_UNSUPPORTED", "/type"],
  ["124 a list of types", { "/type": ["BitstringStatusListEntry"] }, "STATUS_UNSUPPORTED", "/type"],
  ["124 no type", { "/type": undefined }, "SCHEMA_INVALID", "/type"],
  ["110 index -1", { "/statusListIndex": "-1" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index 1e3", { "/statusListIndex": "1e3" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index 007", { "/statusListIndex": "007" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index 5abc", { "/statusListIndex": "5abc" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index 0x5", { "/statusListIndex": "0x5" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index +5", { "/statusListIndex": "+5" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 index with a line feed", { "/statusListIndex": "5\n" }, "CHAR_FORBIDDEN", "/statusListIndex"],
  ["110 full-width digits", { "/statusListIndex": "５" }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 no index", { "/statusListIndex": undefined }, "SCHEMA_INVALID", "/statusListIndex"],
  ["111 index a number", { "/statusListIndex": 5 }, "SCHEMA_INVALID", "/statusListIndex"],
  ["110 257 digits", { "/statusListIndex": "1".repeat(257) }, "SCHEMA_INVALID", "/statusListIndex"],
  [
    "130 http",
    { "/statusListCredential": "http://a.example/3" },
    "RESOURCE_INVALID",
    "/statusListCredential",
  ],
  [
    "130 userinfo",
    { "/statusListCredential": "https://u@a.example/3" },
    "RESOURCE_INVALID",
    "/statusListCredential",
  ],
  ["130 data:", { "/statusListCredential": "data:,x" }, "RESOURCE_INVALID", "/statusListCredential"],
  ["109 no purpose", { "/statusPurpose": undefined }, "SCHEMA_INVALID", "/statusPurpose"],
  ["109 two purposes", { "/statusPurpose": ["revocation", "x"] }, "SCHEMA_INVALID", "/statusPurpose"],
  ["125 size 0", { "/statusSize": 0 }, "SCHEMA_INVALID", "/statusSize"],
  ["125 size -1", { "/statusSize": -1 }, "SCHEMA_INVALID", "/statusSize"],
  ["125 size 1.5", { "/statusSize": 1.5 }, "NUMBER_NOT_INTEGER", "/statusSize"],
  ["125 size a text", { "/statusSize": "1" }, "SCHEMA_INVALID", "/statusSize"],
  ["125 size 9", { "/statusSize": 9 }, "SCHEMA_INVALID", "/statusSize"],
  ["125 two bits without messages", { "/statusSize": 2 }, "SCHEMA_INVALID", "/statusMessage"],
  [
    "125 one message less",
    { "/statusSize": 2, "/statusMessage": messages(3) },
    "SCHEMA_INVALID",
    "/statusMessage",
  ],
  ["125 one message more", { "/statusMessage": messages(3) }, "SCHEMA_INVALID", "/statusMessage"],
  [
    "125 one value twice",
    { "/statusMessage": [...messages(1), { status: "0x00", message: "again" }] },
    "SCHEMA_INVALID",
    "/statusMessage",
  ],
  [
    "125 one value twice, beside all",
    { "/statusMessage": [...messages(2), { status: "0x00", message: "again" }] },
    "SCHEMA_INVALID",
    "/statusMessage",
  ],
  [
    "125 a value out of range",
    { "/statusMessage": [...messages(1), { status: "0x2", message: "m" }] },
    "SCHEMA_INVALID",
    "/statusMessage",
  ],
  ["31 an id that is the list's", { "/id": ADDRESS }, "SCHEMA_INVALID", "/id"],
  ["31 an id that is no URL", { "/id": "94567" }, "ID_INVALID", "/id"],
  ["31 a reference that is no URL", { "/statusReference": "x" }, "ID_INVALID", "/statusReference"],
]);

refuses("the message of an entry", MESSAGE, genericStatus, [
  ["125 a decimal value", { "/statusMessage/0/status": "0" }, "SCHEMA_INVALID", "/statusMessage/0/status"],
  ["125 a long value", { "/statusMessage/0/status": "0x000" }, "SCHEMA_INVALID", "/statusMessage/0/status"],
  ["125 a number", { "/statusMessage/0/status": 0 }, "SCHEMA_INVALID", "/statusMessage/0/status"],
  ["125 no message", { "/statusMessage/1/message": undefined }, "SCHEMA_INVALID", "/statusMessage/1/message"],
  ["125 a text alone", { "/statusMessage/1": "accepted" }, "SCHEMA_INVALID", "/statusMessage/1"],
  ["125 no list", { "/statusMessage": "accepted" }, "SCHEMA_INVALID", "/statusMessage"],
  ["125 none, for two bits", { "/statusMessage": undefined }, "SCHEMA_INVALID", "/statusMessage"],
]);
