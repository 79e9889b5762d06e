import { WritError, type KeySource, type RequiredKeySource } from "@writ/core";

import { readInput } from "./files.js";
import { readKeyFile } from "./key-file.js";
import {
  chosenMeans,
  meansOf,
  waysToSay,
  type ChosenMeans,
  type KeyOptions,
  type SecretStore,
} from "./key-options.js";
import { keyringSource, kmsSource } from "./outer-keys.js";
import { beforeQuestion, untilEnd } from "./questions.js";

/** The secret of a new store. A new passphrase is asked for twice. */
export async function newSecret(store: SecretStore, given: KeyOptions): Promise<KeySource> {
  const chosen = chosenMeans(store, given);
  return chosen === undefined ? prompted(store, "create") : sourceOf(store, chosen);
}

/**
 * The secret that opens a store, from where an option or a variable says that it is, or from the terminal; it
 * is never an argument.
 *
 * @param required what the store says that it opens with: nothing else is asked for or tried
 * @throws WritError `SECRET_MISSING`, `FILE_UNREADABLE`, `FILE_UNSAFE`, `ARGUMENT_INVALID`, `USAGE`,
 *   `UNLOCK_FAILED` where another kind of secret is given, `KEY_SOURCE_UNAVAILABLE`.
 */
export async function readSecret(
  store: SecretStore,
  given: KeyOptions,
  required: RequiredKeySource,
): Promise<KeySource> {
  const chosen = chosenMeans(store, given);
  if (chosen?.type === required.type) return sourceOf(store, chosen);
  if (chosen === undefined && required.type === "passphrase") return prompted(store, "open");
  const { name, option, variable } = meansOf(store, required.type);
  const key = required.type === "kms" ? `${required.kms}:${required.key}` : undefined;
  const pass = `Pass ${key === undefined ? option : option.replace("KEY", key)}`;
  const opens = `${store.what} opens with ${name}`;
  if (chosen === undefined) {
    const hint = variable === undefined ? `${pass}.` : `${pass}, or set ${variable}.`;
    throw new WritError("SECRET_MISSING", opens, { hint });
  }
  throw new WritError("UNLOCK_FAILED", `${opens}, not with ${chosen.name} (${chosen.by})`, {
    hint: `${pass}.`,
  });
}

async function sourceOf({ what }: SecretStore, { type, value, by }: ChosenMeans): Promise<KeySource> {
  switch (type) {
    case "passphrase":
      return passphraseSource(what, await readPassphrase(value, by));
    case "raw":
      return { type: "raw", key: await readKeyFile(value, by) };
    case "keyring":
      return keyringSource();
    case "kms":
      return kmsSource(value, by);
  }
}

function passphraseSource(what: string, passphrase: string): KeySource {
  if (passphrase === "") throw new WritError("SECRET_MISSING", `the passphrase of ${what} is empty`);
  return { type: "passphrase", passphrase };
}

/**
 * A final newline in the file is not part of the passphrase. The file's name is not told: somebody may have put
 * the passphrase in its place.
 */
async function readPassphrase(file: string, named: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readInput(file);
  } catch {
    throw new WritError("FILE_UNREADABLE", `the file that ${named} names cannot be read`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new WritError("SECRET_MISSING", `the file that ${named} names holds no UTF-8 text`, { cause });
  }
}

async function prompted(store: SecretStore, purpose: "create" | "open"): Promise<KeySource> {
  const { what } = store;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new WritError("SECRET_MISSING", `nothing says what opens ${what}`, {
      hint: waysToSay(store, purpose),
    });
  }
  // Loaded only here: most commands never ask.
  const { isCancel, password } = await import("@clack/prompts");
  const ask = async (message: string): Promise<string> => {
    await beforeQuestion();
    const answer = await untilEnd((signal) => password({ message, output: process.stderr, signal }));
    if (isCancel(answer)) throw new WritError("DECLINED", "nothing was done");
    return answer;
  };
  const first = await ask(`${purpose === "create" ? "New passphrase" : "Passphrase"} for ${what}`);
  if (purpose === "create" && (await ask("The same again")) !== first) {
    throw new WritError("ARGUMENT_INVALID", "the two passphrases differ");
  }
  return passphraseSource(what, first);
}
