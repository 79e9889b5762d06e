import { join } from "node:path";

import { createEnvelope, randomUuidUrn, toHex, WritError, type Database } from "@writ/core";
import { codeOfAsync, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createDatabaseWalletStore,
  createKey,
  createMemoryWalletStore,
  destroyKey,
  exportKey,
  findCredentials,
  listCredentials,
  listKeys,
  makePrimary,
  openWallet,
  saveWallet,
  surveyWallet,
  type WalletFinding,
  type WalletStore,
} from "../src/index.js";
import { keyRecord } from "../src/keys/key-record.js";
import { everyPage, isNodePage } from "../src/vault/pages.js";
import { createVault } from "../src/vault/open-vault.js";
import { authorityOf, identityOf, openDatabase, openWorld, rawKey, temporaryFolder } from "./world.js";
import { zeroedDuring } from "./zeroed-during.js";

const SECRET = rawKey(1);

interface Patient {
  readonly database: Database;
  readonly store: WalletStore;
  readonly did: string;
  readonly seed: string;
}

/** A wallet with two keys, an identity and two authority credentials. */
async function openPatient(): Promise<Patient> {
  const database = await openDatabase(join(temporaryFolder(), "agent.wallet"), "create");
  const store = createDatabaseWalletStore(database);
  const { wallet } = await openWorld("patient", store);
  await createKey(wallet, { name: "second" });
  const authorities = [await authorityOf(wallet.did), await authorityOf(wallet.did)];
  await addCredentials(wallet, [await identityOf(wallet.did), ...authorities]);
  const seed = toHex(await exportKey(wallet, wallet.did));
  return { database, store, did: wallet.did, seed };
}

const survey = (store: WalletStore) => surveyWallet(store, { secret: SECRET });

/** Findings without the sentences. */
function brief(findings: readonly WalletFinding[]): readonly string[] {
  return findings.map(({ code, of, collection = "" }) => [code, of, collection].join(" ").trim());
}

/** The id of the only record of a type, in hex. */
async function recordOf({ store }: Patient, type: string): Promise<string> {
  let found = "";
  await surveyWallet(store, {
    secret: SECRET,
    onWhole({ stored, value }) {
      if (JSON.stringify(value).includes(type)) found = toHex(stored.id);
    },
  });
  return found;
}

/** Nothing tells which of the records are of now. */
const WITHOUT_MANIFEST: readonly string[] = [
  "RECORD_TAMPERED manifest",
  "RECORD_AGE_UNAVAILABLE record key",
  "RECORD_AGE_UNAVAILABLE record credential",
];

