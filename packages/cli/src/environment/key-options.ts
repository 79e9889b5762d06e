import { WritError, type KeySource } from "@writ/core";
import { Option, type Command } from "commander";

import { readSettings, settingsPath } from "./settings-file.js";

/** Options by which a command is told what opens a store; one of them at most. */
export interface KeyOptions {
  readonly passphraseFile?: string;
  readonly keyFile?: string;
  readonly keyring?: boolean;
  readonly kms?: string;
}

/** The same under names with a beginning of their own. */
type Prefixed<Prefix extends string> = {
  readonly [Name in keyof KeyOptions as `${Prefix}${Capitalize<Name>}`]?: NonNullable<KeyOptions[Name]>;
};

/** The same for a wallet, beside those of an organisation. */
export type WalletKeyOptions = Prefixed<"wallet">;
/** The same for what is to open a wallet from now on. */
export type NewKeyOptions = Prefixed<"new">;

/** A store that opens with a secret: how it is called, and how its options and variables begin. */
export interface SecretStore {
  readonly what:
    | "the organisation"
    | "the wallet"
    | "the wallet from now on"
    | "the wallet that is made"
    | "the wallet that --save-into makes"
    | "the backup";
  readonly option: "--" | "--wallet-" | "--new-" | "--backup-";
  readonly variable: "WRIT_" | "WRIT_WALLET_" | "WRIT_NEW_" | "WRIT_BACKUP_";
  /** What may be named instead where it is no {@link KeyOptions} that opens it, when it is made and when it is opened. */
  readonly otherwise?: { readonly create: string; readonly open: string };
}

export const HOME_STORE: SecretStore = { what: "the organisation", option: "--", variable: "WRIT_" };
export const WALLET_STORE: SecretStore = {
  what: "the wallet",
  option: "--wallet-",
  variable: "WRIT_WALLET_",
};
export const NEW_WALLET_STORE: SecretStore = {
  what: "the wallet from now on",
  option: "--new-",
  variable: "WRIT_NEW_",
};
/** The wallet that `writ wallet restore` makes. */
export const RESTORED_WALLET_STORE: SecretStore = { ...WALLET_STORE, what: "the wallet that is made" };
/** The wallet that `writ wallet doctor` makes. */
export const SAVED_WALLET_STORE: SecretStore = {
  ...NEW_WALLET_STORE,
  what: "the wallet that --save-into makes",
};
/** A backup is no store, and has a passphrase or is for recipients. */
export const BACKUP_STORE: SecretStore = {
  what: "the backup",
  option: "--backup-",
  variable: "WRIT_BACKUP_",
  otherwise: { create: "--recipient age1…", open: "--identity-file FILE" },
};

/** One way to open a store. */
interface Means {
  readonly type: KeySource["type"];
  readonly member: keyof KeyOptions;
  /** The option after its beginning, with its argument. */
  readonly option: string;
  /** The variable after its beginning; a switch has none. */
  readonly variable?: string;
  /** What the store then opens with. */
  readonly name: string;
  readonly help: (what: string) => string;
}

/** All ways; each command that opens a store has them. */
const MEANS: readonly Means[] = [
  {
    type: "passphrase",
    member: "passphraseFile",
    option: "passphrase-file <file>",
    variable: "PASSPHRASE_FILE",
    name: "a passphrase",
    help: (what) => `file with the passphrase of ${what}`,
  },
  {
    type: "raw",
    member: "keyFile",
    option: "key-file <file>",
    variable: "KEY_FILE",
    name: "a key from a file",
    help: (what) => `private file with the key of ${what}: 32 bytes, or their hex or base64url`,
  },
  {
    type: "keyring",
    member: "keyring",
    option: "keyring",
    name: "a key in the operating system's keyring",
    help: (what) => `the key of ${what} is in the operating system's keyring`,
  },
  {
    type: "kms",
    member: "kms",
    option: "kms <key>",
    variable: "KMS",
    name: "a key management service",
    help: (what) => `the key management service that opens ${what}: aws:KEY, by id, alias or ARN`,
  },
];

/** Adds the options of a store. */
export function withKeyOptions(made: Command, store: SecretStore): Command {
  const options = MEANS.map(({ option, variable, help }) => {
    const from = variable === undefined ? "" : ` ($${store.variable}${variable})`;
    return new Option(store.option + option, help(store.what) + from);
  });
  for (const option of options) {
    const others = options.filter((other) => other !== option).map((other) => other.attributeName());
    made.addOption(option.conflicts(others));
  }
  return made;
}

