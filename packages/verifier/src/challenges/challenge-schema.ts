import type { Schema } from "@writ/core";

/** The table of challenges: their digests, when they end, and whether they were used (0 or 1). */
export const CHALLENGE_SCHEMA: Schema = {
  component: "challenge store",
  versions: [
    [
      `CREATE TABLE challenges (
        digest TEXT NOT NULL PRIMARY KEY, expires BIGINT NOT NULL, used BIGINT NOT NULL)`,
      "CREATE INDEX challenges_expires ON challenges (expires)",
    ],
  ],
};
