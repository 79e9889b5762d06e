import { resolve } from "node:path";

import type { WalletFinding, WalletStore, WalletSurvey } from "@writ/wallet";
import { WritError } from "@writ/core";
import type { Command } from "commander";

import { command, withNewKey, withWalletFile } from "../command.js";
import { NEW_WALLET_STORE, newKeyOptions, type NewKeyOptions } from "../environment/key-options.js";
import { withPrivateCopy } from "../environment/private-copy.js";
import { newSecret } from "../environment/secrets.js";
import {
  existingWallet,
  withDatabase,
  withNewDatabase,
  withWalletStore,
  type LockedWallet,
  type WalletFileOptions,
} from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { withProgress, type Progress } from "../terminal/progress.js";
import { bad, bold, good, lines, show, type SafeText } from "../terminal/safe-text.js";

interface DoctorOptions extends WalletFileOptions, NewKeyOptions {
  readonly saveInto?: string;
}

export function doctorCommand(): Command {
  const made = command<DoctorOptions>(
    "doctor",
    "Say what is wrong with a wallet, record by record, and save what can be saved; the wallet is only read",
    "writ wallet doctor --wallet refund-bot.wallet --wallet-passphrase-file bot.pass",
    async (options) => {
      const file = existingWallet(options);
      // Opening a database may write to it, as when its log is taken in: the damaged one is not opened.
      return withPrivateCopy(file, (copy) =>
        inFileOfUser(file, copy, () =>
          withWalletStore(
            copy,
            options,
            async (locked) => {
              const survey = await withProgress("Looking through", (progress) =>
                look(options, locked, progress),
              );
              const findings = [...(await checkFile(copy)), ...survey.findings];
              return answerOf(file, { ...survey, findings }, options.saveInto);
            },
            // Whatever state it is in, as much of it as can be read is read.
            {},
          ),
        ),
      );
    },
  ).option("--save-into <file>", "a new wallet for everything that is whole");
  return withNewKey(withWalletFile(made));
}

/** An error of the copy as one of the file that it was made of. */
async function inFileOfUser<T>(file: string, copy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "DATABASE_INVALID") throw error;
    const hint = "Nothing can be saved from it. `writ wallet restore` makes a wallet of a backup.";
    const message = error.message.includes(copy)
      ? error.message.replace(copy, file)
      : `${file}: ${error.message}`;
    throw new WritError(error.code, message, { hint, cause: error });
  }
}

/** What SQLite says of the file's own structure. */
async function checkFile(copy: string): Promise<readonly WalletFinding[]> {
  return withDatabase(copy, {}, async (database) => {
    const rows = await database.query("PRAGMA integrity_check(1)").catch(() => []);
    if (rows[0]?.["integrity_check"] === "ok") return [];
    return [{ code: "DATABASE_INVALID", of: "file", detail: "its structure is damaged" }];
  });
}

async function look(
  options: DoctorOptions,
  { store, secret }: LockedWallet,
  progress: Progress,
): Promise<WalletSurvey> {
  const { createDatabaseWalletStore, saveWallet, surveyWallet } = await import("@writ/wallet");
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
    progress.update(done, total);
  };
  if (options.saveInto === undefined) return surveyWallet(store, { secret, onProgress });
  const newKey = await newSecret(NEW_WALLET_STORE, newKeyOptions(options));
  const save = (into: WalletStore): Promise<WalletSurvey> =>
    saveWallet(store, { secret, into, newSecret: newKey, onProgress });
  return withNewDatabase(
    resolve(options.saveInto),
    (database) => save(createDatabaseWalletStore(database)),
    (survey) => Promise.resolve(survey),
  );
}

function answerOf(file: string, survey: WalletSurvey, savedInto: string | undefined): Answer {
  const { whole, findings } = survey;
  const isHealthy = findings.length === 0;
  const counts = Object.entries(whole).map(([collection, count]) => `${String(count)} ${collection}`);
  return {
    exitCode: isHealthy ? 0 : 1,
    json: {
      healthy: isHealthy,
      ...survey,
      ...(savedInto === undefined ? {} : { savedInto: resolve(savedInto) }),
    },
    text: lines(
      isHealthy ? show`${good("whole")} ${bold(file)}` : show`${bad("damaged")} ${bold(file)}`,
      show`  whole records: ${counts.join(", ")}`,
      ...findings.map(lineOf),
      ...(isHealthy ? [] : adviceOf(savedInto)),
    ),
  };
}

function adviceOf(savedInto: string | undefined): readonly SafeText[] {
  if (savedInto === undefined)
    return [show`  --save-into FILE makes a sound wallet of the whole records; or restore a backup.`];
  return [
    show`Saved what is whole into ${bold(resolve(savedInto))}`,
    show`  Look at it with writ wallet list, have what is missing issued again, and put it in this one's place.`,
  ];
}

function lineOf({ code, of, record, collection, detail }: WalletFinding): SafeText {
  const which = [of, collection, record].filter((part) => part !== undefined).join(" ");
  return show`  ${bad(code)} ${which}: ${detail}`;
}
