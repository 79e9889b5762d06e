import { parseShape, type JsonObject, type JsonValue } from "@writ/core";
import { refusalOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { when, type Window } from "../../src/authority/dimensions/when.js";
import {
  denial,
  denials,
  denialsInFull,
  type Dimensions,
  fold,
  isInside,
  violation,
  wider,
} from "./grants.js";

const OFFICE: Window = {
  days: ["mo", "tu", "we", "th", "fr"],
  from: "09:00",
  to: "17:30",
  timeZone: "Europe/Berlin",
};
const NIGHT: Window = { days: ["sa"], from: "22:00", to: "24:00", timeZone: "UTC" };

function within(...windows: readonly Window[]): Dimensions {
  return { when: { windows } };
}

function asJson(windows: readonly Window[]): JsonValue {
  return windows as unknown as JsonValue;
}

/** Whether the windows hold at an instant. */
function holds(instant: string, ...windows: readonly Window[]): boolean {
  const found = denials(within(...windows), { now: Date.parse(instant) });
  expect([[], [denial("when", "", new Date(instant).toISOString(), asJson(windows))]]).toContainEqual(found);
  return found.length === 0;
}

describe("when.windows, Rule A", () => {
  it.each<readonly [string, boolean]>([
    ["2026-11-23T07:59:59.999Z", false],
    ["2026-11-23T08:00:00.000Z", true],
    ["2026-11-23T16:29:59.999Z", true],
    ["2026-11-23T16:30:00.000Z", false],
    ["2026-11-27T16:29:59.999Z", true],
    ["2026-11-28T10:00:00.000Z", false],
    ["2026-11-29T10:00:00.000Z", false],
    // Summer.
    ["2026-06-22T06:59:59.999Z", false],
    ["2026-06-22T07:00:00.000Z", true],
    ["2026-06-22T15:29:59.999Z", true],
    ["2026-06-22T15:30:00.000Z", false],
    // The Mondays after the clocks have changed.
    ["2026-03-30T06:59:59.999Z", false],
    ["2026-03-30T07:00:00.000Z", true],
    ["2026-10-26T07:59:59.999Z", false],
    ["2026-10-26T08:00:00.000Z", true],
  ])("office hours at %s: %j", (instant, expected) => {
    expect(holds(instant, OFFICE)).toBe(expected);
  });

  it.each<readonly [string, boolean]>([
    ["2026-11-28T21:59:59.999Z", false],
    ["2026-11-28T22:00:00.000Z", true],
    ["2026-11-28T23:59:59.999Z", true],
    ["2026-11-29T00:00:00.000Z", false],
    ["2026-11-27T23:00:00.000Z", false],
  ])("up to 24:00 at %s: %j", (instant, expected) => {
    expect(holds(instant, NIGHT)).toBe(expected);
  });

  it("a whole day begins and ends at midnight, and a minute is a minute", () => {
    const day: Window = { days: ["mo"], from: "00:00", to: "24:00", timeZone: "Asia/Kathmandu" };
    expect(holds("2026-11-22T18:14:59.999Z", day)).toBe(false);
    expect(holds("2026-11-22T18:15:00.000Z", day)).toBe(true);
    expect(holds("2026-11-23T18:14:59.999Z", day)).toBe(true);
    expect(holds("2026-11-23T18:15:00.000Z", day)).toBe(false);
    const minute: Window = { days: ["mo"], from: "09:05", to: "09:06", timeZone: "UTC" };
    expect(holds("2026-11-23T09:04:59.999Z", minute)).toBe(false);
    expect(holds("2026-11-23T09:05:00.000Z", minute)).toBe(true);
    expect(holds("2026-11-23T09:05:59.999Z", minute)).toBe(true);
    expect(holds("2026-11-23T09:06:00.000Z", minute)).toBe(false);
  });

  it("an hour that clocks leave out does not come; one that comes twice counts twice", () => {
    const hour: Window = { days: ["su"], from: "02:00", to: "03:00", timeZone: "Europe/Berlin" };
    expect(holds("2026-03-29T00:59:59.999Z", hour)).toBe(false);
    expect(holds("2026-03-29T01:00:00.000Z", hour)).toBe(false);
    for (const instant of [
      "2026-10-25T00:00:00.000Z",
      "2026-10-25T00:59:59.999Z",
      "2026-10-25T01:00:00.000Z",
    ]) {
      expect(holds(instant, hour)).toBe(true);
    }
    expect(holds("2026-10-25T01:59:59.999Z", hour)).toBe(true);
    expect(holds("2026-10-25T02:00:00.000Z", hour)).toBe(false);
  });

  it("any window will do", () => {
    expect(holds("2026-11-28T23:00:00.000Z", OFFICE, NIGHT)).toBe(true);
    expect(holds("2026-11-23T09:00:00.000Z", OFFICE, NIGHT)).toBe(true);
    expect(holds("2026-11-29T09:00:00.000Z", OFFICE, NIGHT)).toBe(false);
  });

  it("hold for a holder alike, who knows the time as well", () => {
    const asked = { now: Date.parse("2026-11-28T10:00:00Z"), perspective: "holder" } as const;
    expect(denialsInFull(within(OFFICE), asked)).toEqual([
      {
        code: "NOT_ALLOWED",
        grant: "g0",
        ...denial("when", "", "2026-11-28T10:00:00.000Z", asJson([OFFICE])),
      },
    ]);
  });

  it("a zone that this machine does not know is never", () => {
    const value = { windows: [{ ...OFFICE, timeZone: "Mars/Olympus" }] };
    const request = {
      invocation: { action: "do" },
      facts: { now: Date.parse("2026-11-23T10:00:00Z") },
      perspective: "service",
    } as const;
    expect(when.denies(value, request, { actions: ["do"] })).toMatchObject({
      pointer: "",
      allowed: value.windows,
    });
    expect(when.denies({ windows: [OFFICE] }, request, { actions: ["do"] })).toBeUndefined();
  });
});

describe("when.windows, Rule B", () => {
  const inside = (inner: Partial<Window>): boolean =>
    isInside(within(OFFICE), within({ ...OFFICE, ...inner }));

  it.each<Partial<Window>>([
    {},
    { from: "09:01" },
    { to: "17:29" },
    { from: "12:00", to: "12:01" },
    { days: ["fr", "mo"] },
  ])("office hours cover %j", (inner) => {
    expect(inside(inner)).toBe(true);
  });

  it.each<Partial<Window>>([
    { from: "08:59" },
    { to: "17:31" },
    { to: "24:00" },
    { from: "00:00" },
    { days: ["mo", "sa"] },
    { days: ["su"] },
    { timeZone: "Europe/Paris" },
    { timeZone: "UTC" },
  ])("office hours do not cover %j", (inner) => {
    const own = { ...OFFICE, ...inner };
    expect(violation(within(OFFICE), within(own))).toEqual(
      wider("when", "/when/windows/0", own as unknown as JsonObject, asJson([OFFICE])),
    );
  });

  it("each lies in one window above, not in two together", () => {
    const [early, late] = [
      { ...OFFICE, to: "13:00" },
      { ...OFFICE, from: "13:00" },
    ];
    expect(isInside(within(early, late), within(late, early))).toBe(true);
    expect(isInside(within(OFFICE), within(early, late))).toBe(true);
    expect(violation(within(early, late), within(early, OFFICE))).toEqual(
      wider("when", "/when/windows/1", OFFICE as unknown as JsonObject, asJson([early, late])),
    );
    expect(isInside(within(OFFICE, NIGHT), within(NIGHT))).toBe(true);
  });

  it("are free to be stated where the parent states none", () => {
    expect(isInside({}, within(OFFICE))).toBe(true);
    expect(isInside({ when: { context: { a: { any: true } } } }, within(OFFICE))).toBe(true);
  });
});

describe("when, folded member by member", () => {
  it("keeps the member that a child does not write", () => {
    const context = { region: { equals: "eu" } };
    const grant = fold(
      within(OFFICE),
      { when: { context } },
      { when: { windows: [{ ...OFFICE, to: "12:00" }] } },
    );
    expect(grant.effective.when).toEqual({ windows: [{ ...OFFICE, to: "12:00" }], context });
    expect(grant.outer?.effective.when).toEqual({ windows: [OFFICE], context });
    expect(
      violation(within(OFFICE), { when: { context } }, within({ ...OFFICE, to: "18:00" })),
    ).toMatchObject({
      pointer: "/2/0/when/windows/0",
    });
  });

  it("judges a link by all that is effective there", () => {
    const grant = fold(within(OFFICE), { when: { context: { region: { equals: "eu" } } } });
    const asked = { now: Date.parse("2026-11-28T10:00:00Z"), context: { region: "eu" } };
    expect(denialsInFull(grant, asked).map(({ link }) => link)).toEqual([0, 1]);
  });
});

describe("the form of windows", () => {
  const form = (windows: unknown): unknown => parseShape(when.shape, { windows } as JsonObject, "/s");

  it.each<readonly [object]>([
    [{}],
    [{ days: ["su"] }],
    [{ days: ["mo", "tu", "we", "th", "fr", "sa", "su"] }],
    [{ from: "00:00", to: "00:01" }],
    [{ from: "23:59", to: "24:00" }],
    [{ from: "19:59", to: "20:00" }],
    [{ from: "09:59", to: "10:00" }],
    [{ to: "23:59" }],
    [{ timeZone: "UTC" }],
    [{ timeZone: "Asia/Kathmandu" }],
  ])("take %j", (changes) => {
    expect(form([{ ...OFFICE, ...changes }])).toEqual({ windows: [{ ...OFFICE, ...changes }] });
  });

  it.each<readonly [object, string, string]>([
    [{ days: [] }, "ARRAY_EMPTY", "/days"],
    [{ days: ["mo", "mo"] }, "DUPLICATE_ITEM", "/days/1"],
    [{ days: ["mo", "MO"] }, "SCHEMA_INVALID", "/days/1"],
    [{ days: ["mon"] }, "SCHEMA_INVALID", "/days/0"],
    [{ days: [1] }, "SCHEMA_INVALID", "/days/0"],
    [{ days: "mo" }, "SCHEMA_INVALID", "/days"],
    [{ from: "24:00" }, "SCHEMA_INVALID", "/from"],
    [{ from: "9:00" }, "SCHEMA_INVALID", "/from"],
    [{ from: "09:60" }, "SCHEMA_INVALID", "/from"],
    [{ from: "09:00:00" }, "SCHEMA_INVALID", "/from"],
    [{ from: "30:00" }, "SCHEMA_INVALID", "/from"],
    [{ from: "109:00" }, "SCHEMA_INVALID", "/from"],
    [{ from: "" }, "SCHEMA_INVALID", "/from"],
    [{ from: 900 }, "SCHEMA_INVALID", "/from"],
    [{ to: "24:01" }, "SCHEMA_INVALID", "/to"],
    [{ to: "25:00" }, "SCHEMA_INVALID", "/to"],
    [{ to: "17:60" }, "SCHEMA_INVALID", "/to"],
    [{ to: "17:3" }, "SCHEMA_INVALID", "/to"],
    [{ to: "17:30Z" }, "SCHEMA_INVALID", "/to"],
    [{ to: "117:30" }, "SCHEMA_INVALID", "/to"],
    [{ to: "124:00" }, "SCHEMA_INVALID", "/to"],
    [{ to: "24:000" }, "SCHEMA_INVALID", "/to"],
    [{ to: "09:00" }, "SCHEMA_INVALID", "/to"],
    [{ to: "08:59" }, "SCHEMA_INVALID", "/to"],
    [{ from: "22:00", to: "06:00" }, "SCHEMA_INVALID", "/to"],
    [{ timeZone: "+01:00" }, "SCHEMA_INVALID", "/timeZone"],
    [{ timeZone: "Mars/Olympus" }, "SCHEMA_INVALID", "/timeZone"],
    [{ timeZone: "" }, "SCHEMA_INVALID", "/timeZone"],
    [{ timeZone: 1 }, "SCHEMA_INVALID", "/timeZone"],
    [{ dates: ["2026-12-24"] }, "SCHEMA_INVALID", "/dates"],
  ])("refuse %j: %s at %s", (changes, code, place) => {
    expect(refusalOf(() => form([{ ...OFFICE, ...changes }]))).toEqual({
      code,
      pointer: `/s/windows/0${place}`,
    });
  });

  it.each(["days", "from", "to", "timeZone"] as const)("refuse one without %s", (member) => {
    const { [member]: _, ...rest } = OFFICE;
    expect(refusalOf(() => form([NIGHT, rest]))).toEqual({
      code: "SCHEMA_INVALID",
      pointer: `/s/windows/1/${member}`,
    });
  });

  it("are one at least and 32 at most", () => {
    const many = Array.from({ length: 33 }, (_, index) => ({ ...OFFICE, from: `09:${String(index + 10)}` }));
    expect(form(many.slice(1))).toEqual({ windows: many.slice(1) });
    expect(refusalOf(() => form(many))).toEqual({ code: "TOO_MANY_ITEMS", pointer: "/s/windows" });
    expect(refusalOf(() => form([]))).toEqual({ code: "ARRAY_EMPTY", pointer: "/s/windows" });
    expect(refusalOf(() => form(OFFICE))).toEqual({ code: "SCHEMA_INVALID", pointer: "/s/windows" });
  });

  it("may stand alone or beside conditions, but something must stand", () => {
    const context = { a: { any: true } };
    for (const value of [{ windows: [OFFICE] }, { context }, { windows: [OFFICE], context }]) {
      expect(parseShape(when.shape, value as unknown as JsonValue)).toBe(value);
    }
    for (const value of [{}, [], "always", { windows: [OFFICE], until: 1 }]) {
      expect(refusalOf(() => parseShape(when.shape, value as unknown as JsonValue, "/s")).code).toBe(
        "SCHEMA_INVALID",
      );
    }
    expect(refusalOf(() => parseShape(when.shape, {}, "/s")).pointer).toBe("/s");
  });
});
