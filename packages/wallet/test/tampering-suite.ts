import type { KeySource } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  listCredentials,
  openWallet,
  type StoredRecord,
  type WalletStore,
} from "../src/index.js";
import { authorityOf, identityOf, openWorld, rawKey } from "./world.js";

/** A store that gives other records than it was given. */
function changed(
  store: WalletStore,
  change: (records: readonly StoredRecord[]) => readonly StoredRecord[],
): WalletStore {
  return { ...store, find: async (tag) => change(await store.find(tag)) };
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

/** What a store cannot do to a wallet without being found out (HOSTILE 172 and 173). */
export function tamperingSuite(name: string, openStore: () => Promise<WalletStore>): void {
  describe(`records in a ${name} store`, () => {
    it("are refused with any byte flipped", async () => {
      const store = await openStore();
      const [key] = await filled(store);
      const length = key?.sealed.length ?? 0;
      expect(length).toBe(24 + 1024 + 16);
      for (let at = 0; at < length; at += at < 48 || at > length - 24 ? 1 : 53) {
        const tampered = changed(store, (records) =>
          records.map((record) => ({ ...record, sealed: flipped(record.sealed, at, at % 8) })),
        );
        expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
      }
    });

    it.each([0, 1, 23, 24, 39, 40, 41, 1000, 1063])("are refused cut to %i bytes", async (length) => {
      const store = await openStore();
      await filled(store);
      const tampered = changed(store, (records) =>
        records.map((record) => ({ ...record, sealed: record.sealed.slice(0, length) })),
      );
      expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
    });

    it("are refused with something added", async () => {
      const store = await openStore();
      await filled(store);
      const tampered = changed(store, (records) =>
        records.map((record) => ({ ...record, sealed: Uint8Array.of(...record.sealed, 0) })),
      );
      expect(await refusalOf(tampered)).toBe("RECORD_TAMPERED");
    });

    it("are refused under another id or revision", async () => {
      const store = await openStore();
      await filled(store);
      for (const change of [
        (record: StoredRecord) => ({ ...record, revision: 2 }),
        (record: StoredRecord) => ({ ...record, revision: 0 }),
        (record: StoredRecord) => ({ ...record, id: flipped(record.id, 0) }),
        (record: StoredRecord) => ({ ...record, id: flipped(record.id, 15, 7) }),
        (record: StoredRecord) => ({ ...record, id: record.id.slice(0, 15) }),
      ]) {
        expect(await refusalOf(changed(store, (records) => records.map(change)))).toBe("RECORD_TAMPERED");
      }
    });

    it("are refused when their contents are swapped", async () => {
      const store = await openStore();
      const [, one, other] = await filled(store);
      expect(one?.sealed.length).toBe(other?.sealed.length);
      const swapped = changed(store, (records) =>
        records.length === 1
          ? records
          : records.map((record, index) => ({
              ...record,
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

    it("are refused from another wallet, with or without its header", async () => {
      const [store, elsewhere] = [await openStore(), await openStore()];
      await filled(store, "one");
      const foreign = await filled(elsewhere, "other");
      const moved = changed(store, (records) =>
        records.length === 1 ? foreign.slice(0, 1) : foreign.slice(1),
      );
      expect(await refusalOf(moved)).toBe("RECORD_TAMPERED");
      // Both wallets have the same secret, so that the header alone opens.
      expect(await refusalOf({ ...store, state: () => elsewhere.state() })).toBe("RECORD_MISSING");
    });

    it("are missed where the key is gone", async () => {
      const store = await openStore();
      await filled(store);
      expect(await refusalOf(changed(store, () => []))).toBe("RECORD_MISSING");
    });

    it("leave the others readable", async () => {
      const store = await openStore();
      const [, broken] = await filled(store);
      const partly = changed(store, (records) =>
        records.map((record) =>
          Buffer.from(record.id).equals(broken?.id ?? Buffer.alloc(0))
            ? { ...record, sealed: flipped(record.sealed, 99) }
            : record,
        ),
      );
      // The key opens; only what reads the broken record fails.
      const wallet = await openWallet(partly, rawKey(1));
      expect(await codeOfAsync(() => listCredentials(wallet))).toBe("RECORD_TAMPERED");
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
        seen.add(
          await refusalOf({ ...store, state: () => Promise.resolve({ header: damaged, counter: 0 }) }),
        );
      }
      expect([...seen]).toEqual(["HEADER_CORRUPT"]);
    });
  });
}
