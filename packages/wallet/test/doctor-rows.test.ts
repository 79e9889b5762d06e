import { createEnvelope, randomUuidUrn, toHex, WritError } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
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
  type ReadRows,
  type StoredRecord,
  type WalletRows,
  type WalletStore,
} from "../src/index.js";
import { createFoundTallies } from "../src/doctor/found-tallies.js";
import { scanRows } from "../src/doctor/scan-rows.js";
import { leafOf } from "../src/vault/manifest.js";
import { addSums } from "../src/vault/sum.js";
import { deriveVaultKeys } from "../src/vault/vault-keys.js";
import { goneAfter, openPatient, putBack, SECRET, NEW_SECRET } from "./patient.js";

const damaged = (): Promise<never> => Promise.reject(new WritError("DATABASE_INVALID", "malformed"));

/** A store of which no index leads anywhere. */
const withoutIndexes = (store: WalletStore): WalletStore => ({
  ...store,
  read: damaged,
  scan: damaged,
});

const survey = (store: WalletStore, rows: WalletRows) => surveyWallet(store, { secret: SECRET, rows });

/** Numbers from 1 to a last one, of which some cannot be read, as rows. */
function tableOf(last: number, isDamaged: (row: number) => boolean): ReadRows<number> {
  return async (after, limit) => {
    const rows: number[] = [];
    for (let row = after + 1; row <= last && rows.length < limit; row++) {
      if (isDamaged(row)) return damaged();
      rows.push(row);
    }
    const end = rows.at(-1);
    return Promise.resolve({ rows, damaged: [], ...(end === undefined ? {} : { last: end }) });
  };
}

async function scanned(read: ReadRows<number>): Promise<{ seen: readonly number[]; gaps: number }> {
  const seen: number[] = [];
  let gaps = 0;
  for await (const row of scanRows(read, () => (gaps += 1))) seen.push(row);
  return { seen, gaps };
}

describe("rows of a table", () => {
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it.each([
    ["all of them", 1000, []],
    ["none of an empty table", 0, []],
    ["those beyond one that cannot be read", 1000, [500]],
    ["those between several", 300, [1, 2, 3, 150, 152, 300]],
    ["none where none can be read", 70, upTo(70)],
  ])("are read: %s", async (_, last, lost) => {
    const { seen, gaps } = await scanned(tableOf(last, (row) => lost.includes(row)));
    expect(seen).toEqual(upTo(last).filter((row) => !lost.includes(row)));
    expect(gaps > 0).toBe(lost.length > 0);
  });

  it("are not asked for ever of a table that does not move on, and other failures go on their way", async () => {
    expect(await scanned(() => Promise.resolve({ rows: [1], damaged: [], last: 0 }))).toEqual({
      seen: [1],
      gaps: 0,
    });
    const unreachable = () => Promise.reject(new WritError("DATABASE_BUSY", "busy"));
    expect(await codeOfAsync(() => scanned(unreachable))).toBe("DATABASE_BUSY");
  });
});

