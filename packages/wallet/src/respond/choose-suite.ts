import { DEFAULT_SUITE, SUITE_NAMES, type SuiteName } from "@writ/core";

import type { ProofDemand, Unmet } from "./request.js";

/**
 * The suite by which an answer is signed: the one that is wanted, or the first that every demand accepts; or
 * the demand that no holder of this DID can meet.
 */
export function chooseSuite(
  demands: readonly ProofDemand[],
  holder: string,
  wanted: SuiteName | undefined,
): SuiteName | Unmet {
  const [, method = ""] = holder.split(":");
  let possible: readonly SuiteName[] = wanted === undefined ? [DEFAULT_SUITE, ...SUITE_NAMES] : [wanted];
  for (const { pointer, methods, suites } of demands) {
    const place = { query: pointer, pointer };
    if (methods?.includes(method) === false) {
      const detail = `the wallet's DID is of the method ${method}, which is not accepted`;
      return { ...place, reason: "method", detail, asked: { methods } };
    }
    possible = possible.filter((name) => suites?.includes(name) !== false);
    if (possible.length === 0) {
      const detail = `no suite that is accepted is ${wanted ?? "one that the wallet signs with"}`;
      return { ...place, reason: "suite", detail, asked: { suites: suites ?? [] } };
    }
  }
  return possible[0] ?? DEFAULT_SUITE;
}
