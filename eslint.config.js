import vitest from "@vitest/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["**/dist/", "**/coverage/", "**/node_modules/", "**/reports/", "test-vectors/"]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-cond-assign": "error",
      "no-control-regex": "error",
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-self-compare": "error",
      "no-sparse-arrays": "error",
      "no-unsafe-finally": "error",
      "no-useless-escape": "error",
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    extends: [tseslint.configs.strict],
  },
  {
    rules: {
      // `const { secret: _, ...rest }` is how a member is left out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, varsIgnorePattern: "^_$" }],
    },
  },
  {
    files: ["**/*.ts"],
    rules: {
      // Spreading a text yields its code points, which is what is meant where it is done.
      "@typescript-eslint/no-misused-spread": [
        "error",
        { allow: [{ from: "lib", name: "string" }, "string"] },
      ],
    },
  },
  {
    files: ["**/test/**/*.ts"],
    extends: [vitest.configs.recommended],
    rules: {
      // A table of one-line changes reads better without braces.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-imports": [
        "error",
        {
          name: "fast-check",
          message: 'import { fc } from "@writ/testkit/properties": it has the same cases on every run',
        },
      ],
    },
  },
  {
    // What specifications demand is a table of cases, which one test after the other runs.
    files: ["packages/service/test/conformance/**/*.ts"],
    rules: {
      "vitest/no-standalone-expect": "off",
      "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "run"] }],
    },
  },
);
