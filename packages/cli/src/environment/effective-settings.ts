import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";

import { readSettings } from "./settings-file.js";

/** Where a setting comes from, the strongest first. */
export type SettingSource = "option" | "environment" | "file" | "default";

/** What is in effect. */
export interface EffectiveSetting {
  readonly value: string;
  readonly source: SettingSource;
  /** The option or variable that says so. */
  readonly by?: string;
}

/** The folder of an organisation: the option, `$WRIT_HOME`, what is configured, or `~/.writ`. */
export function effectiveHome(option: string | undefined): EffectiveSetting {
  const configured = readSettings().home;
  const found = firstOf(option, "--home", "WRIT_HOME", configured) ?? {
    value: join(homedir(), ".writ"),
    source: "default",
  };
  return { ...found, value: resolve(found.value) };
}

/** Who works here, for the events: the option, `$WRIT_OPERATOR`, what is configured, or the user's name. */
export function effectiveOperator(option: string | undefined): EffectiveSetting | undefined {
  const found = firstOf(option, "--operator", "WRIT_OPERATOR", readSettings().operator);
  const user = userName();
  return found ?? (user === undefined ? undefined : { value: user, source: "default" });
}

function firstOf(
  option: string | undefined,
  flag: string,
  variable: string,
  configured: string | undefined,
): EffectiveSetting | undefined {
  const set = process.env[variable];
  if (option !== undefined && option !== "") return { value: option, source: "option", by: flag };
  if (set !== undefined && set !== "") return { value: set, source: "environment", by: variable };
  return configured === undefined ? undefined : { value: configured, source: "file" };
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // Whoever it is has no entry among the users of this machine.
    return undefined;
  }
}
