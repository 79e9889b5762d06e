import { WritError, type DidResolver } from "@writ/core";

/**
 * Resolves a DID over the network only where it is trusted already (DESIGN 4.9): whoever sends a
 * document must not choose what is fetched. A did:key is its own document.
 *
 * Made for one verification, in which a DID is asked for once: its keys do not change on the way.
 *
 * @param isTrusted what the trust policy says of a DID
 */
export function trustedResolver(resolver: DidResolver, isTrusted: (did: string) => boolean): DidResolver {
  const asked = new Map<string, ReturnType<DidResolver["resolve"]>>();
  return {
    resolve(did) {
      if (did.startsWith("did:key:")) return resolver.resolve(did);
      if (!isTrusted(did)) {
        return Promise.reject(new WritError("DID_UNAVAILABLE", "a DID over the network must be trusted"));
      }
      const answer = asked.get(did) ?? resolver.resolve(did);
      asked.set(did, answer);
      return answer;
    },
  };
}
