import { equalBytes, toHex } from "@writ/core";

import type { WalletStore } from "../store/wallet-store.js";
import { EMPTY_TALLY } from "../vault/bucket.js";
import { leafOf, type ManifestSurvey } from "../vault/manifest.js";
import { COLLECTIONS, tagOf, type Collection, type VaultRecord } from "../vault/record.js";
import { receiveFound } from "../vault/received-view.js";
import { addSums } from "../vault/sum.js";
import type { VaultKeys } from "../vault/vault-keys.js";
import { isDamage } from "./attempt.js";
import type { WalletFinding } from "./survey-wallet.js";

/** Why a whole record may not be of now: it is from another time, or that cannot be told. */
export type DoubtfulAge = "RECORD_AGE_UNAVAILABLE" | "RECORD_TAMPERED";

/** How the records that were found differ from what the manifest has. */
export interface Comparison {
  readonly findings: readonly WalletFinding[];
  /** Of the records that may not be of now, by their leaves in hex. */
  readonly ages: ReadonlyMap<string, DoubtfulAge>;
}

/** Tallies of the records that were found whole, to be held against those of the manifest. */
export interface FoundTallies {
  /**
   * Counts a record once, however often it is given.
   *
   * @returns its leaf, in hex; `undefined` where it was counted before
   */
  add(record: Pick<VaultRecord, "stored" | "collection">): string | undefined;
  /**
   * What the manifest has and was not found, and the other way round. Where a part of it cannot be read,
   * also each record of which it does not tell whether it is the last writing; without one, all of them.
   */
  compare(manifest: ManifestSurvey | undefined): Comparison;
  /** Whether the store finds each record under each of its tags, and no others. */
  checkIndex(store: WalletStore): Promise<readonly WalletFinding[]>;
}

interface Found {
  readonly tag: Uint8Array;
  readonly sum: Uint8Array;
  /** Leaves of the records that carry it, by themselves in hex. */
  readonly records: Map<string, Uint8Array>;
}

interface Whole {
  /** In hex. Somebody may have put several writings of one record side by side. */
  readonly id: string;
  readonly collection: Collection;
}

/** Begins to count. */
export function createFoundTallies(keys: VaultKeys): FoundTallies {
  const found = new Map<string, Found>();
  /** By leaf, in hex. */
  const whole = new Map<string, Whole>();

  return {
    add({ stored, collection }) {
      const leaf = leafOf(keys, stored);
      const record = toHex(leaf);
      if (whole.has(record)) return undefined;
      whole.set(record, { id: toHex(stored.id), collection });
      for (const tag of stored.tags) {
        const { sum, records } = found.get(toHex(tag)) ?? {
          sum: EMPTY_TALLY.sum,
          records: new Map<string, Uint8Array>(),
        };
        records.set(record, leaf);
        found.set(toHex(tag), { tag, sum: addSums(sum, leaf), records });
      }
      return record;
    },

    compare(manifest) {
      const current = new Set<string>();
      const outdated = new Set<string>();
      for (const [key, { tag, sum, records }] of found) {
        if (manifest?.covers(tag) !== true) continue;
        const { count, sum: expected } = manifest.tallies.get(key) ?? EMPTY_TALLY;
        const isSame = count === records.size && equalBytes(expected, sum);
        // A tag that one record alone carries, as its digest's, shows which writing counts.
        if (!isSame && count > 1) continue;
        for (const record of records.keys()) {
          const isCurrent = isSame || toHex(expected) === record;
          (isCurrent ? current : outdated).add(record);
        }
      }
      // Without those, a tag that several carry may tell as well.
      for (const [key, { tag, records }] of found) {
        if (manifest?.covers(tag) !== true) continue;
        const rest = [...records].filter(([record]) => !outdated.has(record));
        const { count, sum: expected } = manifest.tallies.get(key) ?? EMPTY_TALLY;
        if (rest.length === records.size || rest.length !== count) continue;
        const sum = rest.reduce((total, [, leaf]) => addSums(total, leaf), EMPTY_TALLY.sum);
        if (equalBytes(expected, sum)) for (const [record] of rest) current.add(record);
      }
      const isUntold = (record: string): boolean => !current.has(record) && !outdated.has(record);
      const records = [...whole].map(([leaf, each]) => ({ leaf, ...each }));
      const old = records.filter(({ leaf }) => outdated.has(leaf));
      const untold = records.filter(({ leaf }) => isUntold(leaf));
      return {
        findings: [
          ...(manifest === undefined ? [] : missingOf(keys, manifest, found, outdated)),
          ...old.map(outdatedRecord),
          ...untold.map(untoldRecord),
        ],
        ages: new Map([
          ...old.map(({ leaf }) => [leaf, "RECORD_TAMPERED"] as const),
          ...untold.map(({ leaf }) => [leaf, "RECORD_AGE_UNAVAILABLE"] as const),
        ]),
      };
    },

    async checkIndex(store) {
      let astray = 0;
      const ids = new Set([...whole.values()].map(({ id }) => id));
      for (const { tag, records } of found.values()) {
        const bearers = new Set([...records.keys()].map((record) => whole.get(record)?.id));
        if ((await countByTag(store, tag, ids)) !== bearers.size) astray += 1;
      }
      if (astray === 0) return [];
      const detail = `${String(astray)} labels do not lead to the records that bear them`;
      return [{ code: "RECORD_MISSING", of: "index", detail }];
    },
  };
}

function missingOf(
  keys: VaultKeys,
  { tallies }: ManifestSurvey,
  found: ReadonlyMap<string, Found>,
  outdated: ReadonlySet<string>,
): readonly WalletFinding[] {
  return COLLECTIONS.flatMap((collection): readonly WalletFinding[] => {
    const tag = toHex(tagOf(keys, collection));
    const current = [...(found.get(tag)?.records.keys() ?? [])].filter((record) => !outdated.has(record));
    const count = (tallies.get(tag)?.count ?? 0) - current.length;
    if (count <= 0) return [];
    const detail = `${String(count)} of the collection are missing or damaged`;
    return [{ code: "RECORD_MISSING", of: "record", collection, detail }];
  });
}

function outdatedRecord({ id: record }: Whole): WalletFinding {
  const detail = "is genuine, and from another time: it was changed or removed since";
  return { code: "RECORD_TAMPERED", of: "record", record, detail };
}

function untoldRecord({ id: record, collection }: Whole): WalletFinding {
  const detail = "is genuine, and may be from another time: what would tell is damaged";
  return { code: "RECORD_AGE_UNAVAILABLE", of: "record", record, collection, detail };
}

/** How many of the whole records the store finds under a tag; less than none where it gives one twice at once. */
async function countByTag(store: WalletStore, tag: Uint8Array, whole: ReadonlySet<string>): Promise<number> {
  const seen = new Set<string>();
  try {
    for (let after: Uint8Array | undefined; ;) {
      const records = receiveFound(await store.read({ pages: [], records: { tag, after, limit: 256 } }));
      const ids = records.map(({ id }) => toHex(id));
      if (new Set(ids).size !== ids.length) return -1;
      const fresh = ids.filter((id) => whole.has(id) && !seen.has(id));
      for (const id of fresh) seen.add(id);
      const last = records.at(-1)?.id;
      // A store that does not move on is not asked for ever.
      if (last === undefined || (after !== undefined && toHex(last) <= toHex(after))) return seen.size;
      after = last;
    }
  } catch (error) {
    if (isDamage(error)) return -1;
    throw error;
  }
}
