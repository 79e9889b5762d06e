import { toHex, WritError } from "@writ/core";

import { checkRecord } from "../backup/backup-record.js";
import { keyOf, type WalletKey } from "../keys/key-record.js";
import type { Collection, VaultRecord } from "../vault/record.js";
import type { DoubtfulAge } from "./found-tallies.js";

/** A whole key of a wallet that may be damaged. */
export interface SurveyedKey {
  readonly did: string;
  readonly name?: string;
  /** Whether the wallet opened with it when this was written. */
  readonly isPrimary: boolean;
  /** Whether it is saved; one that is not may have been destroyed, and others are known better to be of now. */
  readonly isSaved: boolean;
  /** Why it may not be of now: it is from another time, or whether it is cannot be told. */
  readonly code?: DoubtfulAge;
}

/** Which of the whole records are saved. */
export interface SavedRecords {
  /** Their leaves, in hex. */
  readonly leaves: ReadonlySet<string>;
  /** All whole keys, each once. */
  readonly keys: readonly SurveyedKey[];
  /** DID of the saved key with which the wallet opens; left out where that is to be named. */
  readonly primary?: string;
}

/** Keys of which their owner says what becomes of them, by their DIDs. */
export interface NamedKeys {
  /**
   * With which the new wallet opens; it is saved, however old it may be. Default: the one with which the wallet opened,
   * where that can be told.
   */
  readonly primary?: string | undefined;
  /** Which are saved as well, however old they may be. None unless given. */
  readonly keep?: readonly string[] | undefined;
}

/** Whole records, of which those to be saved are chosen once the age of each is known. */
export interface SavedRecordsChoice {
  /** @param leaf of the record, in hex */
  add(leaf: string, record: VaultRecord): void;
  /**
   * @param ages of those that may be old, by their leaves
   * @param named DIDs of keys that are saved however old they may be, and of the one that is to be primary
   */
  choose(ages: ReadonlyMap<string, DoubtfulAge>, named?: NamedKeys): SavedRecords;
}

interface Candidate {
  readonly leaf: string;
  readonly collection: Collection;
  /** The same for the same key or document. */
  readonly mark: string;
  /** Ids follow the order of writing, and so do revisions. */
  readonly id: string;
  readonly revision: number;
  readonly key?: WalletKey;
}

interface Aged extends Candidate {
  readonly age: DoubtfulAge | undefined;
}

/** The most certain to be of now first. */
const AGES: readonly (DoubtfulAge | undefined)[] = [undefined, "RECORD_AGE_UNAVAILABLE", "RECORD_TAMPERED"];

/**
 * Begins to choose. What is there more than once, as a backup would see it, is saved once: the record that is most
 * certain to be of now, and of such the one that was written last. Of the keys only those are saved of which that is
 * most certain.
 */
export function createSavedRecordsChoice(): SavedRecordsChoice {
  const candidates: Candidate[] = [];
  return {
    add(leaf, record) {
      const { collection, stored } = record;
      const key = collection === "key" ? keyOf(record) : undefined;
      candidates.push({
        leaf,
        collection,
        mark: key?.did ?? markOf(leaf, record),
        id: toHex(stored.id),
        revision: stored.revision,
        ...(key === undefined ? {} : { key }),
      });
    },
    choose(ages, { primary, keep = [] } = {}) {
      const best = new Map<string, Aged>();
      /** Keys that some record of now says to be primary. */
      const primaries = new Set<string>();
      for (const candidate of candidates) {
        const aged = { ...candidate, age: ages.get(candidate.leaf) };
        const before = best.get(aged.mark);
        if (before === undefined || isBetter(aged, before)) best.set(aged.mark, aged);
        if (aged.key?.isPrimary === true && aged.age === undefined) primaries.add(aged.key.did);
      }
      const once = [...best.values()];
      const newest = AGES.find((age) => once.some((each) => each.key !== undefined && each.age === age));
      const isSaved = ({ key, age }: Aged): boolean =>
        key === undefined || age === newest || key.did === primary || keep.includes(key.did);
      const keys = once.flatMap((each): readonly SurveyedKey[] => {
        if (each.key === undefined) return [];
        const { did, name, isPrimary } = each.key;
        return [
          {
            did,
            ...(name === undefined ? {} : { name }),
            isPrimary: isPrimary || primaries.has(did),
            isSaved: isSaved(each),
            ...(each.age === undefined ? {} : { code: each.age }),
          },
        ];
      });
      const did = primaryOf(keys, primary);
      return {
        leaves: new Set(once.filter(isSaved).map(({ leaf }) => leaf)),
        keys,
        ...(did === undefined ? {} : { primary: did }),
      };
    },
  };
}

/**
 * In whose name the saved wallet speaks is never guessed. It is named, or one key alone is known to be primary; what
 * may be of another time is taken at its word only where there is no other key, and nothing speaks against it.
 */
function primaryOf(keys: readonly SurveyedKey[], named: string | undefined): string | undefined {
  if (named !== undefined) return keys.find(({ did }) => did === named)?.did;
  const [primary, ...others] = keys.filter(({ isPrimary, code }) => isPrimary && code === undefined);
  if (primary !== undefined) return others.length === 0 ? primary.did : undefined;
  const [only] = keys.length === 1 ? keys : [];
  return only?.isPrimary === true && only.code === "RECORD_AGE_UNAVAILABLE" ? only.did : undefined;
}

/** What a backup takes for the same; a record that no backup may hold is like no other. */
function markOf(leaf: string, { collection, value, labels }: VaultRecord): string {
  try {
    return checkRecord({ collection, value, labels }).mark;
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return `${collection} ${leaf}`;
  }
}

function isBetter(a: Aged, b: Aged): boolean {
  const [first, second] = [AGES.indexOf(a.age), AGES.indexOf(b.age)];
  if (first !== second) return first < second;
  if (a.id !== b.id) return a.id > b.id;
  return a.revision === b.revision ? a.leaf > b.leaf : a.revision > b.revision;
}
