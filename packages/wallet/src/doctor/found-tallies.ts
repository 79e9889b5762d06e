import { equalBytes, toHex } from "@writ/core";

import type { StoredRecord, WalletStore } from "../store/wallet-store.js";
import { leafOf, type ManifestSurvey } from "../vault/manifest.js";
import { COLLECTIONS, tagOf } from "../vault/record.js";
import { addSums } from "../vault/sum.js";
import type { VaultKeys } from "../vault/vault-keys.js";
import { isDamage } from "./scan-damaged.js";
import type { WalletFinding } from "./survey-wallet.js";

/** Tallies of the records that were found whole, to be held against those of the manifest. */
export interface FoundTallies {
  add(record: StoredRecord): void;
  /** What the manifest has and was not found, and the other way round. */
  compare(manifest: ManifestSurvey): readonly WalletFinding[];
  /** Whether the store finds each record under each of its tags, and no others. */
  checkIndex(store: WalletStore): Promise<readonly WalletFinding[]>;
}

interface Found {
  readonly tag: Uint8Array;
  readonly count: number;
  readonly sum: Uint8Array;
  /** Id of the one that was found last. */
  readonly record: string;
}

/** Begins to count. */
export function createFoundTallies(keys: VaultKeys): FoundTallies {
  const found = new Map<string, Found>();
  const whole = new Set<string>();

  return {
    add(stored) {
      const leaf = leafOf(keys, stored);
      whole.add(toHex(stored.id));
      for (const tag of stored.tags) {
        const before = found.get(toHex(tag)) ?? { count: 0, sum: new Uint8Array(32) };
        const sum = addSums(before.sum, leaf);
        found.set(toHex(tag), { tag, count: before.count + 1, sum, record: toHex(stored.id) });
      }
    },

    compare(manifest) {
      const missing = COLLECTIONS.flatMap((collection): readonly WalletFinding[] => {
        const tag = toHex(tagOf(keys, collection));
        const count = (manifest.tallies.get(tag)?.count ?? 0) - (found.get(tag)?.count ?? 0);
        if (count <= 0) return [];
        const detail = `${String(count)} of the collection are missing or damaged`;
        return [{ code: "RECORD_MISSING", of: "record", collection, detail }];
      });
      // A tag that one record alone carries, as its digest's, shows whether that is the writing that counts.
      const outdated = new Set<string>();
      for (const [key, { tag, count, sum, record }] of found) {
        const expected = manifest.tallies.get(key);
        if (count !== 1 || !manifest.covers(tag)) continue;
        if (expected === undefined || (expected.count === 1 && !equalBytes(expected.sum, sum))) {
          outdated.add(record);
        }
      }
      const detail = "is genuine, and from another time: it was changed or removed since";
      return [
        ...missing,
        ...[...outdated].map((record): WalletFinding => ({
          code: "RECORD_TAMPERED",
          of: "record",
          record,
          detail,
        })),
      ];
    },

    async checkIndex(store) {
      let astray = 0;
      for (const { tag, count } of found.values()) {
        if ((await countByTag(store, tag, whole)) !== count) astray += 1;
      }
      if (astray === 0) return [];
      const detail = `${String(astray)} labels do not lead to the records that bear them`;
      return [{ code: "RECORD_MISSING", of: "index", detail }];
    },
  };
}

/** How many of the whole records the store finds under a tag. */
async function countByTag(store: WalletStore, tag: Uint8Array, whole: ReadonlySet<string>): Promise<number> {
  const seen = new Set<string>();
  try {
    for (let after: Uint8Array | undefined; ;) {
      const { records } = await store.read({ pages: [], records: { tag, after, limit: 256 } });
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
