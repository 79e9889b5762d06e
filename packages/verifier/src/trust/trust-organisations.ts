import { createTrustPolicy, type TrustPolicy } from "./trust-policy.js";

/** An organisation, and the principals in whose name it may grant authority beside its own. */
export interface TrustedOrganisation {
  readonly did: string;
  readonly principals: readonly string[];
}

/**
 * Trusts organisations in both ways: as issuers of identity, and as roots of authority in their own
 * name and in that of their principals, on all resources.
 *
 * @param organisations DIDs, or DIDs with their principals
 * @throws WritError as `createTrustPolicy` does.
 */
export function trustOrganisations(organisations: readonly (string | TrustedOrganisation)[]): TrustPolicy {
  const trusted = organisations.map((organisation) =>
    typeof organisation === "string" ? { did: organisation } : organisation,
  );
  return createTrustPolicy({
    identityIssuers: trusted.map(({ did }) => did),
    authorityRoots: trusted,
  });
}
