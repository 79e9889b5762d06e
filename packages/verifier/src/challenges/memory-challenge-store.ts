import { WritError } from "@writ/core";

import type { ChallengeStore } from "./challenge-store.js";
import {
  challengeDigest,
  challengeOptions,
  drawChallenge,
  useOf,
  type ChallengeStoreOptions,
  type StoredChallenge,
} from "./challenge-form.js";

/**
 * Challenges in memory: for a service of one process, which gives out new ones when it starts again.
 * Those that have ended are forgotten after as long again. How many are given out is the service's to
 * limit.
 *
 * @throws WritError `ARGUMENT_INVALID` for a life that is none.
 */
export function createMemoryChallengeStore(options: ChallengeStoreOptions = {}): ChallengeStore {
  const { clock, random, lifeMs } = challengeOptions(options);
  // In the order in which they were given out, and so in which they end.
  const known = new Map<string, StoredChallenge>();

  const prune = (now: number): void => {
    for (const [digest, { expires }] of known) {
      if (expires + lifeMs > now) return;
      known.delete(digest);
    }
  };

  const create = (): string => {
    const now = clock();
    prune(now);
    const challenge = drawChallenge({ random });
    const digest = challengeDigest(challenge);
    if (digest === undefined || known.has(digest)) {
      throw new WritError("ARGUMENT_INVALID", "the source of randomness repeats itself");
    }
    known.set(digest, { expires: now + lifeMs, used: false });
    return challenge;
  };

  const consume: ChallengeStore["consume"] = (challenge) => {
    const digest = challengeDigest(challenge);
    const stored = digest === undefined ? undefined : known.get(digest);
    const use = useOf(stored, clock());
    if (use === "consumed" && digest !== undefined && stored !== undefined) {
      known.set(digest, { ...stored, used: true });
    }
    return Promise.resolve(use);
  };

  return { create: async () => Promise.resolve(create()), consume };
}
