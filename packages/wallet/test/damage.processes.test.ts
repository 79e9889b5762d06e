import { closeSync, copyFileSync, fsyncSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

import { WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import {
  addCredentials,
  createDatabaseWalletStore,
  findCredentials,
  listCredentials,
  listKeys,
  openWallet,
} from "../src/index.js";
import { FULL, report, walletFile } from "./crash-world.js";
import { authorityOf, identityOf, rawKey, START } from "./world.js";

const RANDOM_FLIPS = FULL ? 20_000 : 500;
const LARGE = FULL ? 2000 : 300;
const clock = () => Date.parse(START);

/** A wallet with an identity and so many authority credentials; their ids. */
async function filled(
  authorities: number,
): Promise<{ readonly path: string; readonly ids: readonly string[] }> {
  const path = await walletFile();
  const database = await openSqliteDatabase({ path, mode: "open" });
  const wallet = await openWallet(createDatabaseWalletStore(database), rawKey(1), {
    clock,
    random: seededRandom("filled"),
  });
  const ids: string[] = [];
  for (let from = 0; from < authorities; from += 100) {
    const documents = await Promise.all(
      Array.from({ length: Math.min(100, authorities - from) }, () => authorityOf(wallet.did)),
    );
    ids.push(...(await addCredentials(wallet, documents)));
  }
  await addCredentials(wallet, [await identityOf(wallet.did)]);
  await database.close();
  return { path, ids };
}

/** What is read of a wallet, or the code with which it is not. Anything else fails the test. */
async function outcomeOf(path: string, look: (path: string) => Promise<string>): Promise<string> {
  try {
    return await look(path);
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
}

async function withStore<T>(
  path: string,
  use: (store: ReturnType<typeof createDatabaseWalletStore>) => Promise<T>,
): Promise<T> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  try {
    return await use(createDatabaseWalletStore(database));
  } finally {
    await database.close();
  }
}

/** Everything that is in a wallet, as a text. */
const everything = (path: string): Promise<string> =>
  withStore(path, async (store) => {
    const wallet = await openWallet(store, rawKey(1));
    const credentials = [...(await listCredentials(wallet))].sort((a, b) => (a.id < b.id ? -1 : 1));
    return JSON.stringify([await listKeys(wallet), credentials]);
  });

/** Some of its credentials. */
const some = (ids: readonly string[]) => (path: string) =>
  withStore(path, async (store) => {
    const wallet = await openWallet(store, rawKey(1));
    const found = await Promise.all(ids.map((id) => findCredentials(wallet, { id })));
    return JSON.stringify(found);
  });

/** Flips one bit of a file; flipping it again takes it back. */
function flip(path: string, at: number, bit: number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ (1 << bit);
  writeSync(file, byte, 0, 1, at);
  fsyncSync(file);
  closeSync(file);
}

/** Codes that say what is the matter. */
const CODES = [
  "DATABASE_INVALID",
  "DATABASE_SCHEMA",
  "FORMAT_TOO_NEW",
  "HEADER_CORRUPT",
  "NOT_FOUND",
  "RECORD_MISSING",
  "RECORD_TAMPERED",
  "WALLET_REKEYED",
  "DATABASE_UNAVAILABLE",
  "FILE_UNREADABLE",
];

describe("row 172: flipped bits", () => {
  it("of a small wallet, each byte in turn: what it holds, or a code", { timeout: 3_600_000 }, async () => {
    const { path } = await filled(1);
    const whole = await everything(path);
    const size = statSync(path).size;
    const copy = join(dirname(path), "flipped.wallet");
    const outcomes = new Map<string, number>();
    const stride = FULL ? 1 : 97;
    for (let at = 0; at < size; at += stride) {
      copyFileSync(path, copy);
      flip(copy, at, at % 8);
      const outcome = await outcomeOf(copy, everything);
      const told = outcome === whole ? "as it was" : outcome;
      outcomes.set(told, (outcomes.get(told) ?? 0) + 1);
    }
    report(
      `flipped each of ${String(Math.ceil(size / stride))} bytes of a small wallet: ${JSON.stringify([...outcomes].sort())}`,
    );
    expect(
      [...outcomes.keys()].filter((outcome) => outcome !== "as it was" && !CODES.includes(outcome)),
    ).toEqual([]);
    expect(outcomes.get("RECORD_TAMPERED")).toBeGreaterThan(0);
  });

  it(`of a large one, ${String(RANDOM_FLIPS)} at random`, { timeout: 3_600_000 }, async () => {
    const { path, ids } = await filled(LARGE);
    const random = seededRandom("flips");
    const size = statSync(path).size;
    const outcomes = new Map<string, number>();
    const number = (below: number) => Buffer.from(random(4)).readUInt32BE(0) % below;
    for (let turn = 0; turn < RANDOM_FLIPS; turn++) {
      const chosen = Array.from({ length: 3 }, () => ids[number(ids.length)] ?? "");
      // Every hundredth time all of it is read.
      const look = turn % 100 === 0 ? everything : some(chosen);
      const whole = await look(path);
      const [at, bit] = [number(size), number(8)];
      flip(path, at, bit);
      const outcome = await outcomeOf(path, look);
      flip(path, at, bit);
      const told = outcome === whole ? "as it was" : outcome;
      outcomes.set(told, (outcomes.get(told) ?? 0) + 1);
    }
    report(
      `${String(RANDOM_FLIPS)} random flips in a wallet of ${String(size)} bytes: ${JSON.stringify([...outcomes].sort())}`,
    );
    expect(
      [...outcomes.keys()].filter((outcome) => outcome !== "as it was" && !CODES.includes(outcome)),
    ).toEqual([]);
    expect(await everything(path)).toContain(ids[0]);
  });
});
