import { WritError } from "../errors/writ-error.js";

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Milliseconds since 1970 of a strict RFC 3339 time: with zone, a real calendar date, no leap
 * second, years 1970 to 9999 (DESIGN 4.6). Fractions below a millisecond are cut.
 *
 * @throws WritError `DATE_INVALID`.
 */
export function parseTimestamp(text: string): number {
  const match = RFC3339.exec(text);
  if (match === null) throw invalid("not an RFC 3339 time with a zone");
  const [, fraction = "", sign, zoneHour = "0", zoneMinute = "0"] = match;
  const local = new Date(`${text.slice(0, 19)}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  // The engine rolls 30 February over; a real date comes back as it went in.
  const back = Number.isNaN(local.getTime()) ? "" : local.toISOString().slice(0, 19);
  if (back !== text.slice(0, 19)) throw invalid("no such date or time of day");
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) throw invalid("no such zone");
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === "-" ? -1 : 1);
  const time = local.getTime() - offset;
  if (time < 0 || time > MAX_TIME) throw invalid("the time is before 1970 or after 9999");
  return time;
}

const MAX_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function invalid(detail: string): WritError {
  return new WritError("DATE_INVALID", detail);
}

/** A time as Writ writes it: UTC, whole seconds, cut. */
export function formatTimestamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
