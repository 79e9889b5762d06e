import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import type { StoreChange, StoredRecord, WalletStore } from "../src/index.js";

const random = seededRandom("store");
const TAG = random(16);
const OTHER_TAG = random(16);
const ROOT = random(40);

function record(overrides: Partial<StoredRecord> = {}): StoredRecord {
  return { id: random(16), revision: 1, sealed: random(64), tags: [TAG], ...overrides };
}

/** A change to another root each time, as every change is. */
function change(records: readonly StoredRecord[] = [], overrides: Partial<StoreChange> = {}): StoreChange {
  return { root: random(40), pages: new Map(), records, removed: [], ...overrides };
}

const begin = (store: WalletStore, ...records: readonly StoredRecord[]): Promise<void> =>
  store.initialise({ ...change(records), root: ROOT, header: "header" });

/** The records that carry a tag. */
async function find(store: WalletStore, tag: Uint8Array, limit = 100): Promise<readonly StoredRecord[]> {
  return (await store.read({ pages: [], records: { tag, limit } })).records;
}

/** Records in the order of their ids, so that lists of them can be compared. */
function sorted(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records
    .map((each) => ({
      id: Uint8Array.from(each.id),
      revision: each.revision,
      sealed: Uint8Array.from(each.sealed),
      tags: each.tags.map((tag) => Uint8Array.from(tag)),
    }))
    .sort((a, b) => Buffer.compare(a.id, b.id));
}

