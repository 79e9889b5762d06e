import { resolve } from "node:path";

import { formatTimestamp, WritError, type PrincipalIdentityCredential } from "@writ/core";
import type { Organisation, Principal, PrincipalOptions } from "@writ/issuer";
import { Command, Option } from "commander";

import {
  command,
  parseDidOption,
  withHome,
  withSuite,
  withWalletFile,
  type SuiteOptions,
} from "../command.js";
import { confirm } from "../environment/confirm.js";
import { parseDuration } from "../environment/duration.js";
import { assertWritable, ifExists, prettyJson, readInput, writeOutput } from "../environment/files.js";
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

const TYPES = { person: "Person", role: "Role", service: "Service" } as const;

interface CreateOptions extends HomeOptions, WalletFileOptions, SuiteOptions {
  readonly type: keyof typeof TYPES;
  readonly did?: string;
  readonly request?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly ttl: string;
}

interface RetireOptions extends HomeOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

export function principalCommand(): Command {
  return new Command("principal")
    .description("Register people, roles and services: whoever owns agents, delegates or approves")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(retireCommand());
}

function createCommand(): Command {
  const made = command<CreateOptions>(
    "create <name>",
    "Register a principal; one that has a key gets an identity credential",
    "writ principal create alice --home acme --type person --wallet alice.wallet",
    createPrincipal,
  );
  return withWalletFile(
    withSuite(withHome(made)),
    "register the key of this wallet, which is created if it is not there",
  )
    .addOption(new Option("--type <type>", "what it is").choices(Object.keys(TYPES)).makeOptionMandatory())
    .option("--request <file>", "register the signer of a request that `writ wallet request` made")
    .option("--did <did>", "register this DID by your word alone; it gets no credential", parseDidOption)
    .option("--out <file>", "with --request: where to write the credential")
    .option("--force", "replace the file that --out names")
    .option("--ttl <duration>", "how long the credential lives: 90s, 15m, 8h, 7d", "30d");
}

async function createPrincipal(options: CreateOptions, name = ""): Promise<Answer> {
  const { wallet, request, did, out } = options;
  if ([wallet, request, did].filter((each) => each !== undefined).length !== 1) {
    throw new WritError("USAGE", "name one of --wallet FILE, --request FILE and --did DID");
  }
  if ((request === undefined) !== (out === undefined)) {
    throw new WritError("USAGE", "--request goes with --out FILE for the credential");
  }
  const principal = { name, type: TYPES[options.type] };
  if (did !== undefined) {
    const { registerPrincipal } = await import("@writ/issuer");
    return withRegistry(options, async (registry) =>
      answerOf(await registerPrincipal(registry, { ...principal, did })),
    );
  }
  return withOrganisation(options, (organisation) =>
    request === undefined
      ? inWallet(organisation, options, principal)
      : byRequest(organisation, options, principal),
  );
}

async function inWallet(
  organisation: Organisation,
  options: CreateOptions,
  principal: PrincipalOptions,
): Promise<Answer> {
  const [{ enrolPrincipal, listPrincipals }, { addCredentials, requestEnrolment }] = await Promise.all([
    import("@writ/issuer"),
    import("@writ/wallet"),
  ]);
  // Before a wallet is made for it.
  if ((await listPrincipals(organisation)).some(({ name }) => name === principal.name)) {
    throw new WritError("ALREADY_EXISTS", "a principal of this name is registered already");
  }
  return withWalletOrNew(options, async (wallet) => {
    const request = await requestEnrolment(wallet);
    const enrolled = await enrolPrincipal(organisation, request, { ...principal, ...enrolment(options) });
    await addCredentials(wallet, [enrolled.credential]);
    return answerOf(enrolled.principal, enrolled.credential, `in its wallet ${walletFile(options)}`);
  });
}

async function byRequest(
  organisation: Organisation,
  options: CreateOptions,
  principal: PrincipalOptions,
): Promise<Answer> {
  const { enrolPrincipal } = await import("@writ/issuer");
  const { request = "", out = "", force } = options;
  // Before anything is issued that could then not be written.
  await assertWritable(out, ifExists(force));
  const enrolled = await enrolPrincipal(organisation, await readInput(request), {
    ...principal,
    ...enrolment(options),
  });
  await writeOutput(out, prettyJson([enrolled.credential]), ifExists(force));
  return answerOf(enrolled.principal, enrolled.credential, `in ${resolve(out)}, for \`writ wallet add\``);
}

function enrolment({ ttl, suite }: CreateOptions) {
  return { lifeMs: parseDuration(ttl), suite };
}

function answerOf(
  { did, name, type }: Principal,
  credential?: PrincipalIdentityCredential,
  where = "",
): Answer {
  return {
    json: { name, type, did, ...(credential === undefined ? {} : { credentialId: credential.id }) },
    text: lines(
      show`Registered ${bold(name)}`,
      show`  type       ${type}`,
      show`  did        ${did}`,
      ...(credential === undefined
        ? []
        : [
            show`  credential ${credential.id}, valid until ${credential.validUntil}`,
            show`  is         ${where}`,
            show`  revoke it  writ revoke ${credential.id}`,
          ]),
    ),
  };
}

function listCommand(): Command {
  const made = command<HomeOptions>(
    "list",
    "List the registered principals",
    "writ principal list --home acme",
    async (options) => {
      const { listPrincipals } = await import("@writ/issuer");
      const principals = await withRegistry(options, listPrincipals);
      const items = principals.map(({ created, ...each }) => ({
        ...each,
        created: formatTimestamp(created),
      }));
      const rows = items.map(({ name, type, state, created, did }) => [
        name,
        type,
        stateText(state),
        created,
        did,
      ]);
      return {
        json: { items },
        text:
          rows.length === 0
            ? show`No principals.`
            : table(["name", "type", "state", "registered", "did"], rows),
      };
    },
  );
  return withHome(made);
}

function retireCommand(): Command {
  const made = command<RetireOptions>(
    "retire <name>",
    "Retire a principal for good: its identity is revoked, and the agents that it owned get nothing more",
    "writ principal retire alice --home acme --reason 'left the company'",
    async (options, named = "") => {
      const { findPrincipal, listAgents, retirePrincipal } = await import("@writ/issuer");
      return withRegistry(options, async (registry) => {
        const { did, name } = await findPrincipal(registry, named);
        const owned = (await listAgents(registry)).filter(
          ({ owner, state }) => owner === did && state !== "retired",
        );
        const what = show`${bold(name)} is retired for good; ${owned.length} agents lose their owner.`;
        if (options.yes !== true) await confirm(what, "Retire it?");
        const { credentials } = await retirePrincipal(registry, { did }, options.reason);
        return {
          json: { name, did, state: "retired", credentials, agents: owned.map(({ name: agent }) => agent) },
          text: lines(
            show`Retired ${bold(name)}`,
            ...credentials.map((id) => show`  ${id}`),
            ...owned.map(
              ({ name: agent }) => show`  ${bold(agent)} has no owner: writ agent change ${agent} --owner …`,
            ),
            credentials.length === 0
              ? undefined
              : show`It takes effect at verifiers with the next \`writ status publish\`.`,
          ),
        };
      });
    },
  );
  return withHome(made)
    .option("--reason <text>", "for the records; it is not published")
    .option("--yes", "do not ask before it is retired");
}
