import { defineConfig, mergeConfig } from "vitest/config";

import shared from "./vitest.config.js";

/** Unit and vector tests of the kernel alone: properties would kill more, and take longer to do it. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({
    test: {
      include: ["packages/core/test/{authority,chain}/**/*.test.ts"],
      exclude: ["**/*.property.test.ts", "**/node_modules/**"],
    },
  }),
);
