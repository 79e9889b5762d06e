import { WritError, type KeySource } from "@writ/core";

import { readInput } from "./files.js";

/** What a passphrase opens, and where it may come from; it is never an argument. */
export interface SecretPlace {
  /** What the prompt says. */
  readonly what: string;
  readonly option: string;
  readonly variable: string;
  /** The value of the option, if it was given. */
  readonly file: string | undefined;
  /** A new passphrase is asked for twice. */
  readonly purpose: "create" | "open";
}

/**
 * The passphrase from the file that the option or the variable names, or from the terminal. A final
 * newline in the file is not part of it.
 *
 * @throws WritError `SECRET_MISSING`, `FILE_UNREADABLE`, `ARGUMENT_INVALID`.
 */
export async function readSecret(place: SecretPlace): Promise<KeySource> {
  const { option, variable } = place;
  const file = place.file ?? process.env[variable];
  const named = place.file === undefined ? variable : option;
  const passphrase = file === undefined ? await prompt(place) : await readPassphrase(file, named);
  if (passphrase === "") throw new WritError("SECRET_MISSING", `the passphrase of ${place.what} is empty`);
  return { type: "passphrase", passphrase };
}

/** The file's name is not told: somebody may have put the passphrase in its place. */
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

async function prompt({ what, option, variable, purpose }: SecretPlace): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new WritError("SECRET_MISSING", `no passphrase for ${what}`, {
      hint: `Pass ${option} FILE, or set ${variable}. On a terminal you are asked for it.`,
    });
  }
  // Loaded only here: most commands never ask.
  const { isCancel, password } = await import("@clack/prompts");
  const ask = async (message: string): Promise<string> => {
    const answer = await password({ message, output: process.stderr });
    if (isCancel(answer)) throw new WritError("SECRET_MISSING", "no passphrase was given");
    return answer;
  };
  const first = await ask(`Passphrase for ${what}`);
  if (purpose === "create" && (await ask("The same again")) !== first) {
    throw new WritError("ARGUMENT_INVALID", "the two passphrases differ");
  }
  return first;
}
