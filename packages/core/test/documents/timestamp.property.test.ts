import { cases, fc, PROPERTY_TIMEOUT_MS } from "@writ/testkit/properties";
import { describe, expect, it } from "vitest";

import { parseTimestamp } from "../../src/documents/timestamp.js";
import { problemOf } from "../../src/errors/writ-error.js";

/** Days from 1970-01-01, by arithmetic on the proleptic Gregorian calendar whose year begins in March. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

const DIGITS: readonly string[] = Array.from("0123456789");

/** Reads a text from its beginning, a character at a time. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(...expected: readonly string[]): string {
    const next = this.text[this.at++] ?? "";
    if (!expected.includes(next)) throw new RangeError();
    return next;
  }

  digits(count: number): number {
    let number = 0;
    for (let taken = 0; taken < count; taken++) number = number * 10 + Number(this.take(...DIGITS));
    return number;
  }

  within(count: number, least: number, most: number): number {
    const number = this.digits(count);
    if (number < least || number > most) throw new RangeError();
    return number;
  }
}

/** Milliseconds since 1970 of what DESIGN 4.6 takes for a time; undefined for all else. */
function oracle(text: string): number | undefined {
  try {
    return readTime(new Reader(text));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readTime(reader: Reader): number {
  const year = reader.within(4, 1970, 9999);
  reader.take("-");
  const month = reader.within(2, 1, 12);
  reader.take("-");
  const day = reader.within(2, 1, daysIn(year, month));
  reader.take("T");
  const hour = reader.within(2, 0, 23);
  reader.take(":");
  const minute = reader.within(2, 0, 59);
  reader.take(":");
  const second = reader.within(2, 0, 59);
  let next = reader.take(".", "Z", "+", "-");
  let milliseconds = 0;
  if (next === ".") {
    for (let place = 100, count = 0; ; place = Math.floor(place / 10), count++) {
      next = reader.take(...DIGITS, ...(count > 0 ? ["Z", "+", "-"] : []));
      if ("Z+-".includes(next)) break;
      if (count === 9) throw new RangeError();
      milliseconds += Number(next) * place;
    }
  }
  let offset = 0;
  if (next !== "Z") {
    offset = reader.within(2, 0, 14) * 60;
    reader.take(":");
    offset += reader.within(2, 0, 59);
    if (offset > 14 * 60) throw new RangeError();
    if (next === "-") offset = -offset;
  }
  if (reader.at !== reader.text.length) throw new RangeError();
  const minutes = (daysFromCivil(year, month, day) * 24 + hour) * 60 + minute - offset;
  const time = (minutes * 60 + second) * 1000 + milliseconds;
  if (time < 0 || time >= daysFromCivil(10_000, 1, 1) * 86_400_000) throw new RangeError();
  return time;
}

const padded = (width: number, ...numbers: readonly number[]) =>
  fc.constantFrom(...numbers).map((number) => String(number).padStart(width, "0"));
const number = (width: number, min: number, max: number) =>
  fc.integer({ min, max }).map((value) => String(value).padStart(width, "0"));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const year = fc.oneof(
  { weight: 4, arbitrary: number(4, 1970, 9999) },
  { weight: 2, arbitrary: padded(4, 1970, 1972, 1999, 2000, 2024, 2026, 2100, 2400, 9999) },
  { weight: 1, arbitrary: padded(4, 0, 1, 1600, 1900, 1969, 10_000) },
);
const month = fc.oneof(
  { weight: 8, arbitrary: number(2, 1, 12) },
  { weight: 1, arbitrary: padded(2, 0, 13, 99) },
);
const day = fc.oneof(
  { weight: 4, arbitrary: number(2, 1, 28) },
  { weight: 4, arbitrary: padded(2, 28, 29, 30, 31) },
  { weight: 1, arbitrary: padded(2, 0, 32, 99) },
);
const hour = fc.oneof(
  { weight: 8, arbitrary: padded(2, ...range(0, 23)) },
  { weight: 1, arbitrary: padded(2, 24, 25, 99) },
);
const sixty = fc.oneof(
  { weight: 8, arbitrary: padded(2, ...range(0, 59)) },
  { weight: 1, arbitrary: padded(2, 60, 61, 99) },
);
const fraction = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc
      .string({ unit: fc.constantFrom(...DIGITS), minLength: 1, maxLength: 9 })
      .map((digits) => `.${digits}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(".", ",5", ".0000000000", ".1234567890", ".5.5", ". 5") },
);
const zoneHour = fc.oneof(
  { weight: 8, arbitrary: padded(2, ...range(0, 14)) },
  { weight: 1, arbitrary: padded(2, 15, 23, 24, 99) },
);
const zone = fc.oneof(
  { weight: 4, arbitrary: fc.constant("Z") },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom("+", "-"), zoneHour, sixty).map(([sign, h, m]) => `${sign}${h}:${m}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "z", "+01", "+0100", "-1:00", "+1:0", "ZZ", "Z\n", " Z", "UTC", "+00:00Z"),
  },
);
const separators = fc.oneof(
  { weight: 12, arbitrary: fc.constant(["-", "-", "T", ":", ":"] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ["-", "-", "t", ":", ":"] as const,
      ["-", "-", " ", ":", ":"] as const,
      ["/", "-", "T", ":", ":"] as const,
      ["-", "-", "T", ".", ":"] as const,
      ["", "", "T", "", ""] as const,
    ),
  },
);

const written = fc
  .tuple(year, month, day, hour, sixty, sixty, fraction, zone, separators)
  .map(([y, mo, d, h, mi, s, f, z, [a, b, t, c, e]]) => y + a + mo + b + d + t + h + c + mi + e + s + f + z);
/** A time with one character replaced, put in, or left out. */
const slipped = fc
  .tuple(
    written,
    fc.nat(24),
    fc.nat(1),
    fc.constantFrom("", "0", "9", "-", "+", ":", ".", "Z", " ", "\u0663", "e"),
  )
  .map(([text, at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));

describe("parseTimestamp", () => {
  it(
    "takes what an independent reader takes, and for the same millisecond",
    { timeout: PROPERTY_TIMEOUT_MS },
    () => {
      let accepted = 0;
      const run = fc.check(
        fc.property(
          fc.oneof({ weight: 5, arbitrary: written }, { weight: 1, arbitrary: slipped }),
          (text) => {
            const expected = oracle(text);
            if (expected !== undefined) accepted++;
            let time: number | undefined;
            const refusal = problemOf(() => {
              time = parseTimestamp(text);
            });
            if (refusal !== undefined && refusal.code !== "DATE_INVALID") throw new Error(refusal.code);
            if (time !== expected) throw new Error(`${String(time)} for ${String(expected)}`);
          },
        ),
        cases(5_000, 200_000),
      );
      expect(fc.defaultReportMessage(run)).toBeUndefined();
      expect(accepted).toBeGreaterThan(run.numRuns / 5);
      expect(accepted).toBeLessThan((run.numRuns * 4) / 5);
    },
  );

  it("is judged by a reader that knows these", () => {
    expect(["1970-01-01T00:00:00Z", "2024-02-29T00:00:00Z", "9999-12-31T23:59:59.999Z"].map(oracle)).toEqual([
      0, 1_709_164_800_000, 253_402_300_799_999,
    ]);
    expect(oracle("2026-02-29T00:00:00Z")).toBeUndefined();
  });
});
