import {
  asJson,
  createApprovalRequest,
  digestMultibase,
  evaluate,
  isDid,
  isJsonObject,
  parseShape,
  parseTimestamp,
  problemOf,
  snapshot,
  spendShape,
  WritError,
  type ApprovalRequest,
  type Chain,
  type Evaluation,
  type Facts,
  type FoldedGrant,
  type Invocation,
  type Problem,
} from "@writ/core";

import type { Exceeded, Ledger, LedgerAnswer, LedgerKey } from "./ledger/ledger.js";
import { isVerified, type VerifiedPresentation } from "./verified-presentation.js";

/** What only the service knows of the action, and what it remembers of others. */
export interface ServiceFacts extends Pick<Facts, "audience" | "spend" | "context"> {
  /** The ledger of the service whose DID `audience` is; without it, no metered grant holds. */
  readonly ledger?: Ledger | undefined;
}

/** The answer to one invocation. The service carries out exactly the invocation that was verified. */
export type Decision = {
  /** The time that it speaks of, in milliseconds since 1970. */
  readonly asOf: number;
} & (
  | {
      readonly outcome: "allow";
      readonly problems: readonly [];
      /** What makes sure that it is carried out once: the ledger, or only that a challenge is used once. */
      readonly singleUse: "ledger" | "challenge";
    }
  | {
      readonly outcome: "deny";
      /** Every dimension that denies, root of the chain first. */
      readonly problems: readonly Problem[];
      /** What the ledger failed of, for the operator. */
      readonly cause?: unknown;
    }
  | {
      readonly outcome: "approval_required";
      /** Which approvals are missing. */
      readonly problems: readonly Problem[];
      /** What has to be approved. */
      readonly approval: ApprovalRequest;
    }
  | {
      /** The same invocation was allowed before: never a fresh allow. */
      readonly outcome: "already_decided";
      readonly problems: readonly [];
      readonly first: { readonly outcome: "allow"; readonly asOf: number };
    }
);

/**
 * Decides on the invocation of a verified presentation: Rule A, approvals, ledger (DESIGN 3 and 4).
 * Only an allow is charged. What was allowed before is `already_decided`, whatever would be said of it
 * today. It speaks of the time of the verification: decide at once, and verify again for whatever comes
 * later. A ledger that could not tell is a denial, `LEDGER_UNAVAILABLE`.
 *
 * @throws WritError `ARGUMENT_INVALID` where the presentation was not made by `verifyPresentation`,
 *   carries no invocation, or a fact is not of its form; of strict JSON for the context.
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
  const { ledger } = facts;
  const asked = document.invocation;
  const { denials, approvals, charges } = evaluateUnder(invocation.grant, asked, presentation, facts);
  const key = { holder, nonce: asked.nonce, digestMultibase: digestMultibase(asked) };
  if (denials.length > 0 || approvals.length > 0) {
    const first = await recall(ledger, key);
    if (first !== undefined) return { ...first, asOf };
    if (denials.length > 0) return { outcome: "deny", problems: denials, asOf };
    return {
      outcome: "approval_required",
      problems: approvals,
      approval: createApprovalRequest(holder, asked, facts.spend),
      asOf,
    };
  }
  if (ledger === undefined) return { outcome: "allow", problems: [], singleUse: "challenge", asOf };
  try {
    const keyUntil = endOf(invocation.chain);
    return { ...decisionOf(await ledger.charge({ ...key, at: asOf, keyUntil, charges })), asOf };
  } catch (cause) {
    const isBackwards = cause instanceof WritError && cause.code === "CLOCK_BACKWARDS";
    const code = isBackwards ? "CLOCK_BACKWARDS" : "LEDGER_UNAVAILABLE";
    const problem = { code, pointer: "", detail: "the ledger could not tell" } as const;
    return { outcome: "deny", problems: [inInvocation(problem)], cause, asOf };
  }
}

/** A decision without its time. */
type Outcome = Decision extends infer D ? (D extends unknown ? Omit<D, "asOf"> : never) : never;

/**
 * A retry may come when the hours are over, or the approval has ended: what was allowed then is not
 * denied now, or its holder would ask for it anew. A ledger that fails here takes no denial back.
 */
async function recall(ledger: Ledger | undefined, key: LedgerKey): Promise<Outcome | undefined> {
  try {
    const known = await ledger?.recall(key);
    return known?.outcome === "already_charged" ? decisionOf(known) : undefined;
  } catch {
    return undefined;
  }
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

function decisionOf(answer: LedgerAnswer): Outcome {
  const deny = (...problems: readonly Problem[]): Outcome => {
    return { outcome: "deny", problems: problems.map(inInvocation) };
  };
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
    default:
      // A ledger of somebody's own may answer what is no answer.
      throw new WritError("LEDGER_UNAVAILABLE", "the ledger gave no answer");
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
  if (spend !== undefined && problemOf(() => parseShape(spendShape, asJson(spend))) !== undefined) {
    throw new WritError("ARGUMENT_INVALID", "a spend is a unit and a positive integer of minor units");
  }
  if (context !== undefined && !isJsonObject(context)) {
    throw new WritError("ARGUMENT_INVALID", "a context is an object of attributes");
  }
}
