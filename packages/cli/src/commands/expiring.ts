import { formatTimestamp, systemClock } from "@writ/core";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { relativeTime } from "../terminal/relative-time.js";
import { show, table } from "../terminal/safe-text.js";

interface Options extends HomeOptions {
  readonly within: string;
}

export function expiringCommand(): Command {
  const made = command<Options>(
    "expiring",
    "List what is about to end and has not been renewed, of agents that are active",
    "writ expiring --home acme --within 8h",
    async (options) => {
      const { listExpiring } = await import("@writ/issuer");
      const { within } = options;
      const expiring = await withRegistry(options, (registry) =>
        listExpiring(registry, { withinMs: parseDuration(within) }),
      );
      const now = systemClock();
      const rows = expiring.map(({ holder = "", credentialId, type, validUntil }) => [
        holder,
        credentialId,
        type,
        formatTimestamp(validUntil),
        relativeTime(validUntil, now),
      ]);
      return {
        json: { items: expiring.map((each) => ({ ...each, validUntil: formatTimestamp(each.validUntil) })) },
        text:
          rows.length === 0
            ? show`Nothing of an active agent ends within ${within} that has not been renewed.`
            : table(["holder", "credential", "type", "until", ""], rows),
      };
    },
  );
  return withHome(made).option("--within <duration>", "how soon: 90s, 15m, 8h, 7d", "24h");
}
