import { formatTimestamp, systemClock } from "@writ/core";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { relativeTime } from "../terminal/relative-time.js";
import { bold, lines, show, table } from "../terminal/safe-text.js";
import { stateText } from "../terminal/state-text.js";

/** So much of the end of an id tells it from others in the same table. */
const SHORT_ID = 12;

export function agentShowCommand(): Command {
  const made = command<HomeOptions>(
    "show <name>",
    "Show an agent: its key, its owner, its state, and all that was issued to it",
    "writ agent show refund-bot --home acme",
    async (options, name = "") => {
      const { findAgent, listAgentKeys, listIssuedCredentials } = await import("@writ/issuer");
      const { agent, issued, keys } = await withRegistry(options, async (registry) => {
        const found = await findAgent(registry, name);
        return {
          agent: found,
          issued: await listIssuedCredentials(registry, found),
          keys: await listAgentKeys(registry, found),
        };
      });
      const now = systemClock();
      const { agentId, did, owner, roles, wallet, created, state } = agent;
      const credentials = issued.map(({ validUntil, ...credential }) => ({
        ...credential,
        validUntil: formatTimestamp(validUntil),
      }));
      const former = keys.flatMap(({ did: key, until }) =>
        until === undefined ? [] : [{ did: key, until: formatTimestamp(until) }],
      );
      return {
        json: { ...agent, created: formatTimestamp(created), formerKeys: former, credentials },
        text: lines(
          show`${bold(agent.name)} ${stateText(state)}`,
          show`  agent id   ${agentId}`,
          show`  did        ${did}`,
          ...former.map(({ did: key, until }) => show`  before     ${key}, until ${until}`),
          show`  owner      ${owner}`,
          roles.length === 0 ? undefined : show`  roles      ${roles.join(", ")}`,
          show`  enrolled   ${formatTimestamp(created)}, ${relativeTime(created, now)}`,
          wallet === undefined ? undefined : show`  wallet     ${wallet}`,
          show``,
          table(
            ["credential", "type", "until", "", "state", "in place of"],
            issued.map(({ credentialId, type, validUntil, state: its, inPlaceOf = "" }) => [
              credentialId,
              type,
              formatTimestamp(validUntil),
              relativeTime(validUntil, now),
              stateText(its),
              inPlaceOf.slice(-SHORT_ID),
            ]),
          ),
        ),
      };
    },
  );
  return withHome(made);
}
