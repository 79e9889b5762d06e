import { WritError, type AuthorityCredential } from "@writ/core";
import type { Agent } from "@writ/issuer";
import type { Command } from "commander";

import {
  command,
  parseCount,
  parseDidOption,
  withHome,
  withSuite,
  withWalletFile,
  type SuiteOptions,
} from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { assertWritable, ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { readGrants, withGrantsOf } from "../environment/grants-file.js";
import {
  canOpenWallet,
  withOrganisation,
  withWallet,
  type HomeOptions,
  type WalletFileOptions,
} from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";
import type { Answer } from "../terminal/output.js";

interface Options extends HomeOptions, WalletFileOptions, SuiteOptions {
  readonly grants: string;
  readonly principal?: string;
  readonly redelegate: string;
  readonly ttl: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function grantCommand(): Command {
  const made = command<Options>(
    "grant <name>",
    "Grant authority to an agent",
    "writ grant refund-bot --home acme --grants refunds.json --redelegate 1 --ttl 8h",
    grant,
  );
  return withWalletFile(
    withSuite(withHome(made)),
    "the agent's wallet (default: the one that it was created with)",
  )
    .requiredOption("--grants <file>", "JSON array of grants (docs/grants.md)")
    .option("--principal <did>", "on whose behalf the agent acts (default: the organisation)", parseDidOption)
    .option("--redelegate <n>", "how many times the authority may be handed on", "0")
    .option("--ttl <duration>", "how long the authority lives: 90s, 15m, 8h, 7d", "8h")
    .option("--out <file>", "write the credential to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names");
}

async function grant(options: Options, name = ""): Promise<Answer> {
  const { findAgent, grantAuthority } = await import("@writ/issuer");
  const grants = await readGrants(options.grants);
  const { principal, redelegate, ttl, out } = options;
  return withOrganisation(options, async (organisation) => {
    const agent = await findAgent(organisation, name);
    const wallet = walletFor(options, agent);
    if (wallet === undefined && out === undefined) {
      throw new WritError("USAGE", "name --wallet FILE or --out FILE for the credential");
    }
    // Before anything is issued that could then not be written.
    if (out !== undefined) await assertWritable(out, ifExists(options.force));
    const issue = async (): Promise<AuthorityCredential> => {
      const credential = await withGrantsOf(options.grants, () =>
        grantAuthority(organisation, agent, {
          grants,
          maxHops: parseCount(redelegate),
          lifeMs: parseDuration(ttl),
          suite: options.suite,
          ...(principal === undefined ? {} : { principal }),
        }),
      );
      if (out !== undefined) {
        await writeOutput(out, prettyJson([credential]), ifExists(options.force));
      }
      return credential;
    };
    const credential = wallet === undefined ? await issue() : await intoWallet(options, wallet, agent, issue);
    return {
      json: { credentialId: credential.id },
      text: lines(
        show`Granted authority to ${bold(agent.name)}`,
        show`  credential ${credential.id}, valid until ${credential.validUntil}`,
        show`  grants     ${grants.map(({ id }) => id).join(", ")}`,
        wallet === undefined ? undefined : show`  is         in the wallet ${wallet}`,
        out === undefined ? undefined : show`  is         in ${out}, for \`writ wallet add\``,
        show`  revoke it  writ revoke ${credential.id}`,
      ),
    };
  });
}

/**
 * The wallet that is named, or the one that the agent was created with. That one is passed over where
 * the credential is written to a file and the wallet cannot be opened without asking.
 */
function walletFor(options: Options, agent: Agent): string | undefined {
  if (options.wallet !== undefined || agent.wallet === undefined) return options.wallet;
  const atHand = canOpenWallet({ ...options, wallet: agent.wallet });
  return options.out === undefined || atHand ? agent.wallet : undefined;
}

/** Opens the wallet before anything is issued, and stores in it what is. */
function intoWallet(
  options: Options,
  wallet: string,
  agent: Agent,
  issue: () => Promise<AuthorityCredential>,
): Promise<AuthorityCredential> {
  return withWallet({ ...options, wallet }, async (opened) => {
    if (opened.did !== agent.did) {
      throw new WritError("CREDENTIAL_UNEXPECTED", "the wallet is another agent's");
    }
    const { addCredentials } = await import("@writ/wallet");
    const credential = await issue();
    await addCredentials(opened, [credential]);
    return credential;
  });
}
