import { resolve } from "node:path";

import type { ReadBytes, SurveyedKey, WalletFinding, WalletStore, WalletSurvey } from "@writ/wallet";
import { WritError } from "@writ/core";
import type { Command } from "commander";

import { command, parseDidOption, severalDids, withWalletFile } from "../command.js";
import {
  newKeyOptions,
  SAVED_WALLET_STORE,
  withKeyOptions,
  type NewKeyOptions,
} from "../environment/key-options.js";
import { takeLogIn, withBytesOf } from "../environment/damaged-file.js";
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
  readonly primary?: string;
  readonly keep?: readonly string[];
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
        inFileOfUser(file, copy, async () => {
          const isWhole = await takeLogIn(copy);
          const answer = async (locked: LockedWallet): Promise<Answer> => {
            const { survey, savedInto } = await withProgress("Looking through", (progress) =>
              isWhole
                ? look(options, locked, progress)
                : withBytesOf(copy, (bytes) => look(options, locked, progress, bytes)),
            );
            const findings = [
              ...(isWhole ? [] : [DAMAGED_FILE]),
              ...survey.findings.map((found) => ({ ...found, detail: ofUser(found.detail, file, copy) })),
            ];
            return answerOf(file, { ...survey, findings }, savedInto, options.saveInto !== undefined);
          };
          // Not looked through as it is opened: that is done here, whatever state it is in.
          return withWalletStore(copy, options, answer, {});
        }),
      );
    },
  )
    .option(
      "--save-into <file>",
      "make a new wallet of everything that is whole; that of a damaged one ends with 1 as well",
    )
    .option(
      "--primary <did>",
      "with --save-into: the key with which the new wallet opens (default: that of the damaged one, where it can be told)",
      parseDidOption,
    )
    .option(
      "--keep <did>",
      "with --save-into: save this key, however old it may be; several times if needed",
      severalDids,
    );
  return withKeyOptions(withWalletFile(made), SAVED_WALLET_STORE);
}

