import {
  canonicalize,
  createSchema,
  encodeBase64url,
  integerOf,
  openSchema,
  sha256,
  systemEnvironment,
  textOf,
  WritError,
  type Database,
  type Environment,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { IDEMPOTENCY_SCHEMA } from "./idempotency-schema.js";
import type { Begun, IdempotencyStore, KeyedRequest, StoredAnswer } from "./idempotency-store.js";

/** How long an answer is kept. */
export const ANSWER_LIFE_MS: number = 24 * 60 * 60 * 1000;
/** After this, whoever began and did not come to an end is taken for dead. No request takes so long. */
export const CLAIM_LIFE_MS: number = 5 * 60 * 1000;

/**
 * Makes a store of answers in a database that has none.
 *
 * @throws WritError `ALREADY_EXISTS`.
 */
export async function createIdempotencyStore(
  database: Database,
  options: Partial<Environment> = {},
): Promise<IdempotencyStore> {
  await createSchema(database, IDEMPOTENCY_SCHEMA);
  return storeOn(database, options);
}

/**
 * Opens the store of answers in a database. Any number of processes may share it.
 *
 * @throws WritError `NOT_FOUND`, `FORMAT_TOO_NEW`.
 */
export async function openIdempotencyStore(
  database: Database,
  options: Partial<Environment> = {},
): Promise<IdempotencyStore> {
  await openSchema(database, IDEMPOTENCY_SCHEMA);
  return storeOn(database, options);
}

function storeOn(
  database: Database,
  { clock = systemEnvironment.clock, random = systemEnvironment.random }: Partial<Environment>,
): IdempotencyStore {
  return {
    begin: (request) => {
      const claim = encodeBase64url(random(16));
      return database.transaction((transaction) => begin(transaction, request, claim, clock()));
    },
    complete: (claim, answer) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.query("SELECT id FROM idempotency WHERE claim = $1", [claim]);
        if (row === undefined) throw new WritError("IDEMPOTENCY_IN_PROGRESS", "the claim has lapsed");
        const text = JSON.stringify(answer);
        await transaction.query("UPDATE idempotency SET answer = $2 WHERE claim = $1", [claim, text]);
      }),
    release: async (claim) => {
      await database.query("DELETE FROM idempotency WHERE claim = $1 AND answer IS NULL", [claim]);
    },
  };
}

async function begin(
  transaction: SqlExecutor,
  { owner, operation, key, digest }: KeyedRequest,
  claim: string,
  now: number,
): Promise<Begun> {
  await transaction.query("DELETE FROM idempotency WHERE expires <= $1", [now]);
  const id = encodeBase64url(sha256(canonicalize([owner, operation, key])));
  const [row] = await transaction.query("SELECT * FROM idempotency WHERE id = $1", [id]);
  const known = row === undefined ? undefined : stateOf(row, digest, now);
  if (known !== undefined) return known;
  await transaction.query("DELETE FROM idempotency WHERE id = $1", [id]);
  await transaction.query(
    "INSERT INTO idempotency (id, request, claim, claimed, expires) VALUES ($1, $2, $3, $4, $5)",
    [id, digest, claim, now, now + ANSWER_LIFE_MS],
  );
  return { state: "begun", claim };
}

/** What is known of a request; nothing where its claim has lapsed. */
function stateOf(row: SqlRow, digest: string, now: number): Begun | undefined {
  if (textOf(row, "request") !== digest) return { state: "mismatch" };
  if (row["answer"] !== null) return { state: "answered", answer: answerOf(textOf(row, "answer")) };
  return integerOf(row, "claimed") + CLAIM_LIFE_MS > now ? { state: "in-progress" } : undefined;
}

function answerOf(text: string): StoredAnswer {
  try {
    return JSON.parse(text) as StoredAnswer;
  } catch (cause) {
    throw new WritError("DATABASE_INVALID", "a stored answer is damaged", { cause });
  }
}
