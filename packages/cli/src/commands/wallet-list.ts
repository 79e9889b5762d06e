import { idOf, isAuthority, type WritCredential } from "@writ/core";
import type { HeldGeneric } from "@writ/wallet";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { show, table } from "../terminal/safe-text.js";

/** @param holders DIDs of the wallet's keys */
function summaryOf(credential: WritCredential, holders: ReadonlySet<string>) {
  const { id, type, issuer, validUntil, credentialSubject } = credential;
  return {
    id,
    type: type[1],
    issuer,
    subject: credentialSubject.id,
    own: holders.has(credentialSubject.id),
    validUntil,
    ...(isAuthority(credential)
      ? { grants: credential.credentialSubject.grants.map((grant) => grant.id) }
      : {}),
  };
}

/** A credential of others; one without id is known by its digest, and one without end has none. */
function summaryOfGeneric({ credential, digest }: HeldGeneric) {
  const { id = digest, type, issuer, validUntil, expirationDate } = credential;
  const named = [type].flat().filter((each) => each !== "VerifiableCredential");
  return {
    id,
    type: named.at(-1) ?? "VerifiableCredential",
    issuer: idOf(issuer),
    own: true,
    validUntil: validUntil ?? expirationDate ?? "",
  };
}

export function listCommand(): Command {
  const made = command<WalletFileOptions>(
    "list",
    "List the credentials in a wallet: its own, and those needed to present them",
    "writ wallet list --wallet refund-bot.wallet",
    async (options) => {
      const { findGenericCredentials, listCredentials, listKeys } = await import("@writ/wallet");
      const items = await withWallet(options, async (wallet) => {
        const holders = new Set((await listKeys(wallet)).map(({ did }) => did));
        const own = (await listCredentials(wallet)).map((credential) => summaryOf(credential, holders));
        return [...own, ...(await findGenericCredentials(wallet)).map(summaryOfGeneric)];
      });
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
