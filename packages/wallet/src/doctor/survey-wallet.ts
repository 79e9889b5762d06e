import { openEnvelope, toHex, WritError, type ErrorCode, type KeySource } from "@writ/core";

import { keyOf } from "../keys/key-record.js";
import type { Progress } from "../progress.js";
import type { WalletRows } from "../store/sqlite-rows.js";
import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import type { ManifestSurvey } from "../vault/manifest.js";
import { COLLECTIONS, openRecord, tagOf, type Collection, type VaultRecord } from "../vault/record.js";
import { receiveDamagedState } from "../vault/received-view.js";
import { deriveVaultKeys, type VaultKeys } from "../vault/vault-keys.js";
import { createFoundTallies } from "./found-tallies.js";
import { readManifest, type Damaged } from "./read-manifest.js";
import { createSavedRecordsChoice, type NamedKeys, type SurveyedKey } from "./saved-records.js";
import { scanDamaged } from "./scan-damaged.js";

/** One thing that is wrong with a wallet. */
export interface WalletFinding {
  readonly code: ErrorCode;
  /** Of what it is said. */
  readonly of: "header" | "manifest" | "record" | "index" | "keys" | "file";
  /** Id of the record, in hex, where it is one. */
  readonly record?: string;
  readonly collection?: Collection;
  /** Number of the page, where it is one of the manifest's. */
  readonly page?: number;
  readonly detail: string;
}

/** What a look through a whole wallet found. */
export interface WalletSurvey {
  readonly generation: number;
  readonly counter: number;
  /** How many records of each collection are whole. */
  readonly whole: Readonly<Record<Collection, number>>;
  readonly findings: readonly WalletFinding[];
  /** The whole keys, each once, and which of them `saveWallet` saves. */
  readonly keys: readonly SurveyedKey[];
  /** DID of the key with which a wallet that is saved from this one opens; left out where it has to be named. */
  readonly primary?: string;
}

/** What is done with each record that is whole. The secret is overwritten afterwards. */
export type OnWhole = (record: VaultRecord) => void | Promise<void>;

/** How a wallet is looked through. */
export interface SurveyOptions {
  readonly secret: KeySource;
  readonly onWhole?: OnWhole;
  readonly onProgress?: (progress: Progress) => void;
  /** The same store's, where its file may be damaged: what either way leads to is found. */
  readonly rows?: WalletRows;
}

/** A planted id may be of any length; its first bytes tell which it is. */
const LONGEST_NAMED = 32;

/**
 * Looks through a wallet that may be damaged, record by record, and writes nothing.
 *
 * @throws WritError where nothing can be said of its records: `HEADER_CORRUPT`, `UNLOCK_FAILED`,
 *   `NOT_FOUND`, `FORMAT_TOO_NEW`, `DATABASE_INVALID`, `KDF_LIMIT`, `ARGUMENT_INVALID` for the secret, and for a
 *   keyring or a KMS `KEY_SOURCE_UNAVAILABLE`, `KEY_SOURCE_DENIED`
 */
export async function surveyWallet(store: WalletStore, options: SurveyOptions): Promise<WalletSurvey> {
  return (await lookThrough(store, options)).survey;
}

/** What was found, and what of it is saved. */
export interface Look {
  readonly survey: WalletSurvey;
  /** Leaves of the records that are saved, in hex. */
  readonly saved: ReadonlySet<string>;
}

/** How a wallet is looked through where records are told apart by their leaves, in hex. */
interface LookOptions extends Omit<SurveyOptions, "onWhole"> {
  readonly onWhole?: (record: VaultRecord, leaf: string) => void | Promise<void>;
  readonly named?: NamedKeys;
}

/**
 * Looks through a wallet as `surveyWallet`.
 *
 * @throws WritError of `surveyWallet`
 */
