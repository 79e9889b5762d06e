import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { createWorkplace, ROOT } from "./writ.js";

/** `script` of util-linux gives a program a terminal. */
const hasScript =
  process.platform === "linux" && String(spawnSync("script", ["--version"]).stdout).includes("util-linux");

describe.runIf(hasScript)("questions on a terminal (skipped without script of util-linux)", () => {
  const { folder, path, environment, json } = createWorkplace();
  const { WRIT_WALLET_PASSPHRASE_FILE: _, ...env } = environment;

  /** Runs `writ` on a terminal; each question is answered when it is there. */
  async function onTerminal(
    args: readonly string[],
    ahead: string,
    answers: readonly (readonly [question: RegExp, answer: string])[],
  ) {
    const command = [process.execPath, join(ROOT, "packages/cli/bin/writ.js"), ...args].join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, env });
    child.stdin.write(ahead);
    const left = [...answers];
    let shown = "";
    let from = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      const [next] = left;
      if (next === undefined || !next[0].test(shown.slice(from))) return;
      from = shown.length;
      left.shift();
      child.stdin.write(next[1]);
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, shown };
  }

  const CREATE = ["wallet", "create", "--wallet", "new.wallet"];
  const question = /New passphrase for the wallet/;

  it("are not answered by what was typed before", async () => {
    const answers = [
      [question, "the passphrase\r"],
      [/The same again/, "the passphrase\r"],
    ] as const;
    const { code, shown } = await onTerminal(CREATE, "typed too early", answers);
    expect([code, shown]).toEqual([0, expect.stringContaining("did:key:")]);
    const opened = await onTerminal(["wallet", "show", "--wallet", "new.wallet"], "", [
      [/Passphrase for the wallet/, "the passphrase\r"],
    ]);
    expect([opened.code, opened.shown]).toEqual([0, expect.stringContaining("0 credentials")]);
  });

  it("come before a revocation, and are declined by no, Ctrl-C and Ctrl-D", async () => {
    const home = ["--home", "acme"];
    await json("init", ...home, "--name", "ACME");
    const created = await json("agent", "create", "bot", ...home, "--wallet", "bot.wallet");
    const id = String(created.json["credentialId"]);
    const revoke = (answer: string) => onTerminal(["revoke", id, ...home], "", [[/Revoke it\?/, answer]]);
    for (const answer of ["n", "\u0003", "\u0004"]) {
      const { code, shown } = await revoke(answer);
      expect([code, shown]).toEqual([1, expect.stringContaining("DECLINED")]);
    }
    const states = async () =>
      ((await json("agent", "show", "bot", ...home)).json["credentials"] as { state: string }[]).map(
        ({ state }) => state,
      );
    expect(await states()).toEqual(["live"]);
    expect((await revoke("y")).code).toBe(0);
    expect(await states()).toEqual(["revoked"]);
  });

  it.each(["\u0003", "\u0004"])("are declined by Ctrl-C and Ctrl-D", async (key) => {
    const create = ["wallet", "create", "--wallet", "none.wallet"];
    const { code, shown } = await onTerminal(create, "", [[question, key]]);
    expect([code, shown]).toEqual([1, expect.stringContaining("DECLINED")]);
    expect(existsSync(path("none.wallet"))).toBe(false);
  });
});
