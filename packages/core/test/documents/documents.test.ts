import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { WRIT_V1_SHA256 } from "../../src/documents/contexts.js";
import { parseDocument } from "../../src/documents/parse-document.js";
import { agentIdentityCredential } from "../../src/documents/identity-credential.js";
import { approvalCredential } from "../../src/documents/approval-credential.js";
import { authorityCredential } from "../../src/documents/authority-credential.js";
import { presentation } from "../../src/documents/presentation.js";
import { statusListCredential } from "../../src/documents/status-list-credential.js";
import type { JsonObject } from "../../src/json/json-value.js";
import type { Shape } from "../../src/schema/shape.js";
import { signDocument } from "../../src/proofs/sign-document.js";
import * as fixtures from "../fixtures.js";
import { VALID } from "./valid.js";

const { edit, NOW } = fixtures;

type Case = readonly [row: string, changes: Readonly<Record<string, unknown>>, code: string, pointer: string];

function refuses(name: string, document: JsonObject, shape: Shape<unknown>, cases: readonly Case[]): void {
  describe(name, () => {
    it.each(cases)("row %s is refused", (_, changes, code, pointer) => {
      expect(refusalOf(() => parseDocument(edit(document, changes), shape))).toEqual({ code, pointer });
    });
  });
}

describe("the context", () => {
  it("has the pinned hash (row 27)", () => {
    const file = readFileSync(new URL("../../contexts/writ-v1.jsonld", import.meta.url));
    expect(createHash("sha256").update(file).digest("hex")).toBe(WRIT_V1_SHA256);
  });
});

describe.each(VALID)("a valid document: $name", ({ document, shape }) => {
  it("is accepted as it is", () => {
    expect(parseDocument(document, shape)).toBe(document);
  });

  it("is accepted when it is signed, by one and by two", async () => {
    const signing = { purpose: "assertionMethod", created: NOW } as const;
    const signed = await signDocument(document, { ...signing, signer: fixtures.ORGANISATION });
    const other = await signDocument(document, { ...signing, signer: fixtures.SERVICE });
    expect(parseDocument(signed, shape)).toBe(signed);
    const set = edit(document, { "/proof": [signed.proof, other.proof] });
    expect(parseDocument(set, shape)).toBe(set);
  });

  it("is refused as another type", () => {
    for (const other of VALID.filter((entry) => entry.shape !== shape)) {
      expect(refusalOf(() => parseDocument(document, other.shape)).code).toMatch(/^(SCHEMA_INVALID|CONTEXT_NOT_ALLOWED)$/);
    }
  });
});

