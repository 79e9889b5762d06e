/** The packages' borders (DESIGN section 7). They are rules about sources: what is built follows them. */

const PACKAGE = "^(packages/[^/]+|examples/[^/]+|benchmarks)/";
const TEST_CODE = "^(packages/[^/]+|examples/[^/]+)/test/|[.]test[.]ts$|^packages/testkit/";

/** A rule by which the sources of `from` import of ours only what `to` names. */
const sourcesOf = (from, to, comment) => ({
  name: `borders-of-${from.replace(/\W+/g, "-")}`,
  comment,
  severity: "error",
  from: { path: `^packages/(${from})/src/` },
  // Its own files, too, or the rule would forbid a package to be made of several.
  to: { path: "^(packages|examples|benchmarks)/", pathNot: [`^packages/$1/`, ...to] },
});

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Files that need each other are one file, or hide a third one. Types may refer to each other.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    sourcesOf("core", [], "The core imports nothing of ours."),
    sourcesOf(
      "issuer|wallet|verifier|database|keyring|aws-kms",
      ["^packages/core/"],
      "Signing, keeping, verifying, storing and sources of keys stand on the core and do not know each other.",
    ),
    {
      name: "no-way-in-but-the-name",
      comment: "A package is imported by its names, so that what it shows is all that others depend on.",
      severity: "error",
      from: { path: PACKAGE },
      to: {
        path: PACKAGE,
        pathNot: [
          "^$1/",
          "^packages/[^/]+/src/index[.]ts$",
          "^packages/core/contexts/",
          // Beside its index, for it loads fast-check.
          "^packages/testkit/src/properties[.]ts$",
        ],
      },
    },
    {
      name: "no-relative-way-out",
      comment: "A relative path ends within its own package.",
      severity: "error",
      from: { path: PACKAGE },
      to: { dependencyTypes: ["local"], path: ".", pathNot: "^$1/" },
    },
    {
      name: "no-tests-in-sources",
      comment: "What is published does not import what is not.",
      severity: "error",
      from: { path: "/src/", pathNot: "^packages/testkit/" },
      to: { path: TEST_CODE },
    },
    {
      name: "no-unknown-imports",
      comment:
        "An import that cannot be resolved escapes the rules above. A package's own build may be absent.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^[.][.]/([.][.]/)?dist/" },
    },
  ],
  options: {
    // What is built is not cruised, but stays visible to the rules when something imports it.
    doNotFollow: { path: "node_modules|(^|/)dist/" },
    tsPreCompilationDeps: true,
    // Resolves a workspace package to its sources, as the type checker and the tests do.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@writ/source", "import", "types", "node", "default"],
      extensions: [".ts", ".mjs", ".js", ".cjs", ".json"],
    },
  },
};
