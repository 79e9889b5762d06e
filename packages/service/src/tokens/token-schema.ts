import type { Schema } from "@writ/core";

/**
 * The table of tokens: the digest of each, what it is for, and its times in milliseconds since 1970. A
 * token that never expires has no `expires`, one that was not revoked no `revoked`.
 */
export const TOKEN_SCHEMA: Schema = {
  component: "token store",
  versions: [
    [
      `CREATE TABLE tokens (
        id TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        scopes TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT, revoked BIGINT)`,
    ],
  ],
};
