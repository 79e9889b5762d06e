import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import { WritError } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { describe, expect, it, onTestFinished } from "vitest";

import { createDatabaseWalletStore, createKey, openWallet } from "../src/index.js";
import { FULL, namesIn, report, walletFile } from "./crash-world.js";
import { rawKey, temporaryFolder } from "./world.js";

const WRITES = FULL ? 200 : 20;

/** A small file system of its own; `undefined` where this user may not make one. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m,mode=0700", "tmpfs", folder]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
  return folder;
}

/** Takes all the space that is left, to the last byte. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      try {
        while (writeSync(file, Buffer.alloc(size)) === size);
      } catch {
        // Full for writes of this size.
      }
    }
  } finally {
    closeSync(file);
  }
}

describe("a disk that is full", () => {
  it(
    `takes nothing and loses nothing at each of ${String(WRITES)} writes`,
    { timeout: 600_000 },
    async ({ skip }) => {
      const disk = smallDisk();
      if (disk === undefined) return skip("no file system can be mounted here");
      const path = await walletFile(disk);
      const filler = join(disk, "filler");
      const database = await openSqliteDatabase({ path, mode: "open" });
      const wallet = await openWallet(createDatabaseWalletStore(database), rawKey(1));
      const kept = new Set([""]);
      const codes = new Map<string, number>();
      for (let write = 0; write < WRITES; write++) {
        fill(filler);
        const name = `full-${String(write)}`;
        const code = await createKey(wallet, { name }).then(
          () => "written",
          (error: unknown) => (error instanceof WritError ? error.code : "another error"),
        );
        codes.set(code, (codes.get(code) ?? 0) + 1);
        if (code === "written") kept.add(name);
        rmSync(filler);
        const after = `space-${String(write)}`;
        await createKey(wallet, { name: after });
        kept.add(after);
      }
      await database.close();
      report(
        `disk full at ${String(WRITES)} writes: ${JSON.stringify([...codes])}; every write worked when there was space again`,
      );
      expect(await namesIn(path)).toEqual(kept);
      expect([...codes.keys()].filter((code) => code !== "written")).toEqual(["DATABASE_UNAVAILABLE"]);
    },
  );
});
