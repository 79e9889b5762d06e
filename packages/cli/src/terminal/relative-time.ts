const UNITS = [
  ["day", "days", 86_400_000],
  ["hour", "hours", 3_600_000],
  ["min", "min", 60_000],
  ["s", "s", 1000],
] as const;

/**
 * A time as people say it: `in 43 min`, `2 days ago`. Cut to the largest unit, so that nothing is said to be
 * further away than it is.
 */
export function relativeTime(time: number, now: number): string {
  const distance = Math.abs(time - now);
  const [one, several, length] = UNITS.find(([, , each]) => distance >= each) ?? UNITS[3];
  const count = Math.floor(distance / length);
  const words = `${String(count)} ${count === 1 ? one : several}`;
  return time > now ? `in ${words}` : `${words} ago`;
}
