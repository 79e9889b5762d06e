import { Resolver, type DIDResolver, type Resolvable } from "did-resolver";

import { didKeyDriver } from "./did-key.js";

/** Port: turns a DID into its document. Every driver of the `did-resolver` ecosystem plugs in. */
export type DidResolver = Resolvable;

/**
 * A resolver for did:key and for the methods whose drivers are given.
 *
 * @param drivers by method name, such as `{ web: … }`; `key` replaces the built-in driver, whose
 *   strict reading of did:key is applied all the same (see {@link resolveVerificationKey}).
 */
export function createResolver(drivers: Readonly<Record<string, DIDResolver>> = {}): DidResolver {
  // Without prototype, on which did:constructor would be found.
  const registry: Record<string, DIDResolver> = Object.create(null) as Record<string, DIDResolver>;
  return new Resolver(Object.assign(registry, { key: didKeyDriver, ...drivers }));
}
