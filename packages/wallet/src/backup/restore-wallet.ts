import {
  createEnvelope,
  discardKey,
  equalBytes,
  randomUuidUrn,
  systemEnvironment,
  WritError,
  type Argon2Cost,
  type Environment,
  type KeySource,
  type RandomSource,
} from "@writ/core";

import type { Progress } from "../progress.js";
import { stateIfThere } from "../state-if-there.js";
import type { StoreState, WalletStore } from "../store/wallet-store.js";
import type { RecordContent } from "../vault/record.js";
import { tampered } from "../vault/damage.js";
import { receiveState } from "../vault/received-view.js";
import { createVault } from "../vault/open-vault.js";
import type { Vault } from "../vault/vault.js";
import { openAgeFile, type AgeFile } from "./age-file.js";
import { DEFAULT_LIMITS, invalidBackup, type BackupLimits, type BackupSummary } from "./backup-format.js";
import type { BackupSecret } from "./backup-secret.js";
import { readBackup, type ReadBackup, type TakeRecord } from "./read-backup.js";

/** How far it has come: everything is read and checked first, then written. */
export interface RestoreProgress extends Progress {
  readonly step: "verify" | "write";
}

/** How a wallet is restored. */
export interface RestoreOptions {
  /** What opens the backup. */
  readonly secret: BackupSecret;
  /** What opens the wallet from now on. */
  readonly newSecret: KeySource;
  /** Cost of Argon2id, where the new secret is a passphrase. */
  readonly cost?: Argon2Cost;
  /** Whether a wallet that is there goes, with all that is in it; it is refused unless given. */
  readonly replace?: "existing";
  /** DID of the primary key; any unless given. Whoever knows a recipient can make a backup for it. */
  readonly expectedDid?: string;
  readonly limits?: Partial<BackupLimits>;
  /**
   * Is told what the backup holds when all of it was checked, before anything is written; what it throws
   * ends the work.
   */
  readonly confirm?: (summary: BackupSummary) => Promise<void>;
  readonly onProgress?: (progress: RestoreProgress) => void;
}

/** Records are written so many at a time, or fewer where they are large. */
const BATCH_RECORDS = 2048;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Makes a wallet of what is in a backup, with another secret. All of the backup is read and checked before
 * the store is touched; then it is read again and written beside the wallet that is there, whose place it
 * takes in one step. Until then, and whatever fails or crashes, that wallet stays as it is; processes
 * that have it open get `WALLET_REKEYED` afterwards. In a store without a wallet, one that nobody can open
 * holds the place meanwhile.
 *
 * @param open begins to read the backup; called several times
 * @throws WritError `ALREADY_EXISTS`; `UNLOCK_FAILED` for a secret that does not open it;
 *   `BACKUP_INVALID`, `FORMAT_TOO_NEW`, `TOO_LARGE`, `KDF_LIMIT` of the backup; `BACKUP_MISMATCH` for
 *   another wallet's; `WALLET_CONFLICT` where the wallet is changed meanwhile; `HEADER_CORRUPT`,
 *   `RECORD_TAMPERED` where the one that is there is damaged so that none can take its place; the codes of the store.
 */
export async function restoreWallet(
  store: WalletStore,
  open: () => AsyncIterable<Uint8Array>,
  options: RestoreOptions,
  { random }: Pick<Environment, "random"> = systemEnvironment,
): Promise<BackupSummary> {
  const before = await stateIfThere(store);
  if (before !== undefined && options.replace === undefined) {
    throw new WritError("ALREADY_EXISTS", "there is a wallet here already");
  }
  if (before !== undefined) assertReplaceable(before);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const backup = await openAgeFile(open, options.secret);
  try {
    const verified = await readBackup(backup.read(), limits, (record, progress) => {
      record.secret?.fill(0);
      options.onProgress?.({ step: "verify", ...progress });
      return Promise.resolve();
    });
    const { summary } = verified;
    const { expectedDid = summary.did } = options;
    if (summary.did !== expectedDid) {
      throw new WritError("BACKUP_MISMATCH", `this is a backup of the wallet of ${summary.did}`);
    }
    await options.confirm?.(summary);
    await writeSuccessor(store, before, { ...options, limits, backup, verified, random });
    return summary;
  } finally {
    backup.close();
  }
}

/** A moment of the wallet that is there. */
type Existing = Pick<StoreState, "generation" | "root">;

