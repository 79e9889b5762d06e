import type { Documents } from "./documents.js";
import { refused, under, type Vector } from "./vector.js";

/** Section E of HOSTILE.md: time. */
export async function times({ identity, generic, presentation }: Documents): Promise<readonly Vector[]> {
  const written = (name: string, what: string, time: string): Promise<Vector> =>
    refused(name, what, identity({ "/validUntil": time }), "DATE_INVALID /validUntil");

  return Promise.all([
    refused(
      "084-date",
      "30 February",
      identity({ "/validFrom": "2026-02-30T09:00:00Z" }),
      "DATE_INVALID /validFrom",
    ),
    written("084-leap-day", "29 February in a common year", "2027-02-29T09:00:00Z"),
    refused(
      "084-generic-date",
      "31 April in a credential of others",
      generic({ "/validUntil": "2027-04-31T09:00:00Z" }),
      "DATE_INVALID /validUntil",
    ),
    written("085-hour-24", "24:00:00", "2026-11-24T24:00:00Z"),
    written("085-second-60", "a leap second", "2026-12-31T23:59:60Z"),
    written("086-no-zone", "a time without zone", "2026-11-24T09:00:00"),
    written("086-date-alone", "a date without time", "2026-11-24"),
    written("087-number", "a number in a text", "12"),
    written("088-unparsable", "a text that is no time", "tomorrow"),
    written("088-spaces", "a space for the T", "2026-11-24 09:00:00Z"),
    refused(
      "088-proof-created",
      "a proof that says no time",
      generic().then(({ input = "", ...given }) => ({
        ...given,
        input: input.replace('"created":"2026-11-23T09:00:00Z"', '"created":"now"'),
      })),
      "DATE_INVALID /proof/created",
    ),
    refused(
      "089-1969",
      "a year before 1970",
      identity({ "/validFrom": "1969-12-31T23:59:59Z" }),
      "DATE_INVALID /validFrom",
    ),
    written("089-10000", "a year after 9999", "10000-01-01T00:00:00Z"),
    written("089-9999-zone", "a time that is after 9999 in UTC", "9999-12-31T23:59:59-01:00"),
    refused(
      "090-no-end",
      "no validUntil",
      identity({ "/validUntil": undefined }),
      "SCHEMA_INVALID /validUntil",
    ),
    refused(
      "090-too-long",
      "90 days and a second",
      identity({ "/validUntil": "2027-02-21T09:00:01Z" }),
      "VALIDITY_INVALID /validUntil",
    ),
    refused(
      "091-end-before-begin",
      "validUntil before validFrom",
      identity({ "/validUntil": "2026-11-23T08:59:59Z" }),
      "VALIDITY_INVALID /validUntil",
    ),
    refused(
      "091-empty",
      "validUntil at validFrom",
      identity({ "/validUntil": "2026-11-23T09:00:00Z" }),
      "VALIDITY_INVALID /validUntil",
    ),
    refused(
      "091-generic",
      "validUntil before validFrom in a credential of others",
      generic({ "/validUntil": "2026-11-23T08:59:59Z" }),
      "VALIDITY_INVALID /validUntil",
    ),
    refused(
      "092-at-the-end",
      "exactly at validUntil, which is excluded",
      under({ now: "2026-11-24T09:00:00Z" }, identity()),
      "EXPIRED /validUntil",
    ),
    refused(
      "092-before-the-begin",
      "a millisecond before validFrom",
      under({ now: "2026-11-23T08:59:59.999Z" }, identity()),
      "NOT_YET_VALID /validFrom",
    ),
    refused(
      "092-generic-at-the-end",
      "exactly at validUntil in a credential of others",
      under({ now: "2026-11-24T09:00:00Z" }, generic()),
      "EXPIRED /validUntil",
    ),
    refused(
      "092-presentation",
      "exactly at the end of a presentation",
      under({ now: "2026-11-23T09:05:00Z" }, presentation()),
      "PROOF_EXPIRED /proof/expires",
    ),
  ]);
}
