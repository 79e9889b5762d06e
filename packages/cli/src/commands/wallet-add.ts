import { isJsonArray, isJsonObject, WritError, type JsonObject } from "@writ/core";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import { readJson } from "../environment/files.js";
import { withWallet, type WalletFileOptions } from "../environment/stores.js";
import { withProgress } from "../terminal/progress.js";
import { lines, show } from "../terminal/safe-text.js";

export function addCommand(): Command {
  const made = command<WalletFileOptions>(
    "add <files...>",
    "Verify credentials and take them into the wallet",
    "writ wallet add authority.json --wallet refund-bot.wallet",
    async (options, ...files) => {
      const { addCredentials } = await import("@writ/wallet");
      const documents = (
        await Promise.all(files.filter((file) => file !== undefined).map(readDocuments))
      ).flat();
      const added = await withWallet(options, (wallet) =>
        withProgress("Verifying", (progress) =>
          addCredentials(wallet, documents, {
            onProgress({ done, total }) {
              progress.update(done, total);
            },
          }),
        ),
      );
      return {
        json: { added },
        text:
          added.length === 0
            ? show`Nothing new: all of it was in the wallet.`
            : lines(...added.map((id) => show`Added ${id}`)),
      };
    },
  );
  return withWalletFile(made);
}

/** A file holds a credential, or an array of them as `--out` writes it. */
async function readDocuments(file: string): Promise<readonly JsonObject[]> {
  const json = await readJson(file);
  const documents = isJsonArray(json) ? json : [json];
  if (!documents.every((document) => isJsonObject(document))) {
    throw new WritError("JSON_NOT_OBJECT", `${file} holds something that is not a credential`);
  }
  return documents;
}
