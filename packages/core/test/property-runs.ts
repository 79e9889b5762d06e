import fc from "fast-check";

/** The same cases on every run; `WRIT_DEEP` gives many more, and others each time. */
fc.configureGlobal(
  process.env["WRIT_DEEP"] === undefined ? { seed: 20261123, numRuns: 500 } : { numRuns: 20_000 },
);
