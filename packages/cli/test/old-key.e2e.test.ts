import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";

import { beforeEach, describe, expect, it } from "vitest";

import { keyringInFolder } from "./keyring-in-folder.js";
import { createWorkplace } from "./writ.js";

describe("the key that a keyring kept for a wallet's header of before", () => {
  const { json, text, path, write, environment } = createWorkplace();
  const keyring = path("keyring");
  const inKeyring = ["--wallet", "bot.wallet", "--wallet-keyring"] as const;
  const inFile = ["--wallet", "bot.wallet", "--wallet-key-file", "raw.key"] as const;
  const rekey = ["wallet", "rekey", ...inKeyring, "--new-key-file", "raw.key"] as const;
  write("raw.key", "ab".repeat(32));
  chmodSync(path("raw.key"), 0o600);
  environment["NODE_OPTIONS"] = keyringInFolder(keyring);

  beforeEach(async () => {
    for (const name of [keyring, path("bot.wallet"), path("copy.wallet")]) {
      rmSync(name, { recursive: true, force: true });
    }
    mkdirSync(keyring);
    await json("wallet", "create", ...inKeyring);
    copyFileSync(path("bot.wallet"), path("copy.wallet"));
  });

  it("goes with a rekey, which says that copies from before open no more", async () => {
    expect(readdirSync(keyring)).toHaveLength(1);
    const { code, stdout } = await text(...rekey);
    expect([code, readdirSync(keyring)]).toEqual([0, []]);
    expect(stdout).toContain("The keyring's key of before is gone: a copy from before opens no more.");
    expect(stdout).not.toContain("still opens");
    const copy = await json("wallet", "list", "--wallet", "copy.wallet", "--wallet-keyring");
    const hint: unknown = expect.stringMatching(/from another machine: restore a backup/);
    expect(copy).toMatchObject({ code: 3, json: { error: { code: "UNLOCK_FAILED", hint } } });
  });

  it("may stay where the keyring fails: the rekey is done all the same, and says it", async () => {
    mkdirSync(path("keyring/locked"));
    const { code, stdout, stderr } = await text(...rekey);
    expect(code).toBe(0);
    expect(stdout).toContain("A copy from before still opens with what opened it then");
    expect(stderr).toContain("The keyring still has the key of before");
    expect(stderr).toContain("KEY_SOURCE_UNAVAILABLE");
    expect((await json("wallet", "list", ...inFile)).json).toEqual({ items: [] });
  });

  it("stays when a backup takes the wallet's place: the file may have been a copy of a wallet in use", async () => {
    const pass = ["--backup-passphrase-file", "wallet.pass"] as const;
    await json("wallet", "backup", ...inKeyring, "--out", "bot.age", ...pass);
    const from = ["--from", "bot.age", ...pass, "--replace", "--yes"] as const;
    for (const notice of [true, false]) {
      const restored = await json("wallet", "restore", ...inFile, ...from);
      expect([restored.code, readdirSync(keyring).length]).toEqual([0, 1]);
      // What is there the second time opens with a key file.
      expect(restored.stderr.includes("The key of the wallet that was there is left in the keyring")).toBe(
        notice,
      );
    }
    expect((await json("wallet", "list", ...inFile)).code).toBe(0);
    const other = await json("wallet", "list", "--wallet", "copy.wallet", "--wallet-keyring");
    expect(other.code).toBe(0);
  });

  it("stays where nothing takes the wallet's place", async () => {
    const from = [
      "--from",
      "raw.key",
      "--backup-passphrase-file",
      "wallet.pass",
      "--replace",
      "--yes",
    ] as const;
    const restored = await json("wallet", "restore", ...inFile, ...from);
    expect([restored.code, readdirSync(keyring).length, existsSync(path("bot.wallet"))]).toEqual([
      3,
      1,
      true,
    ]);
  });
});
