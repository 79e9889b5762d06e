import { evaluate, isDid, WritError, type ActionRequest, type Problem, type Spend } from "@writ/core";

import { isVerified, type VerifiedPresentation } from "./verified-presentation.js";

/** What only the service knows of the action. */
export interface ServiceFacts {
  /** The service's own DID; without it, no grant with an audience holds. */
  readonly audience?: string;
  /** What the action costs. */
  readonly spend?: Spend;
}

/** The answer to one invocation. The service carries out exactly the invocation that was verified. */
export interface Decision {
  readonly outcome: "allow" | "deny";
  /** Every dimension that denies, root of the chain first; empty for `allow`. */
  readonly problems: readonly Problem[];
  /** The time that it speaks of, in milliseconds since 1970. */
  readonly asOf: number;
}

/**
 * Decides on the invocation of a verified presentation by Rule A: the named grant and each that it
 * stands within must allow it (DESIGN 3). It speaks of the time of the verification: decide at once, and
 * verify again for whatever comes later.
 *
 * @throws WritError `ARGUMENT_INVALID` where the presentation was not made by `verifyPresentation`,
 *   carries no invocation, or a fact is not of its form.
 */
export function decide(presentation: VerifiedPresentation, facts: ServiceFacts = {}): Decision {
  if (!isVerified(presentation)) {
    throw new WritError("ARGUMENT_INVALID", "only a verified presentation can be decided on");
  }
  const { invocation, asOf } = presentation;
  if (invocation === undefined) {
    throw new WritError("ARGUMENT_INVALID", "the presentation carries no invocation");
  }
  // One by one: nothing else that the caller has in hand replaces what was signed.
  const { audience, spend } = facts;
  assertFacts(audience, spend);
  const { action, resource, args, grant } = invocation;
  const request: ActionRequest = {
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(args === undefined ? {} : { args }),
    ...(audience === undefined ? {} : { audience }),
    ...(spend === undefined ? {} : { spend }),
    perspective: "service",
  };
  const problems = evaluate(grant, request).map((denial) => ({
    ...denial,
    pointer: `/invocation${denial.pointer}`,
  }));
  return { outcome: problems.length === 0 ? "allow" : "deny", problems, asOf };
}

function assertFacts(audience: string | undefined, spend: Spend | undefined): void {
  if (audience !== undefined && !isDid(audience)) {
    throw new WritError("ARGUMENT_INVALID", "the service's own name must be a DID");
  }
  if (spend !== undefined && (!Number.isSafeInteger(spend.amount) || spend.amount < 1 || spend.unit === "")) {
    throw new WritError("ARGUMENT_INVALID", "a spend is a unit and a positive integer of minor units");
  }
}
