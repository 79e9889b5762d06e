import type { Command } from "commander";

import { command, parseCount, parseDidOption, withWalletFile } from "../command.js";
import { parseDuration } from "../environment/duration.js";
import { ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { lines, show, showJson } from "../terminal/safe-text.js";
import { readGrants } from "../environment/grants-file.js";

interface Options extends WalletFileOptions {
  readonly to: string;
  readonly grants: string;
  readonly authority?: string;
  readonly redelegate: string;
  readonly ttl?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function delegateCommand(): Command {
  const made = command<Options>(
    "delegate",
    "Hand authority on to another agent, never more than the wallet holds",
    "writ wallet delegate --wallet refund-bot.wallet --to did:key:z6Mk… --grants eu.json --out eu-authority.json",
    delegate,
  );
  return withWalletFile(made)
    .requiredOption("--to <did>", "DID of the agent that receives it", parseDidOption)
    .requiredOption(
      "--grants <file>",
      "JSON array of grants (docs/grants.md), each `within` one of the wallet's",
    )
    .option("--authority <id>", "the authority credential that is handed on, where there are several")
    .option("--redelegate <n>", "how many times it may be handed on again", "0")
    .option("--ttl <duration>", "how long it lives, one hour at most (default: 1h, or what is left)")
    .option("--out <file>", "write it with its chain to a file, for `writ wallet add`")
    .option("--force", "replace the file that --out names");
}

async function delegate(options: Options): Promise<Answer> {
  const { delegateAuthority } = await import("@writ/wallet");
  const { to, authority, redelegate, ttl, out, force } = options;
  const grants = await readGrants(options.grants);
  const { credential, bundle } = await withWallet(options, (wallet) =>
    delegateAuthority(wallet, {
      to,
      grants,
      maxHops: parseCount(redelegate),
      ...(authority === undefined ? {} : { authority }),
      ...(ttl === undefined ? {} : { lifeMs: parseDuration(ttl) }),
    }),
  );
  const credentialId = credential.id;
  if (out === undefined) {
    return { json: { credentialId, bundle }, text: showJson(bundle) };
  }
  await writeOutput(out, prettyJson(bundle), ifExists(force));
  return {
    json: { credentialId },
    text: lines(
      show`Delegated to ${to}`,
      show`  credential ${credentialId}, valid until ${credential.validUntil}`,
      show`  is         in ${out}, for \`writ wallet add\``,
    ),
  };
}
