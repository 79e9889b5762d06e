import { createSchema, integerOf, openSchema, WritError, type Database, type SqlExecutor } from "@writ/core";

import type { ChallengeStore, ChallengeUse } from "./challenge-store.js";
import {
  challengeDigest,
  challengeOptions,
  drawChallenge,
  useOf,
  type ChallengeStoreOptions,
  type StoredChallenge,
} from "./challenge-form.js";
import { CHALLENGE_SCHEMA } from "./challenge-schema.js";

/**
 * Makes a store of challenges in a database that has none.
 *
 * @throws WritError `ALREADY_EXISTS`, `ARGUMENT_INVALID` for a life that is none.
 */
export async function createChallengeStore(
  database: Database,
  options: ChallengeStoreOptions = {},
): Promise<ChallengeStore> {
  const store = storeOn(database, options);
  await createSchema(database, CHALLENGE_SCHEMA);
  return store;
}

/**
 * Opens the store of challenges in a database. Any number of processes may share it; what one gives out
 * another may take.
 *
 * @throws WritError `NOT_FOUND`, `FORMAT_TOO_NEW`, `ARGUMENT_INVALID` for a life that is none.
 */
export async function openChallengeStore(
  database: Database,
  options: ChallengeStoreOptions = {},
): Promise<ChallengeStore> {
  const store = storeOn(database, options);
  await openSchema(database, CHALLENGE_SCHEMA);
  return store;
}

function storeOn(database: Database, options: ChallengeStoreOptions): ChallengeStore {
  const { clock, random, lifeMs } = challengeOptions(options);
  return {
    async create() {
      const now = clock();
      const challenge = drawChallenge({ random });
      const digest = challengeDigest(challenge);
      if (digest === undefined) throw new WritError("ARGUMENT_INVALID", "randomness of another length");
      await database.transaction(async (transaction) => {
        await transaction.query("DELETE FROM challenges WHERE expires <= $1", [now - lifeMs]);
        // A digest that is there already is refused by the table.
        await transaction.query("INSERT INTO challenges (digest, expires, used) VALUES ($1, $2, 0)", [
          digest,
          now + lifeMs,
        ]);
      });
      return challenge;
    },
    async consume(challenge) {
      const digest = challengeDigest(challenge);
      if (digest === undefined) return "unknown";
      return await database.transaction((transaction) => consume(transaction, digest, clock()));
    },
  };
}

async function consume(transaction: SqlExecutor, digest: string, now: number): Promise<ChallengeUse> {
  const use = useOf(await find(transaction, digest), now);
  if (use === "consumed")
    await transaction.query("UPDATE challenges SET used = 1 WHERE digest = $1", [digest]);
  return use;
}

async function find(transaction: SqlExecutor, digest: string): Promise<StoredChallenge | undefined> {
  const [row] = await transaction.query("SELECT expires, used FROM challenges WHERE digest = $1", [digest]);
  if (row === undefined) return undefined;
  return { expires: integerOf(row, "expires"), used: integerOf(row, "used") !== 0 };
}
