import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { walletFile, withNewWallet, type WalletFileOptions } from "../environment/stores.js";
import { bold, lines, show } from "../terminal/safe-text.js";

export function createCommand(): Command {
  const made = command<WalletFileOptions>(
    "create",
    "Create a wallet with a key of its own",
    "writ wallet create --wallet refund-bot.wallet --wallet-passphrase-file bot.pass",
    (options) =>
      withNewWallet(options, ({ did }) =>
        Promise.resolve({
          json: { did, wallet: walletFile(options) },
          text: lines(show`Created ${bold(walletFile(options))}`, show`  did ${did}`),
        }),
      ),
  );
  return withWalletFile(made);
}
