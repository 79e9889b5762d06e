import { DEFAULT_SUITE, isDid, SUITE_NAMES, WritError, type SuiteName } from "@writ/core";
import { Command, CommanderError, Help, Option } from "commander";

import { HOME_STORE, NEW_WALLET_STORE, WALLET_STORE, withKeyOptions } from "./environment/key-options.js";
import { exitCodeOf } from "./terminal/exit-code.js";
import { writeAnswer, writeError, type Answer } from "./terminal/output.js";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/**
 * A command: its name and arguments, what it is for, and an example. `run` gets the arguments and the
 * options, and returns the answer; what it throws becomes the error and the exit code.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what commander parsed is of the type that the command declares
export function command<Options extends object>(
  usage: string,
  description: string,
  example: string,
  run: (options: Options & CommonOptions, ...args: readonly (string | undefined)[]) => Promise<Answer>,
): Command {
  const made = new Command(usage.split(" ")[0])
    .description(description)
    .option("--json", "print one JSON object on standard output, also for errors")
    .configureHelp({ optionDescription: describeOption })
    .addHelpText("after", `\nExample:\n  ${example}\n`);
  for (const argument of usage.split(" ").slice(1)) made.argument(argument);
  return made.action(async (...given: unknown[]) => {
    const options = given.at(-2) as Options & CommonOptions;
    const args = (given.slice(0, -2) as (string | string[])[]).flat();
    const answer = await run(options, ...args);
    process.exitCode = answer.exitCode ?? 0;
    writeAnswer(answer, options.json === true);
  });
}

/** What help says of an option, and whether it may be left out. */
function describeOption(option: Option): string {
  return `${new Help().optionDescription(option)}${option.mandatory ? " (required)" : ""}`;
}

/** Adds the options that open a home. */
export function withHome(made: Command): Command {
  const description =
    "folder of the organisation (default: $WRIT_HOME, then what is configured, then ~/.writ)";
  const operator =
    "who works here, for the events (default: $WRIT_OPERATOR, then what is configured, then the user's name)";
  return withKeyOptions(
    made.option("--home <dir>", description).option("--operator <name>", operator),
    HOME_STORE,
  );
}

/** Adds the options that open a wallet. */
export function withWalletFile(made: Command, description = "the wallet's file (required)"): Command {
  return withKeyOptions(made.option("--wallet <file>", description), WALLET_STORE);
}

/** Adds the options that open a wallet, and say which of its keys acts. */
export function withActingKey(made: Command, description?: string): Command {
  const which = "which of the wallet's keys acts, by its DID (default: the one with which it opens)";
  return withWalletFile(made, description).option("--as <did>", which, parseDidOption);
}

/** Adds the options of what is to open a wallet from now on. */
export function withNewKey(made: Command): Command {
  return withKeyOptions(made, NEW_WALLET_STORE);
}

/** By what a command signs. */
export interface SuiteOptions {
  readonly suite: SuiteName;
}

/** Adds the option that chooses the suite. */
export function withSuite(made: Command): Command {
  const option = new Option("--suite <name>", "the cryptographic suite that signs");
  return made.addOption(option.choices(SUITE_NAMES).default(DEFAULT_SUITE));
}

/** By what a request is known that is made again. */
export interface RequestIdOptions {
  readonly requestId?: string;
}

/** Adds the option that names a request. */
export function withRequestId(made: Command): Command {
  const description =
    "idempotency key: the same again by this id gives the same credential, and issues no other";
  return made.option("--request-id <id>", description);
}

/** Collects an option that may be given several times. */
export function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/**
 * A count from an option.
 *
 * @throws WritError `USAGE`.
 */
export function parseCount(text: string, most = 9999): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text) || Number(text) > most)
    throw new WritError("USAGE", `"${text}" is not a whole number`);
  return Number(text);
}

/**
 * A DID from an option.
 *
 * @throws WritError `USAGE`.
 */
export function parseDidOption(text: string): string {
  return parseDid(text, "Such as did:key:z6Mk…");
}

/** Collects the DIDs of an option that takes several. */
export function severalDids(value: string, before: readonly string[] | undefined): readonly string[] {
  const hint = "Such as did:key:z6Mk…; a file stands before an option that takes several DIDs.";
  return several(parseDid(value, hint), before);
}

function parseDid(text: string, hint: string): string {
  if (!isDid(text)) throw new WritError("USAGE", `"${text}" is not a DID`, { hint });
  return text;
}

/** Ends with an error: the message, and the exit code. */
export function endWith(error: unknown, asJson: boolean, help: string): void {
  const known = error instanceof CommanderError ? usageError(error, help) : error;
  // Anything else is a defect: let the runtime report it.
  if (!(known instanceof WritError)) throw error;
  process.exitCode = exitCodeOf(known.code);
  writeError(known, asJson);
}

function usageError({ code, message }: CommanderError, help: string): WritError {
  // A group of commands was named without a command of it.
  if (code === "commander.help") return new WritError("USAGE", "name a command", { hint: help.trim() });
  const text = message.replace(/^error: /, "").replaceAll("\n", " ");
  return new WritError("USAGE", text, { hint: "`--help` after a command tells its arguments." });
}