describe("surveyWallet", () => {
  it("finds nothing wrong with a whole wallet, and counts", async () => {
    const { store, did } = await openPatient();
    const progress: unknown[] = [];
    const onProgress = (each: unknown): void => void progress.push(each);
    expect(await surveyWallet(store, { secret: SECRET, onProgress })).toEqual({
      generation: 1,
      counter: 2,
      whole: { key: 2, credential: 3, generic: 0, delegation: 0, renewal: 0 },
      findings: [],
      keys: [
        { did, isPrimary: true, isSaved: true },
        { did: expect.any(String) as string, name: "second", isPrimary: false, isSaved: true },
      ],
      primary: did,
    });
    expect(progress.at(-1)).toEqual({ done: 5, total: 5 });
  });

  const damages: readonly (readonly [string, (record: string) => string, readonly string[]])[] = [
    [
      "a record that was changed",
      (id) => `UPDATE wallet_records SET sealed = zeroblob(2088) WHERE id = x'${id}'`,
      ["RECORD_TAMPERED record", "RECORD_MISSING record credential"],
    ],
    [
      "a record under another revision",
      (id) => `UPDATE wallet_records SET revision = 2 WHERE id = x'${id}'`,
      ["RECORD_TAMPERED record", "RECORD_MISSING record credential"],
    ],
    [
      "a record that was relabelled",
      (id) => `UPDATE wallet_records SET tags = substr(tags, 17) WHERE id = x'${id}'`,
      ["RECORD_TAMPERED record", "RECORD_MISSING record credential"],
    ],
    [
      "a record that was deleted",
      (id) => `DELETE FROM wallet_records WHERE id = x'${id}'`,
      ["RECORD_MISSING record credential"],
    ],
    [
      "a record that is found no more",
      (id) => `DELETE FROM wallet_tags WHERE record_id = x'${id}'`,
      ["RECORD_MISSING index"],
    ],
    ["the manifest's pages gone", () => "DELETE FROM wallet_pages", WITHOUT_MANIFEST],
    ["the root of another time", () => "UPDATE wallet SET counter = 1", WITHOUT_MANIFEST],
    ["the root gone", () => "UPDATE wallet SET root = x''", WITHOUT_MANIFEST],
    [
      "the keys deleted",
      () => "DELETE FROM wallet_records WHERE length(sealed) < 1100",
      ["RECORD_MISSING record key", "RECORD_MISSING keys"],
    ],
  ];

  it.each(damages)("row 172: names %s, and finds the others whole", async (_, statement, expected) => {
    const patient = await openPatient();
    const record = await recordOf(patient, "AgentIdentityCredential");
    await patient.database.query(statement(record));
    const { whole, findings } = await survey(patient.store);
    expect([...new Set(brief(findings))]).toEqual(expected);
    const harmed = findings.filter(({ code }) => code !== "RECORD_AGE_UNAVAILABLE");
    const named = harmed.flatMap((finding) => finding.record ?? []);
    expect(named.every((id) => id === record)).toBe(true);
    expect(whole.credential).toBeGreaterThanOrEqual(2);
  });

  it("row 175: names a record that was put back", async () => {
    const { store } = await openPatient();
    const { wallet } = await openWorld("put back", store).catch(async () => ({
      wallet: await openWallet(store, SECRET),
    }));
    const before = await store.scan(undefined, 99);
    const [, second] = await listKeys(wallet);
    const late = { validUntil: "2026-11-23T20:00:00Z" };
    const { clock, random } = await openWorld("time");
    const opened = await openWallet(store, SECRET, { clock, random });
    await addCredentials(opened, [await identityOf(wallet.did, { members: late })]);
    expect(second).toBeDefined();
    // The identity that was replaced comes back, beside the one in its place.
    const now = new Set((await store.scan(undefined, 99)).map(({ id }) => toHex(id)));
    const [gone] = before.filter(({ id }) => !now.has(toHex(id)));
    if (gone === undefined) throw new Error("nothing was replaced");
    const back = {
      ...store,
      scan: async (after?: Uint8Array, limit = 9) => {
        const records = await store.scan(after, limit);
        return after === undefined ? [gone, ...records] : records;
      },
    };
    const { findings } = await survey(back);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "RECORD_TAMPERED", of: "record", record: toHex(gone.id) }),
    );
  });

  it("says that more than one key is primary", async () => {
    const random = seededRandom("three");
    const { header, envelope } = await createEnvelope("wallet", randomUuidUrn(random), SECRET, random);
    const first = [1, 2, 3].map((created) => keyRecord(random(32), { created, isPrimary: true }));
    const store = createMemoryWalletStore();
    await createVault(store, header, envelope, random, { first });
    const detail = "more than one key is primary";
    expect((await survey(store)).findings).toEqual([{ code: "RECORD_TAMPERED", of: "keys", detail }]);
  });

  it("says that the header is an older one", async () => {
    const { database, store } = await openPatient();
    const { header } = await store.state();
    const { rekeyWallet } = await import("../src/index.js");
    await rekeyWallet(store, { secret: SECRET, newSecret: rawKey(2), mode: "rewrap" });
    await database.query("UPDATE wallet SET header = $1", [header]);
    expect(brief((await survey(store)).findings)).toEqual(["RECORD_TAMPERED header"]);
  });

  it("goes by the header where the store counts the root keys otherwise", async () => {
    const { store } = await openPatient();
    const state = async () => ({ ...(await store.state()), generation: 2 });
    const damaged: WalletStore = { ...store, state };
    const { generation, whole, findings } = await survey(damaged);
    expect([generation, whole.key, whole.credential]).toEqual([1, 2, 3]);
    expect(brief(findings)).toEqual(["RECORD_TAMPERED header"]);
    const into = createMemoryWalletStore();
    await saveWallet(damaged, { secret: SECRET, into, newSecret: rawKey(2) });
    expect(await listCredentials(await openWallet(into, rawKey(2)))).toHaveLength(3);
  });

  it("can say nothing without the secret or the header", async () => {
    const { database, store } = await openPatient();
    expect(await codeOfAsync(() => surveyWallet(store, { secret: rawKey(2) }))).toBe("UNLOCK_FAILED");
    await database.query("UPDATE wallet SET header = 'x'");
    expect(await codeOfAsync(() => survey(store))).toBe("HEADER_CORRUPT");
    expect(await codeOfAsync(() => survey(createMemoryWalletStore()))).toBe("NOT_FOUND");
  });

  it("passes on what is no damage", async () => {
    const { store } = await openPatient();
    const away: WalletStore = {
      ...store,
      scan: () => Promise.reject(new WritError("DATABASE_UNAVAILABLE", "gone")),
    };
    expect(await codeOfAsync(() => survey(away))).toBe("DATABASE_UNAVAILABLE");
  });

  it("loses no more of the manifest than a page that cannot be read", async () => {
    const { store } = await openPatient();
    const { pages } = await store.read({ pages: everyPage() });
    const nodes = [...pages.keys()].filter(isNodePage).sort((a, b) => a - b);
    const [broken = NaN, beside = NaN] = nodes;
    // Of those that are read at once.
    expect(beside).toBeLessThan(64);
    const damaged: WalletStore = {
      ...store,
      async read(query) {
        if (query.pages.includes(broken)) throw new WritError("DATABASE_INVALID", "malformed");
        return store.read(query);
      },
    };
    const detail = `page ${String(broken)} is missing or was changed`;
    expect((await survey(damaged)).findings).toEqual([
      { code: "RECORD_TAMPERED", of: "manifest", page: broken, detail },
    ]);
  });

  it("does not ask a store for ever that does not move on, nor count what it gives again", async () => {
    const { store } = await openPatient();
    let asked = 0;
    const stuck: WalletStore = {
      ...store,
      async scan(_, limit) {
        if (++asked > 9) throw new Error("asked for ever");
        return store.scan(undefined, limit);
      },
    };
    expect((await survey(stuck)).whole).toMatchObject({ key: 2, credential: 3 });
  });

  it.each([0, 20, 39])("goes around what cannot be read (%i of 40)", async (broken) => {
    const database = await openDatabase(join(temporaryFolder(), "agent.wallet"), "create");
    const store = createDatabaseWalletStore(database);
    const { wallet } = await openWorld("gaps", store);
    await addCredentials(
      wallet,
      await Promise.all(Array.from({ length: 39 }, () => authorityOf(wallet.did))),
    );
    const ids = (await store.scan(undefined, 99)).map(({ id }) => toHex(id));
    expect(ids).toHaveLength(40);
    const bad = ids[broken];
    const damaged: WalletStore = {
      ...store,
      async scan(after, limit) {
        const records = await store.scan(after, limit);
        if (records.some(({ id }) => toHex(id) === bad)) throw new WritError("DATABASE_INVALID", "malformed");
        return records;
      },
    };
    const seen: string[] = [];
    const { findings } = await surveyWallet(damaged, {
      secret: SECRET,
      onWhole: ({ stored }) => void seen.push(toHex(stored.id)),
    });
    expect(seen).toEqual(ids.filter((id) => id !== bad));
    expect(brief(findings)[0]).toBe("DATABASE_INVALID file");
  });
});

