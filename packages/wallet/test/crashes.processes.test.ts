import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { openSqliteDatabase } from "@writ/database";
import { seededRandom, type Child } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createDatabaseWalletStore, openWallet, rekeyWallet } from "../src/index.js";
import { startChild } from "./children/child.js";
import { FULL, namesIn, report, walletFile } from "./crash-world.js";
import { rawKey } from "./world.js";

const WRITERS = 4;
const KILLS = FULL ? 1000 : 100;
/** After so many kills the wallet is looked through, and a new one begun. */
const KILLS_OF_ONE = 50;

interface Writer {
  readonly child: Child;
  /** Everything that it says was kept. */
  readonly said: Promise<readonly string[]>;
  readonly count: () => number;
}

function startWriter(path: string, name: string): Writer {
  const child = startChild("put-forever.mjs", path, name);
  const names: string[] = [];
  const said = (async () => {
    for await (const line of child.lines) names.push(line);
    return names;
  })();
  return { child, said, count: () => names.length };
}

/** Kills writers of one wallet, one after the other, while the others go on. */
async function killWriters(kills: number, round: number): Promise<{ kept: number; lost: number }> {
  const path = await walletFile();
  const random = seededRandom(`kills ${String(round)}`);
  const acknowledged: string[] = [];
  const writers = Array.from({ length: WRITERS }, (_, n) =>
    startWriter(path, `${String(round)}-${String(n)}`),
  );
  for (let kill = 0; kill < kills; kill++) {
    const at = kill % WRITERS;
    const writer = writers[at] as Writer;
    // Not before it writes; then at any moment.
    while (writer.count() === 0) await new Promise((later) => setTimeout(later, 2));
    await new Promise((later) => setTimeout(later, (random(1)[0] ?? 0) / 16));
    writer.child.process.kill("SIGKILL");
    expect(await writer.child.ended).toBeNull();
    acknowledged.push(...(await writer.said));
    writers[at] = startWriter(path, `${String(round)}-${String(kill + WRITERS)}`);
  }
  for (const { child, said } of writers) {
    child.process.kill("SIGKILL");
    await child.ended;
    acknowledged.push(...(await said));
  }
  const names = await namesIn(path);
  return { kept: acknowledged.length, lost: acknowledged.filter((name) => !names.has(name)).length };
}

describe("row 185: several processes on one wallet", () => {
  it(
    `lose nothing that was acknowledged in ${String(KILLS)} times kill -9`,
    { timeout: 1_800_000 },
    async () => {
      let [kept, lost] = [0, 0];
      for (let kills = 0; kills < KILLS; kills += KILLS_OF_ONE) {
        const round = await killWriters(Math.min(KILLS_OF_ONE, KILLS - kills), kills);
        kept += round.kept;
        lost += round.lost;
      }
      report(
        `kill -9 of ${String(KILLS)} writers, 4 at a time: ${String(kept)} records acknowledged, ${String(lost)} lost, 0 integrity failures`,
      );
      expect(lost).toBe(0);
      expect(kept).toBeGreaterThan(KILLS);
    },
  );
});

describe("row 195: a process that is killed while it gives a wallet another secret", () => {
  async function openers(path: string): Promise<string> {
    const database = await openSqliteDatabase({ path, mode: "open" });
    const store = createDatabaseWalletStore(database);
    const opens = await Promise.all(
      [1, 2].map((byte) =>
        openWallet(store, rawKey(byte)).then(
          () => String(byte),
          () => "",
        ),
      ),
    );
    await database.close();
    return opens.join("");
  }

  it.each(["rewrap", "full"])(
    "leaves the old or the new one, at each step (%s)",
    { timeout: 600_000 },
    async (mode) => {
      const original = await walletFile();
      const filler = startChild("put-forever.mjs", original, "before", "6");
      expect(await filler.ended).toBe(0);
      const names = await namesIn(original);
      expect(names.size).toBe(7);
      const seen = new Map<string, number>();
      const stride = FULL || mode === "rewrap" ? 1 : 5;
      for (let step = 1; ; step += stride) {
        const path = join(dirname(original), String(step), "agent.wallet");
        mkdirSync(dirname(path), { mode: 0o700 });
        copyFileSync(original, path);
        const code = await startChild("rekey-killed.mjs", path, mode, String(step)).ended;
        const opens = await openers(path);
        seen.set(opens, (seen.get(opens) ?? 0) + 1);
        // What was broken off is taken up, and ends as it would have.
        if (opens === "1") {
          const database = await openSqliteDatabase({ path, mode: "open" });
          const store = createDatabaseWalletStore(database);
          await rekeyWallet(store, { secret: rawKey(1), newSecret: rawKey(2), mode: mode as "full" });
          await database.close();
        }
        expect(await namesIn(path, rawKey(2))).toEqual(names);
        if (code === 0) break;
      }
      report(
        `killed while rekeying (${mode}): the old secret opened ${String(seen.get("1") ?? 0)} times, the new one ${String(seen.get("2") ?? 0)} times`,
      );
      expect([...seen.keys()].sort()).toEqual(["1", "2"]);
    },
  );
});
