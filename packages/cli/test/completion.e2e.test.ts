import { writeFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, run } from "./writ.js";

describe("writ completion", () => {
  const { json, text, path, folder, environment } = createWorkplace();

  beforeAll(async () => {
    writeFileSync(path("writ.bash"), (await text("completion", "bash")).stdout);
  });

  /** What bash offers for a line; the last word is being typed. Nothing of `writ` is on the path. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const script = `PATH=/nowhere; source writ.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _writ; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const shell = ["--norc", "-uc", script, "bash", "writ", ...words];
    const { code, stdout, stderr } = await run("bash", shell, folder, environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.split("\n").filter((line) => line !== "");
  }

  it.each([
    [["ver"], ["verify"]],
    [["re"], ["renew", "revoke"]],
    [
      ["agent", "r"],
      ["rotate", "resume", "retire"],
    ],
    [
      ["wallet", "delegat"],
      ["delegate", "delegations"],
    ],
    [["wallet", "delegate", "--gr"], ["--grants"]],
    [["grant", "refund-bot", "--home", "agent", "--red"], ["--redelegate"]],
    [
      ["grant", "refund-bot", "--suite", "eddsa"],
      ["eddsa-jcs-2022", "eddsa-rdfc-2022"],
    ],
    [["grant", "--suite", "=", "Ed"], ["Ed25519Signature2020"]],
    [
      ["grant", "--suite", "="],
      ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"],
    ],
    [["completion", "f"], ["fish"]],
    [["--ver"], ["--version"]],
  ])("in bash completes %j", async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it.each([[["verify", ""]], [["grant", "--grants", ""]], [["verify", "agent", ""]]])(
    "in bash leaves %j to the names of files",
    async (words) => {
      expect(await offered(...words)).toEqual([]);
    },
  );

  it("in bash takes the place of nothing but writ", async () => {
    const shell = ["--norc", "-euc", "PATH=/nowhere; source writ.bash && complete -p"];
    const { stdout } = await run("bash", shell, folder, environment);
    expect(stdout).toBe("complete -o default -F _writ writ\n");
  });

  it.each(["zsh", "fish"])("in %s knows commands, options and choices", async (shell) => {
    const { json: answer, code } = await json("completion", shell);
    expect({ code, shell: answer["shell"] }).toEqual({ code: 0, shell });
    for (const known of ["delegations", "redelegate", "eddsa-rdfc-2022", "agent create"]) {
      expect(answer["script"]).toContain(known);
    }
  });

  it("is in no other shell", async () => {
    const { code, json: answer } = await json("completion", "csh");
    expect({ code, answer }).toMatchObject({ code: 2, answer: { error: { code: "USAGE" } } });
  });
});
