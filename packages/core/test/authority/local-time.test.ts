import { describe, expect, it } from "vitest";

import { DAYS, isTimeZone, localTime } from "../../src/authority/local-time.js";

/** The day and the time on the clocks of a zone. */
function clock(zone: string, instant: string): string {
  const local = localTime(zone, Date.parse(instant));
  if (local === undefined) return "unknown";
  const [hour, minute] = [Math.floor(local.minute / 60), local.minute % 60];
  return `${local.day} ${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

describe("the local time", () => {
  it.each<readonly [string, string, string]>([
    ["UTC", "1970-01-01T00:00:00Z", "th 00:00"],
    ["UTC", "1969-12-31T23:59:59.999Z", "we 23:59"],
    ["UTC", "2026-11-23T00:00:00Z", "mo 00:00"],
    ["UTC", "2026-11-23T00:00:59.999Z", "mo 00:00"],
    ["UTC", "2026-11-23T00:01:00Z", "mo 00:01"],
    ["UTC", "2026-11-23T23:59:59.999Z", "mo 23:59"],
    ["UTC", "2026-11-24T00:00:00Z", "tu 00:00"],
    ["UTC", "2026-11-25T12:00:00Z", "we 12:00"],
    ["UTC", "2026-11-26T12:00:00Z", "th 12:00"],
    ["UTC", "2026-11-27T12:00:00Z", "fr 12:00"],
    ["UTC", "2026-11-28T12:00:00Z", "sa 12:00"],
    ["UTC", "2026-11-29T12:00:00Z", "su 12:00"],
    ["UTC", "2028-02-29T12:34:56Z", "tu 12:34"],
    ["UTC", "9999-12-31T23:59:59Z", "fr 23:59"],

    // Clocks go forward, and back.
    ["Europe/Berlin", "2026-03-29T00:59:59.999Z", "su 01:59"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", "su 03:00"],
    ["Europe/Berlin", "2026-10-25T00:59:59.999Z", "su 02:59"],
    ["Europe/Berlin", "2026-10-25T01:00:00Z", "su 02:00"],
    ["Europe/Berlin", "2026-10-25T01:59:59.999Z", "su 02:59"],
    ["Europe/Berlin", "2026-10-25T02:00:00Z", "su 03:00"],
    ["Europe/Berlin", "2026-11-22T22:59:59.999Z", "su 23:59"],
    ["Europe/Berlin", "2026-11-22T23:00:00Z", "mo 00:00"],
    ["Europe/Berlin", "2026-06-30T22:00:00Z", "we 00:00"],

    ["America/New_York", "2026-03-08T06:59:59.999Z", "su 01:59"],
    ["America/New_York", "2026-03-08T07:00:00Z", "su 03:00"],
    ["America/New_York", "2026-11-01T05:59:59.999Z", "su 01:59"],
    ["America/New_York", "2026-11-01T06:00:00Z", "su 01:00"],
    ["America/New_York", "2026-11-23T04:59:59.999Z", "su 23:59"],
    ["America/New_York", "2026-11-23T05:00:00Z", "mo 00:00"],

    // Half an hour.
    ["Australia/Lord_Howe", "2026-10-03T15:29:59.999Z", "su 01:59"],
    ["Australia/Lord_Howe", "2026-10-03T15:30:00Z", "su 02:30"],
    ["Australia/Lord_Howe", "2026-04-04T14:59:59.999Z", "su 01:59"],
    ["Australia/Lord_Howe", "2026-04-04T15:00:00Z", "su 01:30"],

    ["Asia/Kathmandu", "2026-11-22T18:14:59.999Z", "su 23:59"],
    ["Asia/Kathmandu", "2026-11-22T18:15:00Z", "mo 00:00"],
    ["Asia/Kolkata", "2026-11-22T18:29:59.999Z", "su 23:59"],
    ["Asia/Kolkata", "2026-11-22T18:30:00Z", "mo 00:00"],

    // A Friday that did not take place.
    ["Pacific/Apia", "2011-12-30T09:59:59.999Z", "th 23:59"],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "sa 00:00"],
    ["Pacific/Kiritimati", "2026-11-22T10:00:00Z", "mo 00:00"],
    ["Etc/GMT+12", "2026-11-24T11:59:59.999Z", "mo 23:59"],
  ])("in %s at %s is %s", (zone, instant, expected) => {
    expect(clock(zone, instant)).toBe(expected);
  });

  it("is that of the instant and the zone that are asked, in any order", () => {
    const asked: readonly (readonly [string, string, string])[] = [
      ["UTC", "2026-11-23T08:00:00Z", "mo 08:00"],
      ["Europe/Berlin", "2026-11-23T08:00:00Z", "mo 09:00"],
      ["Europe/Berlin", "2026-11-23T08:00:00.999Z", "mo 09:00"],
      ["UTC", "2026-11-23T08:00:59.999Z", "mo 08:00"],
      ["UTC", "2026-11-23T08:01:00Z", "mo 08:01"],
      ["Europe/Berlin", "2026-11-24T08:01:00Z", "tu 09:01"],
      ["UTC", "2026-11-23T08:00:00Z", "mo 08:00"],
    ];
    expect([...asked, ...asked].map(([zone, instant]) => clock(zone, instant))).toEqual(
      [...asked, ...asked].map(([, , expected]) => expected),
    );
  });

  it("is right from the first instant that is asked of a zone", () => {
    expect(clock("Asia/Tokyo", "1970-01-01T00:00:00Z")).toBe("th 09:00");
    expect(clock("Africa/Cairo", "1970-01-01T00:00:00.999Z")).toBe("th 02:00");
    expect(clock("Asia/Tokyo", "1970-01-01T00:00:01Z")).toBe("th 09:00");
    expect(clock("Asia/Dubai", "2026-11-23T08:00:00Z")).toBe("mo 12:00");
  });

  it("is unknown for an unknown zone", () => {
    expect(localTime("Mars/Olympus", 0)).toBeUndefined();
    expect(localTime("", 0)).toBeUndefined();
  });
});

describe("a time zone", () => {
  it.each([
    "UTC",
    "Europe/Berlin",
    "Europe/Isle_of_Man",
    "America/New_York",
    "America/Argentina/Buenos_Aires",
    "America/Argentina/ComodRivadavia",
    "America/Port-au-Prince",
    "America/Knox_IN",
    "America/North_Dakota/New_Salem",
    "Africa/Dar_es_Salaam",
    "Antarctica/McMurdo",
    "Antarctica/DumontDUrville",
    "Asia/Ho_Chi_Minh",
    "Australia/ACT",
    "Australia/LHI",
    "Australia/Lord_Howe",
    "Australia/NSW",
    "Brazil/DeNoronha",
    "Chile/EasterIsland",
    "Mexico/BajaNorte",
    "Mexico/BajaSur",
    "US/East-Indiana",
    "Etc/UTC",
    "Etc/UCT",
    "Etc/GMT",
    "Etc/GMT0",
    "Etc/GMT+12",
    "Etc/GMT-1",
    "Etc/GMT-14",
  ])("may be %s", (name) => {
    expect(isTimeZone(name)).toBe(true);
    expect(localTime(name, 0)).toBeDefined();
  });

  it("may be every one that this machine lists", () => {
    const names = Intl.supportedValuesOf("timeZone");
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => !isTimeZone(name))).toEqual([]);
  });

  it.each([
    "",
    "Mars/Olympus",
    "Europe",
    "Europe/",
    "/Europe/Berlin",
    "Europe//Berlin",
    "Europe/Berlin/",
    "Europe/Berlin/Mitte/Nord",
    "Europe/Berlin ",
    " UTC",
    "UTC\n",
    "Europe\\Berlin",
    "Europe.Berlin",
    // Other spellings, which engines take.
    "europe/berlin",
    "EUROPE/BERLIN",
    "Europe/berlin",
    "Africa/Dar_Es_Salaam",
    "America/Port_Of_Spain",
    "America/Port-Au-Prince",
    "Antarctica/Mcmurdo",
    "Brazil/Denoronha",
    "Mexico/Bajanorte",
    "Australia/Act",
    "Us/Eastern",
    "Etc/Utc",
    "Etc/Gmt",
    "utc",
    "Etc/GMT+99",
    // Abbreviations, which engines read differently.
    "EST",
    "CET",
    "GMT",
    "GB",
    "Zulu",
    "PST8PDT",
    // Offsets know no change of clocks, though some engines take them.
    "UTC+1",
    "UTC+01:00",
    "GMT+01:00",
    "+01:00",
    "-01:00",
    "+0100",
    "+01",
    "01:00",
    "1",
    "Z",
  ])("may not be %j", (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(localTime(name, 0)).toBeUndefined();
  });
});

it("the days of the week are seven, Monday first", () => {
  expect(DAYS).toEqual(["mo", "tu", "we", "th", "fr", "sa", "su"]);
});
