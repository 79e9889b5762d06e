import { describe, expect, it } from "vitest";

import { genericStatusListCredential } from "../../src/documents/generic-status-list-credential.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { edit, ORGANISATION, STATUS_LIST } from "../fixtures.js";
import { refuses } from "./refuses.js";

const [V2, STATUS_V1] = [
  "https://www.w3.org/ns/credentials/v2",
  "https://www.w3.org/ns/credentials/status/v1",
];

describe("genericStatusListCredential", () => {
  it.each([
    ["Writ's own list", {}],
    ["a context more", { "/@context": [V2, STATUS_V1] }],
    ["a type more", { "/type/2": "AcmeList" }],
    ["types in another order", { "/type": ["BitstringStatusListCredential", "VerifiableCredential"] }],
    ["an issuer with a name", { "/issuer": { id: ORGANISATION.did, name: "ACME" } }],
    ["no end", { "/validUntil": undefined }],
    ["a life of a year", { "/validUntil": "2027-11-23T08:00:00Z" }],
    ["a subject without id", { "/credentialSubject/id": undefined }],
    ["a subject of another id", { "/credentialSubject/id": "https://example.com/status/3#list" }],
    ["several purposes", { "/credentialSubject/statusPurpose": ["revocation", "acme-frozen"] }],
    ["no ttl", { "/credentialSubject/ttl": undefined }],
    ["members of the issuer's own", { "/name": "a list", "/credentialSubject/reference": "urn:x:y" }],
  ])("takes %s", (_, changes) => {
    const list = edit(STATUS_LIST, changes);
    expect(parseDocument(list, genericStatusListCredential)).toBe(list);
  });
});

refuses("a status list of somebody else's", STATUS_LIST, genericStatusListCredential, [
  ["121 a status of its own", { "/credentialStatus": {} }, "SCHEMA_INVALID", "/credentialStatus"],
  ["121 a list of statuses of its own", { "/credentialStatus": [] }, "SCHEMA_INVALID", "/credentialStatus"],
  ["28 another context first", { "/@context": [STATUS_V1, V2] }, "CONTEXT_NOT_ALLOWED", "/@context"],
  ["28 a text for the contexts", { "/@context": V2 }, "SCHEMA_INVALID", "/@context"],
  ["22 an inline context", { "/@context": [V2, { x: "urn:x" }] }, "CONTEXT_NOT_ALLOWED", "/@context"],
  ["19 an IRI for a key", { "/https:~1~1www.w3.org~1x": 1 }, "KEY_NOT_PLAIN", "/https:~1~1www.w3.org~1x"],
  ["107 not a list", { "/type": ["VerifiableCredential", "X"] }, "TYPE_UNSUPPORTED", "/type"],
  ["107 not a credential", { "/type": ["BitstringStatusListCredential"] }, "TYPE_UNSUPPORTED", "/type"],
  ["54 an issuer without id", { "/issuer": { name: "ACME" } }, "SCHEMA_INVALID", "/issuer/id"],
  ["54 an issuer that is no DID", { "/issuer": "https://issuer.example/" }, "DID_SYNTAX", "/issuer"],
  ["54 issuers", { "/issuer": [ORGANISATION.did] }, "SCHEMA_INVALID", "/issuer"],
  ["130 an http id", { "/id": "http://issuer.example/status/r1" }, "RESOURCE_INVALID", "/id"],
  ["122 no id", { "/id": undefined }, "SCHEMA_INVALID", "/id"],
  ["118 no begin", { "/validFrom": undefined }, "SCHEMA_INVALID", "/validFrom"],
  ["86 a begin without zone", { "/validFrom": "2026-11-23T08:00:00" }, "DATE_INVALID", "/validFrom"],
  ["84 an end that is no date", { "/validUntil": "2026-02-30T08:00:00Z" }, "DATE_INVALID", "/validUntil"],
  [
    "112 no entries",
    { "/credentialSubject/encodedList": "u" },
    "SCHEMA_INVALID",
    "/credentialSubject/encodedList",
  ],
  [
    "112 no list",
    { "/credentialSubject/encodedList": undefined },
    "SCHEMA_INVALID",
    "/credentialSubject/encodedList",
  ],
  [
    "109 no purpose",
    { "/credentialSubject/statusPurpose": undefined },
    "SCHEMA_INVALID",
    "/credentialSubject/statusPurpose",
  ],
  [
    "109 an empty list of purposes",
    { "/credentialSubject/statusPurpose": [] },
    "ARRAY_EMPTY",
    "/credentialSubject/statusPurpose",
  ],
  ["118 a ttl of 0", { "/credentialSubject/ttl": 0 }, "SCHEMA_INVALID", "/credentialSubject/ttl"],
  ["118 a ttl that is a text", { "/credentialSubject/ttl": "1" }, "SCHEMA_INVALID", "/credentialSubject/ttl"],
  [
    "124 another type of subject",
    { "/credentialSubject/type": "StatusList2021" },
    "SCHEMA_INVALID",
    "/credentialSubject/type",
  ],
  [
    "98 several subjects",
    { "/credentialSubject": [STATUS_LIST["credentialSubject"]] },
    "SCHEMA_INVALID",
    "/credentialSubject",
  ],
  ["18 a proof that is a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
]);
