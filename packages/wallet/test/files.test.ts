import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { asJson, encodeBase64url, toHex, utf8, type Database } from "@writ/core";
import { codeOfAsync, fixedClock, seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createDatabaseWalletStore,
  createKey,
  createWallet,
  destroyKey,
  listCredentials,
  listKeys,
  openWallet,
  rekeyWallet,
  type Wallet,
  walletAnchor,
} from "../src/index.js";
import {
  authorityOf,
  identityOf,
  openDatabase,
  ORGANISATION,
  rawKey,
  START,
  temporaryFolder,
} from "./world.js";

interface FileWorld {
  readonly path: string;
  readonly database: Database;
  readonly wallet: Wallet;
  /** Every 32 random bytes that the wallet drew: root key and seed. */
  readonly secrets: readonly Uint8Array[];
  readonly environment: { readonly clock: () => number; readonly random: (length: number) => Uint8Array };
}

async function openFileWorld(seed = "file"): Promise<FileWorld> {
  const path = join(temporaryFolder(), "agent.wallet");
  const database = await openDatabase(path, "create");
  const source = seededRandom(seed);
  const secrets: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = source(length);
    if (length === 32) secrets.push(Uint8Array.from(bytes));
    return bytes;
  };
  const environment = { clock: fixedClock(START), random };
  const wallet = await createWallet(createDatabaseWalletStore(database), { secret: rawKey(9) }, environment);
  return { path, database, wallet, secrets, environment };
}

/** A needle as it stands, and as it could be written. */
function writings(needle: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  const base64 = encodeBase64url(needle);
  return [
    ["raw", needle],
    ["hex", utf8(toHex(needle))],
    ["HEX", utf8(toHex(needle).toUpperCase())],
    // Without its last characters, which depend on what follows.
    ["base64url", utf8(base64.slice(0, -2))],
    ["base64", utf8(Buffer.from(needle).toString("base64").slice(0, -4))],
    ["UTF-16", Buffer.from(Buffer.from(needle).toString("latin1"), "utf16le")],
  ];
}

/** All files beside a wallet, and the wallet. */
function filesOf(path: string): readonly Buffer[] {
  const folder = dirname(path);
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}

describe("the wallet's files (HOSTILE 184)", () => {
  it("hold no secret, name, type, DID or id in any writing, before and after a checkpoint", async () => {
    const { path, database, wallet, secrets } = await openFileWorld();
    const identity = await identityOf(wallet.did, { name: "canary-refund-bot" });
    const authority = await authorityOf(wallet.did, {
      grants: [{ id: "canary-grant", actions: ["canary.action"] }],
    });
    await addCredentials(wallet, [identity, authority]);
    expect(secrets).toHaveLength(2);

    const texts = [
      "canary",
      wallet.did,
      wallet.did.slice("did:key:".length),
      ORGANISATION.did,
      identity.id,
      identity.id.slice("urn:uuid:".length),
      authority.id,
      identity.credentialSubject.agentId,
      "AgentIdentityCredential",
      "VerifiableCredential",
      "DelegatedAuthority",
      "credentialSubject",
      "did:key",
      "credential",
      "https://",
      String([identity.proof].flat()[0]?.proofValue),
    ].map(utf8);
    const uuidBytes = Buffer.from(identity.id.slice(9).replaceAll("-", ""), "hex");
    const needles = [...secrets, new Uint8Array(32).fill(9), uuidBytes, ...texts];

    const assertClean = () => {
      const files = filesOf(path);
      // The search finds what is there.
      expect(files.some((file) => file.includes("writ-envelope"))).toBe(true);
      for (const needle of needles) {
        for (const [writing, bytes] of writings(needle)) {
          const found = files.some((file) => file.includes(Buffer.from(bytes)));
          expect(found, `${writing} of ${Buffer.from(needle).toString("latin1")}`).toBe(false);
        }
      }
    };
    expect(existsSync(`${path}-wal`)).toBe(true);
    assertClean();
    await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
    assertClean();
    await database.close();
    assertClean();
  });

  it("say of a record only its revision, its size in KiB and its tags", async () => {
    const { database, wallet } = await openFileWorld();
    await addCredentials(wallet, [await identityOf(wallet.did, { name: "a" })]);
    await addCredentials(wallet, [await identityOf(wallet.did, { name: "a somewhat longer name" })]);
    const rows = await database.query("SELECT id, revision, sealed FROM wallet_records");
    const sizes = rows.map((row) => (row["sealed"] as Uint8Array).length - 24 - 16);
    expect(sizes.map((size) => size % 1024)).toEqual([0, 0, 0]);
    expect(sizes.sort()).toEqual([1024, 2048, 2048]);
    expect(rows.map((row) => row["revision"])).toEqual([1, 1, 1]);
    const tags = await database.query("SELECT tag, count(*) AS n FROM wallet_tags GROUP BY tag ORDER BY n");
    // Digests, ids, `did` and `primary` differ; issuer, subject, type and `every` recur.
    expect(tags.map((row) => row["n"])).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(tags.every((row) => (row["tag"] as Uint8Array).length === 16)).toBe(true);
  });

  it("have other tags and other nonces for the same content in each wallet", async () => {
    const one = await openFileWorld("one");
    const other = await openFileWorld("other");
    const all = async ({ database }: FileWorld) =>
      (await database.query("SELECT tag FROM wallet_tags")).map((row) => toHex(row["tag"] as Uint8Array));
    const tags = new Set(await all(one));
    expect((await all(other)).some((tag) => tags.has(tag))).toBe(false);
  });
});

