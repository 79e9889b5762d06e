import { openEnvelope, toHex, type KeySource } from "@writ/core";
import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createKey,
  createMemoryWalletStore,
  createPresentation,
  destroyKey,
  exportKey,
  listCredentials,
  listKeys,
  makePrimary,
  openWallet,
  rekeyWallet,
  surveyWallet,
  walletAnchor,
  type Progress,
  type RekeyOptions,
  type StoredRecord,
  type Wallet,
  type WalletStore,
} from "../src/index.js";
import { everyPage } from "../src/vault/pages.js";
import { createVault } from "../src/vault/open-vault.js";
import { vaultOf } from "../src/wallet.js";
import { authorityOf, identityOf, openWorld, rawKey, type WalletWorld } from "./world.js";
import { zeroedDuring } from "./zeroed-during.js";

const OLD = rawKey(1);
const NEW = rawKey(2);

/** A wallet with two keys, an identity and some authority. */
async function openFilled(store: WalletStore, authorities = 3): Promise<WalletWorld> {
  const world = await openWorld("wallet", store);
  const { wallet } = world;
  await createKey(wallet, { name: "second" });
  const documents = [await identityOf(wallet.did)];
  for (let n = 0; n < authorities; n++) documents.push((await authorityOf(wallet.did)) as never);
  await addCredentials(wallet, documents);
  return world;
}

const rekey = (store: WalletStore, options: Partial<RekeyOptions> = {}) =>
  rekeyWallet(store, { secret: OLD, newSecret: NEW, mode: "full", ...options });

/** All that is in a wallet, by what it is worth. */
async function contentsOf(wallet: Wallet): Promise<unknown> {
  const keys = await listKeys(wallet);
  const seeds = await Promise.all(keys.map(async ({ did }) => toHex(await exportKey(wallet, did))));
  const credentials = [...(await listCredentials(wallet))].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { keys, seeds, credentials };
}

/** Which of the two secrets opens the wallet. */
async function openers(store: WalletStore): Promise<readonly string[]> {
  const results = await Promise.all(
    [OLD, NEW].map((secret: KeySource) =>
      openWallet(store, secret).then(
        () => "opens",
        (error: unknown) => (error as { code: string }).code,
      ),
    ),
  );
  return results;
}

/** A store that fails at the n-th write of the re-encryption, before or after it. */
function failing(
  store: WalletStore,
  at: number,
  when: "before" | "after",
): WalletStore & { readonly writes: number } {
  const state = { writes: 0 };
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    state.writes += 1;
    if (state.writes === at && when === "before") throw new Error("power loss");
    const result = await work();
    if (state.writes === at) throw new Error("power loss");
    return result;
  };
  const wrap = (inner: WalletStore): WalletStore => ({
    ...inner,
    initialise: (change) => write(() => inner.initialise(change)),
    commit: (change, counter) => write(() => inner.commit(change, counter)),
    abandonSuccessor: () => write(() => inner.abandonSuccessor()),
    succeed: (counter, root) => write(() => inner.succeed(counter, root)),
    successor: () => wrap(inner.successor()),
  });
  return Object.defineProperty(wrap(store), "writes", { get: () => state.writes }) as WalletStore & {
    writes: number;
  };
}

