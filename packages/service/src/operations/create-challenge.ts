import type { ChallengeStore } from "@writ/verifier";

import type { Operation } from "../http/operation.js";

/** Gives out a challenge for one presentation. */
export function createChallengeOperation(challenges: ChallengeStore, domain: string): Operation {
  return {
    id: "createChallenge",
    method: "POST",
    path: "/challenges",
    role: "verifier",
    summary: "A challenge that one presentation may be made for, within five minutes",
    answers: { 200: "The challenge, and the domain that goes with it", 429: "Too many were asked for" },
    async handle() {
      return { status: 200, body: { challenge: await challenges.create(), domain } };
    },
  };
}