describe("a wallet of whose file no index can be read", () => {
  it("is looked through, and saved whole, by its tables", async () => {
    const { database, store, wallet } = await openPatient();
    const rows = createSqliteRows(database);
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
    const { database, store } = await openPatient();
    const seen: unknown[] = [];
    const onProgress = (each: unknown): void => void seen.push(each);
    await surveyWallet(store, { secret: SECRET, rows: createSqliteRows(database), onProgress });
    expect([seen[0], seen.at(-1)]).toEqual([
      { done: 1, total: 8 },
      { done: 8, total: 8 },
    ]);
  });

  it("names a place that cannot be read only where neither way leads around it", async () => {
    const { database, store } = await openPatient();
    const rows = createSqliteRows(database);
    const gap = { code: "DATABASE_INVALID", of: "file", detail: expect.any(String) as string };
    const holes: WalletRows = { ...rows, records: damaged };
    expect((await survey({ ...store, scan: damaged }, rows)).findings).toEqual([]);
    expect((await survey(store, holes)).findings).toEqual([]);
    expect((await survey({ ...store, scan: damaged }, holes)).findings).toContainEqual(gap);
  });

  it("has each page of its manifest from where it is whole", async () => {
    const { database, store, wallet } = await openPatient();
    const rows = createSqliteRows(database);
    const pages = await database.query("SELECT page, content FROM wallet_pages ORDER BY page");
    const [first] = pages;
    // The index leads to one that was changed.
    await database.query("UPDATE wallet_pages SET content = x'00' WHERE page = $1", [first?.["page"] ?? 0]);
    expect((await survey(store, rows)).findings).not.toEqual([]);
    const genuine = Number(first?.["page"]);
    const inTable: WalletRows = {
      ...rows,
      pages: async (after, limit) => {
        const read = await rows.pages(after, limit);
        const content = first?.["content"] as Uint8Array;
        return { ...read, rows: read.rows.map((row) => (row[0] === genuine ? [genuine, content] : row)) };
      },
    };
    expect(await survey(store, inTable)).toMatchObject({ findings: [], primary: wallet.did });
    const { findings } = await survey({ ...store, read: damaged }, { ...rows, pages: damaged });
    expect(findings.some(({ of, page }) => of === "manifest" && page !== undefined)).toBe(true);
  });

  it("has each page from any of the rows that bear its number", async () => {
    const { database, store, wallet } = await openPatient();
    const rows = createSqliteRows(database);
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
    const found = await survey(withoutIndexes(store), rows);
    expect([found.primary, found.findings.map(({ of }) => of)]).toEqual([wallet.did, ["index"]]);
  });

  it("passes over rows that hold something else, or are numbered as none is", async () => {
    const { database, store } = await openPatient();
    const rows = createSqliteRows(database);
    await database.query("INSERT INTO wallet_records VALUES (7, x'01', 1, x'00', 'text')");
    await database.query("INSERT INTO wallet_records VALUES (7, x'02', 1, x'00', x'')");
    const high = "INSERT INTO wallet_records (rowid, generation, id, revision, sealed, tags)";
    await database.query(`${high} VALUES (9223372036854775807, 7, x'03', 1, x'00', x'')`);
    const { whole, findings } = await survey(withoutIndexes(store), rows);
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    const tampered = { code: "RECORD_TAMPERED", of: "record", record: "02" };
    expect(findings).toEqual([
      expect.objectContaining(tampered),
      expect.objectContaining({ code: "DATABASE_INVALID", of: "file" }),
      expect.objectContaining({ of: "index" }),
    ]);
    const { rows: read, damaged: errors } = await rows.records(0, 99);
    expect([read.length, errors.map(({ code }) => code)]).toEqual([5, ["RECORD_TAMPERED"]]);
  });

  it("shows none of what an attempt to rekey has left", async () => {
    const { database, store } = await openPatient();
    const rows = createSqliteRows(database);
    const before = await rows.records(0, 99);
    await database.query(
      "INSERT INTO wallet SELECT 'successor', generation + 1, header, 0, x'00' FROM wallet",
    );
    const copy =
      "INSERT INTO wallet_records SELECT generation + 1, id, revision, sealed, tags FROM wallet_records";
    await database.query(copy);
    expect((await rows.records(0, 99)).rows).toEqual(before.rows);
    expect((await survey(store, rows)).findings).toEqual([]);
  });
});

describe("what was lost", () => {
  it("is counted without what is from another time", async () => {
    const { database, store, wallet } = await openPatient();
    const { did } = await createKey(wallet, { name: "third" });
    const [destroyed] = await goneAfter(store, () => destroyKey(wallet, did));
    if (destroyed === undefined) throw new Error("nothing was destroyed");
    const [, second] = await listKeys(wallet);
    const keys = await store.scan(undefined, 99);
    await putBack(database, destroyed);
    // The second key was made by the wallet's second change.
    await database.query("DELETE FROM wallet_records WHERE id = $1", [keys[1]?.id ?? new Uint8Array()]);
    const { whole, findings, keys: found } = await survey(store, createSqliteRows(database));
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
    const { database, store, wallet } = await openPatient();
    const { did } = await createKey(wallet, { name: "third" });
    const [destroyed] = await goneAfter(store, () => destroyKey(wallet, did));
    if (destroyed === undefined) throw new Error("nothing was destroyed");
    await putBack(database, destroyed);
    const pages = await database.query("SELECT page, content FROM wallet_pages WHERE page >= 128");
    const saved = new Set<number>();
    for (const { page, content } of pages) {
      const change = "UPDATE wallet_pages SET content = $2 WHERE page = $1";
      await database.query(change, [page ?? 0, new Uint8Array(8)]);
      saved.add((await survey(store, createSqliteRows(database))).keys.filter((key) => key.isSaved).length);
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
