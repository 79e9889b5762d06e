import { formatTimestamp, systemClock, WritError } from "@writ/core";
import type { Agent, Organisation, Renewed, RotatedAgent, RotationRequest } from "@writ/issuer";
import type { Wallet } from "@writ/wallet";
import type { Command } from "commander";

import { command, withHome, withSuite, withWalletFile, type SuiteOptions } from "../command.js";
import { confirm } from "../environment/confirm.js";
import { assertWritable, ifExists, prettyJson, readInput, writeOutput } from "../environment/files.js";
import {
  walletFile,
  withOrganisation,
  withWallet,
  type HomeOptions,
  type WalletFileOptions,
} from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { bad, bold, lines, show, type SafeText } from "../terminal/safe-text.js";

interface Options extends HomeOptions, WalletFileOptions, SuiteOptions {
  readonly statement?: string;
  readonly lostKey?: boolean;
  readonly request?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

type Rotate = (request: RotationRequest, wallet?: string) => Promise<RotatedAgent>;

export function rotateCommand(): Command {
  const made = command<Options>(
    "rotate <name>",
    "Give an agent another key: what the old one had is revoked, and issued to the new one",
    "writ agent rotate refund-bot --home acme --reason 'once a year'",
    rotateNamed,
  );
  return withWalletFile(
    withSuite(withHome(made)),
    "the agent's wallet, in which the new key is made (default: the one that it was created with)",
  )
    .option(
      "--statement <file>",
      "for a wallet elsewhere: that the one key follows the other, signed by both",
    )
    .option("--lost-key", "the old key is lost, or somebody else's: your word alone, with --request")
    .option("--request <file>", "with --lost-key: what `writ wallet request` made with the new key")
    .option("--out <file>", "with --statement or --request: where to write the credentials")
    .option("--force", "replace the file that --out names")
    .option("--reason <text>", "for the records; it is not published")
    .option("--yes", "do not ask before what the old key has is revoked");
}

async function rotateNamed(options: Options, name = ""): Promise<Answer> {
  const { findAgent, rotateAgent } = await import("@writ/issuer");
  const { reason, suite, yes } = options;
  assertOptions(options);
  return withOrganisation(options, async (organisation) => {
    const agent = await findAgent(organisation, name);
    if (yes !== true) await confirm(whatHappens(agent), "Rotate its key?");
    const rotate: Rotate = (request, wallet) =>
      rotateAgent(organisation, agent, request, {
        suite,
        ...(reason === undefined ? {} : { reason }),
        ...(wallet === undefined ? {} : { wallet }),
      });
    const { statement, request } = options;
    if (statement !== undefined) {
      return intoFile(options, async () =>
        rotate({ type: "both-keys", statement: await readInput(statement) }),
      );
    }
    if (request !== undefined) {
      return intoFile(options, async () => rotate({ type: "lost-key", request: await readInput(request) }));
    }
    return inWallet(options, organisation, agent, rotate);
  });
}

function assertOptions({ statement, lostKey, request, out, wallet }: Options): void {
  if ((lostKey === true) !== (request !== undefined))
    throw new WritError("USAGE", "--lost-key goes with --request");
  const given = [statement, request, wallet].filter((each) => each !== undefined);
  if (given.length > 1) throw new WritError("USAGE", "name one of --wallet, --statement and --request");
  const isElsewhere = statement !== undefined || request !== undefined;
  if (isElsewhere && out === undefined) {
    throw new WritError("USAGE", "name --out FILE for the credentials of a wallet elsewhere");
  }
  if (!isElsewhere && out !== undefined) {
    throw new WritError("USAGE", "--out goes with --statement or --request");
  }
}

function whatHappens({ name, did }: Agent): SafeText {
  return lines(
    show`${bold(name)} gets another key. All that ${did} was issued is revoked for good,`,
    show`and what it handed on ends with that. What is live is issued to the new key.`,
  );
}

/** For an agent whose wallet is elsewhere. */
async function intoFile({ out = "", force }: Options, rotate: () => Promise<RotatedAgent>): Promise<Answer> {
  await assertWritable(out, ifExists(force));
  const rotated = await rotate();
  await writeOutput(out, prettyJson(rotated.credentials), ifExists(force));
  return answerOf(rotated, `in ${out}, for \`writ wallet add\``);
}

/**
 * Makes the key in the agent's wallet, which opens with it from then on. Where that was broken off, the key that is
 * registered is in the wallet already, and the same goes on.
 */
async function inWallet(
  options: Options,
  organisation: Organisation,
  agent: Agent,
  rotate: Rotate,
): Promise<Answer> {
  const wallet = options.wallet ?? agent.wallet;
  if (wallet === undefined) {
    throw new WritError("USAGE", "name --wallet, or --statement or --request for a wallet elsewhere");
  }
  const { addCredentials, makePrimary, useKey } = await import("@writ/wallet");
  return withWallet({ ...options, wallet }, async (opened) => {
    const rotated =
      opened.did === agent.did
        ? await rotateIn(organisation, opened, agent, (request) => rotate(request, walletFile({ wallet })))
        : await goOn(organisation, opened, agent, rotate);
    await addCredentials(await useKey(opened, rotated.agent.did), rotated.credentials);
    await makePrimary(opened, rotated.agent.did);
    return answerOf(rotated, `in its wallet ${wallet}`);
  });
}

/** Makes the key, and forgets it again where it was made for nothing. */
async function rotateIn(
  organisation: Organisation,
  wallet: Wallet,
  agent: Agent,
  rotate: Rotate,
): Promise<RotatedAgent> {
  const [{ findAgent }, { createKey, destroyKey, requestRotation }] = await Promise.all([
    import("@writ/issuer"),
    import("@writ/wallet"),
  ]);
  const { did } = await createKey(wallet, { name: `since ${formatTimestamp(systemClock())}` });
  try {
    return await rotate({ type: "both-keys", statement: await requestRotation(wallet, did) });
  } catch (error) {
    if ((await findAgent(organisation, agent.name)).did === wallet.did) await destroyKey(wallet, did);
    throw error;
  }
}

/**
 * Goes on with a rotation that was broken off after the key was changed: what was not issued yet is, and what was
 * issued and has not arrived in the wallet is renewed.
 */
async function goOn(
  organisation: Organisation,
  wallet: Wallet,
  agent: Agent,
  rotate: Rotate,
): Promise<RotatedAgent> {
  const [{ listIssuedCredentials, renewCredential }, { findCredentials, listKeys, requestRotation }] =
    await Promise.all([import("@writ/issuer"), import("@writ/wallet")]);
  const { did } = agent;
  if (!(await listKeys(wallet)).some((key) => key.did === did)) {
    throw new WritError("CREDENTIAL_UNEXPECTED", "the wallet is another agent's", {
      hint: "For a wallet elsewhere, name --statement or --request.",
    });
  }
  const lost: Renewed[] = [];
  for (const { credentialId, subject, state } of await listIssuedCredentials(organisation, agent)) {
    if (state !== "live" || subject !== did) continue;
    if ((await findCredentials(wallet, { id: credentialId })).length > 0) continue;
    lost.push(await renewCredential(organisation, credentialId));
  }
  const statement = await requestRotation(wallet, did);
  const rest = await rotate({ type: "both-keys", statement }).catch((error: unknown) => {
    // Nothing is left to issue.
    if (error instanceof WritError && error.code === "ALREADY_EXISTS") return undefined;
    throw error;
  });
  return { agent, credentials: [...lost, ...(rest?.credentials ?? [])], refused: rest?.refused ?? [] };
}

function answerOf({ agent, credentials, refused }: RotatedAgent, where: string): Answer {
  const { agentId, name, did } = agent;
  return {
    json: { agentId, name, did, credentials: credentials.map(({ id }) => id), refused },
    text: lines(
      show`Rotated the key of ${bold(name)}`,
      show`  agent id   ${agentId}`,
      show`  did        ${did}`,
      ...credentials.map(
        ({ id, type, validUntil }) => show`  credential ${id}, ${type[1]}, until ${validUntil}`,
      ),
      ...refused.map(
        ({ credentialId, problem }) =>
          show`${bad("not issued")}   ${credentialId}: ${problem.code} ${problem.detail}`,
      ),
      show`  is         ${where}`,
      show`The old key is refused at verifiers with the next \`writ status publish\`.`,
    ),
  };
}
