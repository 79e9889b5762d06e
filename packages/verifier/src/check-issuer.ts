import { isAuthority, isIdentity, type Problem, type WritCredential } from "@writ/core";

import type { TrustPolicy } from "./trust.js";
import { problem } from "./verification.js";

/**
 * Whether the trust policy knows the issuer for what it issued: identity, or the root of a chain in
 * the principal's name. Links below a root draw their authority from it, not from the policy.
 */
export function checkIssuer(
  credential: WritCredential,
  { identityIssuers, authorityRoots }: TrustPolicy,
  pointer: string,
): readonly Problem[] {
  const { issuer } = credential;
  if (isIdentity(credential)) {
    if (identityIssuers.has(issuer)) return [];
    return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted issuer of identity")];
  }
  if (!isAuthority(credential) || credential.credentialSubject.parent !== undefined) return [];
  const principals = authorityRoots.get(issuer);
  if (principals === undefined) {
    return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted root of authority")];
  }
  if (principals.has(credential.credentialSubject.principal)) return [];
  const place = `${pointer}/credentialSubject/principal`;
  return [problem("PRINCIPAL_NOT_AUTHORIZED", place, "the issuer may not speak for this principal")];
}
