import { defineConfig } from "vitest/config";

/** Packages import each other's sources, so that tests need no build; the end-to-end tests run the build. */
const source = { conditions: ["@writ/source"] };

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    pool: "threads",
    testTimeout: 30_000,
  },
});
