import { asJson, problemDetails, snapshot, type JsonObject } from "@writ/core";
import type { Check, EntryStatus, Refusal } from "@writ/verifier";

import type { OperationAnswer } from "../http/operation.js";

/** What came of a verification of somebody else's document. */
type Result =
  | Refusal
  | {
      readonly verified: true;
      readonly checks: readonly Check[];
      readonly statuses: readonly EntryStatus[];
    };

/**
 * The answer to `POST …/verify` (VC API, section 3.3): 200, or 400 with every problem as RFC 9457 has it.
 * What nobody asked, such as whether the issuer is trusted, is told beside it, and what the status lists say:
 * a purpose that neither revokes nor suspends is for whoever asked to judge.
 */
export function verificationAnswer(result: Result, more: JsonObject = {}): OperationAnswer {
  const named = (outcome: Check["outcome"]): readonly string[] =>
    result.checks.filter((check) => check.outcome === outcome).map(({ name }) => name);
  const errors = result.verified ? [] : result.problems.map(problemDetails);
  const body = {
    verified: result.verified,
    checks: named("established"),
    notEstablished: named("not_established"),
    warnings: [],
    errors,
    problemDetails: errors,
    ...(result.verified ? { statuses: result.statuses, ...more } : {}),
  };
  return { status: result.verified ? 200 : 400, body: asJson(snapshot(body)) };
}
