// Mutation testing of the verification: the verifier, and core's proofs and profiles (chains are in the kernel's).
import kernel from "./stryker.config.js";

process.env.WRIT_MUTANTS = "verification";

export default {
  ...kernel,
  mutate: [
    "packages/verifier/src/**/*.ts",
    "!packages/verifier/src/index.ts",
    "packages/core/src/proofs/**/*.ts",
    "packages/core/src/jsonld/**/*.ts",
    "!packages/core/src/jsonld/*.d.ts",
    "packages/core/src/documents/{strict-profile,generic-profile,generic-contexts,node-mentions}.ts",
    "packages/core/src/documents/{generic-credential,generic-status,generic-status-list-credential}.ts",
    "packages/core/src/documents/{proof,own-documents,related-resource,succession-statement}.ts",
  ],
  incrementalFile: "reports/stryker-verification.json",
  jsonReporter: { fileName: "reports/mutants-verification.json" },
  // What runs as a module loads would be tried with all tests; most of it is tables without which nothing works.
  ignoreStatic: true,
  thresholds: { high: 95, low: 90, break: 90 },
};
