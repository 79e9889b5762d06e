import { createEnvelope, randomUuidUrn, toHex } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createMemoryWalletStore,
  destroyKey,
  exportKey,
  findCredentials,
  importKey,
  listCredentials,
  listKeys,
  makePrimary,
  openWallet,
  saveWallet,
  type StoredRecord,
  type WalletStore,
} from "../src/index.js";
import { keyRecord } from "../src/keys/key-record.js";
import { createVault } from "../src/vault/open-vault.js";
import { backup } from "./backup/backups.js";
import {
  didsOf,
  goneAfter,
  NEW_SECRET,
  openPatient,
  putBack,
  saved,
  SECRET,
  survey,
  type Patient,
} from "./patient.js";
import { authorityOf } from "./world.js";
import { zeroedDuring } from "./zeroed-during.js";

/** Its second key was destroyed, imported again as "again", and its first record is back. */
async function withKeyTwice(): Promise<Patient & { readonly did: string }> {
  const patient = await openPatient();
  const { database, store, wallet } = patient;
  const did = (await listKeys(wallet))[1]?.did ?? "";
  const seed = await exportKey(wallet, did);
  const gone = await goneAfter(store, () => destroyKey(wallet, did));
  await importKey(wallet, seed, { name: "again" });
  for (const record of gone) await putBack(database, record);
  return { ...patient, did };
}

/** The wallet's records are in a table that lets an id be there more than once, after some that are not whole. */
async function plantTwins({ database }: Patient, rows: readonly StoredRecord[]): Promise<void> {
  await database.query("ALTER TABLE wallet_records RENAME TO genuine");
  await database.query(
    "CREATE TABLE wallet_records (generation BIGINT, id BYTEA, revision BIGINT, sealed BYTEA, tags BYTEA)",
  );
  for (const { id, revision, sealed, tags } of rows) {
    await database.query("INSERT INTO wallet_records VALUES (1, $1, $2, $3, $4)", [
      id,
      revision,
      sealed,
      Buffer.concat([...tags]),
    ]);
  }
  await database.query("INSERT INTO wallet_records SELECT * FROM genuine");
  await database.query("DROP TABLE genuine");
}

