import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

describe("writ config", () => {
  const { json, text, path, write, environment } = createWorkplace();
  const { WRIT_PASSPHRASE_FILE: passphrase = "" } = environment;
  const file = path(".config/writ/config.json");

  const refusal = ({ code, json: answer }: Run) => ({ exit: code, ...(answer["error"] as object) });

  function configure(content: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
    chmodSync(file, 0o600);
  }

  beforeEach(() => {
    configure("{}");
    for (const name of ["WRIT_HOME", "WRIT_OPERATOR", "WRIT_PASSPHRASE_FILE", "XDG_CONFIG_HOME"]) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the variables of the next run
      delete environment[name];
    }
  });

  it("says what is in effect, and what it comes from: option, environment, file, default", async () => {
    expect((await json("config")).json).toEqual({
      file,
      exists: true,
      home: { value: path(".writ"), source: "default" },
      operator: { value: userInfo().username, source: "default" },
      key: { value: "asked for on the terminal", source: "default" },
    });
    await json("config", "set", "home", "acme");
    await json("config", "set", "operator", "ada");
    await json("config", "set", "passphrase-file", passphrase);
    expect((await json("config")).json).toMatchObject({
      home: { value: path("acme"), source: "file" },
      operator: { value: "ada", source: "file" },
      key: { value: `a passphrase: ${passphrase}`, means: "passphrase", source: "file", by: file },
    });
    environment["WRIT_HOME"] = path("other");
    environment["WRIT_OPERATOR"] = "grace";
    environment["WRIT_PASSPHRASE_FILE"] = write("env.pass", "x");
    expect((await json("config")).json).toMatchObject({
      home: { value: path("other"), source: "environment", by: "WRIT_HOME" },
      operator: { value: "grace", source: "environment", by: "WRIT_OPERATOR" },
      key: { value: `a passphrase: ${path("env.pass")}`, source: "environment", by: "WRIT_PASSPHRASE_FILE" },
    });
    const given = ["--home", "third", "--operator", "joan", "--kms", "aws:alias/writ"];
    expect((await json("config", ...given)).json).toMatchObject({
      home: { value: path("third"), source: "option", by: "--home" },
      operator: { value: "joan", source: "option", by: "--operator" },
      key: { value: "a key management service: aws:alias/writ", source: "option", by: "--kms" },
    });
  });

  it("holds for commands: whose home, by whom, opened with what", async () => {
    await json("config", "set", "home", path("acme"));
    await json("config", "set", "operator", "ada");
    await json("config", "set", "passphrase-file", passphrase);
    expect((await json("init", "--name", "ACME")).code).toBe(0);
    expect((await json("status", "publish", "--out", path("lists"))).code).toBe(0);
    const { items } = (await json("events")).json as { items: readonly { operator: string }[] };
    expect(items.map(({ operator }) => operator)).toContain("ada");
    expect((await text("agent", "list")).stdout).toBe("No agents.\n");
  });

  it("sets and takes back, in a file for this user alone", async () => {
    expect((await json("config", "set", "key-file", write("org.key", "k"))).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // One way to open the organisation takes the place of another.
    expect((await json("config", "set", "keyring")).json).toEqual({ file, settings: { keyring: true } });
    await json("config", "set", "operator", "ada");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ keyring: true, operator: "ada" });
    expect((await json("config", "unset", "keyring")).json).toEqual({ file, settings: { operator: "ada" } });
    expect(refusal(await json("config", "unset", "keyring"))).toMatchObject({ exit: 1, code: "NOT_FOUND" });
  });

  it("lies where XDG_CONFIG_HOME says, unless that is no absolute path", async () => {
    environment["XDG_CONFIG_HOME"] = path("xdg");
    expect((await text("config", "path")).stdout).toBe(`${path("xdg/writ/config.json")}\n`);
    expect((await json("config", "set", "operator", "ada")).code).toBe(0);
    expect(JSON.parse(readFileSync(path("xdg/writ/config.json"), "utf8"))).toEqual({ operator: "ada" });
    environment["XDG_CONFIG_HOME"] = "relative";
    expect((await text("config", "path")).stdout).toBe(`${file}\n`);
  });

  it.each([
    ["is no JSON", '{"home":'],
    ["is empty", ""],
    ["holds an unknown member", '{"homes":"/x"}'],
    ["holds one twice", '{"operator":"a","operator":"b"}'],
    ["holds another type", '{"operator":7}'],
    ["holds a relative path", '{"home":"acme"}'],
    ["holds two ways to open the organisation", '{"keyring":true,"kms":"aws:x"}'],
    ["holds a secret", '{"passphrase":"open sesame"}'],
  ])(
    "a file that %s is an error that names it, for every command that goes by it",
    async (_what, content) => {
      configure(content);
      for (const args of [
        ["config"],
        ["agent", "list", "--home", path("acme")],
        ["config", "unset", "home"],
      ]) {
        const refused = await json(...args);
        expect(refusal(refused)).toMatchObject({
          exit: 3,
          code: "CONFIGURATION_INVALID",
          message: expect.stringContaining(file) as string,
        });
        expect(refused.stdout).not.toContain("open sesame");
      }
      expect((await text("config", "path")).code).toBe(0);
    },
  );

  it("a file that others can write is refused", async () => {
    configure('{"operator":"mallory"}');
    chmodSync(file, 0o620);
    expect(refusal(await json("config"))).toMatchObject({ exit: 3, code: "FILE_UNSAFE" });
  });

  it("row 190: neither keeps nor repeats a secret that stands in the place of a file's name", async () => {
    const refused = await json("config", "set", "passphrase-file", "open sesame");
    expect(refusal(refused)).toMatchObject({ exit: 3, code: "FILE_UNREADABLE" });
    expect(refused.stdout).not.toContain("open sesame");
    expect(readFileSync(file, "utf8")).toBe("{}");
    environment["WRIT_PASSPHRASE_FILE"] = "open sesame";
    expect((await json("config")).stdout).not.toContain("open sesame");
    expect((await text("config")).stdout).not.toContain("open sesame");
  });

  it.each([
    [["set", "colour", "red"]],
    [["set", "home"]],
    [["set", "keyring", "yes"]],
    [["unset", "constructor"]],
    [["show"]],
  ])("refuses %j", async (args) => {
    expect(refusal(await json("config", ...args))).toMatchObject({ exit: 2, code: "USAGE" });
  });
});
