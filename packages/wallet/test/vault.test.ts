import { createEnvelope, randomUuidUrn, toHex } from "@writ/core";
import { codeOf, codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createMemoryWalletStore, type StoredRecord, type WalletStore } from "../src/index.js";
import { pad, unpad } from "../src/vault/padding.js";
import { openVault, type RecordContent, type Vault } from "../src/vault/vault.js";
import { rawKey } from "./world.js";

const CONTENT: RecordContent = {
  collection: "credential",
  value: { text: "the same" },
  labels: [["subject", "a"]],
};

async function openNew(
  store: WalletStore = createMemoryWalletStore(),
  first: readonly RecordContent[] = [],
): Promise<{ readonly vault: Vault; readonly store: WalletStore }> {
  const random = seededRandom("vault");
  const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), rawKey(1), random);
  const vault = openVault(store, envelope, random);
  await store.initialise(header, vault.seal(first));
  return { vault, store };
}

const add = (vault: Vault, ...contents: readonly RecordContent[]) =>
  vault.add(() => Promise.resolve(contents));

describe("find", () => {
  it("finds by label, within one collection", async () => {
    const { vault } = await openNew();
    const key: RecordContent = { collection: "key", value: { kind: "key" }, labels: [["subject", "a"]] };
    const other: RecordContent = {
      ...CONTENT,
      value: { text: "other" },
      labels: [
        ["subject", "b"],
        ["digest", "a"],
      ],
    };
    await add(vault, CONTENT, key, other);
    expect(await vault.find("credential", ["subject", "a"])).toEqual([{ text: "the same" }]);
    expect(await vault.find("credential", ["digest", "a"])).toEqual([{ text: "other" }]);
    expect(await vault.find("key", ["subject", "a"])).toEqual([{ kind: "key" }]);
    expect(await vault.find("credential", ["subject", "c"])).toEqual([]);
    expect(await vault.find("credential", ["subjec", "ta"])).toEqual([]);
    expect(await vault.find("credential", ["every", "a"])).toEqual([]);
    expect(await vault.find("key")).toEqual([{ kind: "key" }]);
    expect(await vault.find("credential")).toHaveLength(2);
  });
});

describe("seal", () => {
  it("takes a fresh nonce and id for each record, even of equal content", async () => {
    const { vault } = await openNew();
    const records = vault.seal(Array.from({ length: 200 }, () => CONTENT));
    expect(new Set(records.map(({ sealed }) => toHex(sealed.slice(0, 24)))).size).toBe(200);
    expect(new Set(records.map(({ sealed }) => toHex(sealed.slice(24)))).size).toBe(200);
    expect(new Set(records.map(({ id }) => toHex(id))).size).toBe(200);
    expect(records.every(({ id, revision }) => id.length === 16 && revision === 1)).toBe(true);
    // Equal labels give equal tags: that is how they are found.
    expect(new Set(records.map(({ tags }) => tags.map(toHex).join())).size).toBe(1);
  });

  it.each([0, 1, 900, 1000, 1020, 2000, 5000])(
    "hides the size of %i characters in whole KiB",
    async (length) => {
      const { vault } = await openNew();
      const [record] = vault.seal([{ ...CONTENT, value: { t: "x".repeat(length) } }]);
      // The braces, name and quotes take 8 bytes, the length 4.
      expect(record?.sealed.length).toBe(24 + 16 + Math.ceil((length + 12) / 1024) * 1024);
    },
  );
});

describe("add", () => {
  /** A store in which another process is quicker, this often. */
  function busy(conflicts: number): WalletStore & { readonly attempts: (readonly StoredRecord[])[] } {
    const store = createMemoryWalletStore();
    const attempts: (readonly StoredRecord[])[] = [];
    return {
      ...store,
      attempts,
      async commit(records, expectedCounter) {
        attempts.push(records);
        if (attempts.length <= conflicts) await store.commit([], expectedCounter);
        return store.commit(records, expectedCounter);
      },
    };
  }

  it("looks afresh and tries again where the wallet was changed in between", async () => {
    const store = busy(3);
    const { vault } = await openNew(store);
    let asked = 0;
    await vault.add(() => Promise.resolve([{ ...CONTENT, value: { asked: ++asked } }]));
    expect(asked).toBe(4);
    expect(await vault.find("credential")).toEqual([{ asked: 4 }]);
    expect((await store.state()).counter).toBe(4);
    const nonces = store.attempts.flat().map(({ sealed }) => toHex(sealed.slice(0, 24)));
    expect(new Set(nonces).size).toBe(4);
  });

  it("gives up after a hundred attempts", async () => {
    const store = busy(Infinity);
    const { vault } = await openNew(store);
    expect(await codeOfAsync(() => add(vault, CONTENT))).toBe("WALLET_CONFLICT");
    expect(store.attempts).toHaveLength(100);
    expect(await vault.find("credential")).toEqual([]);
  });

  it("succeeds at the hundredth", async () => {
    const { vault } = await openNew(busy(99));
    await add(vault, CONTENT);
    expect(await vault.find("credential")).toHaveLength(1);
  });

  it("writes nothing where there is nothing to add", async () => {
    const store = busy(0);
    const { vault } = await openNew(store);
    await add(vault);
    expect(store.attempts).toEqual([]);
  });

  it("writes nothing where composing fails", async () => {
    const { vault, store } = await openNew();
    await expect(vault.add(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect((await store.state()).counter).toBe(0);
  });

  it("reads the counter before it composes", async () => {
    const store = createMemoryWalletStore();
    const { vault } = await openNew(store);
    let first = true;
    await vault.add(async () => {
      // Another process writes while this one composes; what was composed is out of date.
      if (first) await store.commit([], 0);
      const contents = first ? [CONTENT, CONTENT] : [CONTENT];
      first = false;
      return contents;
    });
    expect(await vault.find("credential")).toHaveLength(1);
  });
});

describe("close", () => {
  it("ends every use", async () => {
    const { vault } = await openNew();
    vault.close();
    expect(await codeOfAsync(() => vault.find("key"))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => add(vault, CONTENT))).toBe("ARGUMENT_INVALID");
    expect(codeOf(() => vault.seal([CONTENT]))).toBe("ARGUMENT_INVALID");
  });

  it("overwrites the root key", async () => {
    const random = seededRandom("close");
    const { envelope } = await createEnvelope("wallet", randomUuidUrn(random), rawKey(1), random);
    openVault(createMemoryWalletStore(), envelope, random).close();
    expect(envelope.rootKey).toEqual(new Uint8Array(32));
  });
});

describe("padding", () => {
  it.each([0, 1, 1019, 1020, 1021, 2044, 2045, 70_000])("is undone for %i bytes", (length) => {
    const content = seededRandom(`pad ${String(length)}`)(length);
    const padded = pad(content);
    expect(padded.length % 1024).toBe(0);
    expect(padded.length - content.length).toBeGreaterThanOrEqual(4);
    expect(padded.length - content.length).toBeLessThan(1024 + 4);
    expect(unpad(padded)).toEqual(content);
  });

  it("is refused where its length cannot be", () => {
    for (const length of [0, 3]) {
      expect(codeOf(() => unpad(new Uint8Array(length)))).toBe("RECORD_TAMPERED");
    }
    const padded = pad(Uint8Array.of(1));
    new DataView(padded.buffer).setUint32(0, 1021);
    expect(codeOf(() => unpad(padded))).toBe("RECORD_TAMPERED");
    new DataView(padded.buffer).setUint32(0, 1020);
    expect(unpad(padded)).toHaveLength(1020);
  });
});
