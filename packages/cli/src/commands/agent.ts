import { resolve } from "node:path";

import { formatTimestamp, label, parseShape, WritError, type JsonText } from "@writ/core";
import type { EnrolmentOptions, Organisation } from "@writ/issuer";
import { Command } from "commander";

import { command, several, withHome, withSuite, withWalletFile, type SuiteOptions } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { assertWritable, ifExists, prettyJson, readInput, writeOutput } from "../environment/files.js";
import { didOfPrincipal } from "../environment/principal-option.js";
import {
  walletFile,
  withOrganisation,
  withRegistry,
  withWalletOrNew,
  type HomeOptions,
  type WalletFileOptions,
} from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bold, lines, show, table } from "../terminal/safe-text.js";
import { stateText } from "../terminal/state-text.js";
import { rotateCommand } from "./agent-rotate.js";
import { changeCommand } from "./agent-change.js";
import { importCommand } from "./agent-import.js";
import { agentShowCommand } from "./agent-show.js";
import { resumeCommand, retireCommand, suspendCommand } from "./agent-states.js";

interface CreateOptions extends HomeOptions, WalletFileOptions, SuiteOptions {
  readonly request?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly role?: readonly string[];
  readonly owner?: string;
  readonly environment?: string;
  readonly ttl: string;
}

export function agentCommand(): Command {
  return new Command("agent")
    .description("Enrol agents, list them, give them other keys, suspend and retire them")
    .addCommand(createCommand())
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(agentShowCommand())
    .addCommand(changeCommand())
    .addCommand(rotateCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(retireCommand());
}

function createCommand(): Command {
  const made = command<CreateOptions>(
    "create <name>",
    "Enrol an agent and issue its identity credential",
    "writ agent create refund-bot --home acme --wallet refund-bot.wallet --role refund-processor",
    createAgent,
  );
  return withWalletFile(
    withSuite(withHome(made)),
    "enrol the key of this wallet, which is created if it is not there",
  )
    .option("--request <file>", "enrol the signer of a request that `writ wallet request` made")
    .option("--out <file>", "with --request: where to write the credential")
    .option("--force", "replace the file that --out names")
    .option("--role <role>", "a role of the agent; may be given several times", several)
    .option("--owner <did-or-name>", "the accountable owner, a principal (default: the organisation)")
    .option("--environment <name>", "where it runs, such as prod")
    .option("--ttl <duration>", "how long the credential lives: 90s, 15m, 8h, 7d", "24h");
}

async function createAgent(options: CreateOptions, name = ""): Promise<Answer> {
  const { request, out } = options;
  if ((options.wallet === undefined) === (request === undefined)) {
    throw new WritError("USAGE", "name either --wallet FILE or --request FILE");
  }
  if (request !== undefined && out === undefined) {
    throw new WritError("USAGE", "with --request, name --out FILE for the credential");
  }
  return request === undefined
    ? enrolWallet(options, name)
    : enrolRequest(options, name, await readInput(request), out ?? "");
}

async function enrolWallet(options: CreateOptions, name: string): Promise<Answer> {
  const [{ enrolAgent, listAgents }, { addCredentials, requestEnrolment }] = await Promise.all([
    import("@writ/issuer"),
    import("@writ/wallet"),
  ]);
  return withOrganisation(options, async (organisation) => {
    // Before a wallet is made for it.
    parseShape(label, name, "/name");
    if ((await listAgents(organisation)).some((agent) => agent.name === name)) {
      throw new WritError("ALREADY_EXISTS", "an agent of this name is registered already");
    }
    return withWalletOrNew(options, async (wallet) => {
      const request = await requestEnrolment(wallet);
      const enrolled = await enrolAgent(organisation, request, {
        ...(await enrolment(organisation, options, name)),
        wallet: walletFile(options),
      });
      await addCredentials(wallet, [enrolled.credential]);
      return enrolledAnswer(enrolled, `in its wallet ${walletFile(options)}`);
    });
  });
}

async function enrolRequest(
  options: CreateOptions,
  name: string,
  request: JsonText,
  out: string,
): Promise<Answer> {
  const { enrolAgent } = await import("@writ/issuer");
  // Before anything is issued that could then not be written.
  await assertWritable(out, ifExists(options.force));
  return withOrganisation(options, async (organisation) => {
    const enrolled = await enrolAgent(organisation, request, await enrolment(organisation, options, name));
    await writeOutput(out, prettyJson([enrolled.credential]), ifExists(options.force));
    return enrolledAnswer(enrolled, `in ${resolve(out)}, for \`writ wallet add\``);
  });
}

async function enrolment(
  organisation: Organisation,
  { role = [], owner, environment, ttl, suite }: CreateOptions,
  name: string,
): Promise<EnrolmentOptions> {
  return {
    name,
    roles: role,
    lifeMs: parseDuration(ttl),
    suite,
    ...(owner === undefined ? {} : { owner: await didOfPrincipal(organisation, owner) }),
    ...(environment === undefined ? {} : { environment }),
  };
}

type Enrolled = Awaited<ReturnType<typeof import("@writ/issuer").enrolAgent>>;

function enrolledAnswer({ agent, credential }: Enrolled, where: string): Answer {
  return {
    json: { agentId: agent.agentId, did: agent.did, credentialId: credential.id },
    text: lines(
      show`Enrolled ${bold(agent.name)}`,
      show`  agent id   ${agent.agentId}`,
      show`  did        ${agent.did}`,
      show`  credential ${credential.id}, valid until ${credential.validUntil}`,
      show`  is         ${where}`,
      show`  revoke it  writ revoke ${credential.id}`,
    ),
  };
}

function listCommand(): Command {
  const made = command<HomeOptions>(
    "list",
    "List the registered agents",
    "writ agent list --home acme",
    async (options) => {
      const { listAgents } = await import("@writ/issuer");
      const agents = await withRegistry(options, listAgents);
      const items = agents.map(({ created, ...agent }) => ({ ...agent, created: formatTimestamp(created) }));
      const rows = items.map(({ name, state, roles, owner, created, did }) => [
        name,
        stateText(state),
        roles.join(", "),
        created,
        did,
        owner,
      ]);
      return {
        json: { items },
        text:
          rows.length === 0
            ? show`No agents.`
            : table(["name", "state", "roles", "enrolled", "did", "owner"], rows),
      };
    },
  );
  return withHome(made);
}
