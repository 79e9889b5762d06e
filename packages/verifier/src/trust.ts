import { isDid, WritError } from "@writ/core";

/** Whom a service trusts. What is not in it is not trusted; an empty policy trusts nobody. */
export interface TrustPolicy {
  /** DIDs whose identity credentials count. */
  readonly identityIssuers: ReadonlySet<string>;
  /** DIDs that may open a chain of authority, each with the principals in whose name it may. */
  readonly authorityRoots: ReadonlyMap<string, ReadonlySet<string>>;
}

/** An organisation, and the principals in whose name it may grant authority beside its own. */
export interface TrustedOrganisation {
  readonly did: string;
  readonly principals: readonly string[];
}

/**
 * Trusts organisations in both ways: as issuers of identity, and as roots of authority in their own
 * name and in that of their principals.
 *
 * @param organisations DIDs, or DIDs with their principals
 * @throws WritError `DID_SYNTAX`.
 */
export function trustOrganisations(organisations: readonly (string | TrustedOrganisation)[]): TrustPolicy {
  const trusted = organisations.map((organisation) =>
    typeof organisation === "string" ? { did: organisation, principals: [] } : organisation,
  );
  for (const did of trusted.flatMap((organisation) => [organisation.did, ...organisation.principals])) {
    if (!isDid(did)) throw new WritError("DID_SYNTAX", "a trust policy names DIDs");
  }
  return {
    identityIssuers: new Set(trusted.map(({ did }) => did)),
    authorityRoots: new Map(trusted.map(({ did, principals }) => [did, new Set([did, ...principals])])),
  };
}
