import { WritError, type GenericContexts, type ProofVerification } from "@writ/core";

import { createTrustPolicy, trustOf, type Trust, type TrustPolicy } from "../trust/trust-policy.js";
import { proofVerificationOf, type VerifierOptions } from "../verifier-options.js";

/** What the verification of documents of others needs. */
export interface GenericVerifierOptions extends Omit<VerifierOptions, "trust"> {
  /**
   * Whose credentials count: those of the policy's identity issuers. With `anybody` everyone's verify, and
   * `issuer` is listed as not established.
   */
  readonly trust: TrustPolicy | "anybody";
  /** Contexts beyond the pinned ones; none unless given. */
  readonly contexts?: GenericContexts;
  /** The bytes of related resources that are at hand, by the id that credentials give them. */
  readonly resources?: ReadonlyMap<string, Uint8Array>;
  /** `proofs`: the form of the document and its proofs alone, whatever its dates and its status say. */
  readonly scope?: "everything" | "proofs";
}

const TRUSTS_NOBODY = createTrustPolicy({ identityIssuers: [], authorityRoots: [] });

/**
 * What a policy says; nothing where anybody's credentials count.
 *
 * @throws WritError `ARGUMENT_INVALID` where the policy is missing, or was made by hand.
 */
export function genericTrustOf({ trust }: GenericVerifierOptions): Trust | undefined {
  return trust === "anybody" ? undefined : trustOf(trust);
}

/**
 * What proofs are verified with. A DID over the network is resolved only where a policy trusts it.
 *
 * @throws WritError `ARGUMENT_INVALID` where the policy was made by hand, or an option is not what it must be.
 */
export function genericProofVerification(options: GenericVerifierOptions): ProofVerification {
  const { trust, resources = new Map() } = options;
  if (!(resources instanceof Map)) {
    throw new WritError("ARGUMENT_INVALID", "`resources` must be a Map from ids to bytes");
  }
  return proofVerificationOf({ ...options, trust: trust === "anybody" ? TRUSTS_NOBODY : trust });
}
