import type { Command } from "commander";

/** A command that is loaded when it is named: of the others, help needs no more than this. */
export interface NamedCommand {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** All commands, in the order of help. The module of each describes it in the same words. */
export const COMMANDS: readonly NamedCommand[] = [
  {
    name: "init",
    description: "Create an organisation: its key, sealed under a passphrase or a key, and its registry",
    load: async () => (await import("./commands/init.js")).initCommand(),
  },
  {
    name: "agent",
    description: "Enrol agents, list them, give them other keys, suspend and retire them",
    load: async () => (await import("./commands/agent.js")).agentCommand(),
  },
  {
    name: "principal",
    description: "Register people, roles and services: whoever owns agents, delegates or approves",
    load: async () => (await import("./commands/principal.js")).principalCommand(),
  },
  {
    name: "role",
    description: "Name sets of grants: the template, and the frame, of what agents may be granted",
    load: async () => (await import("./commands/role.js")).roleCommand(),
  },
  {
    name: "rules",
    description: "Show and set what the organisation issues at all, whoever asks",
    load: async () => (await import("./commands/rules.js")).rulesCommand(),
  },
  {
    name: "key",
    description: "Show and rotate the organisation's own key",
    load: async () => (await import("./commands/key.js")).keyCommand(),
  },
  {
    name: "grant",
    description: "Grant authority to an agent",
    load: async () => (await import("./commands/grant.js")).grantCommand(),
  },
  {
    name: "credential",
    description: "Show what a credential says that was issued, and what became of it",
    load: async () => (await import("./commands/credential.js")).credentialCommand(),
  },
  {
    name: "renew",
    description:
      "Issue an identity or an authority again, or all that end within a time; nothing is revoked by it",
    load: async () => (await import("./commands/renew.js")).renewCommand(),
  },
  {
    name: "supersede",
    description: "Narrow or widen an authority in one step: a new one is issued, and the old one revoked",
    load: async () => (await import("./commands/supersede.js")).supersedeCommand(),
  },
  {
    name: "revoke",
    description: "Revoke a credential for good, or many, and with each everything that was delegated from it",
    load: async () => (await import("./commands/revoke.js")).revokeCommand(),
  },
  {
    name: "expiring",
    description: "List what is about to end and has not been renewed, of agents that are active",
    load: async () => (await import("./commands/expiring.js")).expiringCommand(),
  },
  {
    name: "orphans",
    description:
      "List agents whose owner is gone, credentials that nobody should have, and agents without a wallet",
    load: async () => (await import("./commands/orphans.js")).orphansCommand(),
  },
  {
    name: "blast-radius",
    description:
      "Show all that an agent or a key was given, has signed and handed on, as far as it is on record",
    load: async () => (await import("./commands/blast-radius.js")).blastRadiusCommand(),
  },
  {
    name: "status",
    description: "Publish status lists, and show them",
    load: async () => (await import("./commands/status.js")).statusCommand(),
  },
  {
    name: "events",
    description: "List what was done: who did it, when, to what, and why",
    load: async () => (await import("./commands/events.js")).eventsCommand(),
  },
  {
    name: "wallet",
    description: "An agent's encrypted wallet",
    load: async () => (await import("./commands/wallet.js")).walletCommand(),
  },
  {
    name: "challenge",
    description: "Texts that a service gives out, each for one presentation",
    load: async () => (await import("./commands/challenge.js")).challengeCommand(),
  },
  {
    name: "verify",
    description:
      "Verify a credential or a presentation, and decide on its invocation; keeps no state but that of --ledger and --challenges",
    load: async () => (await import("./commands/verify.js")).verifyCommand(),
  },
  {
    name: "explain",
    description: "Say why an action was denied, and draft the smallest additional grant that would allow it",
    load: async () => (await import("./commands/explain.js")).explainCommand(),
  },
  {
    name: "approve",
    description:
      "Approve one action that an agent asks for, with the approver's own wallet; the request is what `writ verify --json` wrote",
    load: async () => (await import("./commands/approve.js")).approveCommand(),
  },
  {
    name: "ledger",
    description: "What a service has charged to the accounts of grants",
    load: async () => (await import("./commands/ledger.js")).ledgerCommand(),
  },
  {
    name: "inspect",
    description:
      "Draw a document of Writ's for a person: credentials, presentations, requests, lists; verifies nothing",
    load: async () => (await import("./commands/inspect.js")).inspectCommand(),
  },
  {
    name: "serve",
    description: "Issue, verify, serve status lists and resolve DIDs over HTTP, until it is told to stop",
    load: async () => (await import("./commands/serve.js")).serveCommand(),
  },
  {
    name: "token",
    description: "Bearer tokens for the issuing endpoints of `writ serve`",
    load: async () => (await import("./commands/token.js")).tokenCommand(),
  },
  {
    name: "config",
    description:
      "Show which organisation, operator and key are in effect, and by what; set what holds for every command",
    load: async () => (await import("./commands/config.js")).configCommand(),
  },
  {
    name: "completion",
    description: "Write a script by which a shell completes commands, options and their choices",
    load: async () => (await import("./commands/completion.js")).completionCommand(loadProgram),
  },
];

/** The whole of `writ`, with every command. */
async function loadProgram(): Promise<Command> {
  const { Command } = await import("commander");
  const program = new Command("writ").version("0");
  for (const { load } of COMMANDS) program.addCommand(await load());
  return program;
}
