import {
  approvalRequest,
  asProblem,
  digestMultibase,
  evaluate,
  isDid,
  isJsonObject,
  parseTimestamp,
  snapshot,
  WritError,
  type ApprovalRequest,
  type Chain,
  type Evaluation,
  type FoldedGrant,
  type Invocation,
  type JsonObject,
  type Problem,
  type Spend,
} from "@writ/core";

import type { Exceeded, Ledger, LedgerAnswer, LedgerEntry } from "./ledger/ledger.js";
import { isVerified, type VerifiedPresentation } from "./verified-presentation.js";

/** What only the service knows of the action, and what it remembers of others. */
export interface ServiceFacts {
  /** The service's own DID; without it, no grant with an audience holds. */
  readonly audience?: string | undefined;
  /** What the action costs. */
  readonly spend?: Spend | undefined;
  /** Attributes for the conditions of grants. */
  readonly context?: JsonObject | undefined;
  /** The ledger of the service with that DID; without it, no metered grant holds. */
  readonly ledger?: Ledger | undefined;
}

/** The answer to one invocation. The service carries out exactly the invocation that was verified. */
export type Decision = Outcome & {
  /** The time that it speaks of, in milliseconds since 1970. */
  readonly asOf: number;
};

/** What a decision comes to. */
export type Outcome =
  | {
      readonly outcome: "allow";
      readonly problems: readonly [];
      /** What makes sure that it is carried out once: the ledger, or only that a challenge is used once. */
      readonly singleUse: "ledger" | "challenge";
    }
  /** Every dimension that denies, root of the chain first. */
  | { readonly outcome: "deny"; readonly problems: readonly Problem[] }
  /** Which approvals are missing, and what has to be approved. */
  | {
      readonly outcome: "approval_required";
      readonly problems: readonly Problem[];
      readonly approval: ApprovalRequest;
    }
  /** The same invocation was allowed before: never a fresh allow. */
  | {
      readonly outcome: "already_decided";
      readonly problems: readonly [];
      readonly first: { readonly outcome: "allow"; readonly asOf: number };
    };

/**
 * Decides on the invocation of a verified presentation: Rule A, approvals, ledger (DESIGN 3 and 4).
 * Only an allow is charged. It speaks of the time of the verification: decide at once, and verify
 * again for whatever comes later. A ledger that could not tell is a denial, `LEDGER_UNAVAILABLE`.
 *
 * @throws WritError `ARGUMENT_INVALID` where the presentation was not made by `verifyPresentation`,
 *   carries no invocation, or a fact is not of its form.
 */
export async function decide(
  presentation: VerifiedPresentation,
  facts: ServiceFacts = {},
): Promise<Decision> {
  if (!isVerified(presentation)) {
    throw new WritError("ARGUMENT_INVALID", "only a verified presentation can be decided on");
  }
  const { invocation, document, holder, asOf } = presentation;
  if (invocation === undefined || document.invocation === undefined) {
    throw new WritError("ARGUMENT_INVALID", "the presentation carries no invocation");
  }
  assertFacts(facts);
  const evaluation = evaluateUnder(invocation.grant, document.invocation, presentation, facts);
  if (evaluation.denials.length > 0) return { outcome: "deny", problems: evaluation.denials, asOf };
  if (evaluation.approvals.length > 0) {
    const approval = approvalRequest(holder, document.invocation);
    return { outcome: "approval_required", problems: evaluation.approvals, approval, asOf };
  }
  if (facts.ledger === undefined) return { outcome: "allow", problems: [], singleUse: "challenge", asOf };
  const answer = await ask(facts.ledger, {
    holder,
    nonce: invocation.nonce,
    digestMultibase: digestMultibase(document.invocation),
    at: asOf,
    keyUntil: endOf(invocation.chain),
    charges: evaluation.charges,
  });
  return { ...decisionOf(answer), asOf };
}

function evaluateUnder(
  grant: FoldedGrant,
  invocation: Invocation,
  { asOf, statusAsOf, approvedBy }: VerifiedPresentation,
  { audience, spend, context, ledger }: ServiceFacts,
): Evaluation {
  const { denials, approvals, charges } = evaluate(grant, {
    invocation,
    facts: {
      now: asOf,
      audience,
      spend,
      context: context && snapshot(context),
      ledger: ledger === undefined ? undefined : audience,
      statusAsOf,
      approvedBy,
    },
    perspective: "service",
  });
  return { denials: denials.map(inInvocation), approvals: approvals.map(inInvocation), charges };
}

/** A ledger that could not tell has not said yes. */
async function ask(ledger: Ledger, entry: LedgerEntry): Promise<LedgerAnswer | Problem> {
  try {
    return await ledger.charge(entry);
  } catch (error) {
    const { detail } = asProblem(error);
    return { code: "LEDGER_UNAVAILABLE", pointer: "", detail: `the ledger could not tell: ${detail}` };
  }
}

function decisionOf(answer: LedgerAnswer | Problem): Outcome {
  const deny = (...problems: readonly Problem[]): Outcome => {
    return { outcome: "deny", problems: problems.map(inInvocation) };
  };
  if ("code" in answer) return deny(answer);
  switch (answer.outcome) {
    case "charged":
      return { outcome: "allow", problems: [], singleUse: "ledger" };
    case "already_charged":
      return { outcome: "already_decided", problems: [], first: { outcome: "allow", asOf: answer.at } };
    case "nonce_reused": {
      const detail = "the holder has used this nonce for another invocation";
      return deny({ code: "NONCE_REUSED", pointer: "/nonce", detail });
    }
    case "exceeded":
      return deny(...answer.exceeded.map(exceededProblem));
  }
}

/** When the first link of a chain ends, and with it all that can be asked under it. */
function endOf({ links }: Chain): number {
  return Math.min(...links.map(({ credential }) => parseTimestamp(credential.validUntil)));
}

/** What is left of an account is not told: that others may have used it is not the holder's to know. */
function exceededProblem({ charge: { link, grant, spend }, limit }: Exceeded): Problem {
  const { dimension, ...allowed } = limit;
  const detail =
    "budget" in limit ? "more than is left of the budget" : "as many actions as may be in this time";
  const asked = "budget" in limit && spend !== undefined ? { asked: spend.amount } : {};
  return {
    code: "LEDGER_EXCEEDED",
    pointer: "",
    detail: `${dimension}: ${detail}`,
    link,
    grant,
    dimension,
    ...asked,
    allowed,
  };
}

/** Problems of an invocation point into the presentation. */
function inInvocation(problem: Problem): Problem {
  return { ...problem, pointer: `/invocation${problem.pointer}` };
}

function assertFacts({ audience, spend, context }: ServiceFacts): void {
  if (audience !== undefined && !isDid(audience)) {
    throw new WritError("ARGUMENT_INVALID", "the service's own name must be a DID");
  }
  if (spend !== undefined && (!Number.isSafeInteger(spend.amount) || spend.amount < 1 || spend.unit === "")) {
    throw new WritError("ARGUMENT_INVALID", "a spend is a unit and a positive integer of minor units");
  }
  if (context !== undefined && !isJsonObject(context)) {
    throw new WritError("ARGUMENT_INVALID", "a context is an object of attributes");
  }
}
