import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  asJson,
  composeCredential,
  createSeedSigner,
  agentIdentityCredential,
  randomUuidUrn,
  seal,
  signDocument,
  systemClock,
  systemRandom,
  unseal,
  type AgentSubject,
  type KeySource,
  type SeedSigner,
} from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  addCredentials,
  createDatabaseWalletStore,
  createWallet,
  findCredentials,
  openWallet,
  type Wallet,
} from "@writ/wallet";

import { measure, report, type Measurement } from "./measure.js";

const SECRET: KeySource = { type: "raw", key: new Uint8Array(32).fill(1) };
const TYPE = "AgentIdentityCredential";
const DAY_MS = 24 * 60 * 60 * 1000;
const ISSUERS = 20_000;
/** One beginning for all: of two by one issuer, the one that ends later would take the place of the other. */
const BEGUN = systemClock();
/** Of so many by whom credentials come one by one. */
const KNOWN = 200;
const BATCH = 500;
/** From one look-up to the next, so that each is of another page. */
const STRIDE = 7919;

/** A signed identity credential of the wallet. */
async function identity(wallet: Wallet, signer: SeedSigner, n: number): Promise<object> {
  const unsigned = composeCredential<typeof TYPE, AgentSubject>(
    {
      id: randomUuidUrn(systemRandom),
      type: TYPE,
      issuer: signer.did,
      from: BEGUN,
      lifeMs: DAY_MS,
      credentialSubject: {
        id: wallet.did,
        type: "Agent",
        agentId: randomUuidUrn(systemRandom),
        name: `agent ${String(n)}`,
        owner: signer.did,
      },
      credentialStatus: [
        {
          type: "BitstringStatusListEntry",
          statusPurpose: "revocation",
          statusListIndex: String(n),
          statusListCredential: "https://acme.example/status/r1",
        },
      ],
    },
    agentIdentityCredential,
  );
  return asJson(await signDocument(unsigned, { signer, purpose: "assertionMethod", created: systemClock() }));
}

interface Filled {
  readonly ids: readonly string[];
  readonly issuers: readonly SeedSigner[];
  readonly seconds: number;
}

async function fill(wallet: Wallet, count: number): Promise<Filled> {
  const issuers = Array.from({ length: ISSUERS }, () => createSeedSigner(systemRandom(32)));
  const ids: string[] = [];
  let spent = 0;
  for (let from = 0; from < count; from += BATCH) {
    const documents = await Promise.all(
      Array.from({ length: Math.min(BATCH, count - from) }, (_, n) =>
        identity(wallet, issuers[(from + n) % ISSUERS] as SeedSigner, from + n),
      ),
    );
    const begun = performance.now();
    ids.push(...(await addCredentials(wallet, documents)));
    spent += performance.now() - begun;
    if (process.stderr.isTTY) process.stderr.write(`\r${String(ids.length)} credentials`);
  }
  return { ids, issuers, seconds: spent / 1000 };
}

/** In a process of its own: how long opening takes, and how much memory a thousand look-ups leave in use. */
async function probe(path: string, ids: readonly string[]): Promise<void> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  const begun = performance.now();
  const wallet = await openWallet(createDatabaseWalletStore(database), SECRET);
  const openMs = performance.now() - begun;
  for (let n = 0; n < 1000; n++) await findCredentials(wallet, { id: ids[n % ids.length] ?? "" });
  const residentMiB = process.memoryUsage().rss / 2 ** 20;
  process.stdout.write(JSON.stringify({ openMs, residentMiB }));
  await database.close();
}

function probed(path: string, ids: readonly string[]): { openMs: number; residentMiB: number } {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "probe", path], {
    input: JSON.stringify(ids.slice(0, 1000)),
    encoding: "utf8",
  });
  return JSON.parse(stdout) as { openMs: number; residentMiB: number };
}

