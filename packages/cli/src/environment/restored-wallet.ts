import { existsSync } from "node:fs";

import { WritError, type ErrorCode } from "@writ/core";
import type { BackupSummary, WalletStore } from "@writ/wallet";

import { withDatabase } from "./databases.js";
import { tellOfKeptKey } from "./old-key.js";
import { withPublishedDatabase } from "./published-database.js";
import { walletFile, type WalletFileOptions } from "./stores.js";

/**
 * Lets a wallet be restored into its file: beside the wallet that is there, or else into a file that gets its
 * name when it is whole.
 *
 * @param ifThere whether a wallet that is there may be replaced
 * @throws WritError `FILE_EXISTS`, of the database, and what `restore` throws.
 */
export async function withRestoredWallet(
  options: WalletFileOptions,
  ifThere: "refuse" | "replace",
  restore: (store: WalletStore, replace: "existing" | undefined) => Promise<BackupSummary>,
): Promise<BackupSummary> {
  const { createDatabaseWalletStore } = await import("@writ/wallet");
  const file = walletFile(options);
  if (existsSync(file)) {
    if (ifThere === "refuse") {
      throw new WritError("FILE_EXISTS", `${file} exists already`, {
        hint: "Name another file, or pass --replace to lose what is in this one.",
      });
    }
    try {
      return await withDatabase(file, {}, async (database) => {
        const store = createDatabaseWalletStore(database);
        // One that lost its header can be replaced all the same.
        const header = await store.state().then(
          (state) => state.header,
          () => undefined,
        );
        const summary = await restore(store, "existing");
        // Nobody has opened it: it may be a copy of a wallet that is in use, whose key this is.
        if (header !== undefined) tellOfKeptKey(header);
        return summary;
      });
    } catch (error) {
      throw aboutDamage(error, file);
    }
  }
  return withPublishedDatabase(file, (database) => restore(createDatabaseWalletStore(database), undefined));
}

const DAMAGE: ReadonlySet<ErrorCode> = new Set(["DATABASE_INVALID", "HEADER_CORRUPT", "RECORD_TAMPERED"]);

/** A wallet is replaced within its file, which a damaged one does not allow. */
function aboutDamage(error: unknown, file: string): unknown {
  if (!(error instanceof WritError && DAMAGE.has(error.code))) return error;
  const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
  return new WritError(error.code, message, {
    hint: "The file that is there is damaged: move it away, with what has its name and -wal or -shm, and restore without --replace.",
    cause: error,
  });
}
