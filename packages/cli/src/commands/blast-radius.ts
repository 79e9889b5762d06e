import { isDid, systemClock } from "@writ/core";
import type { IssuedCredential } from "@writ/issuer";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import { issuedItem, issuedTable } from "../terminal/issued.js";
import { bold, indent, lines, show, type SafeText } from "../terminal/safe-text.js";

export function blastRadiusCommand(): Command {
  const made = command<HomeOptions>(
    "blast-radius <agent-or-did>",
    "Show all that an agent or a key was given, has signed and handed on, as far as it is on record",
    "writ blast-radius refund-bot --home acme",
    async (options, asked = "") => {
      const { findAgent, findBlastRadius } = await import("@writ/issuer");
      const found = await withRegistry(options, async (registry) =>
        findBlastRadius(
          registry,
          isDid(asked) ? { did: asked } : { agentId: (await findAgent(registry, asked)).agentId },
        ),
      );
      const { keys, given, signed, below } = found;
      const now = systemClock();
      const part = (title: string, issued: readonly IssuedCredential[]): SafeText =>
        lines(
          show`${bold(title)} ${issued.length}`,
          issued.length === 0 ? undefined : indent(issuedTable(issued, now)),
        );
      return {
        json: {
          keys,
          given: given.map(issuedItem),
          signed: signed.map(issuedItem),
          below: below.map(issuedItem),
        },
        text: lines(
          ...keys.map((key) => show`key ${key}`),
          part("Given to it:", given),
          part("Signed by it:", signed),
          part("Handed on by others below that:", below),
        ),
      };
    },
  );
  return withHome(made);
}
