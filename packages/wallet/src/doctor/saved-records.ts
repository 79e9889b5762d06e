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

/** Whole records, of which those to be saved are chosen once the age of each is known. */
export interface SavedRecordsChoice {
  /** @param leaf of the record, in hex */
  add(leaf: string, record: VaultRecord): void;
  /**
   * @param ages of those that may be old, by their leaves
   * @param named DID of the key that is to be primary. It is saved unless it is known to be from another time
   */
  choose(ages: ReadonlyMap<string, DoubtfulAge>, named?: string): SavedRecords;
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
    choose(ages, named) {
      const best = new Map<string, Aged>();
      for (const candidate of candidates) {
        const aged = { ...candidate, age: ages.get(candidate.leaf) };
        const before = best.get(aged.mark);
        if (before === undefined || isBetter(aged, before)) best.set(aged.mark, aged);
      }
      const once = [...best.values()];
      const newest = AGES.find((age) => once.some((each) => each.key !== undefined && each.age === age));
      const isSaved = ({ key, age }: Aged): boolean =>
        key === undefined || age === newest || (key.did === named && age !== "RECORD_TAMPERED");
      const keys = once.flatMap((each) =>
        each.key === undefined ? [] : [surveyed(each.key, each.age, isSaved(each))],
      );
      const primary = primaryOf(keys, named);
      return {
        leaves: new Set(once.filter(isSaved).map(({ leaf }) => leaf)),
        keys,
        ...(primary === undefined ? {} : { primary }),
      };
    },
  };
}

/** The key in whose name the saved wallet speaks is never guessed: one alone says so, or it is named. */
function primaryOf(keys: readonly SurveyedKey[], named: string | undefined): string | undefined {
  const [primary, ...others] = keys.filter(
    ({ did, isSaved, isPrimary }) => isSaved && (named === undefined ? isPrimary : did === named),
  );
  return others.length === 0 ? primary?.did : undefined;
}

function surveyed(
  { did, name, isPrimary }: WalletKey,
  code: DoubtfulAge | undefined,
  isSaved: boolean,
): SurveyedKey {
  return {
    did,
    ...(name === undefined ? {} : { name }),
    isPrimary,
    isSaved,
    ...(code === undefined ? {} : { code }),
  };
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
