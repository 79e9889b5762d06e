import { proofsOf, WritError, type Problem, type ProofAt, type Proven } from "@writ/core";

import { problem } from "../verification.js";
import type { ChallengeStore, ChallengeUse } from "./challenge-store.js";

/** Any challenge that a store gave out, and that was not used yet. */
export interface IssuedChallenge {
  readonly issuedBy: ChallengeStore;
  /**
   * The one that was given to this agent, or in this session. Without it, whoever was given a challenge
   * may use it anywhere: that will do where nothing depends on who asked for it.
   */
  readonly exactly?: string;
}

/**
 * What the caller expects, copied before it can change. What it forgets must not pass for what it
 * demands.
 *
 * @throws WritError `ARGUMENT_INVALID`.
 */
export function readExpectedChallenge(expected: string | IssuedChallenge): string | IssuedChallenge {
  const given: unknown = expected;
  if (typeof given === "string" ? given === "" : !isIssued(given)) {
    throw new WritError("ARGUMENT_INVALID", "the expected challenge must be a text, or one of a store");
  }
  return typeof expected === "string" ? expected : { ...expected };
}

function isIssued(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const { issuedBy, exactly = "any" } = given as { readonly [K in keyof IssuedChallenge]?: unknown };
  const consumes =
    typeof issuedBy === "object" &&
    issuedBy !== null &&
    typeof (issuedBy as Partial<ChallengeStore>).consume === "function";
  return consumes && typeof exactly === "string" && exactly !== "";
}

/** The proofs by which a holder presents; others say nothing of the occasion. */
function presentingProofs(document: Proven): readonly ProofAt[] {
  return proofsOf(document).filter(({ proof }) => proof.proofPurpose === "authentication");
}

/**
 * Whether the presentation was made for this occasion: every proof bears the challenge that is
 * expected, or all the same one where any of a store's will do.
 */
export function checkChallenge(document: Proven, expected: string | IssuedChallenge): readonly Problem[] {
  const proofs = presentingProofs(document);
  const exactly = typeof expected === "string" ? expected : (expected.exactly ?? proofs[0]?.proof.challenge);
  return proofs
    .filter(({ proof }) => exactly === undefined || proof.challenge !== exactly)
    .map(({ pointer }) =>
      problem("CHALLENGE_MISMATCH", `${pointer}/challenge`, "made for another challenge"),
    );
}

/** Whether every proof was made for this service, and for no other: of several domains none is the expected one. */
export function checkDomain(document: Proven, expected: string): readonly Problem[] {
  return presentingProofs(document)
    .filter(({ proof: { domain = [] } }) => {
      const [only, ...others] = [domain].flat();
      return only !== expected || others.length > 0;
    })
    .map(({ pointer }) => problem("DOMAIN_MISMATCH", `${pointer}/domain`, "made for another domain"));
}

/** Uses the challenge up, which all proofs have in common by now. Nothing but a clear word will do. */
export async function checkSingleUse(document: Proven, store: ChallengeStore): Promise<readonly Problem[]> {
  const [first] = presentingProofs(document);
  const { challenge = "" } = first?.proof ?? {};
  const place = `${first?.pointer ?? ""}/challenge`;
  let use: ChallengeUse | undefined;
  try {
    use = await store.consume(challenge);
  } catch {
    use = undefined;
  }
  switch (use) {
    case "consumed":
      return [];
    case "used":
      return [problem("CHALLENGE_USED", place, "the challenge was used before")];
    case "expired":
      return [problem("CHALLENGE_UNKNOWN", place, "the challenge has expired")];
    case "unknown":
      return [problem("CHALLENGE_UNKNOWN", place, "the challenge was not given out here")];
    default:
      // A store of somebody's own may answer what is no answer.
      return [problem("CHALLENGE_UNAVAILABLE", place, "the store of challenges could not tell")];
  }
}
