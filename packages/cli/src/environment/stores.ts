import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { requiredKeySource, systemEnvironment, WritError, type Database, type KeySource } from "@writ/core";
import type { SqliteOptions } from "@writ/database";
import type { OpenOptions, Organisation, Registry, RotatedOrganisation } from "@writ/issuer";
import type { Wallet, WalletStore } from "@writ/wallet";

import { openDatabase, withDatabase, withNewDatabase } from "./databases.js";
import { effectiveHome, effectiveOperator } from "./effective-settings.js";
import {
  chosenMeans,
  HOME_STORE,
  WALLET_STORE,
  walletKeyOptions,
  type KeyOptions,
  type WalletKeyOptions,
} from "./key-options.js";
import { newSecret, readSecret } from "./secrets.js";
import { databaseNamingFile, namingFile } from "./wallet-file-errors.js";

/** Options of commands that work on a home. */
export interface HomeOptions extends KeyOptions {
  readonly home?: string;
  readonly operator?: string;
}

/** Options of commands that work on a wallet. */
export interface WalletFileOptions extends WalletKeyOptions {
  readonly wallet?: string;
}

/** Options of commands in which one of a wallet's keys acts. */
export interface ActingOptions extends WalletFileOptions {
  readonly as?: string;
}

/** The folder of an organisation: the option, `$WRIT_HOME`, what is configured, or `~/.writ`. */
export function homeFolder({ home }: HomeOptions): string {
  return effectiveHome(home).value;
}

/** Who works here, for the events. */
function actingAs({ operator }: HomeOptions): OpenOptions {
  const named = effectiveOperator(operator);
  return named === undefined ? {} : { operator: named.value };
}

function homeFile(options: HomeOptions): string {
  return join(homeFolder(options), "writ.db");
}

/** Creates the home's organisation, uses it, and closes it. A failure while it is made leaves no file. */
export async function withNewHome<T>(
  options: HomeOptions & { readonly name: string; readonly statusBase?: string },
  use: (organisation: Organisation) => Promise<T>,
): Promise<T> {
  const { createOrganisation } = await import("@writ/issuer");
  const file = homeFile(options);
  if (existsSync(file)) {
    throw new WritError("FILE_EXISTS", `there is an organisation in ${homeFolder(options)} already`, {
      hint: "Use it, or name another folder with --home.",
    });
  }
  const secret = await newSecret(HOME_STORE, options);
  const { name, statusBase } = options;
  const create = (database: Database): Promise<Organisation> =>
    createOrganisation(database, {
      name,
      secret,
      ...actingAs(options),
      ...(statusBase === undefined ? {} : { statusBase }),
    });
  return withNewDatabase(file, create, (organisation) => closing(organisation, use));
}

/** Opens the home's records without its key. */
export async function withRegistry<T>(
  options: HomeOptions,
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  const { openRegistry } = await import("@writ/issuer");
  return withDatabase(existingHome(options), {}, async (database) =>
    use(await openRegistry(database, systemEnvironment, actingAs(options))),
  );
}

/** Opens the home with its key. */
export async function withOrganisation<T>(
  options: HomeOptions,
  use: (organisation: Organisation) => Promise<T>,
): Promise<T> {
  const { openOrganisation, organisationKeySource } = await import("@writ/issuer");
  return withDatabase(existingHome(options), {}, async (database) => {
    const secret = await readSecret(HOME_STORE, options, await organisationKeySource(database));
    const organisation = await openOrganisation(database, secret, systemEnvironment, actingAs(options));
    return closing(organisation, use);
  });
}

/** Gives the home's organisation another key, and uses it with that. */
export async function withRotatedOrganisation<T>(
  options: HomeOptions,
  reason: string | undefined,
  use: (rotated: RotatedOrganisation) => Promise<T>,
): Promise<T> {
  const { organisationKeySource, rotateOrganisation } = await import("@writ/issuer");
  return withDatabase(existingHome(options), {}, async (database) => {
    const secret = await readSecret(HOME_STORE, options, await organisationKeySource(database));
    const rotated = await rotateOrganisation(database, secret, systemEnvironment, {
      ...actingAs(options),
      ...(reason === undefined ? {} : { reason }),
    });
    return closing(rotated.organisation, () => use(rotated));
  });
}

