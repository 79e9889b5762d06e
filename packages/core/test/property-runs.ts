import fc from "fast-check";

const DEEP = process.env["WRIT_DEEP"] !== undefined;

/** The same cases on every run; `WRIT_DEEP` gives many more, and others each time. */
fc.configureGlobal(DEEP ? { numRuns: 20_000 } : { seed: 20261123, numRuns: 500 });

/** How many cases a property has, ordinarily and in the deep run. */
export function cases(ordinary: number, deep: number): { readonly numRuns: number } {
  return { numRuns: DEEP ? deep : ordinary };
}

/** Time for a test of so many cases, in milliseconds. */
export const PROPERTY_TIMEOUT_MS: number = DEEP ? 3_600_000 : 30_000;
