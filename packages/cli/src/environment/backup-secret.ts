import { WritError } from "@writ/core";
import type { BackupRecipient, BackupSecret } from "@writ/wallet";

import { readInput } from "./files.js";
import { BACKUP_STORE } from "./key-options.js";
import { newSecret, readSecret } from "./secrets.js";

/** Options that say what protects a backup. */
export interface BackupSecretOptions {
  readonly recipient?: readonly string[];
  readonly identityFile?: string;
  readonly backupPassphraseFile?: string;
}

/**
 * For whom a backup is encrypted: the recipients that are named, or who knows its passphrase.
 *
 * @throws WritError `USAGE`, and of the passphrase.
 */
export async function readBackupRecipient(options: BackupSecretOptions): Promise<BackupRecipient> {
  const { recipient: recipients, backupPassphraseFile } = options;
  if (recipients === undefined) return readBackupPassphrase(options, "create");
  if (backupPassphraseFile !== undefined) {
    throw new WritError("USAGE", "name either --recipient or --backup-passphrase-file");
  }
  return { type: "recipients", recipients };
}

/**
 * What opens a backup: the identities in a file as `age-keygen` writes it, or its passphrase.
 *
 * @throws WritError `USAGE`, `SECRET_MISSING`, `FILE_UNREADABLE`, and of the passphrase.
 */
export async function readBackupSecret(options: BackupSecretOptions): Promise<BackupSecret> {
  const { identityFile, backupPassphraseFile } = options;
  if (identityFile === undefined) return readBackupPassphrase(options, "open");
  if (backupPassphraseFile !== undefined) {
    throw new WritError("USAGE", "name either --identity-file or --backup-passphrase-file");
  }
  const text = new TextDecoder().decode(await readInput(identityFile));
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.length === 0) throw new WritError("SECRET_MISSING", `${identityFile} holds no identity`);
  return { type: "identities", identities };
}

async function readBackupPassphrase(
  { backupPassphraseFile }: BackupSecretOptions,
  purpose: "create" | "open",
): Promise<{ readonly type: "passphrase"; readonly passphrase: string }> {
  const given = backupPassphraseFile === undefined ? {} : { passphraseFile: backupPassphraseFile };
  const secret = await (purpose === "create"
    ? newSecret(BACKUP_STORE, given)
    : readSecret(BACKUP_STORE, given, { type: "passphrase" }));
  if (secret.type !== "passphrase") {
    throw new WritError("USAGE", "a backup is protected by a passphrase, or by a recipient of age");
  }
  return secret;
}
