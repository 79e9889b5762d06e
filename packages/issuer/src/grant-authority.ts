import {
  authorityCredential,
  DEFAULT_SUITE,
  type AuthorityCredential,
  type AuthoritySubject,
  type SuiteName,
} from "@writ/core";

import { assertActive, type Agent } from "./agents.js";
import { idempotencyOf, type IdempotencyOptions } from "./idempotency.js";
import { issueCredential } from "./issue-credential.js";
import type { Organisation } from "./organisation.js";
import { expandGrants, type GrantSource } from "./role-frame.js";

/** How long authority lives unless told otherwise. */
export const DEFAULT_AUTHORITY_LIFE_MS: number = 8 * 60 * 60 * 1000;

/** The authority that is granted. */
export interface GrantOptions extends GrantSource, IdempotencyOptions {
  /** On whose behalf the agent acts; the organisation unless given. */
  readonly principal?: string;
  /** How many times it may be handed on; not at all unless given. */
  readonly maxHops?: number;
  /** Milliseconds; eight hours unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/**
 * Grants authority to a registered agent: the root of a chain (DESIGN 3).
 *
 * @throws WritError of the schema, `NOT_FOUND` for an agent that is not registered, `AGENT_INACTIVE` for one
 *   that is suspended or retired, `ISSUANCE_RULE` for what goes beyond its roles or the organisation's rules;
 *   what {@link IdempotencyOptions} says. Nothing is recorded then.
 */
export async function grantAuthority(
  organisation: Organisation,
  agent: Pick<Agent, "agentId" | "did" | "roles">,
  {
    principal = organisation.did,
    maxHops = 0,
    lifeMs = DEFAULT_AUTHORITY_LIFE_MS,
    suite,
    idempotencyKey,
    ...source
  }: GrantOptions,
): Promise<AuthorityCredential> {
  const { agentId, did } = agent;
  const { grants = [], roles = [] } = source;
  const request = {
    grantTo: agentId,
    principal,
    maxHops,
    lifeMs,
    suite: suite ?? DEFAULT_SUITE,
    grants,
    roles,
  };
  const idempotency = idempotencyOf(idempotencyKey, request);
  const expanded = await expandGrants(organisation, agent, source, { lifeMs, hops: maxHops });
  return issueCredential<"DelegatedAuthorityCredential", AuthoritySubject>(
    organisation,
    {
      type: "DelegatedAuthorityCredential",
      agentId,
      credentialSubject: {
        id: did,
        principal,
        ...(maxHops === 0 ? {} : { redelegation: { maxHops } }),
        grants: expanded.map(({ framed }) => framed),
      },
      lifeMs,
      idempotency,
      suite,
      shape: authorityCredential,
    },
    (transaction) => assertActive(transaction, { agentId, did }),
  );
}
