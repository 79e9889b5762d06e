import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { ifExists, prettyJson, writeOutput } from "../environment/files.js";
import { walletFile, withNewWallet, withWallet, type WalletFileOptions } from "../environment/stores.js";
import { bold, lines, show, showJson } from "../terminal/safe-text.js";

export function createCommand(): Command {
  const made = command<WalletFileOptions>(
    "create",
    "Create a wallet with a key of its own",
    "writ wallet create --wallet refund-bot.wallet --wallet-passphrase-file bot.pass",
    (options) =>
      withNewWallet(options, ({ did }) =>
        Promise.resolve({
          json: { did },
          text: lines(show`Created ${bold(walletFile(options))}`, show`  did ${did}`),
        }),
      ),
  );
  return withWalletFile(made);
}

interface RequestOptions extends WalletFileOptions {
  readonly out?: string;
  readonly force?: boolean;
}

export function requestCommand(): Command {
  const made = command<RequestOptions>(
    "request",
    "Sign a request to enrol the wallet's key with an organisation",
    "writ wallet request --wallet refund-bot.wallet --out request.json",
    async ({ out, force, ...options }) => {
      const { requestEnrolment } = await import("@writ/wallet");
      const request = await withWallet(options, requestEnrolment);
      if (out === undefined) return { json: request, text: showJson(request) };
      await writeOutput(out, prettyJson(request), ifExists(force));
      return {
        json: { did: request.holder, out },
        text: show`Wrote ${out}. The operator enrols it with: writ agent create NAME --request ${out} --out FILE`,
      };
    },
  );
  return withWalletFile(made)
    .option("--out <file>", "write the request to a file")
    .option("--force", "replace the file that --out names");
}
