import { createResolver, type Clock, type ProofVerification } from "@writ/core";

import type { StatusListSource } from "./status/status-source.js";
import { trustOf, type TrustPolicy } from "./trust/trust-policy.js";
import { trustedResolver } from "./trusted-resolver.js";

/** What any verification needs. */
export interface VerifierOptions extends Partial<ProofVerification> {
  readonly trust: TrustPolicy;
  /** Where status lists come from; `noStatusSource` where there are none. */
  readonly status: StatusListSource;
  /** The machine's unless given; asked once. */
  readonly clock?: Clock;
}

/**
 * What proofs are verified with, under a trust policy.
 *
 * @throws WritError `ARGUMENT_INVALID` where the policy was made by hand.
 */
export function proofVerificationOf({
  trust,
  resolver = createResolver(),
  engine,
  signatures,
}: VerifierOptions): ProofVerification {
  const trusted = trustOf(trust);
  return {
    resolver: trustedResolver(resolver, (did) => trusted.names(did)),
    ...(engine === undefined ? {} : { engine }),
    ...(signatures === undefined ? {} : { signatures }),
  };
}
