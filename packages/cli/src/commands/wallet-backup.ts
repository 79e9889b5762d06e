import { realpath } from "node:fs/promises";

import { WritError } from "@writ/core";
import type { BackupRecipient, Wallet } from "@writ/wallet";
import type { Command } from "commander";

import { command, several, withWalletFile } from "../command.js";
import { readBackupRecipient, type BackupSecretOptions } from "../environment/backup-secret.js";
import { assertWritable, ifExists, writeOutput, type IfExists } from "../environment/files.js";
import { walletFile, withWallet, type WalletFileOptions } from "../environment/stores.js";
import { counted } from "../terminal/counted.js";
import type { Answer } from "../terminal/output.js";
import { withProgress } from "../terminal/progress.js";
import { bold, lines, show } from "../terminal/safe-text.js";

interface Options extends WalletFileOptions, BackupSecretOptions {
  readonly out: string;
  readonly force?: boolean;
}

/** Other processes may go on using the wallet; one that is changed all the time is not backed up. */
const MAX_ATTEMPTS = 10;

export function backupCommand(): Command {
  const made = command<Options>(
    "backup",
    "Write all that is in a wallet to one encrypted file (age), which opens with a secret of its own",
    "writ wallet backup --wallet refund-bot.wallet --out refund-bot.age --recipient age1…",
    backup,
  );
  return withWalletFile(made)
    .requiredOption("--out <file>", "the file to write")
    .option(
      "--recipient <age1…>",
      "who can open it, as `age-keygen` tells; may be given several times",
      several,
    )
    .option(
      "--backup-passphrase-file <file>",
      "file with the backup's own passphrase ($WRIT_BACKUP_PASSPHRASE_FILE)",
    )
    .option("--force", "replace the file that --out names");
}

async function backup(options: Options): Promise<Answer> {
  const { out } = options;
  const ifThere = ifExists(options.force);
  // Whoever reads a pipe would take what came before a failure for a backup.
  if (out === "-") {
    throw new WritError("USAGE", "--out names a file: a backup is not written to standard output", {
      hint: "A file whose name is a hyphen is ./-",
    });
  }
  if (await isSameFile(out, walletFile(options)))
    throw new WritError("USAGE", "--out names the wallet itself");
  await assertWritable(out, ifThere);
  const { did, records } = await withWallet(options, async (wallet) => {
    const to = await readBackupRecipient(options);
    return { did: wallet.did, records: await write(wallet, to, out, ifThere) };
  });
  return {
    json: { did, out, records },
    text: lines(
      show`Wrote ${bold(out)}, with ${counted(records, "record")} of ${did}`,
      show`Keep what opens it elsewhere: without that it is lost.`,
    ),
  };
}

/** @returns how many records were written */
async function write(wallet: Wallet, to: BackupRecipient, out: string, ifThere: IfExists): Promise<number> {
  const { backupWallet } = await import("@writ/wallet");
  return withProgress("Backing up", async (progress) => {
    for (let attempt = 1; ; attempt++) {
      let records = 0;
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        records = done;
        progress.update(done, total);
      };
      try {
        // Each attempt has a temporary file of its own, which goes where it fails.
        await writeOutput(out, backupWallet(wallet, { to, onProgress }), ifThere);
        return records;
      } catch (error) {
        const isChanged = error instanceof WritError && error.code === "WALLET_CONFLICT";
        if (!isChanged || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  });
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => realpath(path).catch(() => undefined)));
  return a !== undefined && a === b;
}
