import {
  integerOf,
  isJsonArray,
  parseStrictJson,
  problemOf,
  textOf,
  WritError,
  type JsonValue,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import type { Registry } from "./organisation.js";

/** An agent that the organisation has registered. */
export interface Agent {
  /** `urn:uuid:`; stays when the key rotates. */
  readonly agentId: string;
  /** Unique in the organisation. */
  readonly name: string;
  readonly did: string;
  /** DID of the accountable owner. */
  readonly owner: string;
  readonly roles: readonly string[];
  readonly environment?: string;
  /** Where the operator keeps the agent's wallet, if on this machine. */
  readonly wallet?: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

const COLUMNS = "agent_id, name, did, owner, roles, environment, wallet, created";

/** All agents, by name. */
export async function listAgents({ database }: Registry): Promise<readonly Agent[]> {
  const rows = await database.query(`SELECT ${COLUMNS} FROM agents ORDER BY name`);
  return rows.map(agentOf);
}

/**
 * The agent with this name.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function findAgent({ database }: Registry, name: string): Promise<Agent> {
  const [row] = await database.query(`SELECT ${COLUMNS} FROM agents WHERE name = $1`, [name]);
  if (row === undefined) {
    throw new WritError("NOT_FOUND", "no agent of this name is registered", {
      hint: "`writ agent list` shows the registered agents.",
    });
  }
  return agentOf(row);
}

/**
 * Registers an agent.
 *
 * @throws WritError `ALREADY_EXISTS` for a name or a key that is registered: one agent, one identity.
 */
export async function insertAgent(transaction: SqlExecutor, agent: Agent): Promise<void> {
  const taken = await transaction.query("SELECT name FROM agents WHERE name = $1 OR did = $2", [
    agent.name,
    agent.did,
  ]);
  if (taken[0] !== undefined) {
    const what = taken[0]["name"] === agent.name ? "an agent of this name" : "an agent with this key";
    throw new WritError("ALREADY_EXISTS", `${what} is registered already`);
  }
  await transaction.query(`INSERT INTO agents (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    agent.agentId,
    agent.name,
    agent.did,
    agent.owner,
    JSON.stringify(agent.roles),
    agent.environment ?? null,
    agent.wallet ?? null,
    agent.created,
  ]);
}

function agentOf(row: SqlRow): Agent {
  const { environment, wallet } = row;
  return {
    agentId: textOf(row, "agent_id"),
    name: textOf(row, "name"),
    did: textOf(row, "did"),
    owner: textOf(row, "owner"),
    roles: rolesOf(row),
    ...(typeof environment === "string" ? { environment } : {}),
    ...(typeof wallet === "string" ? { wallet } : {}),
    created: integerOf(row, "created"),
  };
}

function rolesOf(row: SqlRow): readonly string[] {
  const text = textOf(row, "roles");
  let roles: JsonValue | undefined;
  const fault = problemOf(() => {
    roles = parseStrictJson(text);
  });
  if (fault !== undefined || !isJsonArray(roles) || !roles.every((role) => typeof role === "string")) {
    throw new WritError("DATABASE_INVALID", "the column roles does not hold what it must");
  }
  return roles;
}
