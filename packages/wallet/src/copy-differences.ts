import { asJson, canonicalize, lengthPrefixed, sha256, toHex, utf8, WritError } from "@writ/core";

import type { Progress } from "./progress.js";
import { COLLECTIONS, type Collection, type VaultRecord } from "./vault/record.js";
import type { Vault, VaultChange } from "./vault/vault.js";

/** So many records are encrypted again in one step. */
const BATCH = 256;

/** Makes the successor hold the same writings of the same records. */
export async function copyDifferences(
  vault: Vault,
  successor: Vault,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const counts = await Promise.all(COLLECTIONS.map((collection) => vault.count(collection)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const collection of COLLECTIONS) {
    const there = await writingsIn(successor, collection);
    const newer: VaultRecord[] = [];
    const batch: VaultRecord[] = [];
    const flush = async (): Promise<void> => {
      const copy = batch.splice(0);
      if (copy.length > 0) await changeOnce(successor, { copy });
      onProgress({ done, total });
    };
    for await (const record of vault.each(collection)) {
      const id = toHex(record.stored.id);
      const [copied, writing] = [there.get(id), writingOf(record)];
      if (copied === undefined) batch.push(record);
      else if (copied !== writing) newer.push(record);
      else {
        there.delete(id);
        record.secret.fill(0);
      }
      done += 1;
      if (batch.length >= BATCH) await flush();
    }
    await flush();
    // What is left there was changed or removed since it was copied.
    if (there.size > 0)
      await changeOnce(successor, { remove: await recordsOf(successor, collection, there), copy: newer });
  }
}

/** Writes what was made of a moment, or not at all: after a conflict, all is looked at again. */
async function changeOnce(successor: Vault, change: VaultChange): Promise<void> {
  let isAsked = false;
  await successor.change(() => {
    if (isAsked) return Promise.reject(atTheSameTime());
    isAsked = true;
    return Promise.resolve(change);
  });
}

async function writingsIn(vault: Vault, collection: Collection): Promise<Map<string, string>> {
  const writings = new Map<string, string>();
  for await (const record of vault.each(collection)) {
    writings.set(toHex(record.stored.id), writingOf(record));
    record.secret.fill(0);
  }
  return writings;
}

/**
 * A digest of what was written, and how often: somebody may have put the wallet back since it was copied, and
 * gone on from there, so that as many writings hold something else.
 */
function writingOf({ stored, labels, value, secret }: VaultRecord): string {
  const text = utf8(canonicalize(asJson({ labels, value })));
  return toHex(sha256(lengthPrefixed(utf8(String(stored.revision)), text, secret)));
}

async function recordsOf(
  vault: Vault,
  collection: Collection,
  ids: ReadonlyMap<string, unknown>,
): Promise<readonly VaultRecord[]> {
  const records: VaultRecord[] = [];
  for await (const record of vault.each(collection)) {
    record.secret.fill(0);
    if (ids.has(toHex(record.stored.id))) records.push(record);
  }
  return records;
}

/** Somebody else is about the same: whatever was looked at is looked at again. */
export function atTheSameTime(cause?: unknown): WritError {
  return new WritError("WALLET_CONFLICT", "the wallet was given another key at the same time", {
    hint: "Open it with that one.",
    cause,
  });
}
