import { did } from "../schema/common.js";
import { exactList, list, object, type Shape } from "../schema/shape.js";
import { agentIdentityCredential, principalIdentityCredential } from "./identity-credential.js";
import type { AgentIdentityCredential, PrincipalIdentityCredential } from "./identity-credential.js";
import { authorityCredential, type AuthorityCredential } from "./authority-credential.js";
import { approvalCredential, type ApprovalCredential } from "./approval-credential.js";
import { writContext } from "./contexts.js";
import { byType } from "./by-type.js";
import { invocation, type Invocation } from "./invocation.js";
import { proofs, type Proof } from "./proof.js";

/** A credential of Writ's own types, as presentations carry them. */
export type WritCredential =
  AgentIdentityCredential | PrincipalIdentityCredential | AuthorityCredential | ApprovalCredential;

/** What an agent signs and shows; it may carry one invocation (DESIGN 2). */
export interface Presentation {
  readonly "@context": readonly string[];
  readonly type: readonly ["VerifiablePresentation"];
  /** DID of the agent, who is the signer. */
  readonly holder: string;
  readonly verifiableCredential: readonly WritCredential[];
  readonly invocation?: Invocation;
  readonly proof?: Proof | readonly Proof[];
}

/** How long a presentation can be used at most, from `created` to `expires`. */
export const PRESENTATION_LIFE_MS: number = 5 * 60 * 1000;

/** Credentials by their second type. */
export const writCredential: Shape<WritCredential> = byType<WritCredential>({
  AgentIdentityCredential: agentIdentityCredential,
  PrincipalIdentityCredential: principalIdentityCredential,
  DelegatedAuthorityCredential: authorityCredential,
  ApprovalCredential: approvalCredential,
});

/** The shape of a {@link Presentation}. */
export const presentation: Shape<Presentation> = object<Presentation>(
  {
    "@context": writContext,
    type: exactList(["VerifiablePresentation"]),
    holder: did,
    verifiableCredential: list(writCredential, 64),
    invocation,
    proof: proofs,
  },
  ["invocation", "proof"],
);
