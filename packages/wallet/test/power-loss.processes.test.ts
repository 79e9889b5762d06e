import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { seededRandom } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { FULL, namesIn, report, walletFile } from "./crash-world.js";
import { Disk, readSteps } from "./power-loss.js";

const WRITES = FULL ? 200 : 20;
const CALLS = "pwrite64,pwritev,write,ftruncate,fsync,fdatasync,unlink,rename";

interface Losses {
  readonly points: number;
  readonly acknowledged: number;
  /** Points at which something that was acknowledged was gone. */
  readonly losing: number;
}

/**
 * Lets a process write to a wallet, and takes the power away after each thing that it said, and between:
 * with nothing that was not synchronised, and with a random part of it.
 */
async function losePower(synchronous: "FULL" | "NORMAL"): Promise<Losses | undefined> {
  const path = await walletFile();
  const log = join(dirname(path), "calls.log");
  const base = new Map([[path, readFileSync(path)]]);
  const child = fileURLToPath(new URL("children/put-forever.mjs", import.meta.url));
  const traced = spawnSync("strace", [
    ...["-qq", "-y", "-xx", "-s", "99999999", "-e", `trace=${CALLS}`, "-o", log],
    ...[process.execPath, child, path, "put", String(WRITES), synchronous],
  ]);
  if (traced.error !== undefined || traced.status !== 0) return undefined;
  const steps = readSteps(log);
  const disk = new Disk(base);
  const random = seededRandom(`power ${synchronous}`);
  const said: string[] = [];
  let [points, losing] = [0, 0];
  const lose = async (survives: (index: number) => boolean): Promise<void> => {
    const folder = join(dirname(path), "after");
    mkdirSync(folder, { mode: 0o700 });
    for (const [file, content] of disk.afterPowerLoss(survives)) {
      if (!file.endsWith("-shm")) writeFileSync(join(folder, basename(file)), content, { mode: 0o600 });
    }
    const names = await namesIn(join(folder, "agent.wallet"));
    points += 1;
    if (said.some((name) => !names.has(name))) losing += 1;
    rmSync(folder, { recursive: true });
  };
  for (const step of steps) {
    if (step.kind === "said") said.push(step.text);
    disk.do(step);
    if (step.kind === "said" || (random(1)[0] ?? 0) < 2) {
      await lose(() => false);
      const seed = random(32);
      await lose((index) => (((seed[index % 32] ?? 0) >> (index % 7)) & 1) === 1);
    }
  }
  expect(said).toHaveLength(WRITES);
  return { points, acknowledged: said.length, losing };
}

describe("loss of power", () => {
  it(
    "takes nothing that was acknowledged, and does so where SQLite does not synchronise",
    { timeout: 900_000 },
    async ({ skip }) => {
      const full = await losePower("FULL");
      if (full === undefined) return skip("no process can be traced here");
      const control = await losePower("NORMAL");
      report(
        `power lost at ${String(full.points)} points of ${String(full.acknowledged)} writes: ${String(full.losing)} times something acknowledged was gone; with synchronous=NORMAL ${String(control?.losing)} of ${String(control?.points)} times`,
      );
      expect(full.losing).toBe(0);
      expect(full.points).toBeGreaterThan(2 * WRITES);
      expect(control?.losing).toBeGreaterThan(0);
    },
  );
});
