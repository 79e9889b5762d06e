import {
  integerOf,
  isJsonArray,
  parseStrictJson,
  problemOf,
  textOf,
  WritError,
  type AgentSubject,
  type JsonValue,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { assertUnusedKey, insertKey } from "./agent-keys.js";
import type { Registry } from "./organisation.js";

/** Whether an agent may be given anything: a suspended one may again when it is resumed, a retired one never. */
export type AgentState = "active" | "suspended" | "retired";

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
  readonly state: AgentState;
}

/** What {@link agentOf} reads. */
export const AGENT_COLUMNS = "agent_id, name, did, owner, roles, environment, wallet, created, state";

/** All agents, by name. */
export async function listAgents({ database }: Registry): Promise<readonly Agent[]> {
  const rows = await database.query(`SELECT ${AGENT_COLUMNS} FROM agents ORDER BY name`);
  return rows.map(agentOf);
}

/**
 * The agent with this name.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function findAgent({ database }: Registry, name: string): Promise<Agent> {
  const [row] = await database.query(`SELECT ${AGENT_COLUMNS} FROM agents WHERE name = $1`, [name]);
  if (row === undefined) {
    throw new WritError("NOT_FOUND", "no agent of this name is registered", {
      hint: "`writ agent list` shows the registered agents.",
    });
  }
  return agentOf(row);
}

/**
 * The agent as it is now, in a transaction in which it gets something.
 *
 * @throws WritError `NOT_FOUND` where it is not registered under this key, `AGENT_INACTIVE` where it is
 *   suspended or retired.
 */
export async function assertActive(
  transaction: SqlExecutor,
  { agentId, did }: Pick<Agent, "agentId" | "did">,
): Promise<void> {
  const [row] = await transaction.query("SELECT state FROM agents WHERE agent_id = $1 AND did = $2", [
    agentId,
    did,
  ]);
  if (row === undefined) throw new WritError("NOT_FOUND", "the agent is not registered");
  const state = stateOf(row);
  if (state !== "active") throw inactive(state);
}

/**
 * The state of an agent, by its id.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function stateOfAgent(executor: SqlExecutor, agentId: string): Promise<AgentState> {
  const [row] = await executor.query("SELECT state FROM agents WHERE agent_id = $1", [agentId]);
  if (row === undefined) throw new WritError("NOT_FOUND", "the agent is not registered");
  return stateOf(row);
}

/** What an identity credential says of an agent. */
export function identitySubject({ did, agentId, name, roles, owner, environment }: Agent): AgentSubject {
  return {
    id: did,
    type: "Agent",
    agentId,
    name,
    ...(roles.length === 0 ? {} : { roles }),
    owner,
    ...(environment === undefined ? {} : { environment }),
  };
}

/** Says what state an agent is in, to whoever wants something for it. */
export function inactive(state: Exclude<AgentState, "active">): WritError {
  return new WritError("AGENT_INACTIVE", `the agent is ${state}`, {
    hint:
      state === "suspended"
        ? "`writ agent resume` lets it go on."
        : "A retired agent is not used again: enrol another.",
  });
}

/**
 * The agent of this id.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function agentById(executor: SqlExecutor, agentId: string): Promise<Agent> {
  const [row] = await executor.query(`SELECT ${AGENT_COLUMNS} FROM agents WHERE agent_id = $1`, [agentId]);
  if (row === undefined) throw new WritError("NOT_FOUND", "the agent is not registered");
  return agentOf(row);
}

/**
 * Registers an agent.
 *
 * @throws WritError `ALREADY_EXISTS` for a name or a key that is registered: one agent, one identity.
 */
export async function insertAgent(transaction: SqlExecutor, agent: Agent): Promise<void> {
  const taken = await transaction.query("SELECT name FROM agents WHERE name = $1", [agent.name]);
  if (taken.length > 0) {
    throw new WritError("ALREADY_EXISTS", "an agent of this name is registered already");
  }
  await assertUnusedKey(transaction, agent.did);
  await transaction.query(
    `INSERT INTO agents (${AGENT_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      agent.agentId,
      agent.name,
      agent.did,
      agent.owner,
      JSON.stringify(agent.roles),
      agent.environment ?? null,
      agent.wallet ?? null,
      agent.created,
      agent.state,
    ],
  );
  await insertKey(transaction, agent, agent.created);
}

/** An agent as its row says. */
export function agentOf(row: SqlRow): Agent {
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
    state: stateOf(row),
  };
}

function stateOf(row: SqlRow): AgentState {
  const state = textOf(row, "state");
  if (state === "active" || state === "suspended" || state === "retired") return state;
  throw new WritError("DATABASE_INVALID", "the column state does not hold what it must");
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
