import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { ApprovalCredential } from "../../src/documents/approval-credential.js";
import {
  createApprovalRequest,
  approves,
  parseApprovalRequest,
  type ApprovalRequest,
} from "../../src/documents/approval-request.js";
import { digestMultibase } from "../../src/documents/digest.js";
import type { Invocation } from "../../src/documents/invocation.js";
import { asJson, type JsonObject } from "../../src/json/json-value.js";
import * as fixtures from "../fixtures.js";

const { edit } = fixtures;

const INVOCATION = fixtures.INVOCATION as unknown as Invocation;
const HOLDER = fixtures.AGENT.did;
const REQUEST = createApprovalRequest(HOLDER, INVOCATION);
const OTHER = digestMultibase({});

/** An approval that says this of a request. */
function approvalOf(
  { holder, invocationDigestMultibase, authorityDigestMultibase }: ApprovalRequest,
  changes: Readonly<Record<string, unknown>> = {},
): ApprovalCredential {
  const approval = edit(fixtures.APPROVAL, {
    "/credentialSubject": { id: holder, approves: { invocationDigestMultibase, authorityDigestMultibase } },
  });
  return edit(approval, changes) as unknown as ApprovalCredential;
}

describe("the request for an approval", () => {
  it("shows who asks and what, with the digests of both", () => {
    expect(REQUEST).toEqual({
      holder: HOLDER,
      invocation: INVOCATION,
      invocationDigestMultibase: digestMultibase(fixtures.INVOCATION),
      authorityDigestMultibase: digestMultibase(fixtures.ROOT_AUTHORITY),
    });
  });

  it("may show what the service says that it costs, which is no part of what is approved", () => {
    const spend = { unit: "EUR", amount: 5 };
    const request = createApprovalRequest(HOLDER, INVOCATION, spend);
    expect(request).toEqual({ ...REQUEST, spend });
    expect(parseApprovalRequest(asJson(request))).toEqual(request);
    for (const wrong of [{ unit: "EUR" }, { unit: "", amount: 5 }, { unit: "EUR", amount: 0 }, 5]) {
      const altered = edit(asJson(REQUEST), { "/spend": wrong });
      expect(refusalOf(() => parseApprovalRequest(altered)).code).toBe("SCHEMA_INVALID");
    }
  });

  it("is read as it was made", () => {
    const received = JSON.parse(JSON.stringify(REQUEST)) as JsonObject;
    expect(parseApprovalRequest(received)).toEqual(REQUEST);
    const bare = edit(fixtures.INVOCATION, { "/args": undefined, "/resource": undefined });
    const request = createApprovalRequest(HOLDER, bare as unknown as Invocation);
    expect(parseApprovalRequest(asJson(request))).toEqual(request);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string, string]>([
    [
      "shows other arguments",
      { "/invocation/args/amount": 1 },
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    ["shows another nonce", { "/invocation/nonce": "n-2" }, "SCHEMA_INVALID", "/invocationDigestMultibase"],
    [
      "shows another authority",
      { "/invocation/authority/digestMultibase": OTHER },
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    [
      "bears another digest of the invocation",
      { "/invocationDigestMultibase": OTHER },
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    [
      "bears another digest of the authority",
      { "/authorityDigestMultibase": OTHER },
      "SCHEMA_INVALID",
      "/authorityDigestMultibase",
    ],
    [
      "bears no digest of the invocation",
      { "/invocationDigestMultibase": undefined },
      "SCHEMA_INVALID",
      "/invocationDigestMultibase",
    ],
    [
      "bears no digest of the authority",
      { "/authorityDigestMultibase": undefined },
      "SCHEMA_INVALID",
      "/authorityDigestMultibase",
    ],
    ["names no holder", { "/holder": undefined }, "SCHEMA_INVALID", "/holder"],
    ["names a holder who is no DID", { "/holder": "agent" }, "DID_SYNTAX", "/holder"],
    ["shows no invocation", { "/invocation": undefined }, "SCHEMA_INVALID", "/invocation"],
    [
      "shows an action that is a pattern",
      { "/invocation/action": "order.*" },
      "SCHEMA_INVALID",
      "/invocation/action",
    ],
    ["says more", { "/reason": "please" }, "SCHEMA_INVALID", "/reason"],
    [
      "says more in the invocation",
      { "/invocation/approved": true },
      "SCHEMA_INVALID",
      "/invocation/approved",
    ],
  ])("is refused where it %s", (_, changes, code, pointer) => {
    const request = edit(asJson(REQUEST), changes);
    expect(refusalOf(() => parseApprovalRequest(request))).toEqual({ code, pointer });
  });

  it.each([null, [], "request", 7])("is refused where it is %j", (value) => {
    expect(refusalOf(() => parseApprovalRequest(value)).code).toBe("SCHEMA_INVALID");
  });
});

describe("an approval", () => {
  it("is of exactly one holder's one invocation", () => {
    expect(approves(approvalOf(REQUEST), HOLDER, INVOCATION)).toBe(true);
    const reordered = Object.fromEntries(Object.entries(INVOCATION).reverse()) as unknown as Invocation;
    expect(approves(approvalOf(REQUEST), HOLDER, reordered)).toBe(true);
    expect(approves(approvalOf(REQUEST), fixtures.SUB_AGENT.did, INVOCATION)).toBe(false);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["action", { "/action": "order.cancel" }],
    ["resource", { "/resource": "https://api.acme.example/v1/orders/78" }],
    ["no resource", { "/resource": undefined }],
    ["arguments", { "/args/amount": 101 }],
    ["no arguments", { "/args": undefined }],
    ["nonce", { "/nonce": "n-2" }],
    ["grant", { "/authority/grant": "payouts" }],
    ["authority", { "/authority/digestMultibase": OTHER }],
  ])("is of no invocation with another %s (HOSTILE 224)", (_, changes) => {
    const other = edit(fixtures.INVOCATION, changes) as unknown as Invocation;
    expect(approves(approvalOf(REQUEST), HOLDER, other)).toBe(false);
  });

  it.each([
    "/credentialSubject/approves/invocationDigestMultibase",
    "/credentialSubject/approves/authorityDigestMultibase",
  ])("is of nothing here where %s is another", (pointer) => {
    expect(approves(approvalOf(REQUEST, { [pointer]: OTHER }), HOLDER, INVOCATION)).toBe(false);
  });
});
