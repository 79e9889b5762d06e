import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { createEnvelope, randomUuidUrn, toHex, WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  createDatabaseWalletStore,
  createKey,
  createMemoryWalletStore,
  destroyKey,
  exportKey,
  importKey,
  listKeys,
  openWallet,
  rekeyWallet,
  type StoredRecord,
  type WalletFinding,
  type WalletStore,
} from "../src/index.js";
import { scanDamaged } from "../src/doctor/scan-damaged.js";
import { keyRecord } from "../src/keys/key-record.js";
import { createVault } from "../src/vault/open-vault.js";
import { backup } from "./backup/backups.js";
import { didsOf, openPatient, putBack, saved, SECRET, survey, type Patient } from "./patient.js";
import { openDatabase, openWorld, temporaryFolder } from "./world.js";

/** Findings without the sentences, each once. */
function brief(findings: readonly WalletFinding[]): readonly string[] {
  return [...new Set(findings.map(({ code, of }) => `${code} ${of}`))];
}

/** A patient whose second key was destroyed, and is back in the file. */
async function withDestroyedKey(): Promise<
  Patient & { readonly destroyed: string; readonly record: string }
> {
  const patient = await openPatient();
  const { database, store, wallet } = patient;
  const [, second] = await listKeys(wallet);
  const destroyed = second?.did ?? "";
  const before = await store.scan(undefined, 99);
  await destroyKey(wallet, destroyed);
  const kept = new Set((await store.scan(undefined, 99)).map(({ id }) => toHex(id)));
  const [gone] = before.filter(({ id }) => !kept.has(toHex(id)));
  if (gone === undefined) throw new Error("nothing was destroyed");
  await putBack(database, gone);
  return { ...patient, destroyed, record: toHex(gone.id) };
}

describe("rows that somebody planted", () => {
  it.each(["05", "00", "ff", "ff".repeat(16), "ff".repeat(17), "00".repeat(15), "000000".repeat(300)])(
    "row 172: are named, and no record is taken twice: id %s",
    async (id) => {
      const { database, store } = await openPatient();
      await database.query(`INSERT INTO wallet_records VALUES (1, x'${id}', 1, x'00', x'')`);
      const { whole, findings } = await survey(store);
      expect(whole).toMatchObject({ key: 2, credential: 2 });
      expect(findings).toEqual([
        expect.objectContaining({ code: "RECORD_TAMPERED", of: "record", record: id.slice(0, 64) }),
      ]);
      const sound = await saved(store);
      const [, second] = await listKeys(sound);
      await destroyKey(sound, second?.did ?? "");
      expect(await codeOfAsync(() => exportKey(sound, second?.did ?? ""))).toBe("NOT_FOUND");
    },
  );

  it("row 172: do not hide what lies beyond a place that cannot be read", async () => {
    const { store } = await openPatient();
    const real = await store.scan(undefined, 99);
    const planted: StoredRecord = { id: Uint8Array.of(0), revision: 1, sealed: new Uint8Array(), tags: [] };
    const bad = toHex(real[0]?.id ?? new Uint8Array());
    const all = [planted, ...real];
    const damaged: WalletStore = {
      ...store,
      scan: async (after = new Uint8Array(), limit) => {
        const some = all.filter(({ id }) => toHex(id) > toHex(after)).slice(0, limit);
        if (some.some(({ id }) => toHex(id) === bad)) throw new WritError("DATABASE_INVALID", "malformed");
        return Promise.resolve(some);
      },
    };
    const seen: string[] = [];
    for await (const { id } of scanDamaged(damaged, () => undefined)) seen.push(toHex(id));
    expect(seen).toEqual(["00", ...real.slice(1).map(({ id }) => toHex(id))]);
  });
});

