import { formatTimestamp, WritError } from "@writ/core";
import type { WalletKey } from "@writ/wallet";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { counted } from "../terminal/counted.js";
import { lines, show, showJson } from "../terminal/safe-text.js";

export function showCommand(): Command {
  const made = command<WalletFileOptions>(
    "show [credential-id]",
    "Show the wallet's DID and its other keys, or one of its credentials",
    "writ wallet show urn:uuid:0e9a… --wallet refund-bot.wallet",
    async (options, id) => {
      const { countCredentials, findCredentials, findGenericCredentials, listKeys } =
        await import("@writ/wallet");
      return withWallet(options, async (wallet) => {
        const { did } = wallet;
        if (id === undefined) {
          const keys = await listKeys(wallet);
          const own = keys.find((key) => key.did === did);
          const others = keys.filter((key) => key.did !== did);
          const credentials = await countCredentials(wallet);
          return {
            json: { did, credentials, ...(others.length === 0 ? {} : { otherKeys: others.map(itemOf) }) },
            text: lines(
              show`${did}, ${counted(credentials, "credential")}`,
              others.length === 0 ? undefined : show`  for ${purposesOf(own)}`,
              ...others.map(
                (key) =>
                  show`  also ${key.did}${key.name === undefined ? "" : ` (${key.name})`}, for ${purposesOf(key)}`,
              ),
            ),
          };
        }
        const [credential] = await findCredentials(wallet, { id });
        const [generic] = await findGenericCredentials(wallet, { id });
        const found = credential ?? generic?.json;
        if (found === undefined) throw new WritError("NOT_FOUND", "the wallet holds no such credential");
        return { json: found, text: showJson(found) };
      });
    },
  );
  return withWalletFile(made);
}

function itemOf({ created, ...key }: WalletKey): object {
  return { ...key, created: formatTimestamp(created) };
}

/** For what a key may sign. */
function purposesOf(key: WalletKey | undefined): string {
  return (key?.purposes ?? []).join(" and ");
}
