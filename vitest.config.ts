import { defineConfig } from "vitest/config";

/** Packages import each other's sources, so that tests need no build; the end-to-end tests run the build. */
const source = { conditions: ["@writ/source"] };

/** Where to leave a report for a program to read, beside the one for people. */
const reportPath = process.env["WRIT_TEST_REPORT"];

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    pool: "threads",
    testTimeout: 30_000,
    ...(reportPath === undefined ? {} : { reporters: ["default", "json"], outputFile: { json: reportPath } }),
  },
});
