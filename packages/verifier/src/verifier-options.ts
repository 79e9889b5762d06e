import { createResolver, type Clock, type ProofVerification } from "@writ/core";

import type { StatusListSource } from "./status/status-source.js";
import type { TrustPolicy } from "./trust.js";
import { trustedResolver } from "./trusted-resolver.js";

/** What any verification needs. */
export interface VerifierOptions extends Partial<ProofVerification> {
  readonly trust: TrustPolicy;
  /** Where status lists come from; `noStatusSource` where there are none. */
  readonly status: StatusListSource;
  /** The machine's unless given; asked once. */
  readonly clock?: Clock;
}

/** What proofs are verified with, under a trust policy. */
export function proofVerificationOf({
  trust,
  resolver = createResolver(),
  engine,
  signatures,
}: VerifierOptions): ProofVerification {
  return {
    resolver: trustedResolver(resolver, trust),
    ...(engine === undefined ? {} : { engine }),
    ...(signatures === undefined ? {} : { signatures }),
  };
}