/** What the port `WalletStore` promises, whoever implements it. */
export function storeSuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`a ${name} store`, () => {
    it("has no state before it is initialised", async () => {
      const store = await openStore();
      expect(await codeOfAsync(() => store.state())).toBe("NOT_FOUND");
    });

    it("has nothing to read, to look through or to write to either", async () => {
      const store = await openStore();
      const uses = (each: WalletStore) => [
        () => each.read({ pages: [] }),
        () => each.scan(undefined, 9),
        () => each.scan(random(16), 9),
        () => each.commit(change(), ROOT),
      ];
      for (const use of uses(store)) expect(await codeOfAsync(use)).toBe("NOT_FOUND");
      await begin(store);
      for (const use of uses(store.successor())) expect(await codeOfAsync(use)).toBe("NOT_FOUND");
    });

    it("is initialised once, with its first records and pages", async () => {
      const store = await openStore();
      const first = record();
      const pages = new Map([[70, random(9)]]);
      await store.initialise({ ...change([first], { pages, root: ROOT }), header: "header" });
      const state = { header: "header", generation: 1, counter: 0, root: ROOT };
      expect(await store.state()).toEqual(state);
      expect(await codeOfAsync(() => begin(store, record()))).toBe("ALREADY_EXISTS");
      expect(await store.state()).toEqual(state);
      const view = await store.read({ pages: [70, 71], records: { tag: TAG, limit: 9 } });
      expect(view).toEqual({ generation: 1, counter: 0, root: ROOT, pages, records: [first] });
    });

    it("gives no pages and records but those that are asked for", async () => {
      const store = await openStore();
      await begin(store, record());
      const view = await store.read({ pages: [] });
      expect(view).toEqual({ generation: 1, counter: 0, root: ROOT, pages: new Map(), records: [] });
    });

    it("finds the records with a tag, each with all of its tags, in the order of their ids", async () => {
      const store = await openStore();
      const records = [record(), record({ tags: [TAG, OTHER_TAG] }), record({ tags: [OTHER_TAG] })] as const;
      await begin(store, ...records);
      expect(await find(store, TAG)).toEqual(sorted([records[0], records[1]]));
      expect(await find(store, OTHER_TAG)).toEqual(sorted([records[1], records[2]]));
      expect(await find(store, random(16))).toEqual([]);
      expect(await find(store, TAG.subarray(0, 15))).toEqual([]);
      expect(await find(store, TAG, 1)).toEqual(sorted([records[0], records[1]]).slice(0, 1));
    });

    it("gives them bit by bit, and looks through all", async () => {
      const store = await openStore();
      const records = Array.from({ length: 25 }, () => record());
      await begin(store, ...records, record({ tags: [OTHER_TAG] }));
      for (const next of [
        async (after?: Uint8Array) =>
          (await store.read({ pages: [], records: { tag: TAG, after, limit: 10 } })).records,
        (after?: Uint8Array) => store.scan(after, 10),
      ]) {
        const seen: StoredRecord[] = [];
        for (let part = await next(); part.length > 0; part = await next(seen.at(-1)?.id)) seen.push(...part);
        expect(seen.filter(({ tags }) => Buffer.from(tags[0] ?? []).equals(TAG))).toEqual(sorted(records));
        expect(sorted(seen)).toEqual(seen);
      }
      expect(await store.scan(undefined, 100)).toHaveLength(26);
    });

    it("writes a batch if nothing was written since, and counts it", async () => {
      const store = await openStore();
      await begin(store);
      const [one, two] = [record(), record()];
      const root = random(40);
      expect(await store.commit(change([one, two], { root, pages: new Map([[3, ROOT]]) }), ROOT)).toBe(true);
      const after = { header: "header", generation: 1, counter: 1, root };
      expect(await store.state()).toEqual(after);
      expect(await store.commit(change([record()], { header: "other" }), ROOT)).toBe(false);
      expect(await store.commit(change([record()], { pages: new Map([[3, root]]) }), TAG)).toBe(false);
      expect(await store.state()).toEqual(after);
      expect((await store.read({ pages: [3] })).pages).toEqual(new Map([[3, ROOT]]));
      expect(await find(store, TAG)).toEqual(sorted([one, two]));
      const next = change([], { header: "other" });
      expect(await store.commit(next, root)).toBe(true);
      expect(await store.state()).toEqual({ header: "other", generation: 1, counter: 2, root: next.root });
    });

    it("replaces a page", async () => {
      const store = await openStore();
      await begin(store);
      const first = change([], { pages: new Map([[5, random(3)]]) });
      await store.commit(first, ROOT);
      await store.commit(change([], { pages: new Map([[5, ROOT]]) }), first.root);
      expect((await store.read({ pages: [5] })).pages).toEqual(new Map([[5, ROOT]]));
    });

    it("replaces a record of the same id, with its tags, and takes one away", async () => {
      const store = await openStore();
      const [first, gone] = [record({ tags: [TAG, OTHER_TAG] }), record({ tags: [TAG, OTHER_TAG] })];
      await begin(store, first, gone);
      const second = { ...first, revision: 2, sealed: random(64), tags: [OTHER_TAG] };
      expect(await store.commit(change([second], { removed: [gone.id] }), ROOT)).toBe(true);
      expect(await find(store, TAG)).toEqual([]);
      expect(await find(store, OTHER_TAG)).toEqual([second]);
      expect(await store.scan(undefined, 9)).toEqual([second]);
    });

    it("lets one of ten writers at once through", async () => {
      const store = await openStore();
      await begin(store);
      const written = await Promise.all(
        Array.from({ length: 10 }, () => store.commit(change([record()]), ROOT)),
      );
      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await find(store, TAG)).toHaveLength(1);
      expect((await store.state()).counter).toBe(1);
    });

    it("cannot be changed through what it was given or gives", async () => {
      const store = await openStore();
      const first = record();
      const before = sorted([first]);
      await begin(store, first);
      first.sealed.fill(0);
      const [found] = await find(store, TAG);
      expect(found).toEqual(before[0]);
      found?.sealed.fill(0);
      expect(await find(store, TAG)).toEqual(before);
    });

    it("refuses to commit where there is no wallet", async () => {
      const store = await openStore();
      expect(await codeOfAsync(() => store.commit(change([record()]), ROOT))).toBe("NOT_FOUND");
      await begin(store);
      const successor = store.successor();
      expect(await codeOfAsync(() => successor.commit(change(), ROOT))).toBe("NOT_FOUND");
    });

    it("keeps a successor apart until it takes the place", async () => {
      const store = await openStore();
      const [old, fresh] = [record(), record()];
      await begin(store, old);
      const successor = store.successor();
      expect(await codeOfAsync(() => successor.state())).toBe("NOT_FOUND");
      const beginning = change();
      await successor.initialise({ ...beginning, header: "new" });
      expect(await codeOfAsync(() => successor.initialise({ ...change(), header: "new" }))).toBe(
        "ALREADY_EXISTS",
      );
      // The same id in both: they share nothing.
      const pages = new Map([[1, ROOT]]);
      const next = change([fresh, { ...old, revision: 7 }], { pages });
      expect(await successor.commit(next, ROOT)).toBe(false);
      expect(await successor.commit(next, beginning.root)).toBe(true);
      expect(await find(store, TAG)).toEqual([old]);
      expect((await store.read({ pages: [1] })).pages.size).toBe(0);
      expect(await store.state()).toMatchObject({ header: "header", generation: 1, counter: 0 });
      expect(await store.succeed(TAG, next.root)).toBe(false);
      expect(await store.succeed(ROOT, beginning.root)).toBe(false);
      expect(await store.succeed(ROOT, next.root)).toBe(true);
      expect(await store.state()).toEqual({ header: "new", generation: 2, counter: 1, root: next.root });
      // Whoever has not heard of it changes nothing, though the counters are alike.
      expect(await store.commit(change([record()]), ROOT)).toBe(false);
      expect(await find(store, TAG)).toEqual(sorted([fresh, { ...old, revision: 7 }]));
      expect((await store.read({ pages: [1] })).pages).toEqual(pages);
      expect(await codeOfAsync(() => successor.state())).toBe("NOT_FOUND");
      expect(await store.succeed(next.root, next.root)).toBe(false);
    });

    it("forgets a successor", async () => {
      const store = await openStore();
      const old = record();
      await begin(store, old);
      await store.abandonSuccessor();
      const successor = store.successor();
      const begun = change([record()]);
      await successor.initialise({ ...begun, header: "new" });
      await store.abandonSuccessor();
      expect(await codeOfAsync(() => successor.state())).toBe("NOT_FOUND");
      expect(await store.succeed(ROOT, begun.root)).toBe(false);
      expect(await store.scan(undefined, 9)).toEqual([old]);
      await successor.initialise({ ...change(), header: "again" });
      expect(await successor.scan(undefined, 9)).toEqual([]);
      expect((await successor.state()).header).toBe("again");
    });
  });
}
