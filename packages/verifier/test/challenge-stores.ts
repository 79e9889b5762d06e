import { openSqliteDatabase } from "@writ/database";
import { onTestFinished } from "vitest";

import {
  createChallengeStore,
  createMemoryChallengeStore,
  openChallengeStore,
  type ChallengeStore,
  type ChallengeStoreOptions,
} from "../src/index.js";
import { temporaryDatabase } from "./ledgers.js";

/** A new store of each kind. */
export const STORES: readonly {
  readonly name: string;
  readonly open: (options: ChallengeStoreOptions) => Promise<ChallengeStore>;
}[] = [
  { name: "in memory", open: (options) => Promise.resolve(createMemoryChallengeStore(options)) },
  {
    name: "in a database",
    open: async (options) => createChallengeStore(await temporaryDatabase(), options),
  },
];

/** A store that another connection shares, as another process would. */
export async function openShared(path: string, options: ChallengeStoreOptions): Promise<ChallengeStore> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  onTestFinished(() => database.close());
  return openChallengeStore(database, options);
}
