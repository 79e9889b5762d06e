import { existsSync } from "node:fs";

import { systemClock } from "@writ/core";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { issuedItem, issuedTable } from "../terminal/issued.js";
import { indent, lines, show, table } from "../terminal/safe-text.js";

export function orphansCommand(): Command {
  const made = command<HomeOptions>(
    "orphans",
    "List agents whose owner is gone, credentials that nobody should have, and agents without a wallet",
    "writ orphans --home acme",
    async (options) => {
      const { findOrphans, listAgents } = await import("@writ/issuer");
      const { agents, ownerless, leftOver, neverSeen } = await withRegistry(options, async (registry) => ({
        agents: await listAgents(registry),
        ...(await findOrphans(registry)),
      }));
      const lost = agents.filter(
        ({ wallet, state }) => state !== "retired" && wallet !== undefined && !existsSync(wallet),
      );
      const named = [
        ...ownerless.map(({ name, owner }) => [name, "its owner is gone", owner]),
        ...neverSeen.map(({ name, did }) => [name, "was never handed an identity", did]),
        ...lost.map(({ name, wallet = "" }) => [name, "its wallet is not where it was", wallet]),
      ];
      return {
        json: {
          ownerless: ownerless.map(({ name }) => name),
          neverSeen: neverSeen.map(({ name }) => name),
          withoutWallet: lost.map(({ name }) => name),
          credentials: leftOver.map(issuedItem),
        },
        text:
          named.length + leftOver.length === 0
            ? show`Nothing is without an owner, an agent or a wallet.`
            : lines(
                named.length === 0 ? undefined : table(["agent", "why", ""], named),
                ...(leftOver.length === 0
                  ? []
                  : [
                      show`In force, of agents that are retired or keys that were replaced:`,
                      indent(issuedTable(leftOver, systemClock())),
                    ]),
              ),
      };
    },
  );
  return withHome(made);
}
