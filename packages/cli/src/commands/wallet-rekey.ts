import type { Command } from "commander";

import { command, withNewKey, withWalletFile } from "../command.js";
import { NEW_WALLET_STORE, newKeyOptions, type NewKeyOptions } from "../environment/key-options.js";
import { discardOldKey } from "../environment/old-key.js";
import { newSecret } from "../environment/secrets.js";
import { existingWallet, withWalletStore, type WalletFileOptions } from "../environment/stores.js";
import { withProgress } from "../terminal/progress.js";
import { bold, lines, show, type SafeText } from "../terminal/safe-text.js";

interface RekeyCommandOptions extends WalletFileOptions, NewKeyOptions {
  readonly full?: boolean;
}

export function rekeyCommand(): Command {
  const made = command<RekeyCommandOptions>(
    "rekey",
    "Give a wallet another passphrase or key; with --full after a compromise, everything is encrypted again",
    "writ wallet rekey --wallet refund-bot.wallet --wallet-passphrase-file bot.pass --new-passphrase-file new.pass",
    async (options) => {
      const { rekeyWallet } = await import("@writ/wallet");
      const file = existingWallet(options);
      const mode = options.full === true ? "full" : "rewrap";
      return withWalletStore(file, options, async ({ store, header, secret }) => {
        const newKey = await newSecret(NEW_WALLET_STORE, newKeyOptions(options));
        const rekeyed = await withProgress("Encrypting", (progress) =>
          rekeyWallet(store, {
            secret,
            newSecret: newKey,
            mode,
            onProgress({ done, total }) {
              progress.update(done, total);
            },
          }),
        );
        // A keyring keeps a key for each header; that of the header before opens nothing any more.
        const isOldKeyGone = await discardOldKey(header);
        return {
          json: { wallet: file, ...rekeyed },
          text: lines(show`Rekeyed ${bold(file)}`, ...meaning(rekeyed.mode, isOldKeyGone)),
        };
      });
    },
  ).option(
    "--full",
    "make a new root key and encrypt everything again; broken off, it goes on where it was the next time",
  );
  return withNewKey(withWalletFile(made));
}

function meaning(mode: "rewrap" | "full", isOldKeyGone: boolean): readonly SafeText[] {
  const copies = isOldKeyGone
    ? show`  The keyring's key of before is gone: a copy from before opens no more.`
    : show`  A copy from before still opens with what opened it then, and holds the same signing keys.`;
  if (mode === "full") return [show`  a new root key, and everything is encrypted again.`, copies];
  return [
    show`  the same root key, wrapped anew.`,
    copies,
    show`  Who has an older copy and what opened it can also read what is written from now on; --full ends that.`,
  ];
}
