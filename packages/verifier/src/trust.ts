import { isDid, WritError } from "@writ/core";

/** Whom a service trusts. What is not in it is not trusted; an empty policy trusts nobody. */
export interface TrustPolicy {
  /** DIDs whose identity credentials count. */
  readonly identityIssuers: ReadonlySet<string>;
  /** DIDs that may open a chain of authority, each with the principals in whose name it may. */
  readonly authorityRoots: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Trusts organisations in both ways: as issuers of identity, and as roots of authority in their own
 * name.
 *
 * @param principals further DIDs in whose name each of them may grant authority
 * @throws WritError `DID_SYNTAX`.
 */
export function trustOrganisations(dids: readonly string[], principals: readonly string[] = []): TrustPolicy {
  for (const did of [...dids, ...principals]) {
    if (!isDid(did)) throw new WritError("DID_SYNTAX", "a trust policy names DIDs");
  }
  return {
    identityIssuers: new Set(dids),
    authorityRoots: new Map(dids.map((did) => [did, new Set([did, ...principals])])),
  };
}
