import { allow, answers, by, deny, wider, type Asking, type Vector } from "./vector.js";

const BERLIN = "Europe/Berlin";
const NEW_YORK = "America/New_York";
const WEEKDAYS = ["mo", "tu", "we", "th", "fr"] as const;
const DAYS = [...WEEKDAYS, "sa", "su"] as const;

const hours = (days: readonly string[], from: string, to: string, timeZone = BERLIN) => ({
  days,
  from,
  to,
  timeZone,
});
const when = (...windows: readonly object[]) => ({ when: { windows } });
const OFFICE = hours(WEEKDAYS, "08:00", "18:00");

const open = (now: string): Asking => allow({ facts: { now } });
const shut = (now: string, ...links: readonly number[]): Asking =>
  deny(
    (links.length === 0 ? [0] : links).map((link) => by("when", "", link)),
    { facts: { now } },
  );

const outside = (name: string, what: string, outer: readonly object[], inner: readonly object[], index = 0) =>
  wider(
    `windows-wider-${name}`,
    what,
    "when",
    [when(...outer), when(...inner)],
    `/when/windows/${String(index)}`,
  );

const evaluated: readonly Vector[] = [
  answers(
    "windows-hours",
    "HOSTILE 92: from is in the window, to is not, by the clocks of the zone.",
    [when(OFFICE)],
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-23T06:59:59.999Z"),
    open("2026-11-23T07:00:00Z"),
    open("2026-11-23T16:59:59.999Z"),
    shut("2026-11-23T17:00:00Z"),
  ),
  answers(
    "windows-days",
    "Only on the days that are named, as the zone counts them.",
    [when(OFFICE)],
    open("2026-11-27T10:00:00Z"),
    shut("2026-11-28T10:00:00Z"),
    shut("2026-11-29T10:00:00Z"),
    open("2026-11-30T10:00:00Z"),
  ),
  answers(
    "windows-offset",
    "The instant counts, however it is written.",
    [when(OFFICE)],
    open("2026-11-23T08:00:00+01:00"),
    shut("2026-11-23T08:00:00+02:00"),
    shut("2026-11-23T18:30:00+01:00"),
  ),
  answers(
    "windows-end-of-day",
    "24:00 is the end of the day.",
    [when(hours(["su"], "20:00", "24:00", "UTC"))],
    shut("2026-11-29T19:59:59.999Z"),
    open("2026-11-29T20:00:00Z"),
    open("2026-11-29T23:59:59.999Z"),
    shut("2026-11-30T00:00:00Z"),
  ),
  answers(
    "windows-one-minute-short",
    "A window to 23:59 lacks the last minute.",
    [when(hours(DAYS, "00:00", "23:59", "UTC"))],
    open("2026-11-23T23:58:59.999Z"),
    shut("2026-11-23T23:59:00Z"),
    open("2026-11-24T00:00:00Z"),
  ),
  answers(
    "windows-always",
    "All of all days.",
    [when(hours(DAYS, "00:00", "24:00", "UTC"))],
    open("2026-11-23T00:00:00Z"),
    open("2026-11-29T23:59:59.999Z"),
  ),
  answers(
    "windows-several",
    "One of several suffices; a night is two.",
    [when(hours(["mo"], "22:00", "24:00", "UTC"), hours(["tu"], "00:00", "06:00", "UTC"))],
    shut("2026-11-23T21:59:59Z"),
    open("2026-11-23T23:00:00Z"),
    open("2026-11-24T05:59:59Z"),
    shut("2026-11-24T06:00:00Z"),
    shut("2026-11-24T23:00:00Z"),
  ),
  answers(
    "windows-day-of-zone",
    "Monday in London is Tuesday on Kiritimati, 14 hours ahead.",
    [when(hours(["tu"], "00:00", "01:00", "Pacific/Kiritimati"))],
    shut("2026-11-23T09:59:59Z"),
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-24T00:30:00Z"),
  ),
  answers(
    "windows-half-hour-zone",
    "A zone may be off by half an hour.",
    [when(hours(["mo"], "09:30", "10:00", "Asia/Kolkata"))],
    shut("2026-11-23T03:59:59Z"),
    open("2026-11-23T04:00:00Z"),
    shut("2026-11-23T04:30:00Z"),
  ),
  answers(
    "windows-summer-time",
    "HOSTILE 94: the same hours are other instants in summer.",
    [when(OFFICE)],
    open("2026-07-20T06:00:00Z"),
    shut("2026-07-20T16:00:00Z"),
    shut("2026-11-23T06:00:00Z"),
    open("2026-11-23T16:00:00Z"),
  ),
  answers(
    "windows-clocks-forward",
    "HOSTILE 94: on 29 March 2026 there is no time from 02:00 to 03:00 in Berlin.",
    [when(hours(["su"], "02:00", "03:00"))],
    shut("2026-03-29T00:59:59.999Z"),
    shut("2026-03-29T01:00:00Z"),
    open("2026-03-22T01:00:00Z"),
    open("2026-04-05T00:00:00Z"),
  ),
  answers(
    "windows-clocks-back",
    "HOSTILE 94: on 25 October 2026 there are two such hours.",
    [when(hours(["su"], "02:00", "03:00"))],
    shut("2026-10-24T23:59:59.999Z"),
    open("2026-10-25T00:00:00Z"),
    open("2026-10-25T00:59:59.999Z"),
    open("2026-10-25T01:00:00Z"),
    open("2026-10-25T01:59:59.999Z"),
    shut("2026-10-25T02:00:00Z"),
  ),
  answers(
    "windows-clocks-elsewhere",
    "HOSTILE 94: New York goes back a week after Berlin.",
    [when(hours(WEEKDAYS, "09:00", "17:00", NEW_YORK))],
    open("2026-10-30T13:00:00Z"),
    shut("2026-11-02T13:00:00Z"),
    open("2026-11-02T14:00:00Z"),
  ),
];

