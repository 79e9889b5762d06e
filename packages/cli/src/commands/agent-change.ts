import { WritError } from "@writ/core";
import type { AgentChange } from "@writ/issuer";
import type { Command } from "commander";

import { command, several, withHome } from "../command.js";
import { didOfPrincipal } from "../environment/principal-option.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly role?: readonly string[];
  readonly withoutRoles?: boolean;
  readonly owner?: string;
  readonly environment?: string;
  readonly reason?: string;
}

export function changeCommand(): Command {
  const made = command<Options>(
    "change <name>",
    "Give an agent other roles, another owner or environment; its identity says so when it is renewed",
    "writ agent change refund-bot --home acme --role refund-clerk --role reader --owner alice",
    async (options, name = "") => {
      const { changeAgent, findAgent } = await import("@writ/issuer");
      const { role, withoutRoles, owner, environment, reason } = options;
      if (role !== undefined && withoutRoles === true) {
        throw new WritError("USAGE", "name --role or --without-roles");
      }
      const roles = withoutRoles === true ? [] : role;
      if ([roles, owner, environment].every((each) => each === undefined)) {
        throw new WritError("USAGE", "name what is to be another: --role, --owner or --environment");
      }
      return withRegistry(options, async (registry) => {
        const change: AgentChange = {
          ...(roles === undefined ? {} : { roles }),
          ...(owner === undefined ? {} : { owner: await didOfPrincipal(registry, owner) }),
          ...(environment === undefined ? {} : { environment }),
          ...(reason === undefined ? {} : { reason }),
        };
        const agent = await changeAgent(registry, await findAgent(registry, name), change);
        return {
          json: {
            agentId: agent.agentId,
            name: agent.name,
            roles: agent.roles,
            owner: agent.owner,
            ...(agent.environment === undefined ? {} : { environment: agent.environment }),
          },
          text: lines(
            show`Changed ${bold(agent.name)}`,
            show`  roles       ${agent.roles.join(", ") || "none"}`,
            show`  owner       ${agent.owner}`,
            agent.environment === undefined ? undefined : show`  environment ${agent.environment}`,
            show`What it was granted stays until it ends; \`writ renew\` issues its identity anew.`,
          ),
        };
      });
    },
  );
  return withHome(made)
    .option("--role <role>", "its roles from now on; may be given several times", several)
    .option("--without-roles", "take all roles away")
    .option("--owner <did-or-name>", "the accountable owner: the organisation's DID, or a principal")
    .option("--environment <name>", "where it runs, such as prod")
    .option("--reason <text>", "for the records; it is not published");
}