/** Creates a wallet, uses it, and closes it. A failure while it is made leaves no file behind. */
export async function withNewWallet<T>(
  options: WalletFileOptions,
  use: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  const { createDatabaseWalletStore, createWallet } = await import("@writ/wallet");
  const file = walletFile(options);
  const secret = await newSecret(WALLET_STORE, walletKeyOptions(options));
  return withNewDatabase(
    file,
    (database) => createWallet(createDatabaseWalletStore(database), { secret }),
    (wallet) => closing(wallet, use),
  );
}

/** Opens a wallet, as one of its keys. */
export async function withWallet<T>(options: ActingOptions, use: (wallet: Wallet) => Promise<T>): Promise<T> {
  const { openWallet, useKey } = await import("@writ/wallet");
  const { as } = options;
  const file = existingWallet(options);
  return withWalletStore(file, options, async ({ store, secret }) =>
    closing(await namingFile(file, () => openWallet(store, secret)), async (wallet) =>
      use(as === undefined ? wallet : await useKey(wallet, as)),
    ),
  );
}

/** What a wallet is kept in, and what opens it. */
export interface LockedWallet {
  readonly store: WalletStore;
  readonly header: string;
  readonly secret: KeySource;
}

/**
 * Reads what opens a wallet, and uses both without opening it. A file that was left open is looked through first.
 *
 * @throws WritError `NOT_FOUND` for a database of something else; of a file that cannot be used, with its name;
 *   of the secret; and what `use` throws.
 */
export async function withWalletStore<T>(
  file: string,
  options: WalletKeyOptions,
  use: (locked: LockedWallet) => Promise<T>,
  database: Pick<SqliteOptions, "afterCrash"> = { afterCrash: "check" },
): Promise<T> {
  const { createDatabaseWalletStore } = await import("@writ/wallet");
  const opened = await namingFile(file, () => openDatabase(file, database));
  try {
    const store = createDatabaseWalletStore(databaseNamingFile(file, opened));
    const header = await headerIn(store, file);
    const required = await namingFile(file, () =>
      Promise.resolve().then(() => requiredKeySource("wallet", header)),
    );
    const secret = await readSecret(WALLET_STORE, walletKeyOptions(options), required);
    return await use({ store, header, secret });
  } finally {
    await opened.close();
  }
}

async function headerIn(store: WalletStore, file: string): Promise<string> {
  try {
    const { header } = await namingFile(file, () => store.state());
    return header;
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "NOT_FOUND") throw error;
    throw new WritError("NOT_FOUND", `${file} holds no wallet; it is a database of something else`, {
      cause: error,
    });
  }
}

/**
 * The absolute path of a wallet that is there.
 *
 * @throws WritError `FILE_UNREADABLE`, `USAGE`.
 */
export function existingWallet(options: WalletFileOptions): string {
  const file = walletFile(options);
  if (!existsSync(file)) {
    throw new WritError("FILE_UNREADABLE", `there is no wallet at ${file}`, {
      hint: "`writ wallet create --wallet FILE` makes one.",
    });
  }
  return file;
}

/** Whether there is a wallet and it is said what opens it, so that nobody has to be asked. */
export function canOpenWallet(options: WalletFileOptions): boolean {
  return (
    existsSync(walletFile(options)) && chosenMeans(WALLET_STORE, walletKeyOptions(options)) !== undefined
  );
}

/** Opens the wallet, or creates it where there is none. */
export async function withWalletOrNew<T>(
  options: WalletFileOptions,
  use: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  return existsSync(walletFile(options)) ? withWallet(options, use) : withNewWallet(options, use);
}

/** The absolute path of the wallet that the options name. */
export function walletFile({ wallet }: WalletFileOptions): string {
  if (wallet === undefined || wallet === "")
    throw new WritError("USAGE", "name the wallet with --wallet FILE");
  return resolve(wallet);
}

async function closing<R extends { close(): void }, T>(
  resource: R,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await use(resource);
  } finally {
    resource.close();
  }
}

function existingHome(options: HomeOptions): string {
  const file = homeFile(options);
  if (!existsSync(file)) {
    throw new WritError("FILE_UNREADABLE", `there is no organisation in ${homeFolder(options)}`, {
      hint: "Name the folder of one (--home or WRIT_HOME; --registry, for what an agent hands on), or create one: writ init --home DIR --name NAME",
    });
  }
  return file;
}
