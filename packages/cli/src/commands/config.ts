import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { WritError } from "@writ/core";
import type { Command } from "commander";

import { command, withHome } from "../command.js";
import {
  effectiveHome,
  effectiveOperator,
  type EffectiveSetting,
} from "../environment/effective-settings.js";
import { chosenMeans, HOME_STORE, type ChosenMeans } from "../environment/key-options.js";
import {
  KEY_SETTINGS,
  readSettings,
  settingsPath,
  writeSettings,
  type SettingName,
  type Settings,
} from "../environment/settings-file.js";
import type { HomeOptions } from "../environment/stores.js";
import type { Answer } from "../terminal/output.js";
import { lines, show, table } from "../terminal/safe-text.js";

/** Settings under the names of their options. */
const NAMES: Readonly<Record<string, SettingName>> = {
  home: "home",
  operator: "operator",
  "passphrase-file": "passphraseFile",
  "key-file": "keyFile",
  keyring: "keyring",
  kms: "kms",
};

export function configCommand(): Command {
  const made = withHome(
    command<HomeOptions>(
      "config",
      "Show which organisation, operator and key are in effect, and by what; set what holds for every command",
      "writ config set home acme",
      (options) => Promise.resolve(shown(options)),
    ),
  );
  return made
    .enablePositionalOptions()
    .addCommand(setCommand())
    .addCommand(unsetCommand())
    .addCommand(pathCommand());
}

function shown(options: HomeOptions): Answer {
  const file = settingsPath();
  const isThere = existsSync(file);
  const home = effectiveHome(options.home);
  const operator = effectiveOperator(options.operator);
  const means = chosenMeans(HOME_STORE, options);
  const key: EffectiveSetting & { readonly means?: string } =
    means === undefined
      ? { value: "asked for on the terminal", source: "default" }
      : { value: nameOf(means), means: means.type, source: means.source, by: means.by };
  const rows = [
    ["home", home],
    ["operator", operator],
    ["key", key],
  ] as const;
  return {
    json: { file, exists: isThere, home, ...(operator === undefined ? {} : { operator }), key },
    text: lines(
      table(
        ["setting", "value", "from"],
        rows.map(([name, setting]) => [
          name,
          setting?.value ?? "",
          setting === undefined ? "" : fromOf(setting),
        ]),
      ),
      show`${file}${isThere ? "" : ", which is not there"}`,
    ),
  };
}

/** Somebody may have put a secret in the place of a file's name, so only a file that is there is named. */
function nameOf({ type, name, value }: ChosenMeans): string {
  if (type === "kms") return `${name}: ${value}`;
  if (type === "keyring") return name;
  return existsSync(value) ? `${name}: ${value}` : `${name}; no file is there`;
}

function fromOf({ source, by }: EffectiveSetting): string {
  const names = {
    option: `the option ${by ?? ""}`,
    environment: `$${by ?? ""}`,
    file: "the file",
    default: "default",
  };
  return names[source];
}

function setCommand(): Command {
  return command(
    "set <name> [value]",
    "Set home, operator, passphrase-file, key-file, keyring or kms for every command; of what opens the organisation, one",
    "writ config set passphrase-file org.pass",
    async (_options, name = "", value) => {
      const setting = settingNamed(name);
      const { home, operator, ...key } = readSettings();
      const kept = isKeySetting(setting) ? {} : key;
      const others = {
        ...(home === undefined ? {} : { home }),
        ...(operator === undefined ? {} : { operator }),
      };
      await writeSettings({ ...others, ...kept, [setting]: valueOf(setting, name, value) });
      return answer(`Set ${name}`);
    },
  );
}

function unsetCommand(): Command {
  return command(
    "unset <name>",
    "Take a setting back",
    "writ config unset operator",
    async (_options, name = "") => {
      const setting = settingNamed(name);
      const { [setting]: found, ...others } = readSettings();
      if (found === undefined) throw new WritError("NOT_FOUND", `${name} is not set in ${settingsPath()}`);
      await writeSettings(others);
      return answer(`Took back ${name}`);
    },
  );
}

function pathCommand(): Command {
  return command("path", "Say where the settings are kept", "writ config path", () =>
    Promise.resolve({ json: { file: settingsPath() }, text: show`${settingsPath()}` }),
  );
}

function answer(done: string): Answer {
  const file = settingsPath();
  return { json: { file, settings: readSettings() }, text: show`${done}, in ${file}` };
}

function settingNamed(name: string): SettingName {
  const setting = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (setting === undefined) {
    throw new WritError("USAGE", `there is no setting ${name}`, { hint: Object.keys(NAMES).join(", ") });
  }
  return setting;
}

function isKeySetting(setting: SettingName): boolean {
  return KEY_SETTINGS.some((each) => each === setting);
}

function valueOf(setting: SettingName, name: string, value: string | undefined): Settings[SettingName] {
  if (setting === "keyring") {
    if (value !== undefined) throw new WritError("USAGE", "keyring has no value");
    return true;
  }
  if (value === undefined || value === "") throw new WritError("USAGE", `${name} has a value`);
  if (setting === "home") return resolve(value);
  if (setting !== "passphraseFile" && setting !== "keyFile") return value;
  // What is not the name of a file may be the secret itself: it is neither kept nor repeated.
  if (!existsSync(value))
    throw new WritError("FILE_UNREADABLE", `what ${name} is to be is no file that is there`);
  return resolve(value);
}
