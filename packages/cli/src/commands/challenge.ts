import { Command } from "commander";

import { command } from "../command.js";
import { withChallenges } from "../environment/challenges-file.js";
import type { Answer } from "../terminal/output.js";
import { show } from "../terminal/safe-text.js";

interface Options {
  readonly store: string;
}

export function challengeCommand(): Command {
  return new Command("challenge")
    .description("Texts that a service gives out, each for one presentation")
    .addCommand(createCommand());
}

function createCommand(): Command {
  return command<Options>(
    "create",
    "Give out a challenge: good once, for five minutes, where `writ verify` is told the same file",
    "writ challenge create --store orders.challenges",
    create,
  ).requiredOption("--store <file>", "the service's challenges; the file is made if it is not there");
}

async function create({ store }: Options): Promise<Answer> {
  const challenge = await withChallenges(store, (challenges) => challenges.create());
  return { json: { challenge }, text: show`${challenge}` };
}
