import { WritError } from "@writ/core";
import type { BackupSummary, RestoreProgress } from "@writ/wallet";
import type { Command } from "commander";

import { command, parseDidOption } from "../command.js";
import { readBackupSecret, type BackupSecretOptions } from "../environment/backup-secret.js";
import { confirm } from "../environment/confirm.js";
import { readingOf } from "../environment/files.js";
import { withRestoredWallet } from "../environment/restored-wallet.js";
import { RESTORED_WALLET_STORE, walletKeyOptions, withKeyOptions } from "../environment/key-options.js";
import { newSecret } from "../environment/secrets.js";
import { walletFile, type WalletFileOptions } from "../environment/stores.js";
import { counted } from "../terminal/counted.js";
import type { Answer } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { bold, lines, show, type SafeText } from "../terminal/safe-text.js";

const YES = "Pass --yes to lose what is in it and not in the backup; on a terminal you are asked.";

interface Options extends WalletFileOptions, BackupSecretOptions {
  readonly from: string;
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly expectedDid?: string;
}

export function restoreCommand(): Command {
  const made = command<Options>(
    "restore",
    "Make a wallet of a backup, with a passphrase of its own; all of the backup is checked before anything is written",
    "writ wallet restore --wallet refund-bot.wallet --from refund-bot.age --identity-file backup.key",
    restore,
  );
  const file = made.option("--wallet <file>", "the wallet's file, which is made (required)");
  return withKeyOptions(file, RESTORED_WALLET_STORE)
    .requiredOption("--from <file>", "the backup")
    .option("--identity-file <file>", "file with the identity of age that opens it (AGE-SECRET-KEY-1…)")
    .option(
      "--backup-passphrase-file <file>",
      "file with the backup's passphrase ($WRIT_BACKUP_PASSPHRASE_FILE)",
    )
    .option("--expected-did <did>", "refuse it unless it is the wallet of this DID", parseDidOption)
    .option("--replace", "replace the wallet that is there: what is in it and not in the backup is lost")
    .option("--yes", "do not ask before it is replaced");
}

async function restore(options: Options): Promise<Answer> {
  const { from, expectedDid } = options;
  if (options.yes === true && options.replace !== true)
    throw new WritError("USAGE", "--yes goes with --replace");
  const file = walletFile(options);
  const open = await readingOf(from);
  let replaced = false;
  const summary = await withRestoredWallet(
    options,
    options.replace === true ? "replace" : "refuse",
    async (store, replace) => {
      const { restoreWallet } = await import("@writ/wallet");
      const secret = await readBackupSecret(options);
      const newKey = await newSecret(RESTORED_WALLET_STORE, walletKeyOptions(options));
      const progress = createSteps();
      replaced = replace !== undefined;
      try {
        return await restoreWallet(store, open, {
          secret,
          newSecret: newKey,
          ...(replace === undefined ? {} : { replace }),
          ...(expectedDid === undefined ? {} : { expectedDid }),
          onProgress(each) {
            progress.update(each);
          },
          async confirm(found) {
            progress.end();
            if (!replaced || options.yes === true) return;
            if (!process.stdin.isTTY)
              throw new WritError("USAGE", "a wallet would be replaced", { hint: YES });
            await confirm(replacing(file, found), "Replace it?");
          },
        });
      } finally {
        progress.end();
      }
    },
  );
  return {
    json: { ...summary, replaced },
    text: lines(show`Restored ${bold(file)}`, ...described(summary)),
  };
}

/** One line for the checking, and one for the writing. */
function createSteps() {
  const steps = { verify: createProgress("Checking"), write: createProgress("Writing") };
  return {
    update({ step, done, total }: RestoreProgress): void {
      steps[step].update(done, total);
    },
    end(): void {
      steps.verify.end();
      steps.write.end();
    },
  };
}

function replacing(file: string, found: BackupSummary): SafeText {
  return lines(
    show`The wallet ${bold(file)} goes, with all that is in it and not in the backup. In its place comes:`,
    ...described(found),
  );
}

function described({ did, createdAt, records }: BackupSummary): readonly SafeText[] {
  const { key = 0, credential = 0, generic = 0 } = records;
  return [
    show`  did     ${did}`,
    show`  as of   ${createdAt}`,
    show`  holds   ${counted(credential + generic, "credential")}, ${counted(key, "key")}`,
  ];
}
