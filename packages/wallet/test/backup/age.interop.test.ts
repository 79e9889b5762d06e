import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { utf8 } from "@writ/core";
import { describe, expect, it } from "vitest";

import { createMemoryWalletStore, openWallet } from "../../src/index.js";
import { temporaryFolder } from "../world.js";
import {
  backup,
  contentOf,
  encrypted,
  linesOf,
  NEW_SECRET,
  openFilled,
  PASSPHRASE,
  restore,
  withEnd,
} from "./backups.js";

/** The program of age itself (Debian's package `age`), where it is on the machine. */
const HAS_AGE =
  spawnSync("age", ["--version"]).status === 0 && spawnSync("age-keygen", ["--version"]).status === 0;
const HAS_TERMINAL = HAS_AGE && spawnSync("python3", ["-c", "import pty"]).status === 0;
if (!HAS_AGE) console.warn("skipped: the program `age` is not here (Debian: apt-get install age)");
else if (!HAS_TERMINAL)
  console.warn("skipped in part: `age` asks for passphrases on a terminal, which python3 would make");

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

/** Answers each question for a passphrase on a terminal of its own. */
function runAsked(...command: readonly string[]): void {
  const script = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[2], sys.argv[2:])
try:
    while True:
        if b"passphrase" in os.read(fd, 4096).lower(): os.write(fd, (sys.argv[1] + "\\n").encode())
except OSError: pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
  run("python3", "-c", script, PASSPHRASE, ...command);
}

function makeIdentity(folder: string) {
  const file = join(folder, "identity.txt");
  run("age-keygen", "-o", file);
  const [identity = ""] = /^AGE-SECRET-KEY-1\S+$/m.exec(readFileSync(file, "utf8")) ?? [];
  return { file, identity, recipient: run("age-keygen", "-y", file).trim() };
}

describe.skipIf(!HAS_AGE)("backups and the program age", () => {
  it("opens what the wallet wrote to its recipient", async () => {
    const { wallet } = await openFilled();
    const folder = temporaryFolder();
    const { file, recipient } = makeIdentity(folder);
    writeFileSync(
      join(folder, "backup.age"),
      await backup(wallet, { to: { type: "recipients", recipients: [recipient] } }),
    );
    const text = run("age", "--decrypt", "--identity", file, join(folder, "backup.age"));
    // It is the inside that the wallet itself takes.
    const store = createMemoryWalletStore();
    await restore(store, await encrypted(text));
    expect(await contentOf(await openWallet(store, NEW_SECRET, wallet))).toEqual(await contentOf(wallet));
  });

  it("writes what the wallet opens with its identity", async () => {
    const { wallet } = await openFilled();
    const folder = temporaryFolder();
    const { identity, recipient } = makeIdentity(folder);
    const lines = (await linesOf(await backup(wallet))).slice(0, -1);
    writeFileSync(join(folder, "plain"), utf8(withEnd(lines)));
    run("age", "--recipient", recipient, "--output", join(folder, "backup.age"), join(folder, "plain"));
    const store = createMemoryWalletStore();
    const secret = { type: "identities", identities: [identity] } as const;
    await restore(store, readFileSync(join(folder, "backup.age")), { secret });
    expect(await contentOf(await openWallet(store, NEW_SECRET, wallet))).toEqual(await contentOf(wallet));
  });

  it.skipIf(!HAS_TERMINAL)("opens and writes what a passphrase protects", async () => {
    const { wallet } = await openFilled();
    const folder = temporaryFolder();
    const path = (name: string) => join(folder, name);
    writeFileSync(path("backup.age"), await backup(wallet));
    runAsked("age", "--decrypt", "--output", path("plain"), path("backup.age"));
    expect(readFileSync(path("plain"), "utf8")).toContain("writ-wallet-backup");
    runAsked("age", "--passphrase", "--output", path("again.age"), path("plain"));
    const store = createMemoryWalletStore();
    await restore(store, readFileSync(path("again.age")));
    expect(await contentOf(await openWallet(store, NEW_SECRET, wallet))).toEqual(await contentOf(wallet));
  });
});
