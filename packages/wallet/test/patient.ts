import { join } from "node:path";

import { toHex, type Database, type KeySource } from "@writ/core";

import {
  addCredentials,
  createDatabaseWalletStore,
  createKey,
  createMemoryWalletStore,
  listKeys,
  openWallet,
  saveWallet,
  surveyWallet,
  type NamedKeys,
  type StoredRecord,
  type Wallet,
  type WalletStore,
  type WalletSurvey,
} from "../src/index.js";
import { authorityOf, identityOf, openDatabase, openWorld, rawKey, temporaryFolder } from "./world.js";

export const SECRET: KeySource = rawKey(1);
export const NEW_SECRET: KeySource = rawKey(2);

export interface Patient {
  readonly path: string;
  readonly database: Database;
  readonly store: WalletStore;
  readonly wallet: Wallet;
}

/** A wallet with two keys, an identity and an authority credential. */
export async function openPatient(): Promise<Patient> {
  const path = join(temporaryFolder(), "agent.wallet");
  const database = await openDatabase(path, "create");
  const store = createDatabaseWalletStore(database);
  const { wallet } = await openWorld("patient", store);
  await createKey(wallet, { name: "second" });
  await addCredentials(wallet, [await identityOf(wallet.did), await authorityOf(wallet.did)]);
  return { path, database, store, wallet };
}

export const survey = (store: WalletStore): Promise<WalletSurvey> => surveyWallet(store, { secret: SECRET });

/** What can be saved, in a wallet of its own. */
export async function saved(store: WalletStore, named: NamedKeys = {}): Promise<Wallet> {
  const into = createMemoryWalletStore();
  await saveWallet(store, { secret: SECRET, into, newSecret: NEW_SECRET, ...named });
  return openWallet(into, NEW_SECRET);
}

export const didsOf = async (wallet: Wallet): Promise<readonly string[]> =>
  (await listKeys(wallet)).map(({ did }) => did);

/** Puts a record back as somebody with the file would. */
export async function putBack(
  database: Database,
  { id, revision, sealed, tags }: StoredRecord,
): Promise<void> {
  await database.query("INSERT INTO wallet_records VALUES (1, $1, $2, $3, $4)", [
    id,
    revision,
    sealed,
    Buffer.concat([...tags]),
  ]);
  for (const tag of tags) await database.query("INSERT INTO wallet_tags VALUES (1, $1, $2)", [tag, id]);
}

/** The records that are in the store no more after some work. */
export async function goneAfter(
  store: WalletStore,
  work: () => Promise<unknown>,
): Promise<readonly StoredRecord[]> {
  const before = await store.scan(undefined, 99);
  await work();
  const kept = new Set((await store.scan(undefined, 99)).map(({ id }) => toHex(id)));
  return before.filter(({ id }) => !kept.has(toHex(id)));
}