/** What `rekeyWallet` promises over every store. */
export function rekeySuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`another secret for a wallet in a ${name} store`, () => {
    it("wraps the same root key, while the wallet is open", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const before = await contentsOf(wallet);
      const { header } = await store.state();
      const records = await store.scan(undefined, 99);
      expect(await rekey(store, { mode: "rewrap" })).toEqual({ mode: "rewrap", generation: 1 });
      expect(await openers(store)).toEqual(["UNLOCK_FAILED", "opens"]);
      expect(await store.scan(undefined, 99)).toEqual(records);
      expect(await contentsOf(wallet)).toEqual(before);
      // The header of before is genuine, and not the one that the wallet has now.
      const state = async () => ({ ...(await store.state()), header });
      expect(await codeOfAsync(() => openWallet({ ...store, state }, OLD))).toBe("RECORD_TAMPERED");
    });

    it("makes a new root key and encrypts everything again", async () => {
      const store = await openStore();
      const { wallet, clock } = await openFilled(store);
      const before = await contentsOf(wallet);
      const records = await store.scan(undefined, 99);
      const seen: Progress[] = [];
      const onProgress = (progress: Progress): void => void seen.push(progress);
      expect(await rekey(store, { onProgress })).toEqual({ mode: "full", generation: 2 });
      expect(await openers(store)).toEqual(["UNLOCK_FAILED", "opens"]);
      expect(seen.at(-1)).toEqual({ done: 6, total: 6 });
      const after = await store.scan(undefined, 99);
      const versions = (all: readonly StoredRecord[]) => all.map(({ id, revision }) => [toHex(id), revision]);
      expect(versions(after)).toEqual(versions(records));
      const tags = new Set(records.flatMap((record) => record.tags.map(toHex)));
      expect(after.flatMap((record) => record.tags.map(toHex)).some((tag) => tags.has(tag))).toBe(false);
      const sealed = new Set(records.map((record) => toHex(record.sealed)));
      expect(after.some((record) => sealed.has(toHex(record.sealed)))).toBe(false);
      // Whoever had it open opens it again.
      expect(await codeOfAsync(() => listCredentials(wallet))).toBe("WALLET_REKEYED");
      const opened = await openWallet(store, NEW, { clock, random: wallet.random });
      expect(await contentsOf(opened)).toEqual(before);
      const authority =
        (before as { credentials: { id: string; type: string[] }[] }).credentials.find(({ type }) =>
          type.includes("DelegatedAuthorityCredential"),
        )?.id ?? "";
      const { presentation } = await createPresentation(opened, { challenge: "c", domain: "d", authority });
      expect(presentation.holder).toBe(wallet.did);
      expect(await codeOfAsync(() => store.successor().state())).toBe("NOT_FOUND");
    });

    it("row 175: makes a copy of before an older wallet, for whoever has the anchor", async () => {
      const store = await openStore();
      await openWorld("wallet", store);
      const copy = createMemoryWalletStore();
      const { pages } = await store.read({ pages: everyPage() });
      const records = await store.scan(undefined, 99);
      await copy.initialise({ ...(await store.state()), pages, records, removed: [] });
      await rekey(store, { newSecret: OLD });
      const anchor = await walletAnchor(await openWallet(store, OLD));
      expect(anchor.generation).toBe(2);
      const opening = () => openWallet(copy, OLD, undefined, { anchor });
      expect(await codeOfAsync(opening)).toBe("WALLET_ROLLED_BACK");
    });

    it("may be the same one, and may be changed again and again", async () => {
      const store = await openStore();
      await openFilled(store);
      expect(await rekey(store, { newSecret: OLD })).toEqual({ mode: "full", generation: 2 });
      expect(await rekey(store, { newSecret: OLD })).toEqual({ mode: "full", generation: 3 });
      expect(await rekey(store)).toEqual({ mode: "full", generation: 4 });
      expect(await openers(store)).toEqual(["UNLOCK_FAILED", "opens"]);
    });

    it("is refused to whoever does not have the one before, and leaves no trace", async () => {
      const store = await openStore();
      await openFilled(store);
      const before = await store.state();
      for (const mode of ["rewrap", "full"] as const) {
        expect(await codeOfAsync(() => rekey(store, { secret: rawKey(9), mode }))).toBe("UNLOCK_FAILED");
        const empty = { type: "passphrase", passphrase: "" } as const;
        expect(await codeOfAsync(() => rekey(store, { newSecret: empty, mode }))).toBe("ARGUMENT_INVALID");
      }
      expect(await store.state()).toEqual(before);
      expect(await codeOfAsync(() => store.successor().state())).toBe("NOT_FOUND");
    });

    it.each(["rewrap", "full"] as const)(
      "row 195: goes on after a crash at any step, and one of the two always opens (%s)",
      async (mode) => {
        const steps = failing(await openStore(), Infinity, "before");
        await openFilled(steps);
        const base = steps.writes;
        await rekey(steps, { mode });
        const count = steps.writes - base;
        expect(count).toBeGreaterThanOrEqual(mode === "full" ? 4 : 1);
        for (const when of ["before", "after"] as const) {
          for (let step = 1; step <= count; step++) {
            const inner = await openStore();
            const { wallet } = await openFilled(inner);
            const before = await contentsOf(wallet);
            await expect(rekey(failing(inner, step, when), { mode })).rejects.toThrow("power loss");
            const done = when === "after" && step === count;
            expect(await openers(inner)).toEqual(
              done ? ["UNLOCK_FAILED", "opens"] : ["opens", "UNLOCK_FAILED"],
            );
            if (!done) await rekey(inner, { mode });
            expect(await contentsOf(await openWallet(inner, NEW))).toEqual(before);
          }
        }
      },
    );

    it("takes up what was encrypted already, unless it was for another secret", async () => {
      const store = await openStore();
      await openFilled(store);
      await expect(rekey(failing(store, 4, "before"))).rejects.toThrow("power loss");
      const begun = await store.successor().state();
      expect(begun.counter).toBe(1);
      const copied = await store.successor().scan(undefined, 9);
      expect(copied).toHaveLength(2);
      await rekey(store);
      const sealed = (await store.scan(undefined, 99)).map((record) => toHex(record.sealed));
      expect(copied.every((record) => sealed.includes(toHex(record.sealed)))).toBe(true);
      expect((await store.state()).header).toBe(begun.header);

      const other = await openStore();
      await openFilled(other);
      await expect(rekey(failing(other, 4, "before"))).rejects.toThrow("power loss");
      await rekey(other, { newSecret: rawKey(3) });
      expect((await openWallet(other, rawKey(3))).did).toBeDefined();
      expect(await openers(other)).toEqual(["UNLOCK_FAILED", "UNLOCK_FAILED"]);
    });

    it("loses nothing that is written, changed or removed meanwhile", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const [, second] = await listKeys(wallet);
      const late = await identityOf(wallet.did, { members: { validUntil: "2026-11-23T20:00:00Z" } });
      const during = [
        () => createKey(wallet, { name: "meanwhile" }),
        () => destroyKey(wallet, second?.did ?? ""),
        // Replaces the identity that was copied already.
        () => addCredentials(wallet, [late]),
      ];
      const wrap = (inner: WalletStore): WalletStore => ({
        ...inner,
        async commit(change, counter) {
          const written = await inner.commit(change, counter);
          await during.shift()?.();
          return written;
        },
      });
      await rekeyWallet(
        { ...store, successor: () => wrap(store.successor()) },
        { secret: OLD, newSecret: NEW, mode: "full" },
      );
      expect(during).toEqual([]);
      const opened = await openWallet(store, NEW);
      expect((await listKeys(opened)).map(({ name }) => name)).toEqual([undefined, "meanwhile"]);
      const credentials = await listCredentials(opened);
      expect(credentials).toHaveLength(4);
      expect(credentials).toContainEqual(late);
    });

    it("is given by one of two that try at once", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const before = await contentsOf(wallet);
      const attempts = await Promise.allSettled([rekey(store), rekey(store, { newSecret: rawKey(3) })]);
      const opening = await Promise.all(
        [OLD, NEW, rawKey(3)].map((secret) => openWallet(store, secret).catch(() => undefined)),
      );
      const [opened, ...others] = opening.filter((each) => each !== undefined);
      expect(others).toEqual([]);
      expect(attempts.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
      expect(opened && (await contentsOf(opened))).toEqual(before);
    });

    /** A store that does something else first, once, before what `at` names. */
    function interrupted(
      store: WalletStore,
      at: "commit" | "succeed",
      work: () => Promise<unknown>,
    ): WalletStore {
      const works = [work];
      const first = () => works.shift()?.();
      return {
        ...store,
        async commit(change, root) {
          if (at === "commit") await first();
          return store.commit(change, root);
        },
        async succeed(root, successorRoot) {
          if (at === "succeed") await first();
          return store.succeed(root, successorRoot);
        },
      };
    }

    it("lets no write of before into the wallet of after, though their counters are alike", async () => {
      const store = await openStore();
      const { wallet, clock, random } = await openWorld("wallet", store);
      // The successor of a wallet with one record has been written to once, as the wallet itself then.
      await createKey(wallet);
      const late = interrupted(store, "commit", () => rekey(store));
      const writer = await openWallet(late, OLD, { clock, random });
      expect(await codeOfAsync(() => createKey(writer, { name: "late" }))).toBe("WALLET_REKEYED");
      expect((await listKeys(await openWallet(store, NEW))).map(({ name }) => name)).toEqual([
        undefined,
        undefined,
      ]);
    });

    it("is not undone by somebody who gave the wallet another at the same time", async () => {
      for (const [first, second] of [
        ["full", "rewrap"],
        ["rewrap", "rewrap"],
      ] as const) {
        const store = await openStore();
        const { wallet } = await openFilled(store);
        const before = await contentsOf(wallet);
        const late = interrupted(store, "commit", () => rekey(store, { mode: first }));
        const code = await codeOfAsync(() => rekey(late, { mode: second, newSecret: rawKey(3) }));
        expect(code).toBe("WALLET_CONFLICT");
        expect(await openers(store)).toEqual(["UNLOCK_FAILED", "opens"]);
        expect(await contentsOf(await openWallet(store, NEW))).toEqual(before);
      }
    });

    it("is whole where two encrypt for the same secret at once", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const [, second] = await listKeys(wallet);
      // A record of revision 2, which may be written over.
      await makePrimary(wallet, second?.did ?? "");
      const before = await contentsOf(wallet);
      const wrap = (inner: WalletStore): WalletStore => interrupted(inner, "commit", () => rekey(store));
      const successor = store.successor();
      const late = { ...store, successor: () => wrap(successor) };
      const code = await codeOfAsync(() => rekey(late)).catch(() => "done");
      expect(["WALLET_CONFLICT", "done"]).toContain(code);
      const opened = await openWallet(store, NEW);
      expect(await contentsOf(opened)).toEqual(before);
      expect((await surveyWallet(store, { secret: NEW })).findings).toEqual([]);
    });

    it("does not give up the wallet before all of the new one was read back", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const before = await contentsOf(wallet);
      const successor = store.successor();
      const losing: WalletStore = {
        ...successor,
        commit: (change, root) => successor.commit({ ...change, records: change.records.slice(1) }, root),
      };
      expect(await codeOfAsync(() => rekey({ ...store, successor: () => losing }))).toBe("RECORD_MISSING");
      expect(await openers(store)).toEqual(["opens", "UNLOCK_FAILED"]);
      expect(await contentsOf(wallet)).toEqual(before);
    });

    it("copies nothing twice where another copied the same and was killed", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const before = await contentsOf(wallet);
      // The other goes on with the successor that this one has begun, and dies before it takes the place.
      const killed = () => rekey(failing(store, 3, "before")).catch(() => undefined);
      const successor = interrupted(store.successor(), "commit", killed);
      await rekey({ ...store, successor: () => successor });
      const opened = await openWallet(store, NEW);
      expect(await contentsOf(opened)).toEqual(before);
      expect((await surveyWallet(store, { secret: NEW })).findings).toEqual([]);
    });

    it("does not go on with a successor that somebody planted under a root key of before", async () => {
      const store = await openStore();
      const { wallet, random } = await openFilled(store);
      const before = await contentsOf(wallet);
      const { header } = await store.state();
      // Who knows the root key, and not the secret, can seal everything, and wrap nothing.
      const stolen = await openEnvelope("wallet", header, OLD);
      const planted = { ...stolen, generation: 2, rootKey: Uint8Array.from(stolen.rootKey) };
      (await createVault(store.successor(), header, planted, random)).close();
      expect(await rekey(store, { newSecret: OLD })).toEqual({ mode: "full", generation: 2 });
      expect((await store.state()).header).not.toBe(header);
      expect(await contentsOf(await openWallet(store, OLD))).toEqual(before);
      // Nor is the wallet itself, put back under a number to come, taken for a later one.
      const forged = { ...stolen, generation: 99, rootKey: Uint8Array.from(stolen.rootKey) };
      await createVault(store.successor(), header, forged, random);
      const state = async () => ({ ...(await store.successor().state()), generation: 99 });
      const anchor = { generation: 2, counter: 0 };
      const opening = () => openWallet({ ...store, state }, OLD, undefined, { anchor });
      expect(await codeOfAsync(opening)).toBe("RECORD_TAMPERED");
    });

    it("leaves no root key in memory where the successor is not there", async () => {
      const store = await openStore();
      const { random } = await openFilled(store);
      const drawn: Uint8Array[] = [];
      const holding = (length: number): Uint8Array => {
        const bytes = random(length);
        if (length === 32) drawn.push(bytes);
        return bytes;
      };
      const refuse = () => Promise.reject(new Error("disk full"));
      const again = (inner: WalletStore) =>
        rekeyWallet(inner, { secret: OLD, newSecret: NEW, mode: "full" }, { random: holding });
      await expect(again({ ...store, abandonSuccessor: refuse })).rejects.toThrow("disk full");
      const successor = { ...store.successor(), initialise: refuse };
      await expect(again({ ...store, successor: () => successor })).rejects.toThrow("disk full");
      expect(drawn).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    });

    it("copies again what is otherwise where the wallet was put back, and as often written since", async () => {
      const store = await openStore();
      const { wallet, clock, random } = await openWorld("wallet", store);
      const [start, { pages }] = [await store.state(), await store.read({ pages: everyPage() })];
      const records = await store.scan(undefined, 99);
      const rename = (which: Wallet, name: string) =>
        vaultOf(which).change(async () => ({
          replace: (await vaultOf(which).find("key")).map((key) => [
            key,
            { ...key, value: { ...key.value, name } },
          ]),
        }));
      await rename(wallet, "one history");
      const brokenOff = { ...store, succeed: () => Promise.reject(new RangeError("killed")) };
      await expect(rekey(brokenOff)).rejects.toThrow("killed");
      // The wallet as it was at the start, with other things done since, beside what was left there.
      const putBack = await openStore();
      await putBack.initialise({ ...start, pages, records, removed: [] });
      const other = await openWallet(putBack, OLD, { clock, random });
      await rename(other, "another history");
      const before = await contentsOf(other);
      const mixed: WalletStore = {
        ...putBack,
        successor: () => store.successor(),
        succeed: () => Promise.resolve(true),
      };
      await rekey(mixed);
      expect(await contentsOf(await openWallet(store.successor(), NEW))).toEqual(before);
    });

    it("begins again where what was left of an earlier attempt is damaged", async () => {
      const store = await openStore();
      const { wallet } = await openFilled(store);
      const before = await contentsOf(wallet);
      await expect(rekey(failing(store, 5, "before"))).rejects.toThrow("power loss");
      const left = store.successor();
      const damaged: WalletStore = {
        ...left,
        async read(query) {
          const view = await left.read(query);
          const records = view.records.map((each) => ({ ...each, sealed: each.sealed.slice(1) }));
          return { ...view, records };
        },
      };
      const [begun, fresh] = [damaged, left];
      const successors = [begun];
      const once = { ...store, successor: () => successors.shift() ?? fresh };
      const abandoned = await openEnvelope("wallet", (await left.state()).header, NEW);
      const zeroed = await zeroedDuring(async () => {
        expect(await rekey(once)).toEqual({ mode: "full", generation: 2 });
      });
      expect(zeroed).toContain(toHex(abandoned.rootKey));
      expect(await contentsOf(await openWallet(store, NEW))).toEqual(before);
    });
  });
}