const folded: readonly Vector[] = [
  answers(
    "windows-narrowed",
    "Fewer days and hours.",
    [when(OFFICE), when(hours(["mo", "fr"], "09:00", "12:00"))],
    open("2026-11-23T08:00:00Z"),
    shut("2026-11-23T07:00:00Z", 1),
    shut("2026-11-24T08:00:00Z", 1),
    shut("2026-11-28T08:00:00Z", 0, 1),
  ),
  answers(
    "windows-narrowed-in-two",
    "Several windows may lie in one, and in several.",
    [
      when(OFFICE, hours(["sa"], "10:00", "14:00")),
      when(hours(["mo"], "08:00", "12:00"), hours(["mo"], "13:00", "18:00"), hours(["sa"], "10:00", "11:00")),
    ],
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-23T11:30:00Z", 1),
    open("2026-11-28T09:30:00Z"),
  ),
  answers(
    "windows-narrowed-same",
    "The same window.",
    [when(OFFICE), when(OFFICE)],
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-28T10:00:00Z", 0, 1),
  ),
  answers(
    "windows-added",
    "A child may set hours where the parent sets none.",
    [{}, when(OFFICE)],
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-28T10:00:00Z", 1),
  ),
  answers(
    "windows-dropped",
    "HOSTILE 142: hours that the child leaves out still hold.",
    [when(OFFICE), {}],
    open("2026-11-23T10:00:00Z"),
    shut("2026-11-28T10:00:00Z", 0),
  ),
  outside("later", "A later end.", [OFFICE], [hours(WEEKDAYS, "08:00", "18:01")]),
  outside("earlier", "An earlier beginning.", [OFFICE], [hours(WEEKDAYS, "07:59", "18:00")]),
  outside("day", "A day more.", [OFFICE], [hours(["fr", "sa"], "08:00", "18:00")]),
  outside(
    "zone",
    "Another zone is not compared, though its clocks show the same.",
    [OFFICE],
    [hours(WEEKDAYS, "09:00", "12:00", "Europe/Paris")],
  ),
  outside(
    "second",
    "Each window lies in one.",
    [OFFICE],
    [hours(["mo"], "08:00", "12:00"), hours(["su"], "08:00", "12:00")],
    1,
  ),
  outside(
    "across",
    "In one, not in two that meet.",
    [hours(["mo"], "08:00", "12:00"), hours(["mo"], "12:00", "18:00")],
    [hours(["mo"], "11:00", "13:00")],
  ),
  outside(
    "days-across",
    "A window of two days lies in no window of one of them.",
    [hours(["mo"], "08:00", "12:00"), hours(["tu"], "08:00", "12:00")],
    [hours(["mo", "tu"], "08:00", "12:00")],
  ),
  wider(
    "windows-wider-again",
    "HOSTILE 142: dropped in the middle, and named wider at the end.",
    "when",
    [when(OFFICE), {}, when(hours(DAYS, "08:00", "18:00"))],
    "/when/windows/0",
  ),
];

export const windows: readonly Vector[] = [...evaluated, ...folded];