describe("row 172: the wallet's own row, where it is damaged", () => {
  it.each([
    ["its counter", "UPDATE wallet SET counter = counter + 1", ["RECORD_TAMPERED manifest"]],
    ["its counter below zero", "UPDATE wallet SET counter = -1", ["RECORD_TAMPERED manifest"]],
    [
      "its counter no safe integer",
      `UPDATE wallet SET counter = ${"9".repeat(18)}`,
      ["RECORD_TAMPERED manifest"],
    ],
    ["its counter a text", "UPDATE wallet SET counter = 'x'", ["RECORD_TAMPERED manifest"]],
    ["its counter bytes", "UPDATE wallet SET counter = x'01'", ["RECORD_TAMPERED manifest"]],
    ["its root a text", "UPDATE wallet SET root = 'x'", ["RECORD_TAMPERED manifest"]],
    ["its root a number", "UPDATE wallet SET root = 5", ["RECORD_TAMPERED manifest"]],
  ])("leaves the records readable: %s", async (_, harm, expected) => {
    const { database, store, wallet } = await openPatient();
    await database.query(harm);
    const { whole, findings } = await survey(store);
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    const harmed = findings.filter(({ code }) => code !== "RECORD_AGE_UNAVAILABLE");
    expect(brief(harmed)).toEqual(expected);
    expect((await saved(store, { primary: wallet.did })).did).toBe(wallet.did);
    // Nothing is changed in a wallet whose row is damaged.
    const change = async () => createKey(await openWallet(store, SECRET));
    expect(await codeOfAsync(change)).toBe("RECORD_TAMPERED");
  });

  it.each([
    ["another", "UPDATE wallet SET standing = 'cusrent'"],
    ["another type", "UPDATE wallet SET standing = CAST('current' AS BLOB)"],
  ])("says nothing of the content by its standing, which the next change mends: %s", async (_, harm) => {
    const { database, store, wallet } = await openPatient();
    await database.query(harm);
    const { whole, findings } = await survey(store);
    expect({ whole, findings }).toMatchObject({ whole: { key: 2, credential: 2 }, findings: [] });
    expect((await saved(store)).did).toBe(wallet.did);
    await createKey(await openWallet(store, SECRET));
    await database.query(harm);
    await rekeyWallet(store, { secret: SECRET, newSecret: SECRET, mode: "full" });
    expect(await database.query("SELECT standing FROM wallet")).toEqual([{ standing: "current" }]);
  });

  it.each([
    ["another", "UPDATE wallet SET generation = 7"],
    ["a text", "UPDATE wallet SET generation = 'x'"],
    ["no safe integer", `UPDATE wallet SET generation = ${"9".repeat(18)}`],
  ])("hides no record, and not the header, by its count of root keys: %s", async (_, harm) => {
    const { database, store } = await openPatient();
    const before = [(await store.state()).header, await store.scan(undefined, 99)];
    await database.query(harm);
    expect([(await store.state()).header, await store.scan(undefined, 99)]).toEqual(before);
    expect(await codeOfAsync(() => openWallet(store, SECRET))).toBe("RECORD_TAMPERED");
  });

  it("is read as far as it can be, bit by bit", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "agent.wallet");
    const made = await openSqliteDatabase({ path, mode: "create" });
    (await openWorld("bits", createDatabaseWalletStore(made))).wallet.close();
    await made.close();
    const bytes = readFileSync(path);
    // The type of the root's column, with which its row's header ends (sqlite.org/fileformat, 2.1).
    const at = bytes.indexOf('current{"') - 1;
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
      writeFileSync(`${path}.${String(bit)}`, flipped, { mode: 0o600 });
      const store = createDatabaseWalletStore(await openDatabase(`${path}.${String(bit)}`, "open"));
      expect([bit, (await survey(store)).whole.key]).toEqual([bit, 1]);
    }
  });

  it("does not take what an attempt to rekey has left for the wallet", async () => {
    const { database, store } = await openPatient();
    await database.query("UPDATE wallet SET standing = 'successor'");
    expect(await codeOfAsync(() => survey(store))).toBe("HEADER_CORRUPT");
  });
});

describe("a store that does not move on", () => {
  it("is not asked for ever for its records, and each is taken once", async () => {
    const { store } = await openPatient();
    let asked = 0;
    const stuck: WalletStore = {
      ...store,
      scan: (_, limit) => {
        if (++asked > 9) throw new Error("asked for ever");
        return store.scan(undefined, limit);
      },
    };
    const { whole, findings } = await survey(stuck);
    expect(whole).toMatchObject({ key: 2, credential: 2 });
    expect(findings).toEqual([]);
  });

  it("is not asked for ever for those under a label", async () => {
    const { store } = await openPatient();
    let asked = 0;
    const stuck: WalletStore = {
      ...store,
      read: ({ records, ...query }) => {
        if (records !== undefined && ++asked > 99) throw new Error("asked for ever");
        return store.read({ ...query, ...(records && { records: { ...records, after: undefined } }) });
      },
    };
    expect((await survey(stuck)).findings).toEqual([]);
  });
});

