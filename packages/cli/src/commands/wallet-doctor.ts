import { resolve } from "node:path";

import type { KeyNotSaved, WalletFinding, WalletStore, WalletSurvey } from "@writ/wallet";
import { WritError } from "@writ/core";
import type { Command } from "commander";

import { command, withWalletFile } from "../command.js";
import {
  newKeyOptions,
  SAVED_WALLET_STORE,
  withKeyOptions,
  type NewKeyOptions,
} from "../environment/key-options.js";
import { withDatabase } from "../environment/databases.js";
import { withPrivateCopy } from "../environment/private-copy.js";
import { withPublishedDatabase } from "../environment/published-database.js";
import { newSecret } from "../environment/secrets.js";
import { hintOfDoctor } from "../environment/wallet-file-errors.js";
import {
  existingWallet,
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
              const { survey, savedInto } = await withProgress("Looking through", (progress) =>
                look(options, locked, progress),
              );
              const findings = [...(await checkFile(copy)), ...survey.findings];
              return answerOf(file, { ...survey, findings }, savedInto);
            },
            // Whatever state it is in, as much of it as can be read is read.
            {},
          ),
        ),
      );
    },
  ).option(
    "--save-into <file>",
    "make a new wallet of everything that is whole; that of a damaged one ends with 1 as well",
  );
  return withKeyOptions(withWalletFile(made), SAVED_WALLET_STORE);
}

/** An error of the copy as one of the file that it was made of. */
async function inFileOfUser<T>(file: string, copy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WritError) || !error.message.includes(copy)) throw error;
    const hint = hintOfDoctor(error);
    throw new WritError(error.code, error.message.replace(copy, file), {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
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

/** What was found, and where what is whole was saved, if it was. */
interface Looked {
  readonly survey: WalletSurvey;
  readonly savedInto?: string;
}

async function look(
  options: DoctorOptions,
  { store, secret }: LockedWallet,
  progress: Progress,
): Promise<Looked> {
  const { createDatabaseWalletStore, saveWallet, surveyWallet } = await import("@writ/wallet");
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
    progress.update(done, total);
  };
  const looked = async (): Promise<Looked> => ({ survey: await surveyWallet(store, { secret, onProgress }) });
  const key = newKeyOptions(options);
  if (options.saveInto === undefined) {
    if (Object.keys(key).length > 0)
      throw new WritError("USAGE", "what opens the new wallet is named together with --save-into");
    return looked();
  }
  const savedInto = resolve(options.saveInto);
  const newKey = await newSecret(SAVED_WALLET_STORE, key);
  const save = (into: WalletStore): Promise<WalletSurvey> =>
    saveWallet(store, { secret, into, newSecret: newKey, onProgress });
  try {
    const survey = await withPublishedDatabase(savedInto, (database) =>
      save(createDatabaseWalletStore(database)),
    );
    return { survey, savedInto };
  } catch (error) {
    // No key is whole: what is wrong is told all the same.
    if (error instanceof WritError && error.code === "RECORD_MISSING") return looked();
    throw error;
  }
}

function answerOf(file: string, survey: WalletSurvey, savedInto: string | undefined): Answer {
  const { whole, findings, notSaved } = survey;
  const isHealthy = findings.length === 0;
  const counts = Object.entries(whole).map(([collection, count]) => `${String(count)} ${collection}`);
  return {
    exitCode: isHealthy ? 0 : 1,
    json: {
      healthy: isHealthy,
      ...survey,
      ...(savedInto === undefined ? {} : { savedInto }),
    },
    text: lines(
      isHealthy ? show`${good("whole")} ${bold(file)}` : show`${bad("damaged")} ${bold(file)}`,
      show`  whole records: ${counts.join(", ")}`,
      ...findings.map(lineOf),
      ...notSaved.map((key) => notSavedLine(key, savedInto !== undefined)),
      ...(savedInto === undefined ? [] : [show`Saved what is whole into ${bold(savedInto)}`]),
      isHealthy ? undefined : adviceOf(whole.key > 0, savedInto !== undefined),
    ),
  };
}

function adviceOf(hasKey: boolean, isSaved: boolean): SafeText {
  if (!hasKey) return show`  No key is whole, so no wallet can be made of it: restore a backup.`;
  return isSaved
    ? show`  Look at it with writ wallet list, have what is missing issued again, and put it in this one's place.`
    : show`  --save-into FILE makes a sound wallet of the whole records; or restore a backup.`;
}

function lineOf({ code, of, record, collection, detail }: WalletFinding): SafeText {
  const which = [of, collection, record].filter((part) => part !== undefined).join(" ");
  return show`  ${bad(code)} ${which}: ${detail}`;
}

function notSavedLine({ did, name, code }: KeyNotSaved, isSaved: boolean): SafeText {
  const which = name === undefined ? did : `${did} (${name})`;
  const why =
    code === "RECORD_TAMPERED"
      ? "it is from another time"
      : "it may have been destroyed since, which nothing tells";
  return show`  ${bad(isSaved ? "not saved" : "would not be saved")} key ${which}: ${why}. A backup may hold it.`;
}
