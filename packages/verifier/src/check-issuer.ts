import {
  isAuthority,
  isIdentity,
  joinPointer,
  type AuthorityCredential,
  type Problem,
  type WritCredential,
} from "@writ/core";

import type { Trust } from "./trust/trust-policy.js";
import { problem } from "./verification.js";

/**
 * Whether the trust policy knows the issuer for what it issued: identity, or the root of a chain in
 * the principal's name and on these resources. Links below a root draw their authority from it, not
 * from the policy.
 */
export function checkIssuer(credential: WritCredential, trust: Trust, pointer: string): readonly Problem[] {
  const { issuer } = credential;
  if (isIdentity(credential)) {
    if (trust.isIdentityIssuer(issuer)) return [];
    return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted issuer of identity")];
  }
  if (!isAuthority(credential) || credential.credentialSubject.parent !== undefined) return [];
  if (!trust.isAuthorityRoot(issuer)) {
    return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted root of authority")];
  }
  if (!trust.speaksFor(issuer, credential.credentialSubject.principal)) {
    const place = `${pointer}/credentialSubject/principal`;
    return [problem("PRINCIPAL_NOT_AUTHORIZED", place, "the issuer may not speak for this principal")];
  }
  return checkResources(credential, trust, pointer);
}

/** What a root grants covers what is handed on below it, so that its own grants are all that counts. */
function checkResources(
  { issuer, credentialSubject: { principal, grants } }: AuthorityCredential,
  trust: Trust,
  pointer: string,
): readonly Problem[] {
  return grants.flatMap(({ resources }, index) => {
    const place = `${pointer}/credentialSubject/grants/${String(index)}`;
    if (resources === undefined) {
      if (trust.coversFor(issuer, principal, undefined)) return [];
      return [problem("RESOURCE_NOT_AUTHORIZED", place, "must name resources for which the issuer speaks")];
    }
    return resources.flatMap((resource, at) => {
      if (trust.coversFor(issuer, principal, resource)) return [];
      const where = joinPointer(`${place}/resources`, at);
      return [problem("RESOURCE_NOT_AUTHORIZED", where, "the issuer may not speak for this resource")];
    });
  });
}
