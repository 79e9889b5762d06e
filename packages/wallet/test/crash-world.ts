import { join } from "node:path";

import { openSqliteDatabase } from "@writ/database";
import { expect } from "vitest";

import { createDatabaseWalletStore, createWallet, listKeys, openWallet, surveyWallet } from "../src/index.js";
import type { KeySource } from "@writ/core";
import { rawKey, temporaryFolder } from "./world.js";

export { FULL, report } from "@writ/testkit";

/** The path of a new wallet that the raw key 1 opens; nobody has it open. */
export async function walletFile(folder: string = temporaryFolder()): Promise<string> {
  const path = join(folder, "agent.wallet");
  const database = await openSqliteDatabase({ path, mode: "create" });
  await createWallet(createDatabaseWalletStore(database), { secret: rawKey(1) });
  await database.close();
  return path;
}

/** What a wallet holds after a crash: the names of its keys. Whatever is wrong with it fails the test. */
export async function namesIn(path: string, secret: KeySource = rawKey(1)): Promise<ReadonlySet<string>> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  try {
    const store = createDatabaseWalletStore(database);
    expect((await surveyWallet(store, { secret })).findings).toEqual([]);
    expect(await database.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const wallet = await openWallet(store, secret);
    const names = (await listKeys(wallet)).map(({ name = "" }) => name);
    wallet.close();
    return new Set(names);
  } finally {
    await database.close();
  }
}
