import { createSha256, encodeBase64url, formatTimestamp, WritError } from "@writ/core";

import type { Progress } from "../progress.js";
import { COLLECTIONS } from "../vault/record.js";
import type { Vault } from "../vault/vault.js";
import { vaultOf, type Wallet } from "../wallet.js";
import { encryptAge } from "./age-file.js";
import { FORMAT, invalidBackup, MAGIC, totalOf, type BackupEnd, type BackupHeader } from "./backup-format.js";
import { jsonLine, recordLine } from "./backup-line.js";
import { checkRecord } from "./backup-record.js";
import type { BackupRecipient } from "./backup-secret.js";

/** How a wallet is backed up. */
export interface BackupOptions {
  /** Who can open the backup. */
  readonly to: BackupRecipient;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Everything in a wallet as one encrypted file (age-encryption.org/v1), as it is at one moment. A record
 * that could not be restored is refused here, while there is a wallet to mend.
 *
 * What was yielded is a backup only when this has come to its end: write it to a temporary place until
 * then, and begin again in another where it throws `WALLET_CONFLICT`.
 *
 * @throws WritError `WALLET_CONFLICT` where the wallet is changed meanwhile; `ARGUMENT_INVALID`,
 *   `KDF_LIMIT` of the recipient; `BACKUP_INVALID` for a record that no wallet may hold;
 *   `RECORD_TAMPERED`, `RECORD_MISSING`, `WALLET_REKEYED`.
 */
export async function* backupWallet(
  wallet: Wallet,
  { to, onProgress }: BackupOptions,
): AsyncGenerator<Uint8Array, undefined> {
  const secrets: Uint8Array[] = [];
  try {
    yield* encryptAge(plaintextOf(wallet, secrets, onProgress), to);
  } finally {
    // Not before: a chunk that was handed over may still wait to be encrypted.
    for (const secret of secrets) secret.fill(0);
  }
}

/** @param secrets is given all that the caller overwrites when everything is encrypted */
async function* plaintextOf(
  wallet: Wallet,
  secrets: Uint8Array[],
  onProgress: BackupOptions["onProgress"],
): AsyncGenerator<Uint8Array, undefined> {
  const vault = vaultOf(wallet);
  const hash = createSha256();
  const hashed = (line: Uint8Array): Uint8Array => {
    hash.update(line);
    return line;
  };
  const header = await headerOf(vault, formatTimestamp(wallet.clock()));
  yield hashed(jsonLine(header));
  const total = totalOf(header.records);
  let done = 0;
  const marks = new Set<string>();
  for (const collection of COLLECTIONS) {
    for await (const { labels, value, secret } of vault.each(collection)) {
      const record = { collection, labels, value, ...(secret.length === 0 ? {} : { secret }) };
      assertRestorable(record, marks);
      const line = recordLine(record);
      if (secret.length > 0) secrets.push(secret, line);
      yield hashed(line);
      onProgress?.({ done: ++done, total });
    }
  }
  // Nothing was changed from the first look to the last: all of it is of one moment.
  const { generation, counter } = await vault.anchor();
  if (generation !== header.generation || counter !== header.counter) {
    throw new WritError("WALLET_CONFLICT", "the wallet was changed while it was backed up");
  }
  const end: BackupEnd = { lines: total + 1, sha256: encodeBase64url(hash.digest()) };
  yield jsonLine(end);
}

async function headerOf(vault: Vault, createdAt: string): Promise<BackupHeader> {
  const { generation, counter } = await vault.anchor();
  const counted = await Promise.all(
    COLLECTIONS.map(async (collection) => [collection, await vault.count(collection)] as const),
  );
  return {
    magic: MAGIC,
    format: FORMAT,
    generation,
    counter,
    createdAt,
    records: Object.fromEntries(counted),
  };
}

/** @param marks of those that came before */
function assertRestorable(record: Parameters<typeof checkRecord>[0], marks: Set<string>): void {
  try {
    const { mark } = checkRecord(record);
    if (marks.has(mark)) throw invalidBackup("the same record is there twice");
    marks.add(mark);
  } catch (cause) {
    if (!(cause instanceof WritError)) throw cause;
    const what = `a record of the kind ${record.collection} could not be restored`;
    throw new WritError("BACKUP_INVALID", `${what}: ${cause.message}`, { cause });
  }
}
