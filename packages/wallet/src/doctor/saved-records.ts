import { toHex, WritError } from "@writ/core";

import { checkRecord } from "../backup/backup-record.js";
import { keyOf } from "../keys/key-record.js";
import type { Collection, VaultRecord } from "../vault/record.js";
import type { DoubtfulAge } from "./found-tallies.js";

/** A whole key that is left out where a wallet is saved: others are known better to be of now. */
export interface KeyNotSaved {
  readonly did: string;
  readonly name?: string;
  /** Why: it is from another time, or whether it is cannot be told. It may have been destroyed since. */
  readonly code: DoubtfulAge;
}

/** Which of the whole records are saved. */
export interface SavedRecords {
  /** Their leaves, in hex. */
  readonly leaves: ReadonlySet<string>;
  readonly notSaved: readonly KeyNotSaved[];
}

/** Whole records, of which those to be saved are chosen once the age of each is known. */
export interface SavedRecordsChoice {
  /** @param leaf of the record, in hex */
  add(leaf: string, record: VaultRecord): void;
  /** @param ages of those that may be old, by their leaves */
  choose(ages: ReadonlyMap<string, DoubtfulAge>): SavedRecords;
}

interface Candidate {
  readonly leaf: string;
  readonly collection: Collection;
  /** The same for the same key or document. */
  readonly mark: string;
  /** Ids follow the order of writing, and so do revisions. */
  readonly id: string;
  readonly revision: number;
  readonly key?: Omit<KeyNotSaved, "code">;
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
      const { did, name } = collection === "key" ? keyOf(record) : {};
      candidates.push({
        leaf,
        collection,
        mark: did ?? markOf(leaf, record),
        id: toHex(stored.id),
        revision: stored.revision,
        ...(did === undefined ? {} : { key: { did, ...(name === undefined ? {} : { name }) } }),
      });
    },
    choose(ages) {
      const best = new Map<string, Aged>();
      for (const candidate of candidates) {
        const aged = { ...candidate, age: ages.get(candidate.leaf) };
        const before = best.get(aged.mark);
        if (before === undefined || isBetter(aged, before)) best.set(aged.mark, aged);
      }
      const once = [...best.values()];
      const keys = once.filter(({ collection }) => collection === "key");
      const newest = AGES.find((age) => keys.some((key) => key.age === age));
      const isSaved = ({ key, age }: Aged): boolean => key === undefined || age === newest;
      return {
        leaves: new Set(once.filter(isSaved).map(({ leaf }) => leaf)),
        notSaved: keys.flatMap(({ key, age }) =>
          key === undefined || age === undefined || age === newest ? [] : [{ ...key, code: age }],
        ),
      };
    },
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
