import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import {
  label,
  literal,
  object,
  parseShape,
  parseStrictJsonObject,
  refined,
  refuse,
  text,
  WritError,
} from "@writ/core";

import { prettyJson, writeOutput } from "./files.js";

/** What an operator has set for every command: by the names of the options. No secret is among it. */
export interface Settings {
  /** An absolute path. */
  readonly home?: string;
  readonly operator?: string;
  readonly passphraseFile?: string;
  readonly keyFile?: string;
  readonly keyring?: true;
  readonly kms?: string;
}

export type SettingName = keyof Settings;

/** What opens the organisation: one of these at most. */
export const KEY_SETTINGS = ["passphraseFile", "keyFile", "keyring", "kms"] as const;

const path = refined(text({ maxLength: 4096, what: "a path" }), (value, pointer) => {
  if (!isAbsolute(value)) refuse(pointer, "must be an absolute path");
});

/** The shape of each setting. */
const SHAPE = refined(
  object<Settings>(
    {
      home: path,
      operator: label,
      passphraseFile: path,
      keyFile: path,
      keyring: literal(true),
      kms: text({ pattern: /^aws:[A-Za-z0-9:/_-]+$/, maxLength: 2048, what: "aws: and a key" }),
    },
    ["home", "operator", ...KEY_SETTINGS],
  ),
  (settings, pointer) => {
    const [, another] = KEY_SETTINGS.filter((name) => settings[name] !== undefined);
    if (another !== undefined) refuse(`${pointer}/${another}`, "a second way to open the organisation");
  },
);

/** `config.json` in the folder `writ` below `$XDG_CONFIG_HOME`, or below `~/.config` (XDG Base Directory 0.8). */
export function settingsPath(): string {
  const { XDG_CONFIG_HOME = "" } = process.env;
  // A relative path there is to be ignored.
  return join(
    isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(homedir(), ".config"),
    "writ",
    "config.json",
  );
}

/**
 * What is set; nothing where there is no file.
 *
 * @throws WritError `CONFIGURATION_INVALID`, `FILE_UNSAFE`, `FILE_UNREADABLE`, each with the file's name.
 */
export function readSettings(): Settings {
  const file = settingsPath();
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new WritError("FILE_UNREADABLE", `${file} cannot be read (${code})`, { cause });
  }
  assertOwn(file);
  return parseSettings(file, () => parseStrictJsonObject(bytes));
}

/**
 * Sets what is set from now on.
 *
 * @throws WritError as {@link readSettings}.
 */
export async function writeSettings(settings: Settings): Promise<void> {
  const file = settingsPath();
  const parsed = parseSettings(file, () => ({ ...settings }));
  await writeOutput(file, prettyJson(parsed), "replace");
}

function parseSettings(file: string, read: () => object): Settings {
  try {
    return parseShape(SHAPE, read() as never);
  } catch (cause) {
    if (!(cause instanceof WritError)) throw cause;
    const { pointer, detail } = cause.problem;
    const place = pointer === "" ? "" : `${pointer}: `;
    throw new WritError("CONFIGURATION_INVALID", `${file}: ${place}${detail}`, {
      hint: "Mend it, or remove it: docs/command-line.md says what it may hold.",
      cause,
    });
  }
}

/** Whoever can write it decides which organisation is worked on, and what opens it. */
function assertOwn(file: string): void {
  // Windows has neither owners nor permission bits of this kind.
  const user = process.geteuid?.();
  if (user === undefined) return;
  const { uid, mode } = statSync(file);
  if ((uid !== user && uid !== 0) || (mode & 0o022) !== 0) {
    throw new WritError("FILE_UNSAFE", `${file} can be written by other users`, {
      hint: "Run `chmod 600` on it.",
    });
  }
}
