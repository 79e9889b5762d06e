import { agentOf, AGENT_COLUMNS, type Agent } from "./agents.js";
import { COLUMNS, issuedOf, type IssuedCredential } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";

/** What nobody answers for, or nobody has. */
export interface Orphans {
  /** Agents whose owner is neither the organisation nor a principal that is active. */
  readonly ownerless: readonly Agent[];
  /** Credentials in force of agents that are retired, or of keys that they have no more. */
  readonly leftOver: readonly IssuedCredential[];
  /** Agents that are registered and were never handed an identity. */
  readonly neverSeen: readonly Agent[];
}

/** What an operator should look at: agents without an owner, credentials without an agent, agents without a wallet. */
export async function findOrphans({ database, clock, did }: Registry): Promise<Orphans> {
  const now = clock();
  const agents = async (condition: string, ...values: readonly string[]) =>
    (
      await database.query(`SELECT ${AGENT_COLUMNS} FROM agents WHERE ${condition} ORDER BY name`, values)
    ).map(agentOf);
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM credentials
     WHERE agent_id IS NOT NULL AND revoked IS NULL AND valid_until > $1
       AND subject NOT IN (SELECT did FROM agents WHERE state <> 'retired')
     ORDER BY valid_until, document_id`,
    [now],
  );
  return {
    ownerless: await agents(
      `state <> 'retired' AND owner <> $1 AND owner NOT IN (SELECT did FROM former_keys)
       AND owner NOT IN (SELECT did FROM principals WHERE state = 'active')`,
      did,
    ),
    leftOver: rows.map((row) => issuedOf(row, now)),
    neverSeen: await agents(
      `state <> 'retired' AND NOT EXISTS (
         SELECT 1 FROM credentials WHERE credentials.agent_id = agents.agent_id
           AND type = 'AgentIdentityCredential' AND digest IS NOT NULL)`,
    ),
  };
}
