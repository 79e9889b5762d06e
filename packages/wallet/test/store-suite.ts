import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { StoredRecord, WalletStore } from "../src/index.js";

const random = seededRandom("store");
const TAG = random(16);
const OTHER_TAG = random(16);

function record(overrides: Partial<StoredRecord> = {}): StoredRecord {
  return { id: random(16), revision: 1, sealed: random(64), tags: [TAG], ...overrides };
}

/** Records in an order of their own, so that lists of them can be compared. */
function sorted(records: readonly StoredRecord[]): readonly unknown[] {
  return records
    .map(({ id, revision, sealed, tags }) => ({
      id: Buffer.from(id).toString("hex"),
      revision,
      sealed: Buffer.from(sealed).toString("hex"),
      tags: tags.map((tag) => Buffer.from(tag).toString("hex")).sort(),
    }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** What the port `WalletStore` promises, whoever implements it. */
export function storeSuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`a ${name} store`, () => {
    it("has no state before it is initialised", async () => {
      const store = await openStore();
      expect(await codeOfAsync(() => store.state())).toBe("NOT_FOUND");
    });

    it("is initialised once, with its first records", async () => {
      const store = await openStore();
      const first = record();
      await store.initialise("header", [first]);
      expect(await store.state()).toEqual({ header: "header", counter: 0 });
      expect(await codeOfAsync(() => store.initialise("other", [record()]))).toBe("ALREADY_EXISTS");
      expect(await store.state()).toEqual({ header: "header", counter: 0 });
      expect(sorted(await store.find(TAG))).toEqual(sorted([first]));
    });

    it("finds the records with a tag, each with all of its tags", async () => {
      const store = await openStore();
      const records = [record(), record({ tags: [TAG, OTHER_TAG] }), record({ tags: [OTHER_TAG] })] as const;
      await store.initialise("header", records);
      expect(sorted(await store.find(TAG))).toEqual(sorted([records[0], records[1]]));
      expect(sorted(await store.find(OTHER_TAG))).toEqual(sorted([records[1], records[2]]));
      expect(await store.find(random(16))).toEqual([]);
      expect(await store.find(TAG.subarray(0, 15))).toEqual([]);
    });

    it("writes a batch if nothing was written since, and counts it", async () => {
      const store = await openStore();
      await store.initialise("header", []);
      const [one, two] = [record(), record()];
      expect(await store.commit([one, two], 0)).toBe(true);
      expect((await store.state()).counter).toBe(1);
      expect(await store.commit([record()], 0)).toBe(false);
      expect(await store.commit([record()], 2)).toBe(false);
      expect((await store.state()).counter).toBe(1);
      expect(sorted(await store.find(TAG))).toEqual(sorted([one, two]));
      expect(await store.commit([], 1)).toBe(true);
      expect((await store.state()).counter).toBe(2);
    });

    it("replaces a record of the same id, with its tags", async () => {
      const store = await openStore();
      const first = record({ tags: [TAG, OTHER_TAG] });
      await store.initialise("header", [first]);
      const second = { ...first, revision: 2, sealed: random(64), tags: [OTHER_TAG] };
      expect(await store.commit([second], 0)).toBe(true);
      expect(await store.find(TAG)).toEqual([]);
      expect(sorted(await store.find(OTHER_TAG))).toEqual(sorted([second]));
    });

    it("lets one of ten writers at once through", async () => {
      const store = await openStore();
      await store.initialise("header", []);
      const written = await Promise.all(Array.from({ length: 10 }, () => store.commit([record()], 0)));
      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store.find(TAG)).toHaveLength(1);
      expect((await store.state()).counter).toBe(1);
    });

    it("cannot be changed through what it was given or gives", async () => {
      const store = await openStore();
      const first = record();
      const before = sorted([first]);
      await store.initialise("header", [first]);
      first.sealed.fill(0);
      const [found] = await store.find(TAG);
      expect(sorted(found === undefined ? [] : [found])).toEqual(before);
      found?.sealed.fill(0);
      expect(sorted(await store.find(TAG))).toEqual(before);
    });

    it("refuses to commit where there is no wallet", async () => {
      const store = await openStore();
      await expect(store.commit([record()], 0)).rejects.toThrow();
    });
  });
}
