import { WritError } from "@writ/core";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { show, showJson } from "../terminal/safe-text.js";

export function showCommand(): Command {
  const made = command<WalletFileOptions>(
    "show [credential-id]",
    "Show the wallet's DID, or one of its credentials",
    "writ wallet show urn:uuid:0e9a… --wallet refund-bot.wallet",
    async (options, id) => {
      const { listCredentials } = await import("@writ/wallet");
      return withWallet(options, async (wallet) => {
        const credentials = await listCredentials(wallet);
        if (id === undefined) {
          const { did } = wallet;
          return {
            json: { did, credentials: credentials.length },
            text: show`${did}, ${credentials.length} credentials`,
          };
        }
        const credential = credentials.find((candidate) => candidate.id === id);
        if (credential === undefined) throw new WritError("NOT_FOUND", "the wallet holds no such credential");
        return { json: credential, text: showJson(credential) };
      });
    },
  );
  return withWalletFile(made);
}
