import type { Agent, Registry, StateChange } from "@writ/issuer";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

type Change = (registry: Registry, agent: Agent, reason?: string) => Promise<StateChange>;

const REASON = ["--reason <text>", "for the records; it is not published"] as const;

export function suspendCommand(): Command {
  const made = command<Options>(
    "suspend <name>",
    "Suspend an agent, with its identity and all authority that was issued to it",
    "writ agent suspend refund-bot --home acme --reason 'odd refunds at night'",
    async (options, name = "") => {
      const { suspendAgent } = await import("@writ/issuer");
      return changed("Suspended", await change(options, name, suspendAgent));
    },
  );
  return withHome(made).option(...REASON);
}

export function resumeCommand(): Command {
  const made = command<Options>(
    "resume <name>",
    "Let a suspended agent go on",
    "writ agent resume refund-bot --home acme --reason 'the orders were real'",
    async (options, name = "") => {
      const { resumeAgent } = await import("@writ/issuer");
      return changed("Resumed", await change(options, name, resumeAgent));
    },
  );
  return withHome(made).option(...REASON);
}

export function retireCommand(): Command {
  const made = command<Options>(
    "retire <name>",
    "Retire an agent for good: all that was issued to it is revoked, and its name and key are not used again",
    "writ agent retire refund-bot --home acme --reason 'replaced by refund-bot-2'",
    async (options, name = "") => {
      const { listIssuedCredentials, retireAgent } = await import("@writ/issuer");
      return changed(
        "Retired",
        await change(options, name, async (registry, agent, reason) => {
          const issued = await listIssuedCredentials(registry, agent);
          const lost = issued.filter(({ state }) => state === "live" || state === "suspended").length;
          const what = show`${bold(name)} is retired for good, and ${lost} credentials of its are revoked.`;
          if (options.yes !== true) await confirm(what, "Retire it?");
          return retireAgent(registry, agent, reason);
        }),
      );
    },
  );
  return withHome(made)
    .option(...REASON)
    .option("--yes", "do not ask before that");
}

interface Changed extends StateChange {
  readonly agent: Agent;
}

async function change({ reason, ...options }: Options, name: string, by: Change): Promise<Changed> {
  const { findAgent } = await import("@writ/issuer");
  return withRegistry(options, async (registry) => {
    const { credentials } = await by(registry, await findAgent(registry, name), reason);
    return { credentials, agent: await findAgent(registry, name) };
  });
}

function changed(what: string, { agent: { agentId, name, state }, credentials }: Changed): Answer {
  return {
    json: { agentId, name, state, credentials },
    text: lines(
      show`${what} ${bold(name)}`,
      ...credentials.map((id) => show`  ${id}`),
      credentials.length === 0
        ? show`No credential changed.`
        : show`It takes effect at verifiers with the next \`writ status publish\`.`,
    ),
  };
}
