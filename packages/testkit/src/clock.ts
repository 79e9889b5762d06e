/** A clock that stands still until it is moved. Gives milliseconds since 1970. */
export interface FixedClock {
  (): number;
  /** Moves the clock on; negative milliseconds set it back. */
  advance(milliseconds: number): void;
}

/** A clock that stands at a time in RFC 3339. */
export function fixedClock(isoTime: string): FixedClock {
  let now = Date.parse(isoTime);
  if (Number.isNaN(now)) throw new Error(`not a time: ${isoTime}`);
  return Object.assign(() => now, {
    advance(milliseconds: number): void {
      now += milliseconds;
    },
  });
}
