import type { Clock, GenericContexts, ProofVerification } from "@writ/core";

import type { StatusListSource } from "../status/status-source.js";
import { createTrustPolicy, type TrustPolicy } from "../trust/trust-policy.js";
import { proofVerificationOf } from "../verifier-options.js";

/** What the verification of documents of others needs. */
export interface GenericVerifierOptions extends Partial<ProofVerification> {
  /** Whose credentials count: those of its identity issuers. Without a policy, `issuer` is not established. */
  readonly trust?: TrustPolicy;
  /** Where status lists come from; `noStatusSource` where there are none. */
  readonly status: StatusListSource;
  /** Contexts beyond the pinned ones; none unless given. */
  readonly contexts?: GenericContexts;
  /** The bytes of related resources that are at hand, by the id that credentials give them. */
  readonly resources?: ReadonlyMap<string, Uint8Array>;
  /** `proofs`: the form of the document and its proofs alone, whatever its dates and its status say. */
  readonly scope?: "everything" | "proofs";
  /** The machine's unless given; asked once. */
  readonly clock?: Clock;
}

const TRUSTS_NOBODY = createTrustPolicy({ identityIssuers: [], authorityRoots: [] });

/** What proofs are verified with. A DID over the network is resolved only where a policy trusts it. */
export function genericProofVerification(options: GenericVerifierOptions): ProofVerification {
  const { trust = TRUSTS_NOBODY } = options;
  return proofVerificationOf({ ...options, trust });
}