async function benchmark(count: number, folder: string): Promise<void> {
  const small = await openFilled(join(folder, "small.wallet"), 1000);
  await small.database.close();
  const { path, database, wallet, filled } = await openFilled(join(folder, "large.wallet"), count);
  const { ids, issuers } = filled;
  const rows = await database.query("SELECT id FROM wallet_records");
  const [row] = await database.query("SELECT id, sealed FROM wallet_records ORDER BY id LIMIT 1 OFFSET 7");
  const [id, sealed] = [row?.["id"] as Uint8Array, row?.["sealed"] as Uint8Array];
  const key = systemRandom(32);
  const box = seal(key, new Uint8Array(sealed.length - 40), id, systemRandom);
  const raw = openSync(join(folder, "raw"), "a");
  await database.query("CREATE TABLE raw_records (id BYTEA NOT NULL UNIQUE, sealed BYTEA NOT NULL)");
  const fresh = await Promise.all(
    Array.from({ length: 8000 }, (_, n) => identity(wallet, issuers[n % KNOWN] as SeedSigner, n)),
  );
  // Their keys have been seen then: an agent has few issuers, and meets each again and again.
  await addCredentials(wallet, fresh.splice(0, KNOWN));
  let n = 0;
  const next = (): number => n++;
  assert.equal((await findCredentials(wallet, { id: ids[5] ?? "" })).length, 1);

  const open = await measure("one AEAD open", () => unseal(key, box, id));
  const look = await measure("one raw look-up", () =>
    database.query("SELECT revision, sealed FROM wallet_records WHERE generation = $1 AND id = $2", [
      1,
      rows[(next() * STRIDE) % rows.length]?.["id"] as Uint8Array,
    ]),
  );
  const get = await measure("get by id", () =>
    findCredentials(wallet, { id: ids[(next() * STRIDE) % ids.length] ?? "" }),
  );
  const find = await measure("find by type and issuer", () =>
    findCredentials(wallet, { type: TYPE, issuer: issuers[next() % ISSUERS]?.did ?? "" }),
  );
  const append = await measure("raw append with fdatasync", () => {
    writeSync(raw, sealed);
    fdatasyncSync(raw);
  });
  const insert = await measure("raw insert and commit", () =>
    database.query("INSERT INTO raw_records (id, sealed) VALUES ($1, $2)", [systemRandom(16), sealed]),
  );
  n = 0;
  const put = await measure("durable put, verified", () =>
    addCredentials(wallet, [fresh[next() % fresh.length] ?? {}]),
  );
  const [held] = fresh;
  const check = await measure("the same of one that is held", () => addCredentials(wallet, [held ?? {}]));
  report([open, look, get, find, append, insert, put, check]);
  closeSync(raw);
  await database.close();

  const ratio = (a: Measurement, ...of: readonly Measurement[]): string =>
    (a.micros / of.reduce((sum, { micros }) => sum + micros, 0)).toFixed(1);
  const [few, many] = [probed(join(folder, "small.wallet"), small.filled.ids), probed(path, ids)];
  console.log(
    `\n${String(count)} credentials of ${String(sealed.length)} bytes, taken in at ${(count / filled.seconds).toFixed(0)} per second.`,
  );
  console.log(`get is ${ratio(get, open, look)} times one AEAD open and one raw look-up`);
  console.log(
    `a durable put is ${ratio(put, append)} times a raw append, ${ratio(put, insert)} times a raw insert`,
  );
  console.log(
    `without what it takes to verify one that is held: ${((put.micros - check.micros) / append.micros).toFixed(1)} times a raw append`,
  );
  console.log(
    `open takes ${many.openMs.toFixed(1)} ms (${few.openMs.toFixed(1)} ms with 1000 credentials), without the KDF`,
  );
  console.log(
    `resident after 1000 look-ups: ${many.residentMiB.toFixed(0)} MiB (${few.residentMiB.toFixed(0)} MiB with 1000 credentials)`,
  );
}

async function openFilled(path: string, count: number) {
  const database = await openSqliteDatabase({ path, mode: "create" });
  const wallet = await createWallet(createDatabaseWalletStore(database), { secret: SECRET });
  return { path, database, wallet, filled: await fill(wallet, count) };
}

async function readStandardInput(): Promise<string> {
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) text += part as string;
  return text;
}

if (process.argv[2] === "probe") {
  await probe(process.argv[3] ?? "", JSON.parse(await readStandardInput()) as string[]);
} else {
  const folder = await mkdtemp(join(tmpdir(), "writ-bench-"));
  try {
    await benchmark(Number(process.argv[2] ?? 100_000), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
