import { WritError, type DidResolver } from "@writ/core";

/**
 * Resolves a DID over the network only where it is trusted already (DESIGN 4.9): whoever sends a
 * document must not choose what is fetched. A did:key is its own document.
 *
 * @param isTrusted what the trust policy says of a DID
 */
export function trustedResolver(resolver: DidResolver, isTrusted: (did: string) => boolean): DidResolver {
  return {
    resolve(did, options) {
      if (did.startsWith("did:key:") || isTrusted(did)) return resolver.resolve(did, options);
      return Promise.reject(new WritError("DID_UNAVAILABLE", "a DID over the network must be trusted"));
    },
  };
}