export async function lookThrough(
  store: WalletStore,
  { secret, onWhole = () => undefined, onProgress = () => undefined, named, rows }: LookOptions,
): Promise<Look> {
  const state = receiveDamagedState(await store.state());
  const envelope = await openEnvelope("wallet", state.header, secret);
  const { generation } = envelope;
  const keys = deriveVaultKeys(envelope);
  const findings: WalletFinding[] = [];
  // The store's count of root keys is nobody's word: what was sealed is bound to the header's.
  if (state.generation !== generation) findings.push(headerOfAnotherKey(state.generation, generation));
  const whole = { key: 0, credential: 0, generic: 0, delegation: 0, renewal: 0 };
  try {
    const manifest = await readManifest({ store, rows }, keys, state, findings);
    const found = createFoundTallies(keys);
    const choice = createSavedRecordsChoice();
    const changed = new Set<string>();
    let primaries = 0;
    let done = 0;
    const total = totalOf(keys, manifest) * (rows === undefined ? 1 : 2);
    const onGap = ({ code, message }: WritError): void => {
      findings.push({ code, of: "file", detail: `a part of the records cannot be read: ${message}` });
    };
    for await (const stored of everyRecord({ store, rows }, generation, onGap)) {
      onProgress({ done: ++done, total: Math.max(done, total) });
      const record = openAny(keys, stored, state.counter);
      if (record === undefined) {
        const id = toHex(stored.id);
        if (!changed.has(id)) findings.push(changedRecord(stored));
        changed.add(id);
        continue;
      }
      try {
        const leaf = found.add(record);
        if (leaf === undefined) continue;
        choice.add(leaf, record);
        whole[record.collection] += 1;
        if (record.collection === "key" && keyOf(record).isPrimary) primaries += 1;
        await onWhole(record, leaf);
      } finally {
        record.secret.fill(0);
      }
    }
    const { findings: differences, ages } = found.compare(manifest);
    findings.push(...differences);
    findings.push(...(await found.checkIndex(store)));
    if (primaries !== 1) findings.push(notOnePrimary(primaries));
    const { leaves: saved, ...keysFound } = choice.choose(ages, named);
    return { survey: { generation, counter: state.counter, whole, findings, ...keysFound }, saved };
  } finally {
    keys.wipe();
  }
}

/**
 * All records that can be read, but for those of a successor, whose root key is the next. Where they are read in two ways,
 * the manifest alone tells what neither led to.
 */
async function* everyRecord(
  { store, rows }: Damaged,
  generation: number,
  onGap: (error: WritError) => void,
): AsyncIterable<StoredRecord> {
  yield* scanDamaged(store, rows === undefined ? onGap : () => undefined);
  if (rows === undefined) return;
  for await (const row of rows.records()) if (row.generation !== generation + 1) yield row.record;
}

function totalOf(keys: VaultKeys, manifest: ManifestSurvey | undefined): number {
  return COLLECTIONS.map(
    (collection) => manifest?.tallies.get(toHex(tagOf(keys, collection)))?.count ?? 0,
  ).reduce((sum, each) => sum + each, 0);
}

/** A record whose collection nobody has named. */
function openAny(keys: VaultKeys, stored: StoredRecord, asOf: number): VaultRecord | undefined {
  for (const collection of COLLECTIONS) {
    try {
      return openRecord(keys, collection, stored, asOf);
    } catch {
      // Of another collection, or damaged.
    }
  }
  return undefined;
}

function headerOfAnotherKey(stored: number, generation: number): WalletFinding {
  const detail = `is of root key ${String(generation)}, and the store counts ${String(stored)}`;
  return { code: "RECORD_TAMPERED", of: "header", detail };
}

function notOnePrimary(primaries: number): WalletFinding {
  return primaries === 0
    ? { code: "RECORD_MISSING", of: "keys", detail: "the key with which the wallet opens is missing" }
    : { code: "RECORD_TAMPERED", of: "keys", detail: "more than one key is primary" };
}

function changedRecord({ id }: StoredRecord): WalletFinding {
  const detail = "does not open: it was changed or moved";
  return { code: "RECORD_TAMPERED", of: "record", record: toHex(id.subarray(0, LONGEST_NAMED)), detail };
}
