import { createHash } from "node:crypto";

import type { KeySource } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  findCredentials,
  listCredentials,
  openWallet,
  walletAnchor,
  type StoredRecord,
  type StoreView,
  type WalletAnchor,
  type WalletStore,
} from "../src/index.js";
import { everyPage } from "../src/vault/pages.js";
import { authorityOf, identityOf, openWorld, rawKey } from "./world.js";

/** A store that gives something else than it was given. */
function lying(store: WalletStore, change: (view: StoreView) => StoreView): WalletStore {
  return { ...store, read: async (query) => change(await store.read(query)) };
}

/** A store that gives other records than it was given. */
function changed(
  store: WalletStore,
  change: (records: readonly StoredRecord[]) => readonly StoredRecord[],
): WalletStore {
  return lying(store, (view) => ({ ...view, records: change(view.records) }));
}

function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] as number) ^ (1 << bit);
  return copy;
}

/** The code with which a wallet over this store cannot be opened, or its credentials be listed. */
function refusalOf(store: WalletStore, secret: KeySource = rawKey(1)): Promise<string> {
  return codeOfAsync(async () => listCredentials(await openWallet(store, secret)));
}

/** A wallet with an identity and an authority; its records, the key's first. */
async function filled(store: WalletStore, seed = "wallet"): Promise<readonly StoredRecord[]> {
  const { wallet } = await openWorld(seed, store);
  const seen: StoredRecord[] = [];
  await addCredentials(wallet, [await identityOf(wallet.did), await authorityOf(wallet.did)]);
  const watching = changed(store, (records) => {
    seen.push(...records);
    return records;
  });
  await listCredentials(await openWallet(watching, rawKey(1)));
  expect(seen).toHaveLength(3);
  return seen;
}

/** What a store gives for the queries of one opening and listing. */
async function record(store: WalletStore): Promise<readonly StoreView[]> {
  const views: StoreView[] = [];
  const watching = lying(store, (view) => {
    views.push(structuredClone(view));
    return view;
  });
  await listCredentials(await openWallet(watching, rawKey(1)));
  return views;
}

