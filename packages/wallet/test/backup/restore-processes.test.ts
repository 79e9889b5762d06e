import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { KeySource, WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { childrenBeside } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createDatabaseWalletStore, createWallet, openWallet } from "../../src/index.js";
import { rawKey, temporaryFolder } from "../world.js";
import { backup, contentOf, NEW_SECRET, openFilled, PASSPHRASE, restore } from "./backups.js";

const startChild = childrenBeside(import.meta.url);

/** Kills a restoration after so many of its steps. Returns the last that it told, or where it ended by itself. */
async function killAfter(steps: number, path: string, mode: string, file: string): Promise<string> {
  const child = startChild("children/restore.mjs", path, mode, file, PASSPHRASE);
  let last = "";
  for (let step = 1; ; step++) {
    const told = await child.lines.next();
    if (told.done === true) {
      expect(await child.ended).toBe(0);
      return "ended";
    }
    last = told.value;
    if (step === steps) break;
    child.process.stdin?.write("go on\n");
  }
  child.process.kill("SIGKILL");
  await child.ended;
  return last;
}

/** What opens a wallet that is there, or the code of what there is instead. */
async function whatOpens(path: string): Promise<readonly string[]> {
  const database = await openSqliteDatabase({ path, mode: "open" });
  try {
    const outcome = async (secret: KeySource): Promise<string> => {
      try {
        return (await openWallet(createDatabaseWalletStore(database), secret)).did;
      } catch (error) {
        return (error as WritError).code;
      }
    };
    return [await outcome(rawKey(1)), await outcome(NEW_SECRET)];
  } finally {
    await database.close();
  }
}

describe("a restoration that is killed (kill -9), at each of its steps", () => {
  it("leaves the old wallet whole or the new one, never neither", async () => {
    const { wallet, ...world } = await openFilled();
    const bytes = await backup(wallet);
    const outcomes: (readonly [string, string])[] = [];
    for (let steps = 1; outcomes.at(-1)?.[0] !== "ended"; steps++) {
      const folder = temporaryFolder();
      const path = join(folder, "agent.wallet");
      writeFileSync(join(folder, "backup.age"), bytes);
      const database = await openSqliteDatabase({ path, mode: "create" });
      const { did } = await createWallet(createDatabaseWalletStore(database), { secret: rawKey(1) });
      await database.close();
      const step = await killAfter(steps, path, "open", join(folder, "backup.age"));
      const [old, made] = await whatOpens(path);
      const isOld = old === did;
      expect([old, made]).toEqual(isOld ? [did, "UNLOCK_FAILED"] : ["UNLOCK_FAILED", wallet.did]);
      outcomes.push([step, isOld ? "old" : "new"]);
      for (const name of readdirSync(folder)) {
        expect(readFileSync(join(folder, name)).includes("canary")).toBe(false);
      }
      // What was left behind is in nobody's way.
      const again = await openSqliteDatabase({ path, mode: "open" });
      const store = createDatabaseWalletStore(again);
      await restore(store, bytes, { replace: "existing" });
      expect(await contentOf(await openWallet(store, NEW_SECRET, world))).toEqual(await contentOf(wallet));
      await again.close();
    }
    expect(outcomes).toEqual([
      ["checked", "old"],
      ["successor: initialise", "old"],
      ["successor: initialise done", "old"],
      ["successor: commit", "old"],
      ["successor: commit done", "old"],
      ["wallet: succeed", "old"],
      ["wallet: succeed done", "new"],
      ["ended", "new"],
    ]);
  }, 60_000);

  it("leaves a wallet that opens where there was none, only when it is whole", async () => {
    const { wallet } = await openFilled();
    const bytes = await backup(wallet);
    const outcomes: (readonly [string, unknown])[] = [];
    for (let steps = 1; outcomes.at(-1)?.[0] !== "ended"; steps++) {
      const folder = temporaryFolder();
      const path = join(folder, "agent.wallet");
      writeFileSync(join(folder, "backup.age"), bytes);
      const step = await killAfter(steps, path, "create", join(folder, "backup.age"));
      expect(existsSync(path)).toBe(true);
      outcomes.push([step, (await whatOpens(path))[1]]);
    }
    expect(outcomes).toEqual([
      ["checked", "NOT_FOUND"],
      ["wallet: initialise", "NOT_FOUND"],
      ["wallet: initialise done", "UNLOCK_FAILED"],
      ["successor: initialise", "UNLOCK_FAILED"],
      ["successor: initialise done", "UNLOCK_FAILED"],
      ["successor: commit", "UNLOCK_FAILED"],
      ["successor: commit done", "UNLOCK_FAILED"],
      ["wallet: succeed", "UNLOCK_FAILED"],
      ["wallet: succeed done", wallet.did],
      ["ended", wallet.did],
    ]);
  }, 60_000);
});