describe("pages that cannot be read", () => {
  it("are asked for one by one, and once", async () => {
    const { store } = await openPatient();
    const asked = new Map<number, number>();
    const unreadable: WalletStore = {
      ...store,
      read: ({ pages, ...query }) => {
        if (pages.length === 0) return store.read({ pages, ...query });
        for (const page of pages) asked.set(page, (asked.get(page) ?? 0) + 1);
        if ((asked.get(0) ?? 0) > 9) throw new Error("asked for ever");
        throw new WritError("DATABASE_INVALID", "malformed");
      },
    };
    const { findings } = await survey(unreadable);
    expect(brief(findings)).toContain("RECORD_TAMPERED manifest");
    expect(Math.max(...asked.values())).toBe(2);
  });
});

describe("row 175: a key that was destroyed and put back", () => {
  it("is named, and not saved", async () => {
    const { store, wallet, destroyed, record } = await withDestroyedKey();
    expect((await survey(store)).findings).toEqual([
      expect.objectContaining({ code: "RECORD_TAMPERED", of: "record", record }),
    ]);
    expect(await didsOf(await saved(store))).toEqual([wallet.did]);
    expect(wallet.did).not.toBe(destroyed);
  });

  it.each([
    ["the root is damaged", "UPDATE wallet SET root = zeroblob(100)"],
    ["every bucket is damaged", "UPDATE wallet_pages SET content = zeroblob(100) WHERE page >= 128"],
    ["the pages are gone", "DELETE FROM wallet_pages"],
  ])("is named as one that may be old where %s, as is every other record", async (_, harm) => {
    const { database, store, wallet, destroyed } = await withDestroyedKey();
    await database.query(harm);
    const { findings } = await survey(store);
    const untold = findings.filter(({ code }) => code === "RECORD_AGE_UNAVAILABLE");
    const ids = (await store.scan(undefined, 99)).map(({ id }) => toHex(id));
    expect(untold.map(({ record }) => record).sort()).toEqual(ids.sort());
    // Without the manifest nobody can tell which: the wallet is saved all the same, once its owner says whose it is.
    expect(await codeOfAsync(() => saved(store))).toBe("RECORD_MISSING");
    expect([...(await didsOf(await saved(store, { primary: wallet.did })))].sort()).toEqual(
      [wallet.did, destroyed].sort(),
    );
  });

  it("is not saved where only another is known to be of now", async () => {
    const { database, store, wallet, record } = await withDestroyedKey();
    const [row] = await database.query(`SELECT tags FROM wallet_records WHERE id = x'${record}'`);
    const tags = row?.["tags"] as Uint8Array;
    for (let at = 0; at < tags.length; at += 16) {
      const page = 128 + (((tags[at] ?? 0) << 6) | ((tags[at + 1] ?? 0) >> 2));
      await database.query("UPDATE wallet_pages SET content = zeroblob(100) WHERE page = $1", [page]);
    }
    const { findings } = await survey(store);
    expect(findings.filter((finding) => finding.code === "RECORD_AGE_UNAVAILABLE")).toEqual([
      expect.objectContaining({ of: "record", record }),
    ]);
    expect(await didsOf(await saved(store))).toEqual([wallet.did]);
  });

  it("does not take away the one that was imported in its place", async () => {
    const { database, store, wallet } = await openPatient();
    const [, second] = await listKeys(wallet);
    const did = second?.did ?? "";
    const seed = await exportKey(wallet, did);
    const before = await store.scan(undefined, 99);
    await destroyKey(wallet, did);
    await importKey(wallet, seed, { name: "again" });
    const kept = new Set((await store.scan(undefined, 99)).map(({ id }) => toHex(id)));
    const [gone] = before.filter(({ id }) => !kept.has(toHex(id)));
    if (gone === undefined) throw new Error("nothing was destroyed");
    await putBack(database, gone);
    const names = (await listKeys(await saved(store))).map(({ name }) => name);
    expect(names).toEqual([undefined, "again"]);
  });
});

describe("a wallet that holds a record twice", () => {
  it("is not backed up: the backup could not be restored", async () => {
    const random = seededRandom("twice");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const store = createMemoryWalletStore();
    const keys = [true, false].map((isPrimary) =>
      keyRecord(new Uint8Array(32).fill(7), { created: 1, isPrimary }),
    );
    (await createVault(store, header, envelope, random, { first: keys })).close();
    const wallet = await openWallet(store, SECRET);
    expect(await codeOfAsync(() => backup(wallet))).toBe("BACKUP_INVALID");
  });
});
