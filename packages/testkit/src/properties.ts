import fc from "fast-check";

/** Whether this is the deep run: many more cases, and others each time. */
export const DEEP: boolean = process.env["WRIT_DEEP"] !== undefined;

const SEED = process.env["WRIT_SEED"];

/** The same cases on every ordinary run, so that none fails by chance; `WRIT_SEED` repeats those of a deep one. */
fc.configureGlobal({
  numRuns: DEEP ? 20_000 : 500,
  ...(SEED !== undefined ? { seed: Number(SEED) } : DEEP ? {} : { seed: 20261123 }),
});

/** fast-check, with its cases chosen as above: nothing imports it past this file. */
export { fc };

/** How many cases a property has, ordinarily and in the deep run. */
export function cases(ordinary: number, deep: number): { readonly numRuns: number } {
  return { numRuns: DEEP ? deep : ordinary };
}

/** Time for a test of so many cases, in milliseconds. */
export const PROPERTY_TIMEOUT_MS: number = DEEP ? 3_600_000 : 30_000;
