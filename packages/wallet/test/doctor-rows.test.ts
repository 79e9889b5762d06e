import { readFileSync } from "node:fs";

import { createEnvelope, randomUuidUrn, toHex, WritError } from "@writ/core";
import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createKey,
  createMemoryWalletStore,
  createSqliteRows,
  destroyKey,
  listKeys,
  openWallet,
  saveWallet,
  surveyWallet,
  type StoredRecord,
  type WalletRows,
  type WalletStore,
} from "../src/index.js";
import { createFoundTallies } from "../src/doctor/found-tallies.js";
import { leafOf } from "../src/vault/manifest.js";
import { addSums } from "../src/vault/sum.js";
import { deriveVaultKeys } from "../src/vault/vault-keys.js";
import { goneAfter, openPatient, putBack, SECRET, NEW_SECRET, type Patient } from "./patient.js";
import { bytesOf } from "./sqlite-files.js";

const damaged = (): Promise<never> => Promise.reject(new WritError("DATABASE_INVALID", "malformed"));

/** A store of which no index leads anywhere. */
const withoutIndexes = (store: WalletStore): WalletStore => ({
  ...store,
  read: damaged,
  scan: damaged,
});

const survey = (store: WalletStore, rows: WalletRows) => surveyWallet(store, { secret: SECRET, rows });

/** The rows of a store's file, with what its log holds. */
async function rowsOf({ database, path }: Pick<Patient, "database" | "path">): Promise<WalletRows> {
  await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
  return createSqliteRows(bytesOf(readFileSync(path)));
}

describe("a wallet of whose file no index can be read", () => {
  it("is looked through, and saved whole, page by page", async () => {
    const patient = await openPatient();
    const { store, wallet } = patient;
    const rows = await rowsOf(patient);
    const blind = withoutIndexes(store);
    const found = await survey(blind, rows);
    expect(found).toMatchObject({ whole: { key: 2, credential: 2 }, primary: wallet.did });
    expect(found.keys.map(({ code }) => code)).toEqual([undefined, undefined]);
    // What still leads nowhere, and nothing of the records or of the manifest.
    expect(found.findings.map(({ of }) => of)).toEqual(["index"]);
    const into = createMemoryWalletStore();
    await saveWallet(blind, { secret: SECRET, rows, into, newSecret: NEW_SECRET });
    const sound = await openWallet(into, NEW_SECRET);
    expect([sound.did, (await listKeys(sound)).length]).toEqual([wallet.did, 2]);
  });

  it("is looked through with progress, each way counted", async () => {
    const patient = await openPatient();
    const { store } = patient;
    const seen: unknown[] = [];
    const onProgress = (each: unknown): void => void seen.push(each);
    await surveyWallet(store, { secret: SECRET, rows: await rowsOf(patient), onProgress });
    expect([seen[0], seen.at(-1)]).toEqual([
      { done: 1, total: 8 },
      { done: 8, total: 8 },
    ]);
  });

  it("names a place that cannot be read only where its file is not read as well", async () => {
    const patient = await openPatient();
    const blind = { ...patient.store, scan: damaged };
    const gap = { code: "DATABASE_INVALID", of: "file", detail: expect.any(String) as string };
    expect((await surveyWallet(blind, { secret: SECRET })).findings).toContainEqual(gap);
    expect((await survey(blind, await rowsOf(patient))).findings).toEqual([]);
  });

  it("has each page of its manifest from where it is whole", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    const rows = await rowsOf(patient);
    // The index leads to one that was changed since.
    const changed =
      "UPDATE wallet_pages SET content = x'00' WHERE page = (SELECT min(page) FROM wallet_pages)";
    await database.query(changed);
    expect((await survey(store, await rowsOf(patient))).findings).not.toEqual([]);
    expect(await survey(store, rows)).toMatchObject({ findings: [], primary: wallet.did });
    await database.query("DELETE FROM wallet_pages");
    const { findings } = await survey(store, await rowsOf(patient));
    expect(findings.some(({ of, page }) => of === "manifest" && page !== undefined)).toBe(true);
  });

  it("has each page from any of the rows that bear its number", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    for (const generation of [98, 99]) {
      const columns = `${String(generation)}, page, x'00'`;
      await database.query(
        `INSERT INTO wallet_pages SELECT ${columns} FROM wallet_pages WHERE generation = 1`,
      );
    }
    await database.query(
      "INSERT INTO wallet_pages SELECT 1, page + 1000000, content FROM wallet_pages WHERE generation = 1",
    );
    // The genuine ones come last.
    await database.query("UPDATE wallet_pages SET rowid = rowid + 1000000 WHERE generation = 1");
    const found = await survey(withoutIndexes(store), await rowsOf(patient));
    expect([found.primary, found.findings.map(({ of }) => of)]).toEqual([wallet.did, ["index"]]);
  });

  it("has each node of its manifest though many rows of another length bear its number", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    // More than are tried of one page, and all of them before the genuine ones.
    for (let generation = 90; generation < 99; generation += 1) {
      const columns = `${String(generation)}, page, x'00'`;
      await database.query(
        `INSERT INTO wallet_pages SELECT ${columns} FROM wallet_pages WHERE generation = 1 AND page < 128`,
      );
    }
    await database.query("UPDATE wallet_pages SET rowid = rowid + 1000000 WHERE generation = 1");
    const found = await survey(withoutIndexes(store), await rowsOf(patient));
    expect([found.primary, found.findings.map(({ of }) => of)]).toEqual([wallet.did, ["index"]]);
  });

  it("passes over rows that hold something else, and names those that do not open", async () => {
    const patient = await openPatient();
    const { database, store } = patient;
    await database.query("INSERT INTO wallet_records VALUES (7, x'01', 1.5, x'00', x'')");
    await database.query("INSERT INTO wallet_records VALUES (7, x'02', 1, x'00', x'')");
    const { whole, findings } = await survey(withoutIndexes(store), await rowsOf(patient));
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    expect(findings).toEqual([
      expect.objectContaining({ code: "RECORD_TAMPERED", of: "record", record: "02" }),
      expect.objectContaining({ of: "index" }),
    ]);
  });

  it("is read though the names of its columns are lost", async () => {
    const patient = await openPatient();
    const renamed = new WritError("DATABASE_SCHEMA", "no such column");
    const store = {
      ...patient.store,
      read: () => Promise.reject(renamed),
      scan: () => Promise.reject(renamed),
    };
    const { whole, findings } = await survey(store, await rowsOf(patient));
    expect([whole.key, whole.credential, findings.map(({ of }) => of)]).toEqual([2, 2, ["index"]]);
  });

  it("shows none of what an attempt to rekey has left", async () => {
    const patient = await openPatient();
    const { database, store } = patient;
    await database.query(
      "INSERT INTO wallet SELECT 'successor', generation + 1, header, 0, x'00' FROM wallet",
    );
    const copy =
      "INSERT INTO wallet_records SELECT generation + 1, id, revision, x'00', tags FROM wallet_records";
    await database.query(copy);
    expect((await survey(store, await rowsOf(patient))).findings).toEqual([]);
  });
});

