import type { JsonValue } from "../json/json-value.js";
import { parseShape } from "../schema/shape.js";
import type { ApprovalCredential } from "./approval-credential.js";
import type { AuthorityCredential } from "./authority-credential.js";
import type { AgentIdentityCredential, PrincipalIdentityCredential } from "./identity-credential.js";
import { writCredential, type WritCredential } from "./presentation.js";

/** A credential that says who somebody is. */
export type IdentityCredential = AgentIdentityCredential | PrincipalIdentityCredential;

/** A JSON value as a credential of Writ's; of its form, nothing more is said. */
export function asWritCredential(value: JsonValue): WritCredential {
  return parseShape(writCredential, value);
}

/** Whether a credential grants authority. */
export function isAuthority(credential: WritCredential): credential is AuthorityCredential {
  return credential.type[1] === "DelegatedAuthorityCredential";
}

/** Whether a credential approves a single action. */
export function isApproval(credential: WritCredential): credential is ApprovalCredential {
  return credential.type[1] === "ApprovalCredential";
}

/** Whether a credential says who an agent or a principal is. */
export function isIdentity(credential: WritCredential): credential is IdentityCredential {
  return isAgentIdentity(credential) || credential.type[1] === "PrincipalIdentityCredential";
}

/** Whether a credential says who an agent is. */
export function isAgentIdentity(credential: WritCredential): credential is AgentIdentityCredential {
  return credential.type[1] === "AgentIdentityCredential";
}
