import { equalBytes, WritError } from "@writ/core";

import type { StoredRecord } from "../store/wallet-store.js";
import { EMPTY_TALLY, type Tally } from "./bucket.js";
import { missingRecords, tampered } from "./damage.js";
import { addToTally, tallyOf } from "./manifest.js";
import type { Moments } from "./moments.js";
import { openRecord, tagOf, type Collection, type Label, type VaultRecord } from "./record.js";
import type { VaultKeys } from "./vault-keys.js";

/** So many records are held at once while all are looked through. */
const BATCH = 256;

/**
 * The records of a collection that carry all of some labels, in the order of their ids. They are looked
 * for under the label that the fewest carry, and held against its tally.
 *
 * @throws WritError `RECORD_TAMPERED`, `RECORD_MISSING`; `WALLET_CONFLICT` where the wallet is changed
 *   meanwhile, and the codes of {@link Moments.read}
 */
export async function* eachRecord(
  moments: Moments,
  keys: VaultKeys,
  collection: Collection,
  labels: readonly Label[],
): AsyncGenerator<VaultRecord> {
  const tags = (labels.length === 0 ? [undefined] : labels).map((label) => tagOf(keys, collection, label));
  const [first, second] = tags;
  // One label is looked up in one step.
  const only = second === undefined ? first : undefined;
  let view = await moments.read({
    tags,
    ...(only === undefined ? {} : { records: { tag: only, limit: BATCH } }),
  });
  const { counter } = view;
  const { tag, tally } = rarestOf(
    tags.map((each) => ({ tag: each, tally: tallyOf(keys, view.opened, view.pages, each) })),
  );
  if (tally.count === 0) return;
  if (only === undefined) view = await moments.read({ records: { tag, limit: BATCH } });
  // Each turn counts a record or is the last, so a store that gives the same again comes to an end too.
  for (let found = EMPTY_TALLY; ;) {
    if (view.counter !== counter) {
      throw new WritError("WALLET_CONFLICT", "the wallet was changed while it was read");
    }
    // Opened first: where a record is damaged, this names it.
    const records = view.records.map((stored) => openRecord(keys, collection, stored, counter));
    assertTagged(view.records, tag);
    found = addToTally(keys, found, view.records);
    const last = view.records.at(-1);
    const isEnd = last === undefined || found.count >= tally.count;
    if (isEnd) assertWhole(found, tally);
    yield* records.filter(({ stored }) => tags.every((each) => hasTag(stored, each)));
    if (isEnd) return;
    view = await moments.read({ records: { tag, after: last.id, limit: BATCH } });
  }
}

interface Tallied {
  readonly tag: Uint8Array;
  readonly tally: Tally;
}

function rarestOf(tallied: readonly Tallied[]): Tallied {
  return tallied.reduce((least, each) => (each.tally.count < least.tally.count ? each : least));
}

function assertWhole(found: Tally, expected: Tally): void {
  if (found.count < expected.count) throw missingRecords(expected.count - found.count);
  if (found.count > expected.count || !equalBytes(found.sum, expected.sum)) throw fromAnotherTime();
}

function assertTagged(records: readonly StoredRecord[], tag: Uint8Array): void {
  if (!records.every((record) => hasTag(record, tag))) throw fromAnotherTime();
}

function hasTag({ tags }: StoredRecord, tag: Uint8Array): boolean {
  return tags.some((each) => equalBytes(each, tag));
}

function fromAnotherTime(): WritError {
  return tampered("the wallet's store gives records from another time or place");
}
