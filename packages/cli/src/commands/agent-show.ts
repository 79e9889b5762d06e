import { formatTimestamp, systemClock } from "@writ/core";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { relativeTime } from "../terminal/relative-time.js";
import { bold, lines, show, table } from "../terminal/safe-text.js";
import { stateText } from "../terminal/state-text.js";

export function agentShowCommand(): Command {
  const made = command<HomeOptions>(
    "show <name>",
    "Show an agent: its key, its owner, its state, and all that was issued to it",
    "writ agent show refund-bot --home acme",
    async (options, name = "") => {
      const { findAgent, listIssuedCredentials } = await import("@writ/issuer");
      const { agent, issued } = await withRegistry(options, async (registry) => {
        const found = await findAgent(registry, name);
        return { agent: found, issued: await listIssuedCredentials(registry, found) };
      });
      const now = systemClock();
      const { agentId, did, owner, roles, wallet, created, state } = agent;
      const credentials = issued.map(({ validUntil, ...credential }) => ({
        ...credential,
        validUntil: formatTimestamp(validUntil),
      }));
      return {
        json: { ...agent, created: formatTimestamp(created), credentials },
        text: lines(
          show`${bold(agent.name)} ${stateText(state)}`,
          show`  agent id   ${agentId}`,
          show`  did        ${did}`,
          show`  owner      ${owner}`,
          roles.length === 0 ? undefined : show`  roles      ${roles.join(", ")}`,
          show`  enrolled   ${formatTimestamp(created)}, ${relativeTime(created, now)}`,
          wallet === undefined ? undefined : show`  wallet     ${wallet}`,
          show``,
          table(
            ["credential", "type", "until", "", "state"],
            issued.map(({ credentialId, type, validUntil, state: its }) => [
              credentialId,
              type,
              formatTimestamp(validUntil),
              relativeTime(validUntil, now),
              stateText(its),
            ]),
          ),
        ),
      };
    },
  );
  return withHome(made);
}
