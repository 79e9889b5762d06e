import { equalBytes, toHex } from "@writ/core";

import type { WalletStore } from "../store/wallet-store.js";
import { EMPTY_TALLY } from "../vault/bucket.js";
import { leafOf, type ManifestSurvey } from "../vault/manifest.js";
import { COLLECTIONS, tagOf, type Collection, type VaultRecord } from "../vault/record.js";
import { receiveFound } from "../vault/received-view.js";
import { addSums } from "../vault/sum.js";
import type { VaultKeys } from "../vault/vault-keys.js";
import { isDamage } from "./scan-damaged.js";
import type { WalletFinding } from "./survey-wallet.js";

/** Tallies of the records that were found whole, to be held against those of the manifest. */
export interface FoundTallies {
  add(record: Pick<VaultRecord, "stored" | "collection">): void;
  /**
   * What the manifest has and was not found, and the other way round. Where a part of it cannot be read,
   * also each record of which it does not tell whether it is the last writing; without one, all of them.
   */
  compare(manifest: ManifestSurvey | undefined): readonly WalletFinding[];
  /** Whether the store finds each record under each of its tags, and no others. */
  checkIndex(store: WalletStore): Promise<readonly WalletFinding[]>;
}

interface Found {
  readonly tag: Uint8Array;
  readonly sum: Uint8Array;
  /** Ids of the records that carry it, in hex. */
  readonly records: string[];
}

interface Whole {
  readonly leaf: Uint8Array;
  readonly collection: Collection;
}

/** Begins to count. */
export function createFoundTallies(keys: VaultKeys): FoundTallies {
  const found = new Map<string, Found>();
  /** By id, in hex. */
  const whole = new Map<string, Whole>();

  return {
    add({ stored, collection }) {
      const leaf = leafOf(keys, stored);
      const id = toHex(stored.id);
      whole.set(id, { leaf, collection });
      for (const tag of stored.tags) {
        const { sum, records } = found.get(toHex(tag)) ?? {
          sum: EMPTY_TALLY.sum,
          records: new Array<string>(),
        };
        records.push(id);
        found.set(toHex(tag), { tag, sum: addSums(sum, leaf), records });
      }
    },

    compare(manifest) {
      const current = new Set<string>();
      const outdated = new Set<string>();
      for (const [key, { tag, sum, records }] of found) {
        if (manifest?.covers(tag) !== true) continue;
        const { count, sum: expected } = manifest.tallies.get(key) ?? EMPTY_TALLY;
        const isSame = count === records.length && equalBytes(expected, sum);
        // A tag that one record alone carries, as its digest's, shows which writing counts.
        if (!isSame && count > 1) continue;
        for (const record of records) {
          const isCurrent = isSame || equalBytes(expected, whole.get(record)?.leaf ?? EMPTY_TALLY.sum);
          (isCurrent ? current : outdated).add(record);
        }
      }
      const untold = [...whole].filter(([id]) => !current.has(id) && !outdated.has(id));
      return [
        ...(manifest === undefined ? [] : missingOf(keys, manifest, found)),
        ...[...outdated].map(outdatedRecord),
        ...untold.map(([record, { collection }]) => untoldRecord(record, collection)),
      ];
    },

    async checkIndex(store) {
      let astray = 0;
      for (const { tag, records } of found.values()) {
        if ((await countByTag(store, tag, whole)) !== records.length) astray += 1;
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
): readonly WalletFinding[] {
  return COLLECTIONS.flatMap((collection): readonly WalletFinding[] => {
    const tag = toHex(tagOf(keys, collection));
    const count = (tallies.get(tag)?.count ?? 0) - (found.get(tag)?.records.length ?? 0);
    if (count <= 0) return [];
    const detail = `${String(count)} of the collection are missing or damaged`;
    return [{ code: "RECORD_MISSING", of: "record", collection, detail }];
  });
}

function outdatedRecord(record: string): WalletFinding {
  const detail = "is genuine, and from another time: it was changed or removed since";
  return { code: "RECORD_TAMPERED", of: "record", record, detail };
}

function untoldRecord(record: string, collection: Collection): WalletFinding {
  const detail = "is genuine, and may be from another time: what would tell is damaged";
  return { code: "RECORD_AGE_UNAVAILABLE", of: "record", record, collection, detail };
}

/** How many of the whole records the store finds under a tag. */
async function countByTag(
  store: WalletStore,
  tag: Uint8Array,
  whole: ReadonlyMap<string, unknown>,
): Promise<number> {
  const seen = new Set<string>();
  try {
    for (let after: Uint8Array | undefined; ;) {
      const records = receiveFound(await store.read({ pages: [], records: { tag, after, limit: 256 } }));
      const fresh = records.map(({ id }) => toHex(id)).filter((id) => whole.has(id) && !seen.has(id));
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
