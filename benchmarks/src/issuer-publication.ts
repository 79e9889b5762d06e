import { spawn } from "node:child_process";
import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { KeySource } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import {
  openOrganisation,
  publishStatusLists,
  revokeCredential,
  type Organisation,
  type PublishedList,
} from "@writ/issuer";

import { filledId, fillRegistry } from "./issuer-fill.js";

/** What the organisation opens with. */
export const SECRET: KeySource = { type: "raw", key: new Uint8Array(32).fill(1) };
const REVOKED = 5000;
/** Odd, so that it picks credentials of every list. */
const STRIDE = 7_654_321;

/** How much there is of everything. */
export interface Size {
  readonly count: number;
  readonly agents: number;
}

/** Writes a list as one that is served as a file: whole, and so that it outlives the machine. */
export function writeList(folder: string, { listId, credential }: PublishedList): Promise<void> {
  const path = join(folder, listId);
  const file = openSync(`${path}.new`, "w");
  writeSync(file, JSON.stringify(credential));
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  return Promise.resolve();
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** What a child process says, as JSON. */
async function inProcess<T>(...parameters: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [process.argv[1] ?? "", ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part as string;
  return JSON.parse(text) as T;
}

interface Publication {
  readonly seconds: number;
  readonly signed: number;
  readonly lists: number;
  readonly peakMiB: number;
  readonly idleMiB: number;
}

/** In a process of its own: what a publication takes, and the most memory that was in use when a list was signed. */
export async function publication(path: string, folder: string): Promise<Publication> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  const organisation = await openOrganisation(database, SECRET);
  const idleMiB = process.memoryUsage.rss() / 2 ** 20;
  let [signed, lists, peakMiB] = [0, 0, idleMiB];
  const spent = await seconds(async () => {
    const all = await publishStatusLists(
      organisation,
      (list) => {
        signed += 1;
        peakMiB = Math.max(peakMiB, process.memoryUsage.rss() / 2 ** 20);
        return writeList(folder, list);
      },
      { published: (listId) => readFile(join(folder, listId)).catch(() => undefined) },
    );
    lists = all.length;
  });
  await database.close();
  return { seconds: spent, signed, lists, idleMiB, peakMiB };
}

/** In a process of its own: how long those wait at most who revoke meanwhile. */
export async function revoking(
  path: string,
  from: number,
  count: number,
): Promise<{ readonly longestMs: number }> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  const organisation = await openOrganisation(database, SECRET);
  let longestMs = 0;
  for (let n = from; n < from + 40; n++) {
    const spent = await seconds(() => revokeCredential(organisation, filledId((n * STRIDE) % count)));
    longestMs = Math.max(longestMs, spent * 1000);
    await new Promise((later) => setTimeout(later, 25));
  }
  await database.close();
  return { longestMs };
}

export async function publishing(
  organisation: Organisation,
  path: string,
  folder: string,
  { count, agents }: Size,
): Promise<void> {
  const { database } = organisation;
  const filling = await seconds(() => fillRegistry(database, count, agents));
  const bytes = statSync(path).size;
  console.log(
    `\n${String(count)} credentials filled in in ${filling.toFixed(0)} s: ${(bytes / 2 ** 30).toFixed(1)} GiB`,
  );
  let n = 0;
  const revoke = () => revokeCredential(organisation, filledId((n++ * STRIDE) % count));
  const spent = await seconds(async () => {
    while (n < REVOKED) await revoke();
  });
  console.log(
    `revoked ${String(REVOKED)} of them, all over the lists: ${(REVOKED / spent).toFixed(0)} per second`,
  );
  await database.close();

  const tell = async (what: string, revokesFrom?: number): Promise<void> => {
    const waits =
      revokesFrom === undefined
        ? undefined
        : inProcess<{ longestMs: number }>("revoking", path, String(revokesFrom), String(count));
    if (waits !== undefined) await new Promise((later) => setTimeout(later, 500));
    const { lists, signed, ...took } = await inProcess<Publication>("publication", path, folder);
    const longest = (await waits)?.longestMs;
    console.log(
      `publish ${what}: ${took.seconds.toFixed(2)} s for ${String(lists)} lists, ${String(signed)} of them signed; ` +
        `peak ${took.peakMiB.toFixed(0)} MiB, ${took.idleMiB.toFixed(0)} before` +
        (longest === undefined ? "" : `; who revoked meanwhile waited ${longest.toFixed(0)} ms at most`),
    );
  };
  await tell("for the first time");
  await tell("where nothing has changed");
  const again = await openSqliteDatabase({ path, mode: "open" });
  const registry = await openOrganisation(again, SECRET);
  for (const _ of Array.from({ length: 10 })) {
    await revokeCredential(registry, filledId((n++ * STRIDE) % count));
  }
  await again.close();
  await tell("10 revocations");
  await rm(folder, { recursive: true });
  await mkdir(folder);
  await tell("for the first time, while others revoke", n);
}
