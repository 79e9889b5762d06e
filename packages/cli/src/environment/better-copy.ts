import { WritError } from "@writ/core";
import type { WalletSurvey } from "@writ/wallet";

import { withDatabase } from "./databases.js";
import { mendedCopy } from "./mended-copy.js";
import { withWalletStore, type LockedWallet, type WalletFileOptions } from "./stores.js";

/** Whatever state it is in, as much of it as can be read is read. */
export const AS_IT_IS = {};

/**
 * Of a damaged wallet, and a copy of it in which SQLite's own bookkeeping is mended, uses the one that shows more.
 *
 * @param copy a private one
 * @throws WritError of `withWalletStore`
 */
export async function withBetterCopy<T>(
  copy: string,
  options: WalletFileOptions,
  use: (locked: LockedWallet) => Promise<T>,
): Promise<T> {
  const mended = await mendedCopy(copy);
  if (mended === undefined || !(await canBeOpened(mended))) {
    return withWalletStore(copy, options, use, AS_IT_IS);
  }
  if (!(await canBeOpened(copy))) return withWalletStore(mended, options, use, AS_IT_IS);
  const { createDatabaseWalletStore } = await import("@writ/wallet");
  return withWalletStore(
    copy,
    options,
    (locked) =>
      withDatabase(mended, AS_IT_IS, async (database) => {
        const other = { ...locked, store: createDatabaseWalletStore(database) };
        return use((await showsMore(other, locked)) ? other : locked);
      }),
    AS_IT_IS,
  );
}

/** Whether there is a wallet in a file, whatever can be read of its records. */
async function canBeOpened(path: string): Promise<boolean> {
  const { createDatabaseWalletStore } = await import("@writ/wallet");
  const state = await orNothing(() =>
    withDatabase(path, AS_IT_IS, (database) => createDatabaseWalletStore(database).state()),
  );
  return state !== undefined;
}

/** Whether the one has more whole records, and the key with which the wallet opens if the other has it. */
async function showsMore(one: LockedWallet, other: LockedWallet): Promise<boolean> {
  const { surveyWallet } = await import("@writ/wallet");
  const [mine, theirs] = [
    await orNothing(() => surveyWallet(one.store, one)),
    await orNothing(() => surveyWallet(other.store, other)),
  ];
  if (mine === undefined || theirs === undefined) return mine !== undefined;
  return countOf(mine) > countOf(theirs) && (mine.primary !== undefined || theirs.primary === undefined);
}

function countOf({ whole }: WalletSurvey): number {
  return Object.values(whole).reduce((sum, count) => sum + count, 0);
}

/** What is wrong with one that is not used, nobody has to know. */
async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WritError) return undefined;
    throw error;
  }
}
