import { encodeBase64url, sha256, systemEnvironment, WritError, type Environment } from "@writ/core";

import type { ChallengeUse } from "./challenge-store.js";

/** How long a challenge can be used unless told otherwise. */
export const CHALLENGE_LIFE_MS: number = 5 * 60 * 1000;

/** Nobody keeps a presentation for so long; more is a mistake of units. */
const MAX_CHALLENGE_LIFE_MS = 24 * 60 * 60 * 1000;

const CHALLENGE_BYTES = 24;
const CHALLENGE = /^[A-Za-z0-9_-]{32}$/;

/** What a store of challenges goes by; the machine's clock and randomness unless given. */
export interface ChallengeStoreOptions extends Partial<Environment> {
  /** How long a challenge can be used, in milliseconds; five minutes unless given, a day at most. */
  readonly lifeMs?: number;
}

/** The options, complete and checked. */
export function challengeOptions({
  clock = systemEnvironment.clock,
  random = systemEnvironment.random,
  lifeMs = CHALLENGE_LIFE_MS,
}: ChallengeStoreOptions): Required<ChallengeStoreOptions> {
  if (!Number.isSafeInteger(lifeMs) || lifeMs < 1 || lifeMs > MAX_CHALLENGE_LIFE_MS) {
    throw new WritError("ARGUMENT_INVALID", "a challenge lives for some milliseconds, a day at most");
  }
  return { clock, random, lifeMs };
}

/** A new challenge: 192 random bits in base64url. */
export function drawChallenge({ random }: Pick<Environment, "random">): string {
  return encodeBase64url(random(CHALLENGE_BYTES));
}

/**
 * What is stored of a challenge, so that whoever reads the store cannot use what is in it; `undefined`
 * where the text is none of {@link drawChallenge}, however long it is.
 */
export function challengeDigest(challenge: string): string | undefined {
  return CHALLENGE.test(challenge) ? encodeBase64url(sha256(challenge)) : undefined;
}

/** What is known of a challenge. */
export interface StoredChallenge {
  /** When it ends, itself excluded, in milliseconds since 1970. */
  readonly expires: number;
  readonly used: boolean;
}

/** What may become of a challenge at a time. A clock that tells no time has it expired. */
export function useOf(stored: StoredChallenge | undefined, now: number): ChallengeUse {
  if (stored === undefined) return "unknown";
  if (stored.used) return "used";
  return now < stored.expires ? "consumed" : "expired";
}
