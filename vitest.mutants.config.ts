import { defineConfig, mergeConfig } from "vitest/config";

import shared from "./vitest.config.js";

/** Tests by what is mutated; properties would kill more, and take longer to do it. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  kernel: ["packages/core/test/{authority,chain}/**/*.test.ts"],
  verification: [
    "packages/verifier/test/**/*.test.ts",
    "packages/core/test/{proofs,jsonld,documents,did}/**/*.test.ts",
  ],
};

const SLOW = ["property", "processes", "interop", "e2e", "rdf-canon.vectors"];

export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({
    test: {
      include: [...(TESTS[process.env["WRIT_MUTANTS"] ?? "kernel"] ?? [])],
      exclude: [...SLOW.map((kind) => `**/*.${kind}.test.ts`), "**/node_modules/**"],
    },
  }),
);
