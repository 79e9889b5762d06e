import { isAuthority, type WritCredential } from "@writ/core";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { show, table } from "../terminal/safe-text.js";

function summaryOf(credential: WritCredential, holder: string) {
  const { id, type, issuer, validUntil, credentialSubject } = credential;
  return {
    id,
    type: type[1],
    issuer,
    subject: credentialSubject.id,
    own: credentialSubject.id === holder,
    validUntil,
    ...(isAuthority(credential)
      ? { grants: credential.credentialSubject.grants.map((grant) => grant.id) }
      : {}),
  };
}

export function listCommand(): Command {
  const made = command<WalletFileOptions>(
    "list",
    "List the credentials in a wallet: its own, and those needed to present them",
    "writ wallet list --wallet refund-bot.wallet",
    async (options) => {
      const { listCredentials } = await import("@writ/wallet");
      const items = await withWallet(options, async (wallet) =>
        (await listCredentials(wallet)).map((credential) => summaryOf(credential, wallet.did)),
      );
      const rows = items.map(({ id, type, own, validUntil }) => [
        id,
        type,
        own ? "own" : "chain",
        validUntil,
      ]);
      return {
        json: { items },
        text: rows.length === 0 ? show`No credentials.` : table(["id", "type", "whose", "valid until"], rows),
      };
    },
  );
  return withWalletFile(made);
}