/**
 * A wallet is replaced by its root, and what replaces it has the next root key: without either, all of the work
 * would be for nothing.
 */
function assertReplaceable({ generation, root }: Existing): void {
  if (root.length === 0) throw tampered("the wallet has lost the root of its manifest");
  if (generation >= Number.MAX_SAFE_INTEGER) throw tampered("the wallet's count of root keys is none");
}

interface Verified extends RestoreOptions {
  readonly limits: BackupLimits;
  readonly backup: AgeFile;
  readonly verified: ReadBackup;
  readonly random: RandomSource;
}

async function writeSuccessor(
  store: WalletStore,
  existing: Existing | undefined,
  { newSecret, cost, limits, backup, verified, random, onProgress }: Verified,
): Promise<void> {
  const before = existing ?? (await holdPlace(store, random));
  const id = randomUuidUrn(random);
  const made = await createEnvelope("wallet", id, newSecret, random, cost, before.generation + 1);
  let vault: Vault | undefined;
  let isBegun = false;
  try {
    await store.abandonSuccessor();
    isBegun = true;
    vault = await createVault(store.successor(), made.header, made.envelope, random);
    const batches = writeBatches(vault, (progress) => onProgress?.({ step: "write", ...progress }));
    const { digest } = await readBackup(backup.read(), limits, batches.take);
    if (!equalBytes(digest, verified.digest)) throw invalidBackup("it was changed while it was read");
    const writes = await batches.end();
    const root = await vault.root();
    // Nobody else wrote to it, such as somebody who gives the wallet another key at the same time.
    const isOurs = (await vault.anchor()).counter === writes;
    if (!isOurs) throw conflict();
    if (!(await store.succeed(before.root, root))) {
      const isUnchanged = (await hasRoot(store, before.root)) && (await hasRoot(store.successor(), root));
      throw isUnchanged ? tampered("the wallet's row is damaged: none can take its place") : conflict();
    }
  } catch (error) {
    made.envelope.rootKey.fill(0);
    // Why it failed matters more than what is left of it, which the next attempt takes away. What is there
    // where none was made is somebody else's.
    if (vault !== undefined) await store.abandonSuccessor().catch(() => undefined);
    // A successor that was begun may have been let into the place by somebody else who opens it.
    if (!isBegun || (await isAnother(store, made.header))) {
      await discardKey("wallet", made.header, newSecret).catch(() => undefined);
    }
    throw error;
  } finally {
    vault?.close();
  }
}

function conflict(): WritError {
  return new WritError("WALLET_CONFLICT", "the wallet was changed while another was restored over it");
}

/** Whether what a store has now is known to be of a root. */
async function hasRoot(store: WalletStore, root: Uint8Array): Promise<boolean> {
  const state = await stateIfThere(store);
  return state !== undefined && equalBytes(state.root, root);
}

/**
 * Whether the wallet was seen to have another header. What failed may have been done all the same, as when a
 * connection ends after a commit: then the key of the header opens the wallet, and nothing else does.
 */
async function isAnother(store: WalletStore, header: string): Promise<boolean> {
  try {
    return receiveState(await store.state()).header !== header;
  } catch {
    return false;
  }
}

/** Makes an empty wallet for others to succeed: its secret is nobody's. */
async function holdPlace(store: WalletStore, random: RandomSource): Promise<Existing> {
  const nobody: KeySource = { type: "raw", key: random(32) };
  const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), nobody, random);
  const vault = await createVault(store, header, envelope, random);
  try {
    return { generation: envelope.generation, root: await vault.root() };
  } finally {
    vault.close();
  }
}

interface Batches {
  readonly take: TakeRecord;
  /** Writes what is left. Returns how many writes there were. */
  end(): Promise<number>;
}

function writeBatches(vault: Vault, onProgress: (progress: Progress) => void): Batches {
  let batch: RecordContent[] = [];
  let size = 0;
  let writes = 0;
  async function flush(): Promise<void> {
    const add = batch;
    batch = [];
    size = 0;
    writes += 1;
    await vault.change(() => Promise.resolve({ add }));
  }
  return {
    async end() {
      if (batch.length > 0) await flush();
      return writes;
    },
    async take(record, progress, bytes) {
      batch.push(record);
      size += bytes;
      if (batch.length >= BATCH_RECORDS || size >= BATCH_BYTES) await flush();
      onProgress(progress);
    },
  };
}
