import { integerOf, textOf, WritError, type SqlExecutor } from "@writ/core";

import type { Registry } from "./organisation.js";

/** A key that an agent has or had. */
export interface AgentKey {
  readonly did: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Until when, of one that it had. */
  readonly until?: number;
}

/** Every key that an agent has had, the first one first. */
export async function listAgentKeys(
  { database }: Registry,
  { agentId }: { readonly agentId: string },
): Promise<readonly AgentKey[]> {
  const rows = await database.query(
    "SELECT did, since, until FROM agent_keys WHERE agent_id = $1 ORDER BY since, until IS NULL",
    [agentId],
  );
  return rows.map((row) => ({
    did: textOf(row, "did"),
    since: integerOf(row, "since"),
    ...(row["until"] === null ? {} : { until: integerOf(row, "until") }),
  }));
}

/**
 * Gives an agent another key than it had.
 *
 * @throws WritError `ALREADY_EXISTS` for a key that some agent has, or had.
 */
export async function replaceKey(
  transaction: SqlExecutor,
  { agentId, did: before }: { readonly agentId: string; readonly did: string },
  { did, wallet, since }: NewKey,
): Promise<void> {
  await assertUnusedKey(transaction, did);
  await transaction.query("UPDATE agent_keys SET until = $2 WHERE did = $1", [before, since]);
  await insertKey(transaction, { agentId, did }, since);
  await transaction.query("UPDATE agents SET did = $2, wallet = $3 WHERE agent_id = $1", [
    agentId,
    did,
    wallet ?? null,
  ]);
}

/** A key that an agent gets, and the wallet that it is in, if that is on this machine. */
export interface NewKey {
  readonly did: string;
  readonly wallet: string | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Registers a key as an agent's. */
export async function insertKey(
  transaction: SqlExecutor,
  { agentId, did }: { readonly agentId: string; readonly did: string },
  since: number,
): Promise<void> {
  await transaction.query("INSERT INTO agent_keys (did, agent_id, since) VALUES ($1, $2, $3)", [
    did,
    agentId,
    since,
  ]);
}

/** One key, one identity: what some agent has or had, or a principal has, is not registered again. */
export async function assertUnusedKey(transaction: SqlExecutor, did: string): Promise<void> {
  const ofAgents = await transaction.query("SELECT agent_id FROM agent_keys WHERE did = $1", [did]);
  if (ofAgents.length > 0) {
    throw new WritError("ALREADY_EXISTS", "an agent with this key is registered already");
  }
  const ofPrincipals = await transaction.query("SELECT name FROM principals WHERE did = $1", [did]);
  if (ofPrincipals.length > 0) {
    throw new WritError("ALREADY_EXISTS", "a principal with this DID is registered already");
  }
}
