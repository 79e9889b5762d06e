import { describe, expect, it } from "vitest";

import { ERROR_CODES, type ErrorCode } from "../../src/errors/codes.js";
import { problemDetails, problemType } from "../../src/errors/problem-details.js";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const OWN = "https://w3id.org/writ/problems#";

describe("problemDetails", () => {
  it("adds a type and a title to all that the problem says", () => {
    const problem = {
      code: "NOT_ALLOWED",
      pointer: "/args/amount",
      detail: "spend: costs more than one action may",
      link: 1,
      grant: "eu",
      dimension: "spend",
      asked: 30000,
      allowed: 20000,
    } as const;
    expect(problemDetails(problem)).toStrictEqual({
      type: `${OWN}NOT_ALLOWED`,
      title: "A grant does not allow the invocation.",
      ...problem,
    });
  });

  // VC Data Model 2.0, 7.2; Data Integrity 1.0, 4.7; Controlled Identifiers 1.0; Bitstring Status List 1.0, 3.5.
  it.each<[ErrorCode, string]>([
    ["JSON_SYNTAX", "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"],
    ["SCHEMA_INVALID", "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"],
    ["SIGNATURE_INVALID", "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"],
    ["PROOF_PURPOSE", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"],
    ["CHALLENGE_MISMATCH", "https://w3id.org/security#INVALID_CHALLENGE_ERROR"],
    ["DOMAIN_MISMATCH", "https://w3id.org/security#INVALID_DOMAIN_ERROR"],
    ["KEY_INVALID", "https://w3id.org/security#INVALID_VERIFICATION_METHOD"],
    ["METHOD_NOT_AUTHORIZED", "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"],
    ["STATUS_UNAVAILABLE", "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"],
    ["STATUS_LIST_INVALID", "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"],
    ["STATUS_LIST_MALFORMED", "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"],
    ["STATUS_LIST_TOO_SHORT", "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR"],
    ["STATUS_INDEX_RANGE", "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"],
    ["REVOKED", `${OWN}REVOKED`],
    ["EXPIRED", `${OWN}EXPIRED`],
  ])("gives %s the type %s", (code, type) => {
    expect(problemType(code)).toBe(type);
  });

  it("has a type for every code, of W3C's or its own", () => {
    const known =
      /^https:\/\/(?:www\.w3\.org\/TR\/vc-data-model|w3id\.org\/security|www\.w3\.org\/ns\/credentials\/status-list)#[A-Z_]+$/;
    expect(
      CODES.filter((code) => !known.test(problemType(code)) && problemType(code) !== OWN + code),
    ).toEqual([]);
  });

  it("never says of what could not be told that it is wrong", () => {
    const unavailable = CODES.filter((code) => code.endsWith("_UNAVAILABLE")).map(problemType);
    expect(unavailable.filter((type) => !/_UNAVAILABLE$|STATUS_RETRIEVAL_ERROR$/.test(type))).toEqual([]);
  });
});
