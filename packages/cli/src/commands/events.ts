import { systemClock, WritError } from "@writ/core";
import type { EventFilter } from "@writ/issuer";
import type { Command } from "commander";

import { command, parseCount, withHome } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { eventItem, eventTable } from "../terminal/event-table.js";
import { show } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly agent?: string;
  readonly credential?: string;
  readonly action?: string;
  readonly within?: string;
  readonly before?: string;
  readonly limit: string;
}

export function eventsCommand(): Command {
  const made = command<Options>(
    "events",
    "List what was done: who did it, when, to what, and why",
    "writ events --home acme --agent refund-bot --within 7d",
    async (options) => {
      const { EVENT_ACTIONS, findAgent, listEvents } = await import("@writ/issuer");
      const { agent, credential, action, within, before, limit } = options;
      const asked = EVENT_ACTIONS.find((each) => each === action);
      if (asked === undefined && action !== undefined) {
        throw new WritError("USAGE", `there are no events ${action}`, { hint: EVENT_ACTIONS.join(", ") });
      }
      const events = await withRegistry(options, async (registry) => {
        const filter: EventFilter = {
          limit: parseCount(limit),
          ...(agent === undefined ? {} : { agentId: (await findAgent(registry, agent)).agentId }),
          ...(credential === undefined ? {} : { credentialId: credential }),
          ...(asked === undefined ? {} : { action: asked }),
          ...(within === undefined ? {} : { since: registry.clock() - parseDuration(within) }),
          ...(before === undefined ? {} : { before: parseCount(before, Number.MAX_SAFE_INTEGER) }),
        };
        return listEvents(registry, filter);
      });
      return {
        json: { items: events.map(eventItem) },
        text: events.length === 0 ? show`No events.` : eventTable(events, systemClock()),
      };
    },
  );
  return withHome(made)
    .option("--agent <name>", "only of this agent")
    .option("--credential <id>", "only of this credential")
    .option("--action <action>", "only these, such as credential.revoked")
    .option("--within <duration>", "only of the last: 90s, 15m, 8h, 7d")
    .option("--before <number>", "only those before the event of this number")
    .option("--limit <n>", "so many of the newest", "100");
}