describe("saveWallet", () => {
  it("saves all that is whole into a new wallet, and only reads the damaged one", async () => {
    const patient = await openPatient();
    const { database, store, did, seed } = patient;
    const record = await recordOf(patient, "AgentIdentityCredential");
    await database.query(`UPDATE wallet_records SET sealed = zeroblob(99) WHERE id = x'${record}'`);
    await database.query("DELETE FROM wallet_pages");
    const before = await store.scan(undefined, 99);
    const readOnly: WalletStore = {
      ...store,
      commit: () => Promise.reject(new Error("written")),
      initialise: () => Promise.reject(new Error("written")),
    };
    const into = createMemoryWalletStore();
    const found = await saveWallet(readOnly, { secret: SECRET, into, newSecret: rawKey(2), primary: did });
    expect(found.whole).toEqual({ key: 2, credential: 2, generic: 0, delegation: 0, renewal: 0 });
    expect(await store.scan(undefined, 99)).toEqual(before);
    const saved = await openWallet(into, rawKey(2));
    expect(saved.did).toBe(did);
    expect(toHex(await exportKey(saved, did))).toBe(seed);
    expect((await listKeys(saved)).map(({ name, isPrimary }) => [name, isPrimary])).toEqual([
      [undefined, true],
      ["second", false],
    ]);
    expect((await listCredentials(saved)).map(({ type }) => type[1])).toEqual([
      "DelegatedAuthorityCredential",
      "DelegatedAuthorityCredential",
    ]);
    expect(await findCredentials(saved, { type: "DelegatedAuthorityCredential", subject: did })).toHaveLength(
      2,
    );
    // Under a root key of its own: what knows the old one opens nothing of it.
    const tags = new Set(before.flatMap((each) => each.tags.map(toHex)));
    expect(
      (await into.scan(undefined, 99)).flatMap((each) => each.tags.map(toHex)).some((tag) => tags.has(tag)),
    ).toBe(false);
    expect((await surveyWallet(into, { secret: rawKey(2) })).findings).toEqual([]);
  });

  it("row 175: brings no key back that was destroyed", async () => {
    const { database, store, did } = await openPatient();
    const wallet = await openWallet(store, SECRET);
    const destroyed = wallet.did;
    const other = (await listKeys(wallet)).find(({ isPrimary }) => !isPrimary)?.did ?? "";
    const before = await store.scan(undefined, 99);
    await makePrimary(wallet, other);
    await destroyKey(wallet, destroyed);
    expect(did).toBe(destroyed);
    const kept = new Set((await store.scan(undefined, 99)).map(({ id }) => toHex(id)));
    const gone = before.find(({ id }) => !kept.has(toHex(id)));
    await database.query(
      "INSERT INTO wallet_records (generation, id, revision, sealed, tags) VALUES (1, $1, $2, $3, $4)",
      [
        gone?.id ?? null,
        gone?.revision ?? null,
        gone?.sealed ?? null,
        Buffer.concat([...(gone?.tags ?? [])]),
      ],
    );
    const into = createMemoryWalletStore();
    await saveWallet(store, { secret: SECRET, into, newSecret: rawKey(2) });
    expect((await listKeys(await openWallet(into, rawKey(2)))).map((key) => key.did)).toEqual([other]);
  });

  it("asks for a primary key where the primary one is lost", async () => {
    const patient = await openPatient();
    const record = await recordOf(patient, patient.did);
    const [key] = (await patient.store.scan(undefined, 99)).filter(({ sealed }) => sealed.length < 1100);
    expect(record).not.toBe("");
    const lost = toHex(key?.id ?? new Uint8Array());
    await patient.database.query(`DELETE FROM wallet_records WHERE id = x'${lost}'`);
    const into = createMemoryWalletStore();
    const save = (primary?: string) =>
      saveWallet(patient.store, { secret: SECRET, into, newSecret: rawKey(2), primary });
    expect(await codeOfAsync(() => save())).toBe("RECORD_MISSING");
    const [other] = (await surveyWallet(patient.store, { secret: SECRET })).keys;
    await save(other?.did);
    const saved = await openWallet(into, rawKey(2));
    expect((await listKeys(saved)).map(({ did, isPrimary }) => isPrimary && did)).toEqual([other?.did]);
    expect(saved.did).not.toBe(patient.did);
  });

  it("leaves no seed in memory where it fails", async () => {
    const { store, seed } = await openPatient();
    const refused = { type: "passphrase", passphrase: "" } as const;
    const into = createMemoryWalletStore();
    const zeroed = await zeroedDuring(async () => {
      const saving = () => saveWallet(store, { secret: SECRET, into, newSecret: refused });
      expect(await codeOfAsync(saving)).toBe("ARGUMENT_INVALID");
    });
    const unread = await zeroedDuring(async () => {
      const gone: WalletStore = {
        ...store,
        read: (query) => (query.records ? Promise.reject(new Error("gone")) : store.read(query)),
      };
      const saving = saveWallet(gone, { secret: SECRET, into, newSecret: SECRET });
      await expect(saving).rejects.toThrow("gone");
    });
    const times = [unread, zeroed].map((each) => each.filter((bytes) => bytes === seed).length);
    // The one in the record and the one that was kept of it; then also that of the signer which named its DID.
    expect(times).toEqual([2, 3]);
  });

  it("is refused where no key is left, and makes nothing", async () => {
    const { database, store } = await openPatient();
    await database.query("DELETE FROM wallet_records WHERE length(sealed) < 1100");
    const into = createMemoryWalletStore();
    const saving = () => saveWallet(store, { secret: SECRET, into, newSecret: rawKey(2) });
    expect(await codeOfAsync(saving)).toBe("RECORD_MISSING");
    expect(await codeOfAsync(() => into.state())).toBe("NOT_FOUND");
  });
});
