import { asJson, sameJson, textOf, type SqlExecutor } from "@writ/core";

import { agentById, identitySubject, type Agent } from "./agents.js";
import { SIGNING_MS } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";

/** An agent that is registered, and has never been handed a credential. */
export interface BegunEnrolment {
  readonly agent: Agent;
  /** Id of the identity that was recorded last. */
  readonly credentialId: string;
}

/**
 * The enrolment that was broken off after the agent was registered, if it was the same: the same name, key and
 * all that an identity says.
 */
export async function findBegunEnrolment(
  executor: SqlExecutor,
  { clock }: Registry,
  wanted: Agent,
): Promise<BegunEnrolment | undefined> {
  const [row] = await executor.query(
    `SELECT agent_id, id FROM credentials
     WHERE agent_id = (SELECT agent_id FROM agents WHERE name = $1 AND did = $2)
       AND type = 'AgentIdentityCredential' AND revoked IS NULL AND suspended IS NULL
       AND NOT EXISTS (
         SELECT 1 FROM credentials other WHERE other.agent_id = credentials.agent_id
           AND (other.digest IS NOT NULL OR other.issued > $3))
     ORDER BY issued DESC LIMIT 1`,
    [wanted.name, wanted.did, clock() - SIGNING_MS],
  );
  if (row === undefined) return undefined;
  const agent = await agentById(executor, textOf(row, "agent_id"));
  const { agentId } = agent;
  const isSame = sameJson(asJson(identitySubject(agent)), asJson(identitySubject({ ...wanted, agentId })));
  return isSame ? { agent, credentialId: textOf(row, "id") } : undefined;
}

/**
 * The last of those that superseded a credential, each in the place of the one before, and were never handed out
 * since that was broken off: its id. The credential itself where there is none.
 */
export async function findBegunSuperseding(
  executor: SqlExecutor,
  { clock }: Registry,
  credentialId: string,
): Promise<string> {
  let last = credentialId;
  for (;;) {
    const [row] = await executor.query(
      `SELECT later.id FROM credentials later JOIN credentials earlier ON earlier.id = later.predecessor
       JOIN events ON events.credential_id = later.id AND action = 'credential.issued'
       WHERE earlier.id = $1 AND earlier.revoked_with = 'nothing' AND later.subject = earlier.subject
         AND later.digest IS NULL AND later.issued <= $2 AND details LIKE '%"supersedes":%'`,
      [last, clock() - SIGNING_MS],
    );
    if (row === undefined) return last;
    last = textOf(row, "id");
  }
}
