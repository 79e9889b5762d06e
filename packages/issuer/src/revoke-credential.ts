import type { Registry } from "./organisation.js";
import { setCredentialStatus } from "./set-credential-status.js";

/**
 * Revokes a credential for good. It takes effect when the status lists are next published.
 * Revoking again changes nothing.
 *
 * @param reason for the records; it is not published
 * @throws WritError `NOT_FOUND` for a credential that the organisation did not issue.
 */
export function revokeCredential(registry: Registry, credentialId: string, reason?: string): Promise<void> {
  return setCredentialStatus(registry, credentialId, { purpose: "revocation", to: "set", reason });
}
