import { WritError } from "@writ/core";
import type { IssuanceRules, OwnCredentialType } from "@writ/issuer";
import { Command, Option } from "commander";

import { command, withHome } from "../command.js";
import { durationText, parseDuration } from "../environment/duration.js";
import { withRegistry, type HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { lines, show } from "../terminal/safe-text.js";

const TYPES = [
  ["maxAgentTtl", "AgentIdentityCredential"],
  ["maxPrincipalTtl", "PrincipalIdentityCredential"],
  ["maxAuthorityTtl", "DelegatedAuthorityCredential"],
] as const satisfies readonly (readonly [string, OwnCredentialType])[];

interface SetOptions extends HomeOptions, Readonly<Partial<Record<(typeof TYPES)[number][0], string>>> {
  readonly withoutRole?: IssuanceRules["withoutRole"];
}

export function rulesCommand(): Command {
  return new Command("rules")
    .description("Show and set what the organisation issues at all, whoever asks")
    .addCommand(showCommand())
    .addCommand(setCommand());
}

function showCommand(): Command {
  const made = command<HomeOptions>(
    "show",
    "Show the organisation's rules",
    "writ rules show --home acme",
    async (options) => {
      const { readIssuanceRules } = await import("@writ/issuer");
      return answerOf(await withRegistry(options, ({ database }) => readIssuanceRules(database)));
    },
  );
  return withHome(made);
}

function setCommand(): Command {
  const made = command<SetOptions>(
    "set",
    "Set rules; those that are not named stay, and so does what was issued",
    "writ rules set --home acme --max-authority-ttl 24h --without-role nothing",
    async (options) => {
      const { setIssuanceRules } = await import("@writ/issuer");
      const { withoutRole } = options;
      const lives = TYPES.flatMap(([option, type]) => {
        const ttl = options[option];
        return ttl === undefined ? [] : [[type, parseDuration(ttl)] as const];
      });
      if (lives.length === 0 && withoutRole === undefined) throw new WritError("USAGE", "name a rule to set");
      const change = {
        maxLifeMs: Object.fromEntries(lives),
        ...(withoutRole === undefined ? {} : { withoutRole }),
      };
      return answerOf(await withRegistry(options, (registry) => setIssuanceRules(registry, change)));
    },
  );
  return withHome(made)
    .option("--max-agent-ttl <duration>", "the longest life of an agent's identity: 15m, 8h, 90d")
    .option("--max-principal-ttl <duration>", "the longest life of a principal's identity")
    .option("--max-authority-ttl <duration>", "the longest life of an authority")
    .addOption(
      new Option(
        "--without-role <what>",
        "what an agent may be granted none of whose roles has grants",
      ).choices(["anything", "nothing"]),
    );
}

function answerOf({ maxLifeMs, withoutRole }: IssuanceRules): Answer {
  return {
    json: { maxLifeMs, withoutRole },
    text: lines(
      ...TYPES.map(([, type]) => show`${type.padEnd(28)} lives ${durationText(maxLifeMs[type])} at most`),
      show`Without a role that has grants an agent may be granted ${withoutRole}.`,
    ),
  };
}
