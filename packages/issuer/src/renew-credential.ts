import {
  agentIdentityCredential,
  authorityCredential,
  DEFAULT_SUITE,
  principalIdentityCredential,
  WritError,
  type AgentIdentityCredential,
  type AuthorityCredential,
  type PrincipalIdentityCredential,
  type SqlExecutor,
  type SuiteName,
} from "@writ/core";

import { agentById, assertActive, identitySubject } from "./agents.js";
import { idempotencyOf, type IdempotencyOptions } from "./idempotency.js";
import { issueCredential } from "./issue-credential.js";
import { authorityAnew, findReplaceable } from "./issued-credentials.js";
import type { Organisation } from "./organisation.js";
import { assertActivePrincipal, principalByDid, principalSubject } from "./principals.js";

/** How a credential is renewed. */
export interface RenewalOptions extends IdempotencyOptions {
  /** Milliseconds; as long as the one before unless given. */
  readonly lifeMs?: number;
  /** By which the credential is signed; `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
}

/** A credential that came in the place of another. */
export type Renewed = AgentIdentityCredential | PrincipalIdentityCredential | AuthorityCredential;

/**
 * Issues a credential of an agent or a principal again, from now on (DESIGN 6). An authority says what it said, its
 * meter accounts included, in the organisation's name of now; an identity what the registry says now. The one before goes on until it ends, and what was
 * handed on of it with it. One that has ended can be renewed as well.
 *
 * @param credentialId of an identity or an authority that the organisation issued
 * @throws WritError `NOT_FOUND`; `REVOKED`, `SUSPENDED`, `AGENT_INACTIVE`; `ISSUANCE_RULE` where the rules or the
 *   agent's roles do not let it be issued any more; `TYPE_UNSUPPORTED` for another type; the codes of the schema for
 *   a life; what {@link IdempotencyOptions} says
 */
export async function renewCredential(
  organisation: Organisation,
  credentialId: string,
  { lifeMs, suite, idempotencyKey }: RenewalOptions = {},
): Promise<Renewed> {
  const { database } = organisation;
  const before = await findReplaceable(database, organisation, credentialId);
  const { agentId, subject: did } = before;
  const draft = {
    inPlaceOf: { credentialId, as: "renews" },
    lifeMs: lifeMs ?? before.lifeMs,
    idempotency: idempotencyOf(idempotencyKey, {
      renew: credentialId,
      lifeMs,
      suite: suite ?? DEFAULT_SUITE,
    }),
    suite,
  } as const;
  if (agentId === undefined) {
    const credentialSubject = principalSubject(await principalByDid(database, did));
    const type = "PrincipalIdentityCredential" as const;
    const principal = { ...draft, type, credentialSubject, shape: principalIdentityCredential };
    return issueCredential(organisation, principal, async (transaction) => {
      await assertActivePrincipal(transaction, did);
      await findReplaceable(transaction, organisation, credentialId);
    });
  }
  /** Asked where nothing changes any more: it may have been revoked since. */
  const alongside = async (transaction: SqlExecutor): Promise<void> => {
    await assertActive(transaction, { agentId, did });
    await findReplaceable(transaction, organisation, credentialId);
  };
  switch (before.type) {
    case "AgentIdentityCredential": {
      const credentialSubject = identitySubject(await agentById(database, agentId));
      const identity = {
        ...draft,
        agentId,
        type: before.type,
        credentialSubject,
        shape: agentIdentityCredential,
      };
      return issueCredential(organisation, identity, alongside);
    }
    case "DelegatedAuthorityCredential": {
      const credentialSubject = await authorityAnew(database, organisation, before);
      const authority = {
        ...draft,
        agentId,
        type: before.type,
        credentialSubject,
        shape: authorityCredential,
      };
      return issueCredential(organisation, authority, alongside);
    }
    default:
      throw new WritError("TYPE_UNSUPPORTED", "only identities and authorities are renewed");
  }
}