describe("rows that were changed in the file (HOSTILE 173)", () => {
  it("are refused when two records of one wallet are swapped", async () => {
    const { database, wallet } = await openFileWorld();
    await addCredentials(wallet, [await identityOf(wallet.did), await identityOf(wallet.did)]);
    const rows = await database.query("SELECT id, sealed FROM wallet_records");
    const [one, other] = rows.filter((row) => (row["sealed"] as Uint8Array).length > 1100);
    for (const [row, source] of [
      [one, other],
      [other, one],
    ]) {
      await database.query("UPDATE wallet_records SET sealed = $2 WHERE id = $1", [
        row?.["id"] ?? null,
        source?.["sealed"] ?? null,
      ]);
    }
    expect(await codeOfAsync(() => listCredentials(wallet))).toBe("RECORD_TAMPERED");
  });

  it("are refused when they come from another wallet of the same secret", async () => {
    const one = await openFileWorld("one");
    const other = await openFileWorld("other");
    const [foreign] = await other.database.query("SELECT id, sealed FROM wallet_records");
    await one.database.query("UPDATE wallet_records SET sealed = $1", [foreign?.["sealed"] ?? null]);
    const reopen = () => openWallet(createDatabaseWalletStore(one.database), rawKey(9));
    expect(await codeOfAsync(reopen)).toBe("RECORD_TAMPERED");
    const [header] = await other.database.query("SELECT header FROM wallet");
    await one.database.query("UPDATE wallet SET header = $1", [header?.["header"] ?? null]);
    expect(await codeOfAsync(reopen)).toBe("RECORD_TAMPERED");
  });

  it.each([
    ["revision", "UPDATE wallet_records SET revision = 2"],
    ["content, as a text", "UPDATE wallet_records SET sealed = hex(sealed)"],
    ["content, as a number", "UPDATE wallet_records SET sealed = 12"],
    ["content, to nothing", "UPDATE wallet_records SET sealed = x''"],
  ])("are refused with another %s", async (_, statement) => {
    const { database } = await openFileWorld();
    await database.query(statement);
    const reopen = () => openWallet(createDatabaseWalletStore(database), rawKey(9));
    expect(await codeOfAsync(reopen)).toBe("RECORD_TAMPERED");
  });

  it.each([
    ["HEADER_CORRUPT", "DELETE FROM wallet"],
    ["HEADER_CORRUPT", "UPDATE wallet SET header = ''"],
    ["HEADER_CORRUPT", "UPDATE wallet SET header = 'null'"],
    ["HEADER_CORRUPT", "UPDATE wallet SET header = replace(header, 'wallet', 'organisation')"],
    ["HEADER_CORRUPT", "UPDATE wallet SET header = 5"],
    ["FORMAT_TOO_NEW", "UPDATE writ_schema SET version = 2"],
    ["RECORD_MISSING", "DELETE FROM wallet_tags"],
    ["NOT_FOUND", "DELETE FROM writ_schema"],
  ])("are %s after %s", async (code, statement) => {
    const { database } = await openFileWorld();
    await database.query(statement);
    const reopen = () => openWallet(createDatabaseWalletStore(database), rawKey(9));
    expect(await codeOfAsync(reopen)).toBe(code);
  });

  it("have lost their header, whatever is asked of the store", async () => {
    const { database } = await openFileWorld();
    const store = createDatabaseWalletStore(database);
    const { root } = await store.state();
    await database.query("DELETE FROM wallet");
    const change = { root, pages: new Map<number, Uint8Array>(), records: [], removed: [] };
    const uses = [
      () => store.state(),
      () => store.read({ pages: [] }),
      () => store.scan(undefined, 9),
      () => store.commit(change, root),
    ];
    for (const use of uses) expect(await codeOfAsync(use)).toBe("HEADER_CORRUPT");
  });

  it("are told from another history with as many changes, by who has the wallet open (HOSTILE 175)", async () => {
    const { database, wallet } = await openFileWorld();
    const tables = ["wallet", "wallet_pages", "wallet_records", "wallet_tags"];
    const before = await Promise.all(tables.map((table) => database.query(`SELECT * FROM ${table}`)));
    await createKey(wallet, { name: "one history" });
    for (const [index, table] of tables.entries()) {
      await database.query(`DELETE FROM ${table}`);
      for (const row of before[index] ?? []) {
        const places = Object.keys(row).map((_, place) => `$${String(place + 1)}`);
        await database.query(`INSERT INTO ${table} VALUES (${places.join()})`, Object.values(row));
      }
    }
    const other = await openWallet(createDatabaseWalletStore(database), rawKey(9));
    await createKey(other, { name: "another history" });
    for (const use of [() => walletAnchor(wallet), () => listCredentials(wallet), () => listKeys(wallet)]) {
      expect(await codeOfAsync(use)).toBe("WALLET_ROLLED_BACK");
    }
  });

  it("leave a wallet of a newer version untouched (HOSTILE 181)", async () => {
    const { database, path } = await openFileWorld();
    await database.query("UPDATE writ_schema SET version = 2");
    await database.close();
    const before = readFileSync(path);
    const later = await openDatabase(path, "open");
    const reopen = () => openWallet(createDatabaseWalletStore(later), rawKey(9));
    expect(await codeOfAsync(reopen)).toBe("FORMAT_TOO_NEW");
    await later.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("two handles on one wallet (HOSTILE 185)", () => {
  it("lose nothing when both write at once", async () => {
    const { path, wallet, environment, database } = await openFileWorld();
    const second = await openDatabase(path, "open");
    const other = await openWallet(createDatabaseWalletStore(second), rawKey(9), environment);
    const identities = await Promise.all(
      Array.from({ length: 24 }, (_, index) => identityOf(wallet.did, { name: `n${String(index)}` })),
    );
    const results = await Promise.all(
      identities.map((identity, index) => addCredentials(index % 2 === 0 ? wallet : other, [identity])),
    );
    expect(results.flat().sort()).toEqual(identities.map(({ id }) => id).sort());
    for (const each of [wallet, other]) {
      expect((await listCredentials(each)).map((credential) => asJson(credential)["id"]).sort()).toEqual(
        identities.map(({ id }) => id).sort(),
      );
    }
    const [row] = await database.query("SELECT counter FROM wallet");
    expect(row?.["counter"]).toBe(24);
  });

  it("add a credential once when both add it at once", async () => {
    const { path, wallet, environment } = await openFileWorld();
    const second = await openDatabase(path, "open");
    const other = await openWallet(createDatabaseWalletStore(second), rawKey(9), environment);
    const identity = await identityOf(wallet.did);
    const results = await Promise.all(
      [wallet, other, wallet, other].map((each) => addCredentials(each, [identity])),
    );
    expect(results.flat()).toEqual([identity.id]);
    expect(await listCredentials(other)).toHaveLength(1);
  });
});

describe("what is taken away", () => {
  it("is overwritten in the file: a destroyed key, and everything of before under a new root key", async () => {
    const { path, database, wallet } = await openFileWorld();
    const { did } = await createKey(wallet);
    const store = createDatabaseWalletStore(database);
    const before = await store.scan(undefined, 9);
    expect(before).toHaveLength(2);
    const inFiles = (needle: Uint8Array) => filesOf(path).some((file) => file.includes(Buffer.from(needle)));
    expect(before.map(({ sealed }) => inFiles(sealed))).toEqual([true, true]);
    await destroyKey(wallet, did);
    const [left] = await store.scan(undefined, 9);
    await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
    expect(before.map(({ sealed }) => inFiles(sealed)).sort()).toEqual([false, true]);
    await rekeyWallet(store, { secret: rawKey(9), newSecret: rawKey(8), mode: "full" });
    await database.query("PRAGMA wal_checkpoint(TRUNCATE)");
    expect(inFiles(left?.sealed ?? new Uint8Array())).toBe(false);
  });
});