describe("what is in a damaged wallet twice, saved", () => {
  it.each([
    ["where nothing tells which is of now", "DELETE FROM wallet_pages"],
    ["where the manifest tells", "SELECT 1"],
  ])("a key is there once, as it was imported last: %s", async (_, harm) => {
    const { database, store, wallet, did } = await withKeyTwice();
    await database.query(harm);
    const sound = await saved(store, { primary: wallet.did });
    expect((await listKeys(sound)).map(({ did: each, name }) => [each, name])).toEqual([
      [wallet.did, undefined],
      [did, "again"],
    ]);
    expect((await backup(sound)).length).toBeGreaterThan(0);
    await destroyKey(sound, did);
    expect(await didsOf(sound)).toEqual([wallet.did]);
  });

  it.each([
    ["where the manifest tells", "SELECT 1"],
    ["where nothing tells which is of now", "DELETE FROM wallet_pages"],
  ])("a credential is there once: %s", async (_, harm) => {
    const { database, store, wallet } = await openPatient();
    const [first, second] = [await authorityOf(wallet.did), await authorityOf(wallet.did)];
    await addCredentials(wallet, [first]);
    const gone = await goneAfter(store, () => addCredentials(wallet, [second], { supersedes: [first.id] }));
    expect(gone).toHaveLength(1);
    await addCredentials(wallet, [first]);
    for (const record of gone) await putBack(database, record);
    await database.query(harm);
    const sound = await saved(store, { primary: wallet.did });
    expect(await findCredentials(sound, { id: first.id })).toHaveLength(1);
    expect(await listCredentials(sound)).toHaveLength(4);
    expect((await backup(sound)).length).toBeGreaterThan(0);
  });

  it("what is known to be of now goes before what was written later, in a copy of the file", async () => {
    const { database, store, wallet } = await openPatient();
    // Made of the same random bytes, it is a copy.
    const copy = await openPatient();
    const did = (await listKeys(wallet))[1]?.did ?? "";
    const seed = await exportKey(copy.wallet, did);
    await destroyKey(copy.wallet, did);
    await importKey(copy.wallet, seed, { name: "elsewhere" });
    const later = (await copy.store.scan(undefined, 99)).at(-1);
    if (later === undefined) throw new Error("nothing was imported");
    await putBack(database, later);
    expect((await survey(store)).whole.key).toBe(3);
    expect((await listKeys(await saved(store))).map(({ name }) => name)).toEqual([undefined, "second"]);
  });

  it("two writings of one record are one: the later", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    const [first, second] = await didsOf(wallet);
    const before = await store.scan(undefined, 99);
    await makePrimary(wallet, second ?? "");
    await plantTwins(patient, before);
    await database.query("DELETE FROM wallet_pages");
    const sound = await saved(store, { primary: second });
    expect((await survey(store)).keys.find(({ isPrimary }) => isPrimary)?.did).toBe(second);
    expect([sound.did, [...(await didsOf(sound))].sort()]).toEqual([second, [first, second].sort()]);
  });

  it("is refused where the wallet is changed meanwhile", async () => {
    const { store, wallet } = await openPatient();
    let scans = 0;
    const busy: WalletStore = {
      ...store,
      async scan(after, limit) {
        if (after === undefined && ++scans === 2)
          await addCredentials(wallet, [await authorityOf(wallet.did)]);
        return store.scan(after, limit);
      },
    };
    const into = createMemoryWalletStore();
    const saving = () => saveWallet(busy, { secret: SECRET, into, newSecret: NEW_SECRET });
    expect(await codeOfAsync(saving)).toBe("WALLET_CONFLICT");
  });

  it("is refused where a key comes back meanwhile, of which the answer would say nothing", async () => {
    const { database, store, wallet } = await openPatient();
    const [, second = ""] = await didsOf(wallet);
    const gone = await goneAfter(store, () => destroyKey(wallet, second));
    let scans = 0;
    const busy: WalletStore = {
      ...store,
      async scan(after, limit) {
        if (after === undefined && ++scans === 2) for (const record of gone) await putBack(database, record);
        return store.scan(after, limit);
      },
    };
    expect(await codeOfAsync(() => saved(busy))).toBe("WALLET_CONFLICT");
  });

  it("is refused where a key is destroyed meanwhile, which would live on", async () => {
    const { store, wallet } = await openPatient();
    const [, second = ""] = await didsOf(wallet);
    let scans = 0;
    const busy: WalletStore = {
      ...store,
      async scan(after, limit) {
        if (after === undefined && ++scans === 2) await destroyKey(wallet, second);
        return store.scan(after, limit);
      },
    };
    expect(await codeOfAsync(() => saved(busy))).toBe("WALLET_CONFLICT");
  });
});

describe("row 172: a row with the id of a genuine record", () => {
  it.each([1, 63, 64, 65, 200])("hides it not, nor makes it old, in %i copies before it", async (copies) => {
    const patient = await openPatient();
    const { store, wallet } = patient;
    const records = await store.scan(undefined, 99);
    const dids = await didsOf(wallet);
    const twins = records.flatMap((record) =>
      Array.from({ length: copies }, () => ({ ...record, sealed: Uint8Array.of(0) })),
    );
    await plantTwins(patient, twins);
    const { whole, findings, keys } = await survey(store);
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    const named = findings.flatMap(({ code, record }) => (record === undefined ? [] : [[code, record]]));
    expect(named).toEqual(records.map(({ id }) => ["RECORD_TAMPERED", toHex(id)]));
    expect(keys.map(({ isSaved }) => isSaved)).toEqual([true, true]);
    const sound = await saved(store);
    expect([...(await didsOf(sound))].sort()).toEqual([...dids].sort());
    expect(await listCredentials(sound)).toHaveLength(2);
  });

  it("is found where it is the same row again", async () => {
    const patient = await openPatient();
    const { store, wallet } = patient;
    await plantTwins(patient, await store.scan(undefined, 99));
    expect(await codeOfAsync(() => listKeys(wallet))).toBe("RECORD_TAMPERED");
    const { whole, findings } = await survey(store);
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    expect(findings).toEqual([expect.objectContaining({ code: "RECORD_MISSING", of: "index" })]);
    expect(await didsOf(await saved(store))).toHaveLength(2);
  });
});

