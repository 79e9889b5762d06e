import { systemClock, type Clock } from "@writ/core";
import type { ChallengeStore } from "@writ/verifier";

import { withComponent, withExistingComponent, type Component } from "./component-file.js";

function challengesBy(clock: Clock): Component<ChallengeStore> {
  return {
    what: "store of challenges",
    whenNew: "none was given out before",
    create: async (database) => (await import("@writ/verifier")).createChallengeStore(database, { clock }),
    open: async (database) => (await import("@writ/verifier")).openChallengeStore(database, { clock }),
  };
}

/** Uses the challenges in a file, to give one out. A file that is not there is made, which is said. */
export async function withChallenges<T>(
  path: string,
  use: (challenges: ChallengeStore) => Promise<T>,
): Promise<T> {
  return withComponent(challengesBy(systemClock), path, use);
}

/**
 * Uses the challenges in a file that must be there: where none was given out, none can be used.
 *
 * @throws WritError `FILE_UNREADABLE`, `DATABASE_INVALID` where the file holds no challenges.
 */
export async function withExistingChallenges<T>(
  path: string,
  clock: Clock,
  use: (challenges: ChallengeStore) => Promise<T>,
): Promise<T> {
  return withExistingComponent(challengesBy(clock), path, use);
}
