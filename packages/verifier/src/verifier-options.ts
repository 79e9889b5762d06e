import { createResolver, WritError, type Clock, type ProofVerification } from "@writ/core";

import type { StatusListSource } from "./status/status-source.js";
import { trustOf, type TrustPolicy } from "./trust/trust-policy.js";
import { trustedResolver } from "./trusted-resolver.js";

/** What any verification needs. */
export interface VerifierOptions extends Partial<ProofVerification> {
  readonly trust: TrustPolicy;
  /** Where status lists come from; `noStatusSource` where there are none. */
  readonly status: StatusListSource;
  /** The machine's unless given; asked once, and again where a status list begins after that. */
  readonly clock?: Clock;
}

/**
 * What proofs are verified with, under a trust policy.
 *
 * @throws WritError `ARGUMENT_INVALID` where the policy was made by hand, or no source of status lists given.
 */
export function proofVerificationOf({
  trust,
  status,
  resolver = createResolver(),
  engine,
  signatures,
}: VerifierOptions): ProofVerification {
  const trusted = trustOf(trust);
  // Forgotten, it would show only once a document with a status comes.
  if (typeof (status as Partial<StatusListSource> | undefined)?.get !== "function") {
    throw new WritError("ARGUMENT_INVALID", "`status` must be a source of status lists, or `noStatusSource`");
  }
  return {
    resolver: trustedResolver(resolver, (did) => trusted.names(did)),
    ...(engine === undefined ? {} : { engine }),
    ...(signatures === undefined ? {} : { signatures }),
  };
}
