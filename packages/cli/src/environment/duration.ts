import { WritError } from "@writ/core";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration such as `90s`, `15m`, `8h` or `7d`.
 *
 * @throws WritError `USAGE`.
 */
export function parseDuration(text: string): number {
  const [, digits, unit = ""] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new WritError("USAGE", "a duration is a whole number and s, m, h or d", { hint: "Such as 8h." });
  }
  return Number(digits) * (UNITS[unit] ?? 0);
}

/** A duration as {@link parseDuration} reads it, in the largest unit that divides it. */
export function durationText(ms: number): string {
  const [unit, length] =
    Object.entries(UNITS)
      .reverse()
      .find(([, each]) => ms % each === 0) ?? [];
  return unit === undefined || length === undefined ? `${String(ms)}ms` : `${String(ms / length)}${unit}`;
}
