import { asJson, label, parseShape } from "@writ/core";

import { agentById, inactive, type Agent } from "./agents.js";
import { recordEvent } from "./events.js";
import type { Registry } from "./organisation.js";
import { assertStanding } from "./principals.js";
import { roleByName } from "./roles.js";

/** What of an agent is to be another; the rest stays. */
export interface AgentChange {
  /** All of its roles from now on. */
  readonly roles?: readonly string[];
  /** DID of the accountable owner. */
  readonly owner?: string;
  readonly environment?: string;
  /** For the records; it is not published. */
  readonly reason?: string;
}

/**
 * Changes what the registry says of an agent. Its identity says so when it is renewed; what it was granted stays, and is
 * held to its roles of then when it is renewed.
 *
 * @throws WritError `NOT_FOUND` for a role that is not there, `ISSUANCE_RULE` for an owner who is no principal,
 *   `AGENT_INACTIVE` where it is retired, those of the schema for an environment.
 */
export function changeAgent(
  registry: Registry,
  { agentId }: Pick<Agent, "agentId">,
  { reason, ...change }: AgentChange,
): Promise<Agent> {
  const { owner, environment } = change;
  const roles = change.roles === undefined ? undefined : [...new Set(change.roles)];
  return registry.database.transaction(async (transaction) => {
    const before = await agentById(transaction, agentId);
    if (before.state === "retired") throw inactive(before.state);
    for (const role of roles ?? []) await roleByName(transaction, role);
    if (owner !== undefined) {
      await assertStanding(transaction, registry, owner, { what: "the owner", pointer: "/owner" });
    }
    if (environment !== undefined) parseShape(label, environment, "/environment");
    const after: Agent = {
      ...before,
      ...(owner === undefined ? {} : { owner }),
      ...(environment === undefined ? {} : { environment }),
      roles: roles ?? before.roles,
    };
    await transaction.query(
      "UPDATE agents SET roles = $2, owner = $3, environment = $4 WHERE agent_id = $1",
      [agentId, JSON.stringify(after.roles), after.owner, after.environment ?? null],
    );
    const details = asJson({
      ...(roles === undefined ? {} : { roles }),
      ...(owner === undefined ? {} : { owner }),
      ...(environment === undefined ? {} : { environment }),
    });
    await recordEvent(transaction, registry, { action: "agent.changed", agentId, reason, details });
    return after;
  });
}
