import type { Check, Refusal } from "../src/index.js";

interface Result {
  readonly verified: boolean;
  readonly checks: readonly Check[];
  readonly problems?: Refusal["problems"];
}

/** What a result says: the check that failed, and each problem as code and pointer. */
export interface Outcome {
  readonly failed: string | undefined;
  readonly problems: readonly string[];
}

/** Checks that are the caller's to make, or that need an invocation. */
const OPTIONAL = ["single-use", "invocation"];

/**
 * What a result says, once it has been made sure that it is all of a piece: every check before the
 * one that failed is established, and none after it.
 */
export function outcomeOf({ verified, checks, problems = [] }: Result): Outcome {
  const at = checks.findIndex(({ outcome }) => outcome === "failed");
  if (verified !== at < 0 || verified !== (problems.length === 0)) throw new Error("half a result");
  checks.forEach(({ name, outcome }, index) => {
    const expected = at < 0 || index < at ? "established" : index === at ? "failed" : "not_established";
    if (outcome !== expected && !(OPTIONAL.includes(name) && outcome === "not_established")) {
      throw new Error(`${name} is ${outcome}`);
    }
  });
  return {
    failed: checks[at]?.name,
    problems: problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()),
  };
}

export const VERIFIED: Outcome = { failed: undefined, problems: [] };

/** A refusal by one check. */
export function refused(failed: string, ...problems: readonly string[]): Outcome {
  return { failed, problems };
}
