import type { Problem } from "../errors/writ-error.js";
import type { ActionRequest } from "./action-request.js";
import { problemIn, type Charge } from "./dimension.js";
import { ALL_DIMENSIONS } from "./dimensions.js";
import type { FoldedGrant } from "./fold.js";

/** What Rule A says of a request. Pointers are into the invocation. */
export interface Evaluation {
  /** Every dimension that denies, root first; none means allowed, but for what follows. */
  readonly denials: readonly Problem[];
  /** Approvals that are still missing: `APPROVAL_REQUIRED`. */
  readonly approvals: readonly Problem[];
  /** What the ledger must bear, root first. */
  readonly charges: readonly Charge[];
}

/**
 * Rule A: the request is allowed if the named grant allows it and so does each grant that it stands
 * within, up to the root, each as written in its own document (DESIGN 3). It does not rest on Rule
 * B: a dimension that a link leaves out is judged where it was written.
 */
export function evaluate(grant: FoldedGrant, request: ActionRequest): Evaluation {
  const denials: Problem[] = [];
  const approvals: Problem[] = [];
  const charges: Charge[] = [];
  for (const each of fromRoot(grant)) {
    const { written, effective } = each;
    for (const [name, dimension] of ALL_DIMENSIONS) {
      if (written[name] === undefined) continue;
      const value = effective[name];
      const denied = dimension.denies(value, request, effective);
      if (denied !== undefined) denials.push(problemIn(denied, name, each, "NOT_ALLOWED"));
      const awaited = dimension.awaits?.(value, request, effective);
      if (awaited !== undefined) approvals.push(problemIn(awaited, name, each, "APPROVAL_REQUIRED"));
      const charge = dimension.charge?.(value, request, each);
      if (charge !== undefined) charges.push(charge);
    }
  }
  return { denials, approvals, charges };
}

/** The grant and those that it stands within, the root's first. */
export function fromRoot(grant: FoldedGrant): readonly FoldedGrant[] {
  const path = [grant];
  for (let { outer } = grant; outer !== undefined; { outer } = outer) path.unshift(outer);
  return path;
}