/** What was said to open a store, and by what. */
export interface ChosenMeans extends Means {
  /** What the option or variable says; nothing for a switch. */
  readonly value: string;
  /** The option, the variable, or the file of settings. */
  readonly by: string;
  readonly source: "option" | "environment" | "file";
}

/**
 * The one way that an option names, or else a variable, or else, for the organisation, the file of settings;
 * `undefined` if none does.
 *
 * @throws WritError `USAGE` where several variables name one each, and of the file of settings.
 */
export function chosenMeans(store: SecretStore, given: KeyOptions): ChosenMeans | undefined {
  const optional = MEANS.flatMap((means) => {
    const value = given[means.member];
    if (value === undefined || value === false) return [];
    return [{ ...means, ...chosenBy(value, optionOf(store, means), "option") }];
  });
  const [option] = optional;
  if (option !== undefined) return option;
  const [variable, another] = MEANS.flatMap((means) => {
    const name = means.variable === undefined ? "" : store.variable + means.variable;
    const value = process.env[name];
    return value === undefined ? [] : [{ ...means, ...chosenBy(value, name, "environment") }];
  });
  if (variable !== undefined && another !== undefined) {
    throw new WritError("USAGE", `${variable.by} and ${another.by} both say what opens ${store.what}`, {
      hint: "Unset one of them, or name one way by an option.",
    });
  }
  return variable ?? (store === HOME_STORE ? configuredMeans() : undefined);
}

function configuredMeans(): ChosenMeans | undefined {
  const settings = readSettings();
  const [configured] = MEANS.flatMap((means) => {
    const value = settings[means.member];
    return value === undefined ? [] : [{ ...means, ...chosenBy(value, settingsPath(), "file") }];
  });
  return configured;
}

function chosenBy(value: string | true, by: string, source: ChosenMeans["source"]) {
  return { value: value === true ? "" : value, by, source };
}

/** What to pass where nothing says what opens a store, or is to open it. */
export function waysToSay(store: SecretStore, purpose: "create" | "open"): string {
  const passphrase = meansOf(store, "passphrase");
  const variable = `${store.variable}PASSPHRASE_FILE`;
  const others =
    store.otherwise === undefined
      ? MEANS.filter(({ type }) => type !== "passphrase" && purpose === "create").map(
          ({ type }) => meansOf(store, type).option,
        )
      : [store.otherwise[purpose]];
  const options = [passphrase.option, ...others];
  const named = [options.slice(0, -1).join(", "), ...options.slice(-1)].filter((part) => part !== "");
  return `Pass ${named.join(" or ")}, or set ${variable}. On a terminal you are asked for a passphrase.`;
}

/** What a kind of source is called, and the option for it as it is typed, and the variable. */
export function meansOf(
  store: SecretStore,
  type: KeySource["type"],
): { readonly name: string; readonly option: string; readonly variable?: string } {
  const { name, option, variable } = MEANS.find((each) => each.type === type) as Means;
  return {
    name,
    option: (store.option + option).replace(/<(.*)>/, upperCase),
    ...(variable === undefined ? {} : { variable: store.variable + variable }),
  };
}

function optionOf(store: SecretStore, { option }: Means): string {
  return store.option + option.replace(/ .*/, "");
}

function upperCase(_: string, argument: string): string {
  return argument.toUpperCase();
}

/** The options of a wallet under their names for any store. */
export function walletKeyOptions(options: WalletKeyOptions): KeyOptions {
  return keyOptionsOf("wallet", options);
}

/** The options of what is to open a wallet under their names for any store. */
export function newKeyOptions(options: NewKeyOptions): KeyOptions {
  return keyOptionsOf("new", options);
}

function keyOptionsOf<Prefix extends string>(prefix: Prefix, options: Prefixed<Prefix>): KeyOptions {
  const given = options as Readonly<Record<string, string | boolean | undefined>>;
  const members = MEANS.flatMap(({ member }) => {
    const value = given[prefix + member.replace(/^./, (first) => first.toUpperCase())];
    return value === undefined ? [] : [[member, value]];
  });
  return Object.fromEntries(members) as KeyOptions;
}
