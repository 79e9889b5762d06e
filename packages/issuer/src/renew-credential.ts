import {
  agentIdentityCredential,
  authorityCredential,
  WritError,
  type AgentIdentityCredential,
  type AuthorityCredential,
  type SqlExecutor,
  type SuiteName,
} from "@writ/core";

import { agentById, assertActive, identitySubject, type Agent } from "./agents.js";
import { issueCredential } from "./issue-credential.js";
import { authorityIn, findReplaceable } from "./issued-credentials.js";
import type { Organisation } from "./organisation.js";

/** How a credential is renewed. */
export interface RenewalOptions {
  /** Milliseconds; as long as the one before unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/** A credential that came in the place of another, and the agent that it is of. */
export interface Renewed {
  readonly agent: Agent;
  readonly credential: AgentIdentityCredential | AuthorityCredential;
}

/**
 * Issues a credential of an agent again, from now on (DESIGN 6). An authority says what it said, its meter
 * accounts included; an identity what the registry says of the agent now. The one before goes on until it
 * ends, and what was handed on of it with it. One that has ended can be renewed as well.
 *
 * @param credentialId of an identity or an authority that the organisation issued to an agent
 * @throws WritError `NOT_FOUND`; `REVOKED`, `SUSPENDED`, `AGENT_INACTIVE`; the codes of the schema for a life
 */
export async function renewCredential(
  organisation: Organisation,
  credentialId: string,
  { lifeMs, suite }: RenewalOptions = {},
): Promise<Renewed> {
  const before = await findReplaceable(organisation.database, organisation, credentialId);
  const agent = await agentById(organisation.database, before.agentId);
  const { agentId } = agent;
  const draft = {
    agentId,
    inPlaceOf: { credentialId, as: "renews" },
    lifeMs: lifeMs ?? before.lifeMs,
    suite,
  } as const;
  /** Asked where nothing changes any more: it may have been revoked since. */
  const alongside = async (transaction: SqlExecutor): Promise<void> => {
    await assertActive(transaction, { agentId, did: before.subject });
    await findReplaceable(transaction, organisation, credentialId);
  };
  switch (before.type) {
    case "AgentIdentityCredential": {
      const credentialSubject = identitySubject(agent);
      const identity = { ...draft, type: before.type, credentialSubject, shape: agentIdentityCredential };
      return { agent, credential: await issueCredential(organisation, identity, alongside) };
    }
    case "DelegatedAuthorityCredential": {
      const credentialSubject = authorityIn(before);
      const authority = { ...draft, type: before.type, credentialSubject, shape: authorityCredential };
      return { agent, credential: await issueCredential(organisation, authority, alongside) };
    }
    default:
      throw new WritError("TYPE_UNSUPPORTED", "only identities and authorities of agents are renewed");
  }
}
