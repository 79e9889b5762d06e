import {
  asJson,
  describeGrant,
  formatTimestamp,
  openObject,
  problemDetails,
  snapshot,
  spendShape,
  type JsonObject,
  type Problem,
  type Spend,
} from "@writ/core";
import {
  decide,
  verifyPresentation,
  type Check,
  type Decision,
  type PresentationExpectations,
  type ServiceFacts,
  type VerifiedPresentation,
} from "@writ/verifier";

import type { Operation, OperationAnswer } from "../http/operation.js";
import { anyObject, securedObject } from "./secured-object.js";

/** The body of `POST /authorize`. */
export interface AuthorizeBody {
  readonly presentation: JsonObject;
  /** Attributes for the conditions of grants. */
  readonly context?: JsonObject;
  /** What the action costs. */
  readonly spend?: Spend;
}

const body = openObject<AuthorizeBody>(
  { presentation: securedObject, context: anyObject, spend: spendShape },
  ["context", "spend"],
);

/** What presentations are verified against, and what the service knows for decisions. */
export interface AuthorizeOptions {
  readonly expectations: PresentationExpectations;
  readonly facts: Pick<ServiceFacts, "audience" | "ledger">;
}

/**
 * Verifies a presentation of Writ's in full, and decides on its invocation (DESIGN 4): 200 is an allow, which is
 * to be carried out exactly, and once. Whatever else was decided is 403, also that it was allowed before.
 */
export function authorizeOperation({ expectations, facts }: AuthorizeOptions): Operation<AuthorizeBody> {
  return {
    id: "authorize",
    method: "POST",
    path: "/authorize",
    role: "verifier",
    summary: "Verify a presentation, and decide on what it asks for",
    body,
    answers: {
      200: "Allowed: carry it out exactly, once",
      400: "The presentation does not verify, or asks for nothing",
      403: "Denied, to be approved, or decided before",
    },
    async handle({ body: { presentation, context, spend } }) {
      const result = await verifyPresentation(JSON.stringify(presentation), expectations);
      if (!result.verified) return answer(400, { verified: false }, result.checks, result.problems);
      const verified = result.presentation;
      const { invocation } = verified;
      if (invocation === undefined) {
        const missing = {
          code: "SCHEMA_INVALID",
          pointer: "/invocation",
          detail: "asks for nothing",
        } as const;
        return answer(400, { verified: true }, result.checks, [missing]);
      }
      const decision = await decide(verified, { ...facts, context, spend });
      const status = decision.outcome === "allow" ? 200 : 403;
      const told = { verified: true, ...about(verified), decision: decisionJson(decision) };
      return answer(status, told, result.checks, decision.problems);
    },
  };
}

function answer(
  status: number,
  told: object,
  checks: readonly Check[],
  problems: readonly Problem[],
): OperationAnswer {
  const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
  const body = { ...told, checks: outcomes, problems: problems.map(problemDetails) };
  return { status, body: asJson(snapshot(body)) };
}

/** Who asks, for what, and under which authority. */
function about({ document, holder, agent, invocation }: VerifiedPresentation): object {
  if (invocation === undefined) return { holder };
  const { chain, grant } = invocation;
  return {
    holder,
    agent,
    invocation: document.invocation,
    authority: {
      principal: chain.principal,
      grant: grant.written.id,
      effective: grant.effective,
      text: describeGrant(grant.effective),
    },
  };
}

function decisionJson(decision: Decision): object {
  const { outcome, asOf } = decision;
  const told = { outcome, asOf: formatTimestamp(asOf) };
  switch (outcome) {
    case "allow":
      return { ...told, singleUse: decision.singleUse };
    case "approval_required":
      return { ...told, approval: decision.approval };
    case "already_decided":
      return {
        ...told,
        first: { outcome: decision.first.outcome, asOf: formatTimestamp(decision.first.asOf) },
      };
    case "deny":
      return told;
  }
}