refuses("the frame", fixtures.AGENT_IDENTITY, agentIdentityCredential, [
  ["18 type an object", { "/type": {} }, "SCHEMA_INVALID", "/type"],
  ["18 proof a text", { "/proof": "x" }, "SCHEMA_INVALID", "/proof"],
  ["48 nine proofs", { "/proof": Array.from({ length: 9 }, (_, n) => ({ n })) }, "TOO_MANY_ITEMS", "/proof"],
  ["31 a relative id", { "/id": "agent" }, "SCHEMA_INVALID", "/id"],
  ["31 an upper-case id", { "/id": fixtures.idOf("x").toUpperCase() }, "SCHEMA_INVALID", "/id"],
  ["31 a relative issuer", { "/issuer": "issuer" }, "DID_SYNTAX", "/issuer"],
  ["31 a relative type", { "/type/1": "Agent" }, "SCHEMA_INVALID", "/type"],
  ["31 a type more", { "/type/2": "Other" }, "SCHEMA_INVALID", "/type"],
  ["31 types in another order", { "/type": ["AgentIdentityCredential", "VerifiableCredential"] }, "SCHEMA_INVALID", "/type"],
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
  ["91 validUntil before validFrom", { "/validUntil": "2026-11-23T07:59:59Z" }, "VALIDITY_INVALID", "/validUntil"],
  ["91 validUntil at validFrom", { "/validUntil": "2026-11-23T08:00:00Z" }, "VALIDITY_INVALID", "/validUntil"],
  ["98 subject without id", { "/credentialSubject/id": undefined }, "SCHEMA_INVALID", "/credentialSubject/id"],
  ["98 several subjects", { "/credentialSubject": [{ id: "did:a:b" }, { id: "did:a:c" }] }, "SCHEMA_INVALID", "/credentialSubject"],
  ["164 no status", { "/credentialStatus": undefined }, "STATUS_MISSING", "/credentialStatus"],
  ["123 status an object", { "/credentialStatus": {} }, "SCHEMA_INVALID", "/credentialStatus"],
  ["124 an unknown status type", { "/credentialStatus/0/type": "StatusList2021Entry" }, "SCHEMA_INVALID", "/credentialStatus/0/type"],
  ["124 an unknown purpose", { "/credentialStatus/1/statusPurpose": "message" }, "SCHEMA_INVALID", "/credentialStatus/1/statusPurpose"],
  ["125 statusSize", { "/credentialStatus/0/statusSize": 2 }, "SCHEMA_INVALID", "/credentialStatus/0/statusSize"],
  ...["-1", "1e3", "007", "5abc", "+5", "1.0", "0x10", "５", "9999999999"].map(
    (index): Case => [`110 index ${index}`, { "/credentialStatus/0/statusListIndex": index }, "SCHEMA_INVALID", "/credentialStatus/0/statusListIndex"],
  ),
  ["110 index a number", { "/credentialStatus/0/statusListIndex": 5 }, "SCHEMA_INVALID", "/credentialStatus/0/statusListIndex"],
  ...["http://a.example/l", "https://a.example/l#f", "https://a.example/l?q", "https://u@a.example/l", "https://A.example/l", "file:///l", "l"].map(
    (url): Case => [`131 list at ${url}`, { "/credentialStatus/0/statusListCredential": url }, "SCHEMA_INVALID", "/credentialStatus/0/statusListCredential"],
  ),
]);

describe("the longest life", () => {
  it("is 90 days, included (row 90)", () => {
    const document = edit(fixtures.AGENT_IDENTITY, { "/validUntil": "2027-02-21T08:00:00Z" });
    expect(parseDocument(document, agentIdentityCredential)).toBe(document);
  });

  it.each([
    ["an approval", fixtures.APPROVAL, approvalCredential, "2026-11-23T08:15:01Z"],
    ["a status list", fixtures.STATUS_LIST, statusListCredential, "2027-02-21T08:00:01Z"],
  ])("is shorter or alike for %s", (_, document, shape, validUntil) => {
    const refusal = refusalOf(() => parseDocument(edit(document, { "/validUntil": validUntil }), shape));
    expect(refusal).toEqual({ code: "VALIDITY_INVALID", pointer: "/validUntil" });
  });
});

const INVISIBLE = ["\u0000", "\n", "\u007f", "\u0085", "\u00ad", "\u061c", "\u200b", "\u200d", "\u200e", "\u202e", "\u2028", "\u2066", "\u2069", "\ufeff", "\u{e0041}"];

