import { readFileSync } from "node:fs";

import { Command, CommanderError } from "commander";

import { COMMANDS, type NamedCommand } from "./commands.js";
import { DESCRIPTION, EXIT_CODES } from "./root-help.js";
import { writeAll } from "./terminal/write-all.js";

/** Runs a command, or says what is wrong with the command line. Sets the process's exit code. */
export async function run(args: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program = new Command("writ")
    .description(DESCRIPTION)
    .version(version)
    // What follows a command is for it, also where the command has others below it.
    .enablePositionalOptions()
    .addHelpText("after", EXIT_CODES);
  // Of a command within a group, too: `writ help wallet respond`.
  const asked = args[0] === "help" && args.length > 1 ? [...args.slice(1), "--help"] : [...args];
  const named = namedIn(asked);
  for (const each of COMMANDS) program.addCommand(each === named ? await each.load() : outlineOf(each));
  let help = "";
  quiet(program, (text) => {
    help += text;
  });
  try {
    await program.parseAsync(asked, { from: "user" });
  } catch (error) {
    // Help and version are no errors.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    // Loaded only here, as the commands are: help of one is to be there at once.
    const { endWith } = await import("./command.js");
    endWith(error, args.includes("--json"), help);
  }
}

/** The command that the arguments name, or of which they ask help. */
function namedIn(args: readonly string[]): NamedCommand | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  return COMMANDS.find(({ name }) => name === (first === "help" ? second : first));
}

function outlineOf({ name, description }: NamedCommand): Command {
  return new Command(name).description(description);
}

/** Errors are thrown and reported in one place, for every command below. */
function quiet(command: Command, writeErr: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeOut, writeErr });
  for (const below of command.commands) quiet(below, writeErr);
}

function writeOut(text: string): void {
  writeAll(1, text);
}
