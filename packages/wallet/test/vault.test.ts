import { createEnvelope, openEnvelope, randomUuidUrn, toHex, type JsonObject } from "@writ/core";
import { codeOf, codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createMemoryWalletStore,
  type StoreChange,
  type StoreState,
  type WalletStore,
} from "../src/index.js";
import { isNodePage } from "../src/vault/pages.js";
import { pad, unpad } from "../src/vault/padding.js";
import type { Collection, Label, RecordContent } from "../src/vault/record.js";
import { createVault, openVault } from "../src/vault/open-vault.js";
import type { Vault } from "../src/vault/vault.js";
import type { WalletAnchor } from "../src/vault/wallet-anchor.js";
import { rawKey } from "./world.js";

const CONTENT: RecordContent = {
  collection: "credential",
  value: { text: "the same" },
  labels: [["subject", "a"]],
};

async function openNew(
  store: WalletStore = createMemoryWalletStore(),
): Promise<{ readonly vault: Vault; readonly store: WalletStore }> {
  const random = seededRandom("vault");
  const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), rawKey(1), random);
  return { vault: await createVault(store, header, envelope, random), store };
}

const add = (vault: Vault, ...contents: readonly RecordContent[]) =>
  vault.change(() => Promise.resolve({ add: contents }));

/** What is found, by its value, in an order of its own. */
async function valuesIn(
  vault: Vault,
  collection: Collection,
  ...labels: readonly Label[]
): Promise<readonly JsonObject[]> {
  const values = (await vault.find(collection, ...labels)).map(({ value }) => value);
  return values.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe("find", () => {
  it("finds by labels, within one collection", async () => {
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
    expect(await valuesIn(vault, "credential", ["subject", "a"])).toEqual([{ text: "the same" }]);
    expect(await valuesIn(vault, "credential", ["digest", "a"])).toEqual([{ text: "other" }]);
    expect(await valuesIn(vault, "key", ["subject", "a"])).toEqual([{ kind: "key" }]);
    expect(await valuesIn(vault, "credential", ["subject", "c"])).toEqual([]);
    expect(await valuesIn(vault, "credential", ["subjec", "ta"])).toEqual([]);
    expect(await valuesIn(vault, "credential", ["every", "a"])).toEqual([]);
    expect(await valuesIn(vault, "key")).toEqual([{ kind: "key" }]);
    expect(await valuesIn(vault, "credential")).toHaveLength(2);
    expect(await valuesIn(vault, "credential", ["subject", "b"], ["digest", "a"])).toEqual([
      { text: "other" },
    ]);
    expect(await valuesIn(vault, "credential", ["subject", "a"], ["digest", "a"])).toEqual([]);
    expect(await vault.count("credential")).toBe(2);
    expect(await vault.count("credential", ["subject", "b"])).toBe(1);
    expect(await vault.count("delegation")).toBe(0);
  });

  it("finds any number, and streams them without holding them all", async () => {
    const store = createMemoryWalletStore();
    const limits: number[] = [];
    const { vault } = await openNew({
      ...store,
      read(query) {
        if (query.records !== undefined) limits.push(query.records.limit);
        return store.read(query);
      },
    });
    const contents = Array.from({ length: 700 }, (_, n): RecordContent => ({ ...CONTENT, value: { n } }));
    await add(vault, ...contents);
    const numbers: number[] = [];
    for await (const { value } of vault.each("credential")) numbers.push(value["n"] as number);
    expect(numbers.sort((a, b) => a - b)).toEqual(contents.map(({ value }) => value["n"]));
    expect(limits).toEqual([256, 256, 256]);
    expect(await vault.find("credential")).toHaveLength(700);
  });

  it("says that the wallet was changed while it was streamed, and looks again where it was not", async () => {
    const store = createMemoryWalletStore();
    let others = 0;
    const { vault } = await openNew({
      ...store,
      async read(query) {
        if (query.records?.after !== undefined && others > 0) {
          others -= 1;
          await add(writer, { ...CONTENT, labels: [["subject", "z"]] });
        }
        return store.read(query);
      },
    });
    const writer = vault;
    await add(vault, ...Array.from({ length: 300 }, () => CONTENT));
    others = 1;
    const stream = async () => {
      for await (const record of vault.each("credential")) expect(record.value).toEqual(CONTENT.value);
    };
    expect(await codeOfAsync(stream)).toBe("WALLET_CONFLICT");
    others = 3;
    expect(await vault.find("credential")).toHaveLength(304);
  });

  it("gives a record back as it was written, with its labels and its secret", async () => {
    const { vault } = await openNew();
    const secret = Uint8Array.of(1, 2, 3);
    await add(vault, { ...CONTENT, secret });
    // Whoever gave it has it no more.
    expect(secret).toEqual(new Uint8Array(3));
    const [record] = await vault.find("credential");
    expect(record).toMatchObject({ ...CONTENT, secret: Uint8Array.of(1, 2, 3) });
    expect(record?.stored).toMatchObject({ revision: 1 });
    // Two labels: its own, and the one that every record has.
    expect(record?.stored.tags.map(({ length }) => length)).toEqual([16, 16]);
  });
});

describe("ids", () => {
  it("follow the order of writing", async () => {
    const { vault } = await openNew();
    const numbered = (n: number): RecordContent => ({ ...CONTENT, value: { n } });
    for (const from of [0, 300, 600]) {
      await add(vault, ...Array.from({ length: 300 }, (_, n) => numbered(from + n)));
    }
    const found = await vault.find("credential");
    expect(found.map(({ value }) => value)).toEqual(Array.from({ length: 900 }, (_, n) => ({ n })));
  });
});

describe("sealing", () => {
  it("takes a fresh nonce and id for each record, even of equal content", async () => {
    const { vault, store } = await openNew();
    await add(vault, ...Array.from({ length: 200 }, () => CONTENT));
    const records = await store.scan(undefined, 300);
    expect(new Set(records.map(({ sealed }) => toHex(sealed.slice(0, 24)))).size).toBe(200);
    expect(new Set(records.map(({ sealed }) => toHex(sealed.slice(24)))).size).toBe(200);
    expect(new Set(records.map(({ id }) => toHex(id))).size).toBe(200);
    expect(records.every(({ id, revision }) => id.length === 16 && revision === 1)).toBe(true);
    // Equal labels give equal tags: that is how they are found.
    expect(new Set(records.map(({ tags }) => tags.map(toHex).join())).size).toBe(1);
  });

  it.each([0, 1, 900, 970, 990, 2000, 5000])(
    "hides the size of %i characters in whole KiB",
    async (length) => {
      const { vault, store } = await openNew();
      await add(vault, { ...CONTENT, value: { t: "x".repeat(length) }, labels: [] });
      const [record] = await store.scan(undefined, 1);
      // `{"labels":[],"value":{"t":""}}` takes 30 bytes, the lengths 8.
      expect(record?.sealed.length).toBe(24 + 16 + Math.ceil((length + 38) / 1024) * 1024);
    },
  );
});

describe("change", () => {
  /** A store in which another process is quicker, this often. */
  function busy(conflicts: number): WalletStore & { readonly attempts: StoreChange[] } {
    const store = createMemoryWalletStore();
    const attempts: StoreChange[] = [];
    return {
      ...store,
      attempts,
      async commit(change, expectedRoot) {
        attempts.push(change);
        if (attempts.length <= conflicts) return false;
        return store.commit(change, expectedRoot);
      },
    };
  }

  it("looks afresh and tries again where another was quicker", async () => {
    const store = busy(3);
    const { vault } = await openNew(store);
    let asked = 0;
    await vault.change(() => Promise.resolve({ add: [{ ...CONTENT, value: { asked: ++asked } }] }));
    expect(asked).toBe(4);
    expect(await valuesIn(vault, "credential")).toEqual([{ asked: 4 }]);
    expect((await store.state()).counter).toBe(1);
    const nonces = store.attempts.flatMap(({ root, records, pages }) =>
      [
        root,
        ...records.map(({ sealed }) => sealed),
        ...[...pages].filter(([page]) => !isNodePage(page)).map(([, p]) => p),
      ].map((sealed) => toHex(sealed.slice(0, 24))),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(nonces).toHaveLength(4 * 4);
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

  it("writes nothing where there is nothing to do", async () => {
    const store = busy(0);
    const { vault } = await openNew(store);
    await add(vault);
    expect(store.attempts).toEqual([]);
  });

  it("writes nothing where composing fails", async () => {
    const { vault, store } = await openNew();
    await expect(vault.change(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect((await store.state()).counter).toBe(0);
  });

  it("writes nothing that could not be read again", async () => {
    const { vault, store } = await openNew();
    const large = { ...CONTENT, value: { text: "x".repeat(600_000) } };
    const wide = { ...CONTENT, value: { items: new Array<number>(300).fill(1) } };
    expect(await codeOfAsync(() => add(vault, CONTENT, large))).toBe("TOO_LARGE");
    expect(await codeOfAsync(() => add(vault, CONTENT, wide))).toBe("TOO_MANY_ITEMS");
    expect((await store.state()).counter).toBe(0);
    expect(await vault.find("credential")).toEqual([]);
  });

  it("composes again where the wallet was changed meanwhile", async () => {
    const store = createMemoryWalletStore();
    const { vault } = await openNew(store);
    let asked = 0;
    await vault.change(async () => {
      asked += 1;
      // Another process writes while this one composes; what was composed is out of date.
      if (asked === 1) await add(vault, { ...CONTENT, collection: "delegation" });
      return { add: asked === 1 ? [CONTENT, CONTENT] : [CONTENT] };
    });
    expect(asked).toBe(2);
    expect(await vault.find("credential")).toHaveLength(1);
    expect((await store.state()).counter).toBe(2);
  });

  it("replaces a record by its next writing, and takes one away", async () => {
    const { vault, store } = await openNew();
    const labelled = (name: string): RecordContent => ({
      ...CONTENT,
      value: { name },
      labels: [["name", name]],
    });
    await add(vault, labelled("a"), labelled("b"), labelled("c"));
    const [a] = await vault.find("credential", ["name", "a"]);
    const [b] = await vault.find("credential", ["name", "b"]);
    if (a === undefined || b === undefined) throw new Error("not found");
    await vault.change(() => Promise.resolve({ replace: [[a, labelled("d")]], remove: [b] }));
    expect(await valuesIn(vault, "credential")).toEqual([{ name: "c" }, { name: "d" }]);
    expect(await valuesIn(vault, "credential", ["name", "a"])).toEqual([]);
    expect(await valuesIn(vault, "credential", ["name", "b"])).toEqual([]);
    const [d] = await vault.find("credential", ["name", "d"]);
    expect([d?.stored.id, d?.stored.revision]).toEqual([a.stored.id, 2]);
    expect(await vault.count("credential")).toBe(2);
    expect(await store.scan(undefined, 9)).toHaveLength(2);
    // What was read before is no longer there to be replaced.
    for (const stale of [{ remove: [b] }, { remove: [a] }, { replace: [[a, CONTENT] as const] }]) {
      expect(await codeOfAsync(() => vault.change(() => Promise.resolve(stale)))).toBe("WALLET_CONFLICT");
    }
    expect(await vault.find("credential")).toHaveLength(2);
  });
});

describe("another header", () => {
  it("puts another header in the place of the one before, and binds it", async () => {
    const { vault, store } = await openNew();
    await add(vault, CONTENT);
    await vault.change(() => Promise.resolve({ header: "another" }));
    expect(await store.state()).toMatchObject({ header: "another", counter: 2 });
    expect(await valuesIn(vault, "credential")).toEqual([CONTENT.value]);
  });
});

describe("close", () => {
  it("ends every use", async () => {
    const { vault } = await openNew();
    vault.close();
    expect(await codeOfAsync(() => vault.find("key"))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => vault.count("key"))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => add(vault, CONTENT))).toBe("ARGUMENT_INVALID");
    expect(await codeOfAsync(() => vault.change(() => Promise.resolve({ header: "x" })))).toBe(
      "ARGUMENT_INVALID",
    );
  });

  it("overwrites the root key", async () => {
    const random = seededRandom("close");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), rawKey(1), random);
    (await createVault(createMemoryWalletStore(), header, envelope, random)).close();
    expect(envelope.rootKey).toEqual(new Uint8Array(32));
  });
});

describe("openVault", () => {
  it("overwrites the root key where it refuses", async () => {
    const { store } = await openNew();
    const state = await store.state();
    const given: readonly (readonly [string, Partial<StoreState>, WalletAnchor?])[] = [
      ["RECORD_TAMPERED", { generation: 2 }],
      ["RECORD_TAMPERED", { counter: "0" as never }],
      ["RECORD_TAMPERED", { root: new Uint8Array(99) }],
      ["RECORD_TAMPERED", { header: "x" }],
      ["WALLET_ROLLED_BACK", {}, { generation: 1, counter: 1 }],
    ];
    for (const [code, changes, anchor] of given) {
      const envelope = await openEnvelope("wallet", state.header, rawKey(1));
      const opening = () => openVault(store, { ...state, ...changes }, envelope, seededRandom("x"), anchor);
      expect(codeOf(opening)).toBe(code);
      expect(envelope.rootKey).toEqual(new Uint8Array(32));
    }
  });
});

describe("padding", () => {
  it.each([0, 1, 1015, 1016, 1017, 2040, 2041, 70_000])("is undone for %i bytes", (length) => {
    const text = "x".repeat(length);
    const secret = seededRandom(`pad ${String(length)}`)(length % 40);
    const padded = pad(text, secret);
    expect(padded.length % 1024).toBe(0);
    expect(padded.length - length - secret.length).toBeGreaterThanOrEqual(8);
    expect(padded.length - length - secret.length).toBeLessThan(1024 + 8);
    expect(Buffer.from(unpad(padded).text).toString()).toBe(text);
    expect(unpad(padded).secret).toEqual(secret);
  });

  /** Padded bytes that say of themselves how long their parts are. */
  function withLengths(text: number, secret: number): Uint8Array {
    const padded = pad("x");
    const view = new DataView(padded.buffer);
    view.setUint32(0, text);
    view.setUint32(4, secret);
    return padded;
  }

  it("is refused where its lengths cannot be", () => {
    for (const padded of [
      new Uint8Array(0),
      new Uint8Array(7),
      withLengths(1017, 0),
      withLengths(0, 1017),
      withLengths(1000, 17),
      withLengths(0xffffffff, 0xffffffff),
    ]) {
      expect(codeOf(() => unpad(padded))).toBe("RECORD_TAMPERED");
    }
    expect(unpad(withLengths(1016, 0)).text).toHaveLength(1016);
    expect(unpad(withLengths(0, 1016)).secret).toHaveLength(1016);
  });
});