/** An error of a copy as one of the file that it was made of. */
async function inFileOfUser<T>(file: string, copy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WritError) || !error.message.includes(copy)) throw error;
    const hint = hintOfDoctor(error);
    throw new WritError(error.code, ofUser(error.message, file, copy), {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

function ofUser(text: string, file: string, copy: string): string {
  return text.replaceAll(copy, file);
}

const DAMAGED_FILE: WalletFinding = {
  code: "DATABASE_INVALID",
  of: "file",
  detail: "its structure is damaged",
};

/** What was found, and where what is whole was saved, if it was. */
interface Looked {
  readonly survey: WalletSurvey;
  readonly savedInto?: string;
}

async function look(
  options: DoctorOptions,
  { store, secret }: LockedWallet,
  progress: Progress,
  bytes?: ReadBytes,
): Promise<Looked> {
  const { createDatabaseWalletStore, createSqliteRows, saveWallet, surveyWallet } =
    await import("@writ/wallet");
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
    progress.update(done, total);
  };
  const how = { secret, onProgress, ...(bytes === undefined ? {} : { rows: createSqliteRows(bytes) }) };
  const looked = async (): Promise<Looked> => ({ survey: await surveyWallet(store, how) });
  const key = newKeyOptions(options);
  const { saveInto, primary, keep } = options;
  if (saveInto === undefined) {
    if (Object.keys(key).length > 0 || primary !== undefined || keep !== undefined)
      throw new WritError("USAGE", "what the new wallet is to be like is said together with --save-into");
    return looked();
  }
  const savedInto = resolve(saveInto);
  const newKey = await newSecret(SAVED_WALLET_STORE, key);
  const save = (into: WalletStore): Promise<WalletSurvey> =>
    saveWallet(store, { ...how, into, newSecret: newKey, primary, keep });
  try {
    const survey = await withPublishedDatabase(savedInto, (database) =>
      save(createDatabaseWalletStore(database)),
    );
    return { survey, savedInto };
  } catch (error) {
    // No key is whole, or the primary one has to be named: what is wrong is told all the same.
    if (error instanceof WritError && error.code === "RECORD_MISSING") return looked();
    throw error;
  }
}

function answerOf(
  file: string,
  survey: WalletSurvey,
  savedInto: string | undefined,
  wasToSave: boolean,
): Answer {
  const { whole, findings, keys } = survey;
  const isHealthy = findings.length === 0;
  const counts = Object.entries(whole).map(([collection, count]) => `${String(count)} ${collection}`);
  return {
    exitCode: isHealthy && wasToSave === (savedInto !== undefined) ? 0 : 1,
    json: {
      healthy: isHealthy,
      ...survey,
      ...(savedInto === undefined ? {} : { savedInto }),
    },
    text: lines(
      isHealthy ? show`${good("whole")} ${bold(file)}` : show`${bad("damaged")} ${bold(file)}`,
      show`  whole records: ${counts.join(", ")}`,
      ...findings.filter((found) => !isPage(found)).map(lineOf),
      ...pagesLine(findings.filter(isPage)),
      ...keys.flatMap((key) => (key.isSaved ? [] : [notSavedLine(key, savedInto !== undefined)])),
      ...(savedInto === undefined
        ? []
        : [show`Saved what is whole into ${bold(savedInto)}`, primaryLine(survey)]),
      isHealthy || savedInto === undefined ? adviceOf(survey, isHealthy) : adviceAfter(file, savedInto),
    ),
  };
}

/** In whose name the new wallet speaks. */
function primaryLine({ keys, primary }: WalletSurvey): SafeText | undefined {
  const key = keys.find(({ did }) => did === primary);
  if (key === undefined) return undefined;
  return show`  It opens with key ${nameOf(key)}${changeOf(key, keys)}.`;
}

/** Whether the damaged wallet opened with this key as well. */
function changeOf(key: SurveyedKey, keys: readonly SurveyedKey[]): string {
  if (!keys.some(({ isPrimary }) => isPrimary)) return ", and not as before: that key is lost";
  const known = keys.filter(({ isPrimary, code }) => isPrimary && code === undefined);
  if (known.length === 0) return "; whether the damaged one did, nothing tells";
  return known.includes(key) ? "" : ", and not as before";
}

/** What is left to do once a wallet was made of what is whole. */
function adviceAfter(file: string, savedInto: string): SafeText {
  return lines(
    show`  Look at it: writ wallet list --wallet ${savedInto}`,
    show`  Have what is missing issued again: writ renew ID --wallet ${savedInto}, or handed on again by the agent that did.`,
    // SQLite would write the log of the one into the other.
    show`  Then put it in this one's place, when nothing has either open: move ${file}, ${file}-wal and ${file}-shm away first.`,
  );
}

function adviceOf({ whole, keys, primary }: WalletSurvey, isHealthy: boolean): SafeText | undefined {
  if (whole.key === 0) return show`  No key is whole, so no wallet can be made of it: restore a backup.`;
  if (primary === undefined) {
    const isLost = !keys.some(({ isPrimary }) => isPrimary);
    return lines(
      isLost
        ? show`  The key it opened with is lost. Restore a backup, or name another with --save-into FILE --primary DID.`
        : show`  Which key it opened with cannot be told. Name it with --save-into FILE --primary DID, or restore a backup.`,
      ...keys.map((key) => show`    ${nameOf(key)}${markOf(key)}`),
      show`  Credentials speak of the agent's key of now: \`writ agent show NAME\` says which it is, and which it had before.`,
    );
  }
  return isHealthy
    ? undefined
    : show`  --save-into FILE makes a sound wallet of the whole records; or restore a backup.`;
}

function markOf({ isPrimary }: SurveyedKey): string {
  return isPrimary ? ": says of itself that the wallet opens with it" : ": says of itself that another does";
}

function isPage({ page }: WalletFinding): boolean {
  return page !== undefined;
}

/** One line for all: where a manifest is destroyed they are many, and say the same. */
function pagesLine(pages: readonly WalletFinding[]): readonly SafeText[] {
  const [first] = pages;
  if (first === undefined || pages.length === 1) return pages.map(lineOf);
  return [show`  ${bad(first.code)} manifest: ${String(pages.length)} pages are missing or were changed`];
}

function lineOf({ code, of, record, collection, detail }: WalletFinding): SafeText {
  const which = [of, collection, record].filter((part) => part !== undefined).join(" ");
  return show`  ${bad(code)} ${which}: ${detail}`;
}

function notSavedLine(key: SurveyedKey, isSaved: boolean): SafeText {
  const why =
    key.code === "RECORD_TAMPERED"
      ? "it is from another time"
      : "it may have been destroyed since, which nothing tells";
  return show`  ${bad(isSaved ? "not saved" : "would not be saved")} key ${nameOf(key)}: ${why}. --keep saves it all the same.`;
}

function nameOf({ did, name }: Pick<SurveyedKey, "did" | "name">): string {
  return name === undefined ? did : `${did} (named "${name}")`;
}
