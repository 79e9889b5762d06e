import {
  asJson,
  authorityCredential,
  parseShape,
  parseTimestamp,
  principalIdentityCredential,
  sameJson,
  WritError,
  type CredentialFrame,
  type JsonValue,
  type SqlExecutor,
} from "@writ/core";

import { agentById, identitySubject } from "./agents.js";
import { assertLife, readIssuanceRules, type OwnCredentialType } from "./issuance-rules.js";
import type { Registry } from "./organisation.js";
import { assertActivePrincipal, assertStanding, principalByDid, principalSubject } from "./principals.js";
import { assertWithinRoles, framingRoles } from "./role-frame.js";

/**
 * Holds to the organisation's rules what is about to be signed in its name, in the transaction that records it: how
 * long it lives, who stands behind it, and that authority lies within the roles of its agent.
 *
 * @param agentId of the agent that gets it; none for a principal's
 * @throws WritError `ISSUANCE_RULE`, `NOT_FOUND` for a role that is not there.
 */
export async function assertIssuable(
  transaction: SqlExecutor,
  registry: Registry,
  credential: CredentialFrame<string, unknown>,
  { type, agentId }: { readonly type: OwnCredentialType; readonly agentId?: string | undefined },
): Promise<void> {
  const rules = await readIssuanceRules(transaction);
  const lifeMs = parseTimestamp(credential.validUntil) - parseTimestamp(credential.validFrom);
  assertLife(rules, type, lifeMs);
  if (agentId === undefined) return assertAsRegistered(transaction, credential);
  const agent = await agentById(transaction, agentId);
  const owner = { what: "the owner of the agent", pointer: "/credentialSubject/owner" };
  await assertStanding(transaction, registry, agent.owner, owner);
  const roles = await framingRoles(transaction, agent);
  if (type === "AgentIdentityCredential") {
    assertSays(credential, identitySubject(agent));
    return;
  }
  const { credentialSubject: authority } = parseShape(authorityCredential, asJson(credential));
  const principal = { what: "the principal", pointer: "/credentialSubject/principal" };
  await assertStanding(transaction, registry, authority.principal, principal);
  assertWithinRoles(authority, { lifeMs }, roles, rules);
}

/** A principal's identity says what the registry does, of one that is active. */
async function assertAsRegistered(
  transaction: SqlExecutor,
  credential: CredentialFrame<string, unknown>,
): Promise<void> {
  const { credentialSubject } = parseShape(principalIdentityCredential, asJson(credential));
  await assertActivePrincipal(transaction, credentialSubject.id);
  assertSays(credential, principalSubject(await principalByDid(transaction, credentialSubject.id)));
}

/** It was composed before: who it is about may have been changed since. */
function assertSays(credential: CredentialFrame<string, unknown>, registered: object): void {
  const { credentialSubject } = asJson(credential);
  if (sameJson(credentialSubject as JsonValue, asJson(registered))) return;
  throw new WritError("ISSUANCE_RULE", "who it is about was changed meanwhile", {
    pointer: "/credentialSubject",
  });
}
