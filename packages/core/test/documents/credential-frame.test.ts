import { codeOf, refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { agentIdentityCredential } from "../../src/documents/identity-credential.js";
import { approvalCredential } from "../../src/documents/approval-credential.js";
import { statusBase } from "../../src/documents/credential-frame.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { statusListCredential } from "../../src/documents/status-list-credential.js";
import type { JsonObject } from "../../src/json/json-value.js";
import { parseShape, type Shape } from "../../src/schema/shape.js";
import * as fixtures from "../fixtures.js";
import { refuses, type Case } from "./refuses.js";

const { edit } = fixtures;

refuses("the frame", fixtures.AGENT_IDENTITY, agentIdentityCredential, [
  ["18 type an object", { "/type": {} }, "SCHEMA_INVALID", "/type"],
  ["18 proof a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
  ["48 nine proofs", { "/proof": Array.from({ length: 9 }, (_, n) => ({ n })) }, "TOO_MANY_ITEMS", "/proof"],
  ["31 a relative id", { "/id": "agent" }, "SCHEMA_INVALID", "/id"],
  ["31 an upper-case id", { "/id": fixtures.idOf("x").toUpperCase() }, "SCHEMA_INVALID", "/id"],
  ["31 a relative issuer", { "/issuer": "issuer" }, "DID_SYNTAX", "/issuer"],
  ["31 a relative type", { "/type/1": "Agent" }, "SCHEMA_INVALID", "/type"],
  ["31 a type more", { "/type/2": "Other" }, "SCHEMA_INVALID", "/type"],
  [
    "31 types in another order",
    { "/type": ["AgentIdentityCredential", "VerifiableCredential"] },
    "SCHEMA_INVALID",
    "/type",
  ],
  ["32 a blank id", { "/id": "_:b0" }, "SCHEMA_INVALID", "/id"],
  ["32 a blank subject", { "/credentialSubject/id": "_:b0" }, "DID_SYNTAX", "/credentialSubject/id"],
  ["33 issuer an object", { "/issuer": { id: fixtures.ORGANISATION.did } }, "SCHEMA_INVALID", "/issuer"],
  ["54 issuer an array", { "/issuer": [fixtures.ORGANISATION.did] }, "SCHEMA_INVALID", "/issuer"],
  ["77 issuer a DID URL", { "/issuer": `${fixtures.ORGANISATION.did}#key` }, "DID_SYNTAX", "/issuer"],
  ["34 a number for a date", { "/validUntil": 12 }, "SCHEMA_INVALID", "/validUntil"],
  ["84 30 February", { "/validFrom": "2026-02-30T00:00:00Z" }, "DATE_INVALID", "/validFrom"],
  ["86 no zone", { "/validUntil": "2026-11-24T08:00:00" }, "DATE_INVALID", "/validUntil"],
  ["90 no validUntil", { "/validUntil": undefined }, "SCHEMA_INVALID", "/validUntil"],
  ["90 91 days", { "/validUntil": "2027-02-22T08:00:00Z" }, "VALIDITY_INVALID", "/validUntil"],
  ["90 90 days and a second", { "/validUntil": "2027-02-21T08:00:01Z" }, "VALIDITY_INVALID", "/validUntil"],
  [
    "91 validUntil before validFrom",
    { "/validUntil": "2026-11-23T07:59:59Z" },
    "VALIDITY_INVALID",
    "/validUntil",
  ],
  [
    "91 validUntil at validFrom",
    { "/validUntil": "2026-11-23T08:00:00Z" },
    "VALIDITY_INVALID",
    "/validUntil",
  ],
  [
    "98 subject without id",
    { "/credentialSubject/id": undefined },
    "SCHEMA_INVALID",
    "/credentialSubject/id",
  ],
  [
    "98 several subjects",
    { "/credentialSubject": [{ id: "did:a:b" }, { id: "did:a:c" }] },
    "SCHEMA_INVALID",
    "/credentialSubject",
  ],
  ["164 no status", { "/credentialStatus": undefined }, "STATUS_MISSING", "/credentialStatus"],
  [
    "164 no entry for revocation",
    { "/credentialStatus/0/statusPurpose": "suspension", "/credentialStatus/1": undefined },
    "STATUS_MISSING",
    "/credentialStatus",
  ],
  ["123 status an object", { "/credentialStatus": {} }, "SCHEMA_INVALID", "/credentialStatus"],
  [
    "124 an unknown status type",
    { "/credentialStatus/0/type": "StatusList2021Entry" },
    "SCHEMA_INVALID",
    "/credentialStatus/0/type",
  ],
  [
    "124 an unknown purpose",
    { "/credentialStatus/1/statusPurpose": "message" },
    "SCHEMA_INVALID",
    "/credentialStatus/1/statusPurpose",
  ],
  [
    "125 statusSize",
    { "/credentialStatus/0/statusSize": 2 },
    "SCHEMA_INVALID",
    "/credentialStatus/0/statusSize",
  ],
  ...["-1", "1e3", "007", "5abc", "+5", "1.0", "0x10", "５", "9999999999"].map((index): Case => [
    `110 index ${index}`,
    { "/credentialStatus/0/statusListIndex": index },
    "SCHEMA_INVALID",
    "/credentialStatus/0/statusListIndex",
  ]),
  [
    "110 index a number",
    { "/credentialStatus/0/statusListIndex": 5 },
    "SCHEMA_INVALID",
    "/credentialStatus/0/statusListIndex",
  ],
  ...[
    "http://a.example/l",
    "https://a.example/l#f",
    "https://a.example/l?q",
    "https://u@a.example/l",
    "https://A.example/l",
    "file:///l",
    "l",
    "https://a.example/../l",
    "https://a.example//l",
    "https://a..b/l",
    "https://a.example./l",
    "https://a.example:443/l",
    "https://a.example:99999/l",
    "urn:a:b",
  ].map((url): Case => [
    `131 list at ${url}`,
    { "/credentialStatus/0/statusListCredential": url },
    "RESOURCE_INVALID",
    "/credentialStatus/0/statusListCredential",
  ]),
]);

describe("the longest life", () => {
  it("is 90 days, included (row 90)", () => {
    const document = edit(fixtures.AGENT_IDENTITY, { "/validUntil": "2027-02-21T08:00:00Z" });
    expect(parseDocument(document, agentIdentityCredential)).toBe(document);
  });

  it.each<readonly [string, JsonObject, Shape<unknown>, string]>([
    ["an approval", fixtures.APPROVAL, approvalCredential, "2026-11-23T08:15:01Z"],
    ["a status list", fixtures.STATUS_LIST, statusListCredential, "2027-02-21T08:00:01Z"],
  ])("is shorter or alike for %s", (_, document, shape, validUntil) => {
    const refusal = refusalOf(() => parseDocument(edit(document, { "/validUntil": validUntil }), shape));
    expect(refusal).toEqual({ code: "VALIDITY_INVALID", pointer: "/validUntil" });
  });
});

refuses("an approval", fixtures.APPROVAL, approvalCredential, [
  [
    "with a status",
    { "/credentialStatus": fixtures.AGENT_IDENTITY["credentialStatus"] },
    "SCHEMA_INVALID",
    "/credentialStatus",
  ],
  [
    "224 of nothing",
    { "/credentialSubject/approves": undefined },
    "SCHEMA_INVALID",
    "/credentialSubject/approves",
  ],
]);

refuses("a status list", fixtures.STATUS_LIST, statusListCredential, [
  [
    "121 with a status of its own",
    { "/credentialStatus": fixtures.AGENT_IDENTITY["credentialStatus"] },
    "SCHEMA_INVALID",
    "/credentialStatus",
  ],
  [
    "122 with another subject",
    { "/credentialSubject/id": "https://issuer.example/status/r2#list" },
    "SCHEMA_INVALID",
    "/credentialSubject/id",
  ],
  [
    "109 with another purpose",
    { "/credentialSubject/statusPurpose": "refresh" },
    "SCHEMA_INVALID",
    "/credentialSubject/statusPurpose",
  ],
  [
    "125 with a statusSize",
    { "/credentialSubject/statusSize": 2 },
    "SCHEMA_INVALID",
    "/credentialSubject/statusSize",
  ],
  [
    "80 in base64",
    { "/credentialSubject/encodedList": "uab+/" },
    "SCHEMA_INVALID",
    "/credentialSubject/encodedList",
  ],
  [
    "28 with Writ's context",
    { "/@context/1": "https://w3id.org/writ/v1" },
    "CONTEXT_NOT_ALLOWED",
    "/@context",
  ],
]);

describe("an address below which lists lie", () => {
  const base = (address: string) => () => parseShape(statusBase, address);

  it("ends in / and leaves room for the name of a list", () => {
    const long = (length: number): string => `https://a.example/${"b".repeat(length - 19)}/`;
    expect(long(900)).toHaveLength(900);
    expect(base(long(900))()).toBe(long(900));
    for (const refused of [long(901), "https://a.example/b", "http://a.example/", "urn:a:b/"]) {
      expect(codeOf(base(refused))).toBe("RESOURCE_INVALID");
    }
  });
});