/** As if somebody had overwritten what counts the labels that only one of the two keys carries. */
async function withUncounted({ database, store }: Patient, which: "first" | "second"): Promise<void> {
  const keys = (await store.scan(undefined, 99)).filter(({ sealed }) => sealed.length < 1100);
  const [one, other] = which === "first" ? keys : keys.reverse();
  if (one === undefined || other === undefined) throw new Error("two keys were made");
  const tagsOf = (record: StoredRecord): readonly string[] => record.tags.map(toHex);
  const own = one.tags.filter((tag) => !tagsOf(other).includes(toHex(tag)));
  const shared = one.tags.filter((tag) => tagsOf(other).includes(toHex(tag)));
  for (const tag of [...own, ...shared]) {
    const page = 128 + (((tag[0] ?? 0) << 6) | ((tag[1] ?? 0) >> 2));
    await database.query("UPDATE wallet_pages SET content = zeroblob(100) WHERE page = $1", [page]);
  }
}

describe("keys that saving leaves out", () => {
  it("are named, where others are known to be of now", async () => {
    const patient = await openPatient();
    const { store, wallet } = patient;
    const second = (await listKeys(wallet))[1]?.did ?? "";
    await withUncounted(patient, "second");
    const keys = [
      { did: wallet.did, isPrimary: true, isSaved: true },
      { did: second, name: "second", isPrimary: false, isSaved: false, code: "RECORD_AGE_UNAVAILABLE" },
    ];
    expect(await survey(store)).toMatchObject({ keys, primary: wallet.did });
    const into = createMemoryWalletStore();
    const told = await saveWallet(store, { secret: SECRET, into, newSecret: NEW_SECRET });
    expect(told).toMatchObject({ keys, primary: wallet.did });
    expect(await didsOf(await openWallet(into, NEW_SECRET))).toEqual([wallet.did]);
  });

  it("are named where they are from another time, and not where another record of them is saved", async () => {
    const { database, store, wallet } = await openPatient();
    const second = (await listKeys(wallet))[1]?.did ?? "";
    const gone = await goneAfter(store, () => destroyKey(wallet, second));
    for (const record of gone) await putBack(database, record);
    expect((await survey(store)).keys).toEqual([
      { did: wallet.did, isPrimary: true, isSaved: true },
      { did: second, name: "second", isPrimary: false, isSaved: false, code: "RECORD_TAMPERED" },
    ]);
    const twice = await withKeyTwice();
    expect((await survey(twice.store)).keys).toEqual([
      { did: twice.wallet.did, isPrimary: true, isSaved: true },
      { did: twice.did, name: "again", isPrimary: false, isSaved: true },
    ]);
  });

  it("leave no seed in memory", async () => {
    const { database, store, wallet } = await openPatient();
    const second = (await listKeys(wallet))[1]?.did ?? "";
    const seed = toHex(await exportKey(wallet, second));
    const gone = await goneAfter(store, () => destroyKey(wallet, second));
    for (const record of gone) await putBack(database, record);
    const zeroed = await zeroedDuring(async () => {
      await saved(store);
    });
    // That of its record, each of the two times that it is read, and the one that was kept until the choice.
    expect(zeroed.filter((bytes) => bytes === seed)).toHaveLength(3);
  });

  it("are none where all are of the same age", async () => {
    const { database, store, wallet } = await openPatient();
    await database.query("DELETE FROM wallet_pages");
    const { keys, primary } = await survey(store);
    expect(keys.map(({ isSaved, code }) => [isSaved, code])).toEqual([
      [true, "RECORD_AGE_UNAVAILABLE"],
      [true, "RECORD_AGE_UNAVAILABLE"],
    ]);
    // Records of another time would look just so.
    expect([keys[0]?.did, keys[0]?.isPrimary, primary]).toEqual([wallet.did, true, undefined]);
  });
});

