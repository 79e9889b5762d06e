import { did, label, uuidUrn } from "../schema/common.js";
import { choice, list, literal, object, refined, type Shape } from "../schema/shape.js";
import { assertStatus, credentialShape, type CredentialFrame } from "./credential-frame.js";

/** The agent that an identity credential speaks of. */
export interface AgentSubject {
  readonly id: string;
  readonly type: "Agent";
  /** `urn:uuid:`; persists when the key, and with it the DID, rotates. */
  readonly agentId: string;
  readonly name: string;
  readonly roles?: readonly string[];
  /** DID of the accountable owner. */
  readonly owner: string;
  readonly environment?: string;
}

/** A person, role or service that delegates or approves. */
export interface PrincipalSubject {
  readonly id: string;
  readonly type: "Person" | "Role" | "Service";
  readonly name: string;
}

/** The organisation vouches that this DID is this agent. */
export type AgentIdentityCredential = CredentialFrame<"AgentIdentityCredential", AgentSubject>;

/** The organisation vouches that this DID is this principal. */
export type PrincipalIdentityCredential = CredentialFrame<"PrincipalIdentityCredential", PrincipalSubject>;

/** The shape of an {@link AgentIdentityCredential}. */
export const agentIdentityCredential: Shape<AgentIdentityCredential> = refined(
  credentialShape(
    "AgentIdentityCredential",
    object<AgentSubject>(
      {
        id: did,
        type: literal("Agent"),
        agentId: uuidUrn,
        name: label,
        roles: list(label, 64),
        owner: did,
        environment: label,
      },
      ["roles", "environment"],
    ),
  ),
  assertStatus,
);

/** The shape of a {@link PrincipalIdentityCredential}. */
export const principalIdentityCredential: Shape<PrincipalIdentityCredential> = refined(
  credentialShape(
    "PrincipalIdentityCredential",
    object<PrincipalSubject>({ id: did, type: choice("Person", "Role", "Service"), name: label }),
  ),
  assertStatus,
);