describe("texts that deceive (rows 15 and 16)", () => {
  it.each(INVISIBLE.map((character) => [character.codePointAt(0)?.toString(16), character]))("U+%s is refused in names, actions and resources", (_, character) => {
    const refusals = [
      refusalOf(() => parseDocument(edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": `a${character}b` }), agentIdentityCredential)),
      refusalOf(() => parseDocument(edit(fixtures.ROOT_AUTHORITY, { "/credentialSubject/grants/0/actions/0": `a${character}b` }), authorityCredential)),
      refusalOf(() => parseDocument(edit(fixtures.ROOT_AUTHORITY, { "/credentialSubject/grants/0/resources/0": `https://a/${character}b` }), authorityCredential)),
      refusalOf(() => parseDocument(edit(fixtures.ROOT_AUTHORITY, { "/credentialSubject/grants/0/args": { [`/${character}`]: { any: true } } }), authorityCredential)),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => "CHAR_FORBIDDEN"));
    expect(refusals[0]?.pointer).toBe("/credentialSubject/name");
    expect(refusals[2]?.pointer).toBe("/credentialSubject/grants/0/resources/0");
  });

  it("a name that is not in form C is refused, never normalised", () => {
    const nfd = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": "Zoe\u0308" });
    expect(refusalOf(() => parseDocument(nfd, agentIdentityCredential))).toEqual({ code: "NOT_NFC", pointer: "/credentialSubject/name" });
    const nfc = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": "Zoë \u{1f916}" });
    expect(parseDocument(nfc, agentIdentityCredential)).toBe(nfc);
  });

  it.each([["", "empty"], ["x".repeat(129), "too long"]])("a name %j is refused", (name) => {
    const document = edit(fixtures.AGENT_IDENTITY, { "/credentialSubject/name": name });
    expect(refusalOf(() => parseDocument(document, agentIdentityCredential))).toEqual({ code: "SCHEMA_INVALID", pointer: "/credentialSubject/name" });
  });
});

const GRANT = "/credentialSubject/grants/0";

refuses("an authority credential", fixtures.ROOT_AUTHORITY, authorityCredential, [
  ["10 a fraction in a range", { [`${GRANT}/args/~1amount/range/max`]: 1.5 }, "NUMBER_NOT_INTEGER", `${GRANT}/args/~1amount/range/max`],
  ["10 a fraction in equals", { [`${GRANT}/args/~1x`]: { equals: [0.5] } }, "NUMBER_NOT_INTEGER", `${GRANT}/args/~1x/equals/0`],
  ["10 a fraction in oneOf", { [`${GRANT}/args/~1x`]: { oneOf: [0.5] } }, "NUMBER_NOT_INTEGER", `${GRANT}/args/~1x/oneOf/0`],
  ["10 a fraction in spend", { [`${GRANT}/spend/perAction`]: 0.5 }, "NUMBER_NOT_INTEGER", `${GRANT}/spend/perAction`],
  ["10 a fraction in maxHops", { "/credentialSubject/redelegation/maxHops": 0.5 }, "NUMBER_NOT_INTEGER", "/credentialSubject/redelegation/maxHops"],
  ["144 maxHops 10", { "/credentialSubject/redelegation/maxHops": 10 }, "SCHEMA_INVALID", "/credentialSubject/redelegation/maxHops"],
  ["144 maxHops -1", { "/credentialSubject/redelegation/maxHops": -1 }, "SCHEMA_INVALID", "/credentialSubject/redelegation/maxHops"],
  ["139 no actions", { [`${GRANT}/actions`]: [] }, "ARRAY_EMPTY", `${GRANT}/actions`],
  ["139 no grants", { "/credentialSubject/grants": [] }, "ARRAY_EMPTY", "/credentialSubject/grants"],
  ["30 an unknown dimension", { [`${GRANT}/limit`]: 1 }, "SCHEMA_INVALID", `${GRANT}/limit`],
  ["30 an unknown constraint", { [`${GRANT}/args/~1x`]: { regex: ".*" } }, "SCHEMA_INVALID", `${GRANT}/args/~1x/regex`],
  ["156 a unit in spaces", { [`${GRANT}/spend/unit`]: " EUR" }, "SCHEMA_INVALID", `${GRANT}/spend/unit`],
  ["158 perAction 0", { [`${GRANT}/spend/perAction`]: 0 }, "SCHEMA_INVALID", `${GRANT}/spend/perAction`],
  ["219 within at a root", { [`${GRANT}/within`]: "refunds" }, "GRANT_WITHIN", `${GRANT}/within`],
  ["219 two grants of one id", { "/credentialSubject/grants/1": { id: "refunds", actions: ["a"] } }, "GRANT_DUPLICATE", "/credentialSubject/grants/1/id"],
  ["219 a grant id in capitals", { [`${GRANT}/id`]: "Refunds" }, "SCHEMA_INVALID", `${GRANT}/id`],
  ["152 a parent without digest", { "/credentialSubject/parent": { id: fixtures.idOf("p") } }, "SCHEMA_INVALID", "/credentialSubject/parent/digestMultibase"],
  ["227 a root without status", { "/credentialStatus": undefined, "/validUntil": "2026-11-23T09:00:00Z" }, "STATUS_MISSING", "/credentialStatus"],
]);

const DIGEST = "/credentialSubject/parent/digestMultibase";
const good = (fixtures.CHILD_AUTHORITY["credentialSubject"] as { parent: { digestMultibase: string } }).parent.digestMultibase;

refuses("a child", fixtures.CHILD_AUTHORITY, authorityCredential, [
  ["219 without within", { [`${GRANT}/within`]: undefined }, "GRANT_WITHIN", `${GRANT}/within`],
  ["153 two parents", { "/credentialSubject/parent": [{}, { a: 1 }] }, "SCHEMA_INVALID", "/credentialSubject/parent"],
  ["81 a digest with tail bits", { [DIGEST]: `${good.slice(0, -1)}${good.endsWith("A") ? "B" : "-"}` }, "ENCODING_INVALID", DIGEST],
  ["80 a digest with padding", { [DIGEST]: `${good}=` }, "SCHEMA_INVALID", DIGEST],
  ["75 a digest in another base", { [DIGEST]: `z${good.slice(1)}` }, "SCHEMA_INVALID", DIGEST],
  ["75 a digest by another hash", { [DIGEST]: `uEy${good.slice(3)}` }, "SCHEMA_INVALID", DIGEST],
  ["a digest too short", { [DIGEST]: good.slice(0, -1) }, "SCHEMA_INVALID", DIGEST],
  ["227 without status over an hour", { "/credentialStatus": undefined, "/validUntil": "2026-11-23T09:00:01Z" }, "LIFE_TOO_LONG", "/validUntil"],
]);

describe("a child without status (row 227)", () => {
  const hour = edit(fixtures.CHILD_AUTHORITY, { "/credentialStatus": undefined, "/validUntil": "2026-11-23T09:00:00Z" });
  const signed = (created: number): Promise<JsonObject> =>
    signDocument(hour, { signer: fixtures.AGENT, purpose: "assertionMethod", created });

  it("may live an hour, and begin 60 s after its proof", async () => {
    for (const created of [NOW, NOW - 60_000, NOW + 60_000]) {
      const document = await signed(created);
      expect(parseDocument(document, authorityCredential)).toBe(document);
    }
  });

  it("may not begin later", async () => {
    const document = await signed(NOW - 61_000);
    expect(refusalOf(() => parseDocument(document, authorityCredential))).toEqual({ code: "STATUS_MISSING", pointer: "/validFrom" });
  });

  it("may not be signed without a time", async () => {
    const document = edit(await signed(NOW), { "/proof/created": undefined });
    expect(refusalOf(() => parseDocument(document, authorityCredential))).toEqual({ code: "STATUS_MISSING", pointer: "/validFrom" });
  });

  it("is bound by each proof of a set", async () => {
    const set = [(await signed(NOW))["proof"], (await signed(NOW - 61_000))["proof"]];
    const document = edit(hour, { "/proof": set });
    expect(refusalOf(() => parseDocument(document, authorityCredential)).code).toBe("STATUS_MISSING");
  });
});

refuses("an approval", fixtures.APPROVAL, approvalCredential, [
  ["with a status", { "/credentialStatus": fixtures.AGENT_IDENTITY["credentialStatus"] }, "SCHEMA_INVALID", "/credentialStatus"],
  ["224 of nothing", { "/credentialSubject/approves": undefined }, "SCHEMA_INVALID", "/credentialSubject/approves"],
]);

refuses("a status list", fixtures.STATUS_LIST, statusListCredential, [
  ["121 with a status of its own", { "/credentialStatus": fixtures.AGENT_IDENTITY["credentialStatus"] }, "SCHEMA_INVALID", "/credentialStatus"],
  ["122 with another subject", { "/credentialSubject/id": "https://issuer.example/status/r2#list" }, "SCHEMA_INVALID", "/credentialSubject/id"],
  ["109 with another purpose", { "/credentialSubject/statusPurpose": "refresh" }, "SCHEMA_INVALID", "/credentialSubject/statusPurpose"],
  ["125 with a statusSize", { "/credentialSubject/statusSize": 2 }, "SCHEMA_INVALID", "/credentialSubject/statusSize"],
  ["80 in base64", { "/credentialSubject/encodedList": "uab+/" }, "SCHEMA_INVALID", "/credentialSubject/encodedList"],
  ["28 with Writ's context", { "/@context/1": "https://w3id.org/writ/v1" }, "CONTEXT_NOT_ALLOWED", "/@context"],
]);

const { verifiableCredential } = fixtures.PRESENTATION;
const [identity] = verifiableCredential as readonly JsonObject[];

refuses("a presentation", fixtures.PRESENTATION, presentation, [
  ["97 without holder", { "/holder": undefined }, "SCHEMA_INVALID", "/holder"],
  ["104 with a presentation inside", { "/verifiableCredential/0": edit(fixtures.PRESENTATION, { "/verifiableCredential": [identity] }) }, "TYPE_UNSUPPORTED", "/verifiableCredential/0/type"],
  ["104 with a text for a credential", { "/verifiableCredential/0": "eyJ" }, "TYPE_UNSUPPORTED", "/verifiableCredential/0/type"],
  ["104 with an enveloped credential", { "/verifiableCredential/0": { type: "EnvelopedVerifiableCredential", id: "data" } }, "TYPE_UNSUPPORTED", "/verifiableCredential/0/type"],
  ["104 with a credential of another type", { "/verifiableCredential/0/type": ["VerifiableCredential"] }, "TYPE_UNSUPPORTED", "/verifiableCredential/0/type"],
  ["104 with a type of JavaScript", { "/verifiableCredential/0/type": ["VerifiableCredential", "toString"] }, "TYPE_UNSUPPORTED", "/verifiableCredential/0/type"],
  ["104 with one credential, not a list", { "/verifiableCredential": identity }, "SCHEMA_INVALID", "/verifiableCredential"],
  ["105 with no credential", { "/verifiableCredential": [] }, "ARRAY_EMPTY", "/verifiableCredential"],
  ["105 without credentials", { "/verifiableCredential": undefined }, "SCHEMA_INVALID", "/verifiableCredential"],
  ["36 with a credential twice", { "/verifiableCredential/1": identity }, "DUPLICATE_ITEM", "/verifiableCredential/1"],
  ["90 with a credential for ever", { "/verifiableCredential/0/validUntil": undefined }, "SCHEMA_INVALID", "/verifiableCredential/0/validUntil"],
  ["23 with a context in a subject", { "/verifiableCredential/0/credentialSubject/@context": {} }, "CONTEXT_NOT_ALLOWED", "/verifiableCredential/0/credentialSubject/@context"],
  ["28 with a credential of another context", { "/verifiableCredential/0/@context": ["https://www.w3.org/ns/credentials/v2"] }, "CONTEXT_NOT_ALLOWED", "/verifiableCredential/0/@context"],
  ["10 with a fraction in args", { "/invocation/args/price": 1.5 }, "NUMBER_NOT_INTEGER", "/invocation/args/price"],
  ["10 with a fraction deep in args", { "/invocation/args/note/a:b": [[{ x: 0.1 }]] }, "NUMBER_NOT_INTEGER", "/invocation/args/note/a:b/0/0/x"],
  ["with args that are a list", { "/invocation/args": [] }, "SCHEMA_INVALID", "/invocation/args"],
  ["with args that are null", { "/invocation/args": null }, "SCHEMA_INVALID", "/invocation/args"],
  ["12 with null beside args", { "/invocation/resource": null }, "VALUE_NULL", "/invocation/resource"],
  ["229 with a wildcard for an action", { "/invocation/action": "order.*" }, "SCHEMA_INVALID", "/invocation/action"],
  ["223 without authority", { "/invocation/authority": undefined }, "SCHEMA_INVALID", "/invocation/authority"],
  ["221 without nonce", { "/invocation/nonce": undefined }, "SCHEMA_INVALID", "/invocation/nonce"],
]);

describe("an invocation's args", () => {
  it("are ordinary JSON: null, empty and repeated items, any key", () => {
    const args = { a: null, b: [], c: [1, 1], "d:e": {}, "@type": "x", "@context": {}, f: [[null, null]], "https://g": "\u202e" };
    const document = edit(fixtures.PRESENTATION, { "/invocation/args": args });
    expect(parseDocument(document, presentation)).toBe(document);
  });

  it("may be absent", () => {
    const document = edit(fixtures.PRESENTATION, { "/invocation/args": undefined, "/invocation/resource": undefined });
    expect(parseDocument(document, presentation)).toBe(document);
  });
});