describe("the key with which a saved wallet opens", () => {
  it("is not another because somebody wrote to the file", async () => {
    const patient = await openPatient();
    const { store, wallet } = patient;
    const second = (await listKeys(wallet))[1]?.did ?? "";
    await withUncounted(patient, "first");
    const told = await survey(store);
    expect(told.primary).toBeUndefined();
    expect(told.keys).toEqual([
      { did: wallet.did, isPrimary: true, isSaved: false, code: "RECORD_AGE_UNAVAILABLE" },
      { did: second, name: "second", isPrimary: false, isSaved: true },
    ]);
    expect(await codeOfAsync(() => saved(store))).toBe("RECORD_MISSING");
    // Whoever owns it says which: the key of before, or another.
    const before = await saved(store, { primary: wallet.did });
    expect(before.did).toBe(wallet.did);
    expect(await didsOf(before)).toEqual([wallet.did, second]);
    const another = await saved(store, { primary: second });
    expect([another.did, await didsOf(another)]).toEqual([second, [second]]);
    const both = await saved(store, { primary: second, keep: [wallet.did] });
    expect([both.did, await didsOf(both)]).toEqual([second, [wallet.did, second]]);
  });

  it("is none of a record that is known to be from another time", async () => {
    const { database, store, wallet } = await openPatient();
    const [first, second = ""] = await didsOf(wallet);
    const before = await store.scan(undefined, 99);
    await makePrimary(wallet, second);
    // As they were when the first key was primary.
    await database.query("DELETE FROM wallet_records");
    await database.query("DELETE FROM wallet_tags");
    for (const record of before) await putBack(database, record);
    const told = await survey(store);
    expect(told.primary).toBeUndefined();
    expect(told.keys).toMatchObject([
      { did: first, isPrimary: true, isSaved: true, code: "RECORD_TAMPERED" },
      { did: second, isPrimary: false, isSaved: true, code: "RECORD_TAMPERED" },
    ]);
    expect(await codeOfAsync(() => saved(store))).toBe("RECORD_MISSING");
    expect((await saved(store, { primary: second })).did).toBe(second);
  });

  it("is the only one there is, unless that is known to be from another time", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    const second = (await listKeys(wallet))[1]?.did ?? "";
    await destroyKey(wallet, second);
    await database.query("DELETE FROM wallet_pages");
    expect(await survey(store)).toMatchObject({
      keys: [{ did: wallet.did, code: "RECORD_AGE_UNAVAILABLE" }],
      primary: wallet.did,
    });
    expect((await saved(store)).did).toBe(wallet.did);
  });

  it("is not one that alone is left, and is from another time", async () => {
    const { database, store, wallet } = await openPatient();
    const second = (await listKeys(wallet))[1]?.did ?? "";
    const [old] = (await store.scan(undefined, 99)).filter(({ sealed }) => sealed.length < 1100);
    await makePrimary(wallet, second);
    await database.query("DELETE FROM wallet_records");
    await database.query("DELETE FROM wallet_tags");
    if (old !== undefined) await putBack(database, old);
    const { keys, primary } = await survey(store);
    expect(keys).toMatchObject([{ did: wallet.did, isPrimary: true, code: "RECORD_TAMPERED" }]);
    expect(primary).toBeUndefined();
    expect(await codeOfAsync(() => saved(store))).toBe("RECORD_MISSING");
  });

  it("is not the only one there is, where that was never primary", async () => {
    const { database, store } = await openPatient();
    const [first] = (await store.scan(undefined, 99)).filter(({ sealed }) => sealed.length < 1100);
    await database.query("DELETE FROM wallet_records WHERE id = $1", [first?.id ?? new Uint8Array()]);
    await database.query("DELETE FROM wallet_pages");
    const { keys, primary } = await survey(store);
    expect(keys).toMatchObject([{ name: "second", isPrimary: false, code: "RECORD_AGE_UNAVAILABLE" }]);
    expect(primary).toBeUndefined();
  });

  const openWithKeys = async (keys: readonly { readonly seed: number; readonly isPrimary: boolean }[]) => {
    const random = seededRandom("keys");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const store = createMemoryWalletStore();
    const first = keys.map(({ seed, isPrimary }, created) =>
      keyRecord(new Uint8Array(32).fill(seed), { created, isPrimary }),
    );
    (await createVault(store, header, envelope, random, { first })).close();
    return store;
  };

  it("is named where several say so, and one alone is primary then", async () => {
    const store = await openWithKeys([1, 2, 3].map((seed) => ({ seed, isPrimary: true })));
    const { keys, primary } = await survey(store);
    expect(primary).toBeUndefined();
    expect(await codeOfAsync(() => saved(store))).toBe("RECORD_MISSING");
    const sound = await saved(store, { primary: keys[1]?.did });
    const marks = (await listKeys(sound)).map(({ did, isPrimary }) => isPrimary && did);
    expect(marks).toEqual([false, keys[1]?.did, false]);
  });

  it("is that of which any record says so, where it is there twice", async () => {
    for (const twice of [
      [true, false],
      [false, true],
    ]) {
      const store = await openWithKeys([
        ...twice.map((isPrimary) => ({ seed: 1, isPrimary })),
        { seed: 2, isPrimary: false },
      ]);
      const { keys, primary } = await survey(store);
      expect(keys.map(({ isPrimary }) => isPrimary)).toEqual([true, false]);
      expect(primary).toBe(keys[0]?.did);
      expect((await saved(store)).did).toBe(primary);
    }
  });

  it("is any whole one that is named, and none that is not there", async () => {
    const { database, store, wallet } = await openPatient();
    const second = (await listKeys(wallet))[1]?.did ?? "";
    const gone = await goneAfter(store, () => destroyKey(wallet, second));
    for (const record of gone) await putBack(database, record);
    // It was destroyed: only its owner's word brings it back.
    expect(await didsOf(await saved(store))).toEqual([wallet.did]);
    expect(await didsOf(await saved(store, { keep: [second] }))).toEqual([wallet.did, second]);
    expect(await codeOfAsync(() => saved(store, { primary: "did:key:z6Mk" }))).toBe("NOT_FOUND");
    expect(await codeOfAsync(() => saved(store, { keep: ["did:key:z6Mk"] }))).toBe("NOT_FOUND");
  });
});

