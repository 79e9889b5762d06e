import { readFileSync } from "node:fs";

import { Command } from "commander";

import { agentCommand } from "./commands/agent.js";
import { approveCommand } from "./commands/approve.js";
import { challengeCommand } from "./commands/challenge.js";
import { eventsCommand } from "./commands/events.js";
import { expiringCommand } from "./commands/expiring.js";
import { explainCommand } from "./commands/explain.js";
import { grantCommand } from "./commands/grant.js";
import { initCommand } from "./commands/init.js";
import { inspectCommand } from "./commands/inspect.js";
import { keyCommand } from "./commands/key.js";
import { ledgerCommand } from "./commands/ledger.js";
import { principalCommand } from "./commands/principal.js";
import { renewCommand } from "./commands/renew.js";
import { revokeCommand } from "./commands/revoke.js";
import { roleCommand } from "./commands/role.js";
import { rulesCommand } from "./commands/rules.js";
import { serveCommand } from "./commands/serve.js";
import { statusCommand } from "./commands/status.js";
import { supersedeCommand } from "./commands/supersede.js";
import { tokenCommand } from "./commands/token.js";
import { verifyCommand } from "./commands/verify.js";
import { walletCommand } from "./commands/wallet.js";
import { endWith } from "./command.js";

const EXIT_CODES = `
Exit codes:
  0  done, or verified and allowed
  1  not verified, not allowed, refused
  2  the command line is wrong
  3  a file, store or secret is missing or unusable
`;

/** Runs the command line: `main(["verify", "presentation.json"])`. Sets the process's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program = new Command("writ")
    .description("Identity, delegated authority and its verification for AI agents")
    .version(version)
    .addHelpText("after", EXIT_CODES);
  for (const made of [
    initCommand(),
    agentCommand(),
    principalCommand(),
    roleCommand(),
    rulesCommand(),
    keyCommand(),
    grantCommand(),
    renewCommand(),
    supersedeCommand(),
    revokeCommand(),
    expiringCommand(),
    statusCommand(),
    eventsCommand(),
    walletCommand(),
    challengeCommand(),
    verifyCommand(),
    explainCommand(),
    approveCommand(),
    ledgerCommand(),
    inspectCommand(),
    serveCommand(),
    tokenCommand(),
  ]) {
    program.addCommand(made);
  }
  let help = "";
  quiet(program, (text) => {
    help += text;
  });
  // Who reads the help may stop reading.
  process.stdout.on("error", () => process.exit(3));
  try {
    // Of a command within a group, too: `writ help wallet respond`.
    const asked = args[0] === "help" && args.length > 1 ? [...args.slice(1), "--help"] : [...args];
    await program.parseAsync(asked, { from: "user" });
  } catch (error) {
    endWith(error, args.includes("--json"), help);
  }
}

/** Errors are thrown and reported in one place, for every command below. */
function quiet(command: Command, writeErr: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeErr });
  for (const below of command.commands) quiet(below, writeErr);
}