/** What a store cannot do to a wallet without being found out (HOSTILE 172 to 175). */
export function tamperingSuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`records in a ${name} store`, () => {
    it("row 172: are refused with any byte flipped", async () => {
      const store = await openStore();
      const [key] = await filled(store);
      const length = key?.sealed.length ?? 0;
      expect(length).toBe(24 + 1024 + 16);
      for (let at = 0; at < length; at += at < 48 || at > length - 24 ? 1 : 53) {
        const tampered = changed(store, (records) =>
          records.map((each) => ({ ...each, sealed: flipped(each.sealed, at, at % 8) })),
        );
        expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
      }
    });

    it.each([0, 1, 23, 24, 39, 40, 41, 1000, 1063])("are refused cut to %i bytes", async (length) => {
      const store = await openStore();
      await filled(store);
      const tampered = changed(store, (records) =>
        records.map((each) => ({ ...each, sealed: each.sealed.slice(0, length) })),
      );
      expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
    });

    it("are refused with something added", async () => {
      const store = await openStore();
      await filled(store);
      const tampered = changed(store, (records) =>
        records.map((each) => ({ ...each, sealed: Uint8Array.of(...each.sealed, 0) })),
      );
      expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
    });

    it("are refused under another id, revision or tags", async () => {
      const store = await openStore();
      await filled(store);
      for (const change of [
        (each: StoredRecord) => ({ ...each, revision: 2 }),
        (each: StoredRecord) => ({ ...each, revision: 0 }),
        (each: StoredRecord) => ({ ...each, id: flipped(each.id, 0) }),
        (each: StoredRecord) => ({ ...each, id: flipped(each.id, 15, 7) }),
        (each: StoredRecord) => ({ ...each, id: each.id.slice(0, 15) }),
        (each: StoredRecord) => ({ ...each, tags: each.tags.slice(1) }),
        (each: StoredRecord) => ({ ...each, tags: [...each.tags].reverse() }),
        (each: StoredRecord) => ({ ...each, tags: [...each.tags, new Uint8Array(16)] }),
      ]) {
        expect(await refusalOf(changed(store, (records) => records.map(change)))).toBe("RECORD_TAMPERED");
      }
    });

    it("row 173: are refused when their contents are swapped", async () => {
      const store = await openStore();
      const [, one, other] = await filled(store);
      expect(one?.sealed.length).toBe(other?.sealed.length);
      const swapped = changed(store, (records) =>
        records.length === 1
          ? records
          : records.map((each, index) => ({
              ...each,
              sealed: (records.at(index - 1) as StoredRecord).sealed,
            })),
      );
      expect(await refusalOf(swapped)).toBe("RECORD_TAMPERED");
    });

    it("are refused in another collection", async () => {
      const store = await openStore();
      const [key, credential] = await filled(store);
      const crossed = changed(store, (records) => {
        const other = records.length === 1 ? credential : key;
        return other === undefined ? [] : [other];
      });
      expect(await refusalOf(crossed)).toBe("RECORD_TAMPERED");
    });

    it("row 173: are refused from another wallet, with or without its header", async () => {
      const [store, elsewhere] = [await openStore(), await openStore()];
      await filled(store, "one");
      const foreign = await filled(elsewhere, "other");
      const moved = changed(store, (records) =>
        records.length === 1 ? foreign.slice(0, 1) : foreign.slice(1),
      );
      expect(await refusalOf(moved)).toBe("RECORD_TAMPERED");
      // Both wallets have the same secret, so that the header alone opens.
      const { header } = await elsewhere.state();
      const headed = { ...store, state: async () => ({ ...(await store.state()), header }) };
      expect(await refusalOf(headed)).toBe("RECORD_TAMPERED");
    });

    it("row 174: are missed where one is gone, or all", async () => {
      const store = await openStore();
      const all = await filled(store);
      expect(await refusalOf(changed(store, () => []))).toBe("RECORD_MISSING");
      for (const hidden of all) {
        const partly = changed(store, (records) =>
          records.filter(({ id }) => !Buffer.from(id).equals(hidden.id)),
        );
        expect(await refusalOf(partly)).toBe("RECORD_MISSING");
      }
    });

    it("are refused where one is shown twice, or in another's place", async () => {
      const store = await openStore();
      const [, one] = await filled(store);
      const twice = changed(store, (records) => (records.length === 1 ? records : [...records, ...records]));
      expect(await refusalOf(twice)).toBe("RECORD_TAMPERED");
      const alone = changed(store, (records) =>
        records.length === 1 || one === undefined ? records : [one, one],
      );
      expect(await refusalOf(alone)).toBe("RECORD_TAMPERED");
    });

    it("row 175: are refused as they were before", async () => {
      const store = await openStore();
      const { wallet } = await openWorld("wallet", store);
      const first = await identityOf(wallet.did);
      await addCredentials(wallet, [first]);
      const before = await record(store);
      const { root } = await store.state();
      const later = { validUntil: "2026-11-23T20:00:00Z" };
      await addCredentials(wallet, [await identityOf(wallet.did, { members: later })]);
      const now = await record(store);
      expect(now).toHaveLength(2);
      // Of two readings, one of the key and one of the credentials: each part of the second, as it was.
      const old = { ...(before[1] as StoreView), root };
      expect(old.counter).toBe(1);
      for (const part of ["records", "pages", "root"] as const) {
        const rolledBack = lying(store, (view) =>
          view.records.length === now[1]?.records.length && view.pages.has([...old.pages.keys()][0] ?? -1)
            ? { ...view, [part]: old[part] }
            : view,
        );
        const expected = part === "root" ? "WALLET_ROLLED_BACK" : "RECORD_TAMPERED";
        expect([part, await refusalOf(rolledBack)]).toEqual([part, expected]);
      }
    });

    it("row 175: are refused all together as they were before, to whoever has seen a later moment", async () => {
      const store = await openStore();
      const { wallet } = await openWorld("wallet", store);
      const [before] = await record(store);
      const header = await store.state();
      await addCredentials(wallet, [await identityOf(wallet.did)]);
      const anchor = await walletAnchor(wallet);
      const root = createHash("sha256")
        .update((await store.state()).root)
        .digest("base64url");
      expect(anchor).toEqual({ generation: 1, counter: 1, root });
      const older: WalletStore = {
        ...store,
        state: () => Promise.resolve(header),
        read: () => Promise.resolve(before as StoreView),
      };
      const opened = await openWallet(older, rawKey(1));
      // Genuine in itself, it is taken by whoever has nothing to hold it against.
      expect(opened.did).toBe(wallet.did);
      expect(await codeOfAsync(() => openWallet(older, rawKey(1), undefined, { anchor }))).toBe(
        "WALLET_ROLLED_BACK",
      );
      expect((await openWallet(store, rawKey(1), undefined, { anchor })).did).toBe(wallet.did);
      // An open wallet remembers.
      const target = { store };
      const turning: WalletStore = { ...store, read: (query) => target.store.read(query) };
      const open = await openWallet(turning, rawKey(1));
      target.store = older;
      expect(await codeOfAsync(() => listCredentials(open))).toBe("WALLET_ROLLED_BACK");
    });

    it("are refused from another history of the same length", async () => {
      const store = await openStore();
      const { wallet, clock, random } = await openWorld("wallet", store);
      const [start, { pages }] = [await store.state(), await store.read({ pages: everyPage() })];
      const records = await store.scan(undefined, 9);
      await addCredentials(wallet, [await identityOf(wallet.did)]);
      const here = await record(store);
      // A second history begins where the first one did, and has as many changes.
      const elsewhere = await openStore();
      await elsewhere.initialise({
        ...start,
        pages,
        records,
        removed: [],
      });
      const other = await openWallet(elsewhere, rawKey(1), { clock, random });
      await addCredentials(other, [await identityOf(wallet.did, { name: "another" })]);
      const there = await record(elsewhere);
      expect([here[1]?.counter, there[1]?.counter]).toEqual([1, 1]);
      const spliced = lying(store, (view) =>
        view.records.some(({ id }) => Buffer.from(id).equals(here[1]?.records[0]?.id ?? new Uint8Array()))
          ? { ...view, records: there[1]?.records ?? [], pages: there[1]?.pages ?? view.pages }
          : view,
      );
      expect(await refusalOf(spliced)).toBe("RECORD_TAMPERED");
      // With its root as well, whoever has seen the one history does not take the other.
      const target = { store };
      const turning: WalletStore = { ...store, read: (query) => target.store.read(query) };
      const open = await openWallet(turning, rawKey(1));
      target.store = elsewhere;
      // By its root where the store gives it, by its pages where it does not.
      const code = await codeOfAsync(() => listCredentials(open));
      expect(["WALLET_ROLLED_BACK", "RECORD_TAMPERED"]).toContain(code);
      // The same where it was kept outside.
      const anchor = await walletAnchor(wallet);
      const opening = (given: WalletAnchor) => () =>
        openWallet(elsewhere, rawKey(1), undefined, { anchor: given });
      expect(await codeOfAsync(opening(anchor))).toBe("WALLET_ROLLED_BACK");
      const { generation, counter } = anchor;
      expect((await opening({ generation, counter })()).did).toBe(wallet.did);
      expect((await opening(await walletAnchor(other))()).did).toBe(wallet.did);
    });

    it("are refused without the manifest's pages, or with changed ones", async () => {
      const store = await openStore();
      await filled(store);
      const views = await record(store);
      const pages = new Map(views.flatMap((view) => [...view.pages]));
      expect(pages.size).toBe(4);
      for (const [number, page] of pages) {
        const without = lying(store, (view) => ({
          ...view,
          pages: new Map([...view.pages].filter(([each]) => each !== number)),
        }));
        expect(await refusalOf(without)).toBe("RECORD_TAMPERED");
        for (const at of [0, 25, page.length - 1]) {
          const flip = lying(store, (view) => ({
            ...view,
            pages: new Map(
              [...view.pages].map(([each, content]) => [
                each,
                each === number ? flipped(content, at) : content,
              ]),
            ),
          }));
          expect(await refusalOf(flip)).toBe("RECORD_TAMPERED");
        }
      }
      const swapped = lying(store, (view) => {
        const [one, ...others] = view.pages;
        const [last = one] = others.slice(-1);
        return one === undefined || last === undefined
          ? view
          : { ...view, pages: new Map([...view.pages, [one[0], last[1]], [last[0], one[1]]]) };
      });
      expect(await refusalOf(swapped)).toBe("RECORD_TAMPERED");
    });

    it("are refused with another root, counter or generation", async () => {
      const store = await openStore();
      await filled(store);
      const { root } = await store.state();
      for (const at of [0, 30, root.length - 1]) {
        const state = async () => ({ ...(await store.state()), root: flipped(root, at) });
        expect(await refusalOf({ ...store, state })).toBe("RECORD_TAMPERED");
      }
      for (const members of [{ counter: 7 }, { counter: 0 }, { generation: 2 }]) {
        const state = async () => ({ ...(await store.state()), ...members });
        expect(await refusalOf({ ...store, state })).toBe("RECORD_TAMPERED");
      }
      const code = (members: Partial<StoreView>) =>
        refusalOf(lying(store, (view) => ({ ...view, ...members })));
      expect(await code({ counter: 2 })).toBe("RECORD_TAMPERED");
      expect(await code({ generation: 2 })).toBe("WALLET_REKEYED");
      expect(await code({ root: flipped(root, 50) })).toBe("WALLET_ROLLED_BACK");
    });

    it("are read again once the store gives the right pages", async () => {
      const store = await openStore();
      await filled(store);
      const state = { isLying: false };
      const sometimes = lying(store, (view) =>
        state.isLying
          ? { ...view, pages: new Map([...view.pages].map(([page, content]) => [page, flipped(content, 1)])) }
          : view,
      );
      const wallet = await openWallet(sometimes, rawKey(1));
      state.isLying = true;
      expect(await codeOfAsync(() => listCredentials(wallet))).toBe("RECORD_TAMPERED");
      state.isLying = false;
      expect(await listCredentials(wallet)).toHaveLength(2);
    });

    it("are looked at once, and counts are numbers", async () => {
      const store = await openStore();
      await filled(store);
      for (const counter of ["1", -1, 1.5, Number.NaN, { valueOf: () => 1 }] as never[]) {
        const state = async () => ({ ...(await store.state()), counter });
        expect(await refusalOf({ ...store, state })).toBe("RECORD_TAMPERED");
        expect(await refusalOf(lying(store, (view) => ({ ...view, counter })))).toBe("RECORD_TAMPERED");
      }
      let looks = 0;
      const turning = changed(store, (records) =>
        records.map((each) =>
          Object.defineProperty({ ...each }, "sealed", {
            get() {
              looks += 1;
              return each.sealed;
            },
          }),
        ),
      );
      await listCredentials(await openWallet(turning, rawKey(1)));
      expect(looks).toBe(3);
    });

    it("row 172: leave the others readable, and are named", async () => {
      const store = await openStore();
      const [, broken] = await filled(store);
      const partly = changed(store, (records) =>
        records.map((each) =>
          Buffer.from(each.id).equals(broken?.id ?? Buffer.alloc(0))
            ? { ...each, sealed: flipped(each.sealed, 99) }
            : each,
        ),
      );
      // The key opens; only what reads the broken record fails.
      const wallet = await openWallet(partly, rawKey(1));
      const failure: unknown = await listCredentials(wallet).catch((error: unknown) => error);
      const id = Buffer.from(broken?.id ?? []).toString("hex");
      expect(failure).toMatchObject({
        code: "RECORD_TAMPERED",
        message: expect.stringContaining(id) as string,
      });
      const readable = await Promise.all(
        ["AgentIdentityCredential", "DelegatedAuthorityCredential"].map((type) =>
          findCredentials(wallet, { type }).then(
            (found) => found.length,
            () => "damaged",
          ),
        ),
      );
      expect(readable.sort()).toEqual([1, "damaged"]);
    });

    it("come with a header that says so where it is damaged", async () => {
      const store = await openStore();
      await filled(store);
      const { header } = await store.state();
      const seen = new Set<string>();
      const random = seededRandom("damage");
      for (let turn = 0; turn < 200; turn++) {
        const bytes = Buffer.from(header);
        const at = Buffer.from(random(4)).readUInt32BE(0) % bytes.length;
        const damaged = Buffer.from(flipped(bytes, at, turn % 7)).toString("utf8");
        const state = async () => ({ ...(await store.state()), header: damaged });
        seen.add(await refusalOf({ ...store, state }));
      }
      expect([...seen]).toEqual(["HEADER_CORRUPT"]);
    });
  });
}
