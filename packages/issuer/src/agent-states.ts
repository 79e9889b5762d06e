import type { SqlExecutor } from "@writ/core";

import { inactive, stateOfAgent, type Agent, type AgentState } from "./agents.js";
import { recordEvent, type EventAction } from "./events.js";
import type { Registry } from "./organisation.js";
import { clearSuspension, entriesOfAgent, entriesSuspendedWith, setEntry } from "./status-entries.js";

/** What became of an agent's credentials when its state changed. */
export interface StateChange {
  /** Ids of the credentials whose status changed with it; none where it was in this state before. */
  readonly credentials: readonly string[];
}

/**
 * Suspends an agent: its identity and every authority that was issued to it, and so all that it handed
 * on (DESIGN 6). Nothing more is issued to it until it is resumed. It takes effect at verifiers with the
 * next publication of the status lists. The same again changes nothing.
 *
 * @param reason for the records; it is not published
 * @throws WritError `NOT_FOUND`, `AGENT_INACTIVE` where it is retired.
 */
export function suspendAgent(
  registry: Registry,
  agent: Pick<Agent, "agentId">,
  reason?: string,
): Promise<StateChange> {
  return changeState(registry, agent, { to: "suspended", action: "agent.suspended", reason }, (transaction) =>
    setAll(transaction, registry, agent, "suspension", reason),
  );
}

/**
 * Lets a suspended agent go on, with the credentials that were suspended with it; one that was suspended
 * by itself stays suspended. The same again changes nothing.
 *
 * @throws WritError `NOT_FOUND`, `AGENT_INACTIVE` where it is retired.
 */
export function resumeAgent(
  registry: Registry,
  agent: Pick<Agent, "agentId">,
  reason?: string,
): Promise<StateChange> {
  const { agentId } = agent;
  return changeState(
    registry,
    agent,
    { to: "active", action: "agent.resumed", reason },
    async (transaction) => {
      const entries = await entriesSuspendedWith(transaction, agentId);
      for (const entry of entries) await clearSuspension(transaction, registry, entry, reason);
      return entries.map(({ name }) => name);
    },
  );
}

/**
 * Retires an agent for good: all that was issued to it is revoked, and neither its name, its id nor its key
 * is ever registered again. The same again changes nothing.
 *
 * @throws WritError `NOT_FOUND`.
 */
export function retireAgent(
  registry: Registry,
  agent: Pick<Agent, "agentId">,
  reason?: string,
): Promise<StateChange> {
  return changeState(registry, agent, { to: "retired", action: "agent.retired", reason }, (transaction) =>
    setAll(transaction, registry, agent, "revocation", reason),
  );
}

interface Step {
  readonly to: AgentState;
  readonly action: EventAction;
  readonly reason: string | undefined;
}

/** Changes the state, then the credentials, in one transaction. */
function changeState(
  registry: Registry,
  { agentId }: Pick<Agent, "agentId">,
  { to, action, reason }: Step,
  change: (transaction: SqlExecutor) => Promise<readonly string[]>,
): Promise<StateChange> {
  return registry.database.transaction(async (transaction) => {
    const state = await stateOfAgent(transaction, agentId);
    if (state === to) return { credentials: [] };
    if (state === "retired") throw inactive(state);
    await transaction.query("UPDATE agents SET state = $2 WHERE agent_id = $1", [agentId, to]);
    await recordEvent(transaction, registry, { action, agentId, reason });
    return { credentials: await change(transaction) };
  });
}

async function setAll(
  transaction: SqlExecutor,
  registry: Registry,
  { agentId }: Pick<Agent, "agentId">,
  purpose: "suspension" | "revocation",
  reason: string | undefined,
): Promise<readonly string[]> {
  const entries = await entriesOfAgent(transaction, registry, agentId, purpose);
  for (const entry of entries)
    await setEntry(transaction, registry, entry, { purpose, reason, alongWith: "agent" });
  return entries.map(({ name }) => name);
}