describe("destroyKey, where a wallet holds a key twice", () => {
  it("destroys each record of it", async () => {
    const random = seededRandom("twice");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const store = createMemoryWalletStore();
    const first = [7, 8, 8].map((byte, created) =>
      keyRecord(new Uint8Array(32).fill(byte), { created, isPrimary: created === 0 }),
    );
    (await createVault(store, header, envelope, random, { first })).close();
    const wallet = await openWallet(store, SECRET);
    const [primary, twice = "", again] = await didsOf(wallet);
    expect(twice).toBe(again);
    await destroyKey(wallet, twice);
    expect(await didsOf(wallet)).toEqual([primary]);
    expect(await codeOfAsync(() => exportKey(wallet, twice))).toBe("NOT_FOUND");
  });

  it("refuses where one of them is the primary one", async () => {
    const random = seededRandom("primary twice");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const store = createMemoryWalletStore();
    const first = [false, true].map((isPrimary, created) =>
      keyRecord(new Uint8Array(32).fill(7), { created, isPrimary }),
    );
    (await createVault(store, header, envelope, random, { first })).close();
    const wallet = await openWallet(store, SECRET);
    expect(await codeOfAsync(() => destroyKey(wallet, wallet.did))).toBe("ARGUMENT_INVALID");
  });
});
