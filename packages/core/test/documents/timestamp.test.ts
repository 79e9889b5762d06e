import { codeOf } from "@writ/testkit";
import { fc } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { checkValidity, validityEnd } from "../../src/documents/check-validity.js";
import type { GenericProof } from "../../src/documents/proof.js";
import { formatTimestamp, parseTimestamp } from "../../src/documents/timestamp.js";

describe("parseTimestamp", () => {
  it.each([
    ["84 30 February", "2026-02-30T00:00:00Z"],
    ["84 29 February in a common year", "2026-02-29T00:00:00Z"],
    ["84 29 February 2100", "2100-02-29T00:00:00Z"],
    ["84 31 April", "2026-04-31T00:00:00Z"],
    ["84 month 13", "2026-13-01T00:00:00Z"],
    ["84 month 0", "2026-00-01T00:00:00Z"],
    ["84 day 0", "2026-01-00T00:00:00Z"],
    ["85 24:00:00", "2026-01-01T24:00:00Z"],
    ["85 second 60", "2016-12-31T23:59:60Z"],
    ["85 minute 60", "2026-01-01T00:60:00Z"],
    ["86 no zone", "2026-01-01T00:00:00"],
    ["86 a date alone", "2026-01-01"],
    ["86 no seconds", "2026-01-01T00:00Z"],
    ["86 zone without colon", "2026-01-01T00:00:00+0100"],
    ["86 zone without minutes", "2026-01-01T00:00:00+01"],
    ["86 zone of 24 hours", "2026-01-01T00:00:00+24:00"],
    ["86 zone of more than 14 hours", "2026-01-01T00:00:00+14:01"],
    ["86 zone of 15 hours behind", "2026-01-01T00:00:00-15:00"],
    ["86 zone of 60 minutes", "2026-01-01T00:00:00+00:60"],
    ["86 zone of two signs", "2026-01-01T00:00:00+-1:00"],
    ["87 a number", "12"],
    ["88 nothing", ""],
    ["88 words", "tomorrow"],
    ["88 RFC 2822", "Thu, 01 Jan 2026 00:00:00 GMT"],
    ["88 small letters", "2026-01-01t00:00:00z"],
    ["88 a space for T", "2026-01-01 00:00:00Z"],
    ["88 space in front", " 2026-01-01T00:00:00Z"],
    ["88 line feed behind", "2026-01-01T00:00:00Z\n"],
    ["88 a comma", "2026-01-01T00:00:00,5Z"],
    ["88 a point without digits", "2026-01-01T00:00:00.Z"],
    ["88 ten digits of fraction", "2026-01-01T00:00:00.0000000000Z"],
    ["88 digits of another script", "２026-01-01T00:00:00Z"],
    ["89 1969", "1969-12-31T23:59:59Z"],
    ["89 1969 as written, 1970 by its zone", "1969-12-31T23:59:00-00:01"],
    ["89 before 1970 by its zone", "1970-01-01T00:00:00+00:01"],
    ["89 year 10000", "+010000-01-01T00:00:00Z"],
    ["89 after 9999 by its zone", "9999-12-31T23:59:59-00:01"],
    ["89 year 0", "0000-01-01T00:00:00Z"],
    ["89 negative year", "-2026-01-01T00:00:00Z"],
  ])("refuses row %s", (_, text) => {
    expect(codeOf(() => parseTimestamp(text))).toBe("DATE_INVALID");
  });

  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["9999-12-31T23:59:59Z", 253402300799000],
    ["9999-12-31T23:59:59.999999999Z", 253402300799999],
    ["2024-02-29T00:00:00Z", 1709164800000],
    ["2000-02-29T23:59:59Z", 951868799000],
    ["2026-01-01T01:00:00+01:00", 1767225600000],
    ["2025-12-31T18:30:00-05:30", 1767225600000],
    ["2026-01-01T14:00:00+14:00", 1767225600000],
    ["2025-12-31T10:00:00-14:00", 1767225600000],
    ["2026-01-01T00:00:00-00:00", 1767225600000],
    ["2026-01-01T00:00:00.5Z", 1767225600500],
    ["2026-01-01T00:00:00.0019Z", 1767225600001],
  ])("reads %s", (text, time) => {
    expect(parseTimestamp(text)).toBe(time);
  });

  it("reads what formatTimestamp wrote, to the second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799999 }), (time) => {
        expect(parseTimestamp(formatTimestamp(time))).toBe(time - (time % 1000));
      }),
    );
  });
});

describe("formatTimestamp", () => {
  it("writes whole seconds in UTC, cut", () => {
    expect(formatTimestamp(1767225600999)).toBe("2026-01-01T00:00:00Z");
  });
});

describe("checkValidity", () => {
  const document = { validFrom: "2026-01-01T00:00:00Z", validUntil: "2026-01-02T00:00:00Z" };
  const from = parseTimestamp(document.validFrom);
  const until = parseTimestamp(document.validUntil);

  // Row 92: from is included, until is not; no tolerance.
  it.each([
    ["1 ms before validFrom", from - 1, { code: "NOT_YET_VALID", pointer: "/x/validFrom" }],
    ["at validFrom", from, undefined],
    ["1 ms before validUntil", until - 1, undefined],
    ["at validUntil", until, { code: "EXPIRED", pointer: "/x/validUntil" }],
    ["1 ms after validUntil", until + 1, { code: "EXPIRED", pointer: "/x/validUntil" }],
  ])("%s", (_, now, expected) => {
    const problem = checkValidity(document, now, "/x");
    expect(problem && { code: problem.code, pointer: problem.pointer }).toEqual(expected);
  });
});

describe("validityEnd", () => {
  const day = (text: string): string => `2026-01-0${text}T00:00:00Z`;
  const proof = (expires?: string): GenericProof => ({
    type: "DataIntegrityProof",
    verificationMethod: "did:example:a#b",
    proofPurpose: "assertionMethod",
    proofValue: "z",
    ...(expires === undefined ? {} : { expires }),
  });

  it.each([
    ["validUntil", { validUntil: day("2"), proof: proof() }, day("2")],
    ["the proof, where that ends first", { validUntil: day("2"), proof: proof(day("1")) }, day("1")],
    ["validUntil, where that ends first", { validUntil: day("2"), proof: proof(day("3")) }, day("2")],
    [
      "the first of several proofs that ends",
      { proof: [proof(day("3")), proof(day("2")), proof()] },
      day("2"),
    ],
  ])("is by %s", (_, document, expected) => {
    expect(validityEnd(document)).toBe(parseTimestamp(expected));
  });

  it("is never, where nothing says", () => {
    expect([validityEnd({}), validityEnd({ proof: proof() })]).toEqual([Infinity, Infinity]);
  });
});
