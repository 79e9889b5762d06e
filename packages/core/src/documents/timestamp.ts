import { WritError } from "../errors/writ-error.js";

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Milliseconds since 1970 of a strict RFC 3339 time: with zone, a real calendar date, no leap
 * second, years 1970 to 9999 (DESIGN 4.6). Fractions below a millisecond are cut.
 *
 * @throws WritError `DATE_INVALID`.
 */
export function parseTimestamp(text: string): number {
  const match = RFC3339.exec(text);
  if (match === null) throw invalid("not an RFC 3339 time with a zone");
  const field = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day] = [field(1), field(2), field(3)];
  const [hour, minute, second] = [field(4), field(5), field(6)];
  const [zoneHour, zoneMinute] = [field(9), field(10)];
  // Checked here, because the engine rolls 30 February and 24:00 over.
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    throw invalid("no such date, or before 1970");
  }
  if (hour > 23 || minute > 59 || second > 59) throw invalid("no such time of day");
  // XML Schema 1.1, part 2, dateTimeStamp, which VC Data Model 2.0 has, knows none beyond.
  if (zoneMinute > 59 || zoneHour * 60 + zoneMinute > 14 * 60) throw invalid("no such zone");
  const milliseconds = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = (zoneHour * 60 + zoneMinute) * 60_000 * (match[8] === "-" ? -1 : 1);
  const time = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offset;
  if (time < 0 || time > MAX_TIME) throw invalid("the time is before 1970 or after 9999");
  return time;
}

/** The last day of a month is the day before the first of the next. */
function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const MAX_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function invalid(detail: string): WritError {
  return new WritError("DATE_INVALID", detail);
}

/** A time as Writ writes it: UTC, whole seconds, cut. */
export function formatTimestamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
