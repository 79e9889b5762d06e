import { WritError, type DidResolver } from "@writ/core";

import type { TrustPolicy } from "./trust.js";

/**
 * Resolves a DID over the network only where the policy trusts it already (DESIGN 4.9): whoever
 * sends a document must not choose what is fetched. A did:key is its own document.
 */
export function trustedResolver(
  resolver: DidResolver,
  { identityIssuers, authorityRoots }: TrustPolicy,
): DidResolver {
  return {
    resolve(did, options) {
      if (did.startsWith("did:key:") || identityIssuers.has(did) || authorityRoots.has(did)) {
        return resolver.resolve(did, options);
      }
      return Promise.reject(new WritError("DID_UNAVAILABLE", "a DID over the network must be trusted"));
    },
  };
}
