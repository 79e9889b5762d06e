import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";

import { COMMANDS } from "../src/commands.js";
import { createWorkplace, ROOT, run, type Run } from "./writ.js";

const BIN = join(ROOT, "packages/cli/bin/writ.js");

describe("a command line that is used badly", () => {
  const { json, text, write, path, folder, environment } = createWorkplace();
  const home = ["--home", path("acme")];
  const wallet = ["--wallet", path("bot.wallet")];
  const trust: string[] = [];
  const asked = ["--challenge", "c", "--domain", "d"];

  const refusal = ({ code, json: answer }: Run) => ({ exit: code, ...(answer["error"] as object) });

  beforeAll(async () => {
    write("org.pass", "canary of the organisation");
    write("wallet.pass", "canary of the wallet");
    write("grants.json", [{ id: "orders", actions: ["order.create"] }]);
    const made = await json("init", ...home, "--name", "ACME");
    trust.push("--trust", String(made.json["did"]), "--status", path("lists"));
    await json("agent", "create", "bot", ...home, ...wallet);
    await json("grant", "bot", ...home, "--grants", path("grants.json"));
    await json("status", "publish", ...home, "--out", path("lists"));
    await json("wallet", "present", ...wallet, ...asked, "--out", path("presentation.json"));
  });

  it("row 190: no command has an option for a secret itself", async () => {
    const loaded = await Promise.all(COMMANDS.map(({ load }) => load()));
    const all = (each: Command): readonly Command[] => [each, ...each.commands.flatMap(all)];
    const secret = loaded
      .flatMap(all)
      .flatMap(({ options }) => options)
      .filter(({ long, required }) => required && /pass|key|secret|seed|pin/.test(long ?? ""))
      .map(({ flags }) => flags);
    expect(secret).toContain("--passphrase-file <file>");
    expect(secret.filter((flags) => !/ <file>$/.test(flags))).toEqual([]);
  });

  it("row 190: takes a passphrase from a descriptor", async () => {
    const { WRIT_WALLET_PASSPHRASE_FILE: kept = "" } = environment;
    const script = `exec "$0" "$@" --wallet-passphrase-file /dev/fd/3 3< wallet.pass`;
    const shell = ["-c", script, process.execPath, BIN, "wallet", "list", ...wallet, "--json"];
    const listed = await run("bash", shell, folder, { ...environment, WRIT_WALLET_PASSPHRASE_FILE: "" });
    expect(kept).not.toBe("");
    expect(listed).toMatchObject({ code: 0, stderr: "" });
  });

  it("row 191: escapes what a document claims, wherever it is drawn", async () => {
    const shown = JSON.parse(readFileSync(path("presentation.json"), "utf8")) as {
      verifiableCredential: { credentialSubject: { name?: string } }[];
    };
    for (const { credentialSubject } of shown.verifiableCredential) {
      if (credentialSubject.name !== undefined) credentialSubject.name = "\u001b]0;x\u0007\u202e\u009b2J";
    }
    const file = write("evil.json", shown);
    for (const args of [
      ["inspect", file],
      ["verify", file, ...asked, ...trust],
    ]) {
      const { stdout, stderr } = await text(...args);
      // eslint-disable-next-line no-control-regex -- what must not be there
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it.each([
    [
      "a wrong passphrase",
      ["wallet", "list", "--wallet", "bot.wallet", "--wallet-passphrase-file", "org.pass"],
    ],
    [
      "another kind of secret",
      ["status", "publish", "--home", "acme", "--out", "x", "--key-file", "org.pass"],
    ],
    [
      "a passphrase in the place of its file",
      ["wallet", "list", "--wallet", "bot.wallet", "--wallet-passphrase-file", "canary itself"],
    ],
    ["a wallet that is none", ["wallet", "show", "urn:uuid:x", "--wallet", "grants.json"]],
    ["a secret as a document", ["inspect", "wallet.pass"]],
    ["a secret as grants", ["grant", "bot", "--home", "acme", "--grants", "org.pass"]],
  ])("row 192: %s shows neither a secret nor a trace, however much is to be told", async (_what, args) => {
    const talkative = { ...environment, DEBUG: "*", NODE_DEBUG: "module,esm" };
    const { code, stdout, stderr } = await run(process.execPath, [BIN, ...args], folder, talkative);
    expect(code).toBeGreaterThan(0);
    expect(`${stdout}${stderr}`).not.toContain("canary");
    const told = await text(...args);
    expect(told.stderr).toMatch(/^error [A-Z_]+: /);
    expect(told.stderr).not.toMatch(/^ +at /m);
  });

  it.each([[["--help"]], [["agent", "list", ...home]], [["agent", "list", ...home, "--json"]]])(
    "row 193: %j tells by its exit code that nobody reads, or that there is no room",
    async (args) => {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd: folder,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.destroy();
      let stderr = "";
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
      if (!existsSync("/dev/full")) return;
      const shell = ["-c", `"$0" "$@" > /dev/full`, process.execPath, BIN, ...args];
      expect(await run("bash", shell, folder, environment)).toMatchObject({ code: 3, stderr: "" });
    },
  );

  it("row 193: asks nobody where there is no terminal", async () => {
    const { WRIT_WALLET_PASSPHRASE_FILE: _, WRIT_PASSPHRASE_FILE: __, ...unsaid } = environment;
    for (const args of [
      ["wallet", "create", "--wallet", "new.wallet"],
      ["wallet", "list", ...wallet],
      ["init", "--home", "new", "--name", "x"],
    ]) {
      const asked = await run(process.execPath, [BIN, ...args, "--json"], folder, unsaid);
      expect(refusal(asked)).toMatchObject({ exit: 3, code: "SECRET_MISSING" });
    }
    expect(readdirSync(folder)).not.toContain("new.wallet");
  });

  it("row 194: replaces a file only where it is told to, and leaves nothing half written", async () => {
    const present = ["wallet", "present", ...wallet, ...asked, "--out", write("kept.json", "kept")];
    expect(refusal(await json(...present))).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
    expect(readFileSync(path("kept.json"), "utf8")).toBe("kept");
    expect((await json(...present, "--force")).code).toBe(0);
    expect(JSON.parse(readFileSync(path("kept.json"), "utf8"))).toHaveProperty("holder");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("row 195: goes on with a rekeying that was interrupted, wherever that was", async () => {
    write("new.pass", "another");
    const rekey = ["wallet", "rekey", "--full", ...wallet, "--new-passphrase-file", path("new.pass")];
    for (const afterMs of [250, 450]) {
      const child = spawn(process.execPath, [BIN, ...rekey], {
        cwd: folder,
        env: environment,
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.on("close", resolve));
      await Promise.race([sleep(afterMs), ended]);
      child.kill("SIGINT");
      await ended;
      // Whichever of the two opens it, nothing is lost, and from the new one there is a way back.
      const old = await json("wallet", "list", ...wallet);
      const opened =
        old.code === 0
          ? old
          : await json("wallet", "list", ...wallet, "--wallet-passphrase-file", path("new.pass"));
      expect(opened.json["items"]).toHaveLength(2);
      const from = old.code === 0 ? [] : ["--wallet-passphrase-file", path("new.pass")];
      expect(
        (
          await json(
            "wallet",
            "rekey",
            "--full",
            ...wallet,
            ...from,
            "--new-passphrase-file",
            path("wallet.pass"),
          )
        ).code,
      ).toBe(0);
    }
    expect((await json("wallet", "doctor", ...wallet)).code).toBe(0);
  });

  it("row 196: a file may be called like an option", async () => {
    write("--trust", readFileSync(path("presentation.json"), "utf8"));
    expect((await text("verify", ...asked, ...trust, "--", "--trust")).code).toBe(0);
    expect((await text("inspect", "--", "--trust")).stdout).toContain("Nothing here has been verified");
    expect(refusal(await json("inspect", "--trust"))).toMatchObject({ exit: 2, code: "USAGE" });
  });

  it("row 196: no name of an agent, a list or a setting leads out of its folder", async () => {
    mkdirSync(path("below"));
    for (const name of ["../outside", "..", "/tmp/outside", "a/b"]) {
      const given = ["--home", path("acme"), "--wallet", path(`below/${String(name.length)}.wallet`)];
      await json("agent", "create", name, ...given);
      expect((await text("agent", "show", "--home", path("acme"), "--", name)).code).toBeLessThanOrEqual(1);
    }
    const renewed = await json("renew", ...home, "--within", "30d", "--out", path("below/renewed"));
    expect(renewed.code).toBe(0);
    expect(existsSync(path("outside"))).toBe(false);
    expect(readdirSync(path("below/renewed")).every((name) => /^[0-9a-f-]{36}\.json$/.test(name))).toBe(true);
  });

  it.each([
    ["verified", 0, () => ["verify", path("presentation.json"), ...asked, ...trust]],
    ["done", 0, () => ["agent", "list", ...home]],
    ["help", 0, () => ["verify", "--help"]],
    ["not verified", 1, () => ["verify", path("presentation.json"), ...asked]],
    ["refused", 1, () => ["agent", "show", "nobody", ...home]],
    ["no command", 2, () => []],
    ["no such command", 2, () => ["verfy"]],
    ["a missing argument", 2, () => ["verify"]],
    ["an argument too many", 2, () => ["verify", "a", "b"]],
    ["a missing file", 3, () => ["verify", "nowhere.json"]],
    ["a missing home", 3, () => ["agent", "list", "--home", "nowhere"]],
  ] as const)("row 197: %s ends with %i", async (_what, code, args) => {
    expect((await text(...args())).code).toBe(code);
    expect((await json(...args())).code).toBe(code);
  });
});
