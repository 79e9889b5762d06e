import type { Schema } from "@writ/core";

/**
 * The table of requests with an idempotency key: a digest of owner, operation and key; a digest of the
 * request; whose claim it is since when, in milliseconds since 1970; when it is forgotten; and the answer, in
 * JSON, once there is one.
 */
export const IDEMPOTENCY_SCHEMA: Schema = {
  component: "idempotency store",
  versions: [
    [
      `CREATE TABLE idempotency (
        id TEXT NOT NULL PRIMARY KEY, request TEXT NOT NULL, claim TEXT NOT NULL UNIQUE,
        claimed BIGINT NOT NULL, expires BIGINT NOT NULL, answer TEXT)`,
      "CREATE INDEX idempotency_expires ON idempotency (expires)",
    ],
  ],
};