describe("what was lost", () => {
  it("is counted without what is from another time", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    const { did } = await createKey(wallet, { name: "third" });
    const [destroyed] = await goneAfter(store, () => destroyKey(wallet, did));
    if (destroyed === undefined) throw new Error("nothing was destroyed");
    const [, second] = await listKeys(wallet);
    const keys = await store.scan(undefined, 99);
    await putBack(database, destroyed);
    // The second key was made by the wallet's second change.
    await database.query("DELETE FROM wallet_records WHERE id = $1", [keys[1]?.id ?? new Uint8Array()]);
    const { whole, findings, keys: found } = await survey(store, await rowsOf(patient));
    expect([whole.key, found.some((key) => key.did === second?.did)]).toEqual([2, false]);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "RECORD_TAMPERED", record: toHex(destroyed.id) }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "RECORD_MISSING", of: "record", collection: "key" }),
    );
  });
});

describe("what is from another time", () => {
  it("leaves what is of now known to be so, also where a page of the manifest is lost", async () => {
    const patient = await openPatient();
    const { database, store, wallet } = patient;
    const { did } = await createKey(wallet, { name: "third" });
    const [destroyed] = await goneAfter(store, () => destroyKey(wallet, did));
    if (destroyed === undefined) throw new Error("nothing was destroyed");
    await putBack(database, destroyed);
    const pages = await database.query("SELECT page, content FROM wallet_pages WHERE page >= 128");
    const saved = new Set<number>();
    for (const { page, content } of pages) {
      const change = "UPDATE wallet_pages SET content = $2 WHERE page = $1";
      await database.query(change, [page ?? 0, new Uint8Array(8)]);
      saved.add((await survey(store, await rowsOf(patient))).keys.filter((key) => key.isSaved).length);
      await database.query(change, [page ?? 0, content ?? null]);
    }
    expect([pages.length > 5, [...saved]]).toEqual([true, [2]]);
  });

  it("is never taken for what is of now where only one sum would tell", async () => {
    const random = seededRandom("tallies");
    const { envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const keys = deriveVaultKeys(envelope);
    const [every, ofOne, ofOther, ofGone] = [random(16), random(16), random(16), random(16)];
    const record = (own: Uint8Array): StoredRecord => ({
      id: random(16),
      revision: 1,
      sealed: random(64),
      tags: [every, own],
    });
    const [one, other, gone] = [record(ofOne), record(ofOther), record(ofGone)];
    const [leaf, otherLeaf] = [leafOf(keys, one), leafOf(keys, other)];
    const manifest = {
      tallies: new Map([
        [toHex(every), { count: 2, sum: addSums(leaf, otherLeaf) }],
        [toHex(ofOther), { count: 1, sum: otherLeaf }],
      ]),
      damagedPages: [],
      covers: (tag: Uint8Array) => tag !== ofOne,
    };
    const codesWith = (first: StoredRecord) => {
      const found = createFoundTallies(keys);
      const leaves = [first, other, gone].map((stored) => found.add({ stored, collection: "key" }) ?? "");
      const { ages } = found.compare(manifest);
      return leaves.map((each) => ages.get(each));
    };
    expect(codesWith(one)).toEqual([undefined, undefined, "RECORD_TAMPERED"]);
    const old = { ...one, sealed: random(64) };
    expect(codesWith(old)).toEqual(["RECORD_AGE_UNAVAILABLE", undefined, "RECORD_TAMPERED"]);
  });
});
