import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const GRANT = { id: "orders", actions: ["order.create"] };

describe("what is wrong is told with a code, a hint and an exit code, and nothing is lost", () => {
  const { json, text, write, path, environment } = createWorkplace();
  const home = ["--home", path("home")];
  const wallet = ["--wallet", path("bot.wallet")];
  write("grants.json", [GRANT]);

  const refusal = ({ code, json: answer }: Run) => ({
    exit: code,
    ...(answer["error"] as { code: string; hint?: string; message: string }),
  });

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME");
    await json("agent", "create", "bot", ...home, ...wallet);
  });

  it("an organisation where there is one", async () => {
    const before = readFileSync(path("home/writ.db"));
    const again = refusal(await json("init", ...home, "--name", "Other"));
    expect(again).toMatchObject({
      exit: 3,
      code: "FILE_EXISTS",
      hint: expect.stringContaining("--home") as string,
    });
    expect(readFileSync(path("home/writ.db")).equals(before)).toBe(true);
  });

  it.each([
    [
      "a status base that is no https address",
      ["--name", "Bad", "--status-base", "http://a.example/"],
      2,
      "USAGE",
    ],
    ["a name that deceives", ["--name", "Bad\u202e"], 1, "CHAR_FORBIDDEN"],
  ])("%s leaves no home behind", async (_, given, exit, code) => {
    const args = ["init", "--home", path(`bad-home-${code}`)];
    expect(refusal(await json(...args, ...given))).toMatchObject({ exit, code });
    expect((await json(...args, "--name", "Good")).code).toBe(0);
  });

  it("a wrong passphrase, of a home and of a wallet", async () => {
    const wrong = write("wrong.pass", "wrong");
    const publish = ["status", "publish", ...home, "--out", path("s"), "--passphrase-file", wrong];
    expect(refusal(await json(...publish))).toMatchObject({ exit: 3, code: "UNLOCK_FAILED" });
    const list = ["wallet", "list", ...wallet, "--wallet-passphrase-file", wrong];
    expect(refusal(await json(...list))).toMatchObject({ exit: 3, code: "UNLOCK_FAILED" });
  });

  it("an empty passphrase, and none without a terminal", async () => {
    const empty = write("empty.pass", "\n");
    const create = ["wallet", "create", "--wallet", path("new.wallet")];
    const refused = await json(...create, "--wallet-passphrase-file", empty);
    expect(refusal(refused)).toMatchObject({ exit: 3, code: "SECRET_MISSING" });
    const { WRIT_WALLET_PASSPHRASE_FILE: kept = "", ...rest } = environment;
    delete environment["WRIT_WALLET_PASSPHRASE_FILE"];
    const missing = refusal(await json(...create));
    environment["WRIT_WALLET_PASSPHRASE_FILE"] = kept;
    expect(rest).not.toHaveProperty("WRIT_WALLET_PASSPHRASE_FILE");
    expect(missing).toMatchObject({
      exit: 3,
      code: "SECRET_MISSING",
      hint: expect.stringContaining("--wallet-passphrase-file") as string,
    });
  });

  it("a final newline is not part of a passphrase, another is", async () => {
    const list = ["wallet", "list", ...wallet, "--wallet-passphrase-file"];
    expect((await json(...list, write("nl.pass", "the wallet's passphrase\r\n"))).code).toBe(0);
    expect((await json(...list, write("2nl.pass", "the wallet's passphrase\n\n"))).code).toBe(3);
  });

  it.each([
    ["no such home", ["agent", "list", "--home", "nowhere"], 3, "FILE_UNREADABLE"],
    ["no such wallet", ["wallet", "list", "--wallet", "nowhere"], 3, "FILE_UNREADABLE"],
    ["no such agent", ["grant", "nobody", "--home", "home", "--grants", "grants.json"], 1, "NOT_FOUND"],
    [
      "a name twice",
      ["agent", "create", "bot", "--home", "home", "--wallet", "x.wallet"],
      1,
      "ALREADY_EXISTS",
    ],
    [
      "a key twice",
      ["agent", "create", "two", "--home", "home", "--wallet", "bot.wallet"],
      1,
      "ALREADY_EXISTS",
    ],
    ["an unknown credential", ["revoke", "urn:uuid:none", "--home", "home"], 1, "NOT_FOUND"],
    ["an unknown command", ["frobnicate"], 2, "USAGE"],
    ["an unknown option", ["verify", "x", "--yes"], 2, "USAGE"],
    ["a missing option", ["init"], 2, "USAGE"],
    ["neither wallet nor request", ["agent", "create", "x", "--home", "home"], 2, "USAGE"],
    [
      "a duration",
      ["grant", "bot", "--home", "home", "--grants", "grants.json", "--ttl", "soon"],
      2,
      "USAGE",
    ],
    [
      "a count",
      ["grant", "bot", "--home", "home", "--grants", "grants.json", "--redelegate", "-1"],
      2,
      "USAGE",
    ],
    [
      "a life over 90 days",
      ["grant", "bot", "--home", "home", "--grants", "grants.json", "--ttl", "91d"],
      1,
      "VALIDITY_INVALID",
    ],
    ["an unreadable file", ["verify", "nowhere.json"], 3, "FILE_UNREADABLE"],
    ["a folder as a file", ["verify", "home"], 3, "FILE_UNREADABLE"],
    ["no folder of lists", ["verify", "grants.json", "--status", "nowhere"], 3, "FILE_UNREADABLE"],
    ["a time", ["verify", "grants.json", "--now", "2026-02-30T00:00:00Z"], 2, "USAGE"],
    ["a DID to trust", ["verify", "grants.json", "--trust", "acme"], 2, "USAGE"],
    [
      "a DID to delegate to",
      ["wallet", "delegate", "--wallet", "bot.wallet", "--to", "bot", "--grants", "grants.json"],
      2,
      "USAGE",
    ],
    ["a group without a command", ["wallet"], 2, "USAGE"],
    ["no command at all", [], 2, "USAGE"],
    ["a spend", ["verify", "grants.json", "--spend", "EUR:0"], 2, "USAGE"],
  ])("%s", async (_what, args, exit, code) => {
    expect(refusal(await json(...args))).toMatchObject({ exit, code });
  });

  it("shows the commands of a group to a person who named none", async () => {
    const { code, stderr } = await text("wallet");
    expect(code).toBe(2);
    expect(stderr).toContain("present [options]");
  });

  it("tells a person what was forgotten", async () => {
    const shown = await json("wallet", "present", ...wallet, "--challenge", "c", "--domain", "d");
    const file = write("forgotten.json", shown.stdout);
    const asked = ["verify", file, "--challenge", "c", "--domain", "d"];
    expect((await text(...asked)).stdout).toContain("pass --trust DID");
    const organisation = (JSON.parse(shown.stdout) as { verifiableCredential: [{ issuer: string }] })
      .verifiableCredential[0].issuer;
    expect((await text(...asked, "--trust", organisation)).stdout).toContain("Pass --status DIR");
    await json("status", "publish", ...home, "--out", path("fresh-lists"));
    const verified = await text(...asked, "--trust", organisation, "--status", path("fresh-lists"));
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain("agent      bot (did:key:");
    expect(verified.stdout).toContain("asks       for nothing, so there is no decision");
  });

  it("leaves no wallet behind for a name that is taken", async () => {
    await json("agent", "create", "bot", ...home, "--wallet", path("x.wallet"));
    const missing = await json("wallet", "list", "--wallet", path("x.wallet"));
    expect(refusal(missing)).toMatchObject({ exit: 3, code: "FILE_UNREADABLE" });
  });

  it.each([
    ["an unknown dimension", [{ ...GRANT, budget: 5 }], "SCHEMA_INVALID", "/0/budget"],
    [
      "a rate that nothing meters",
      [{ ...GRANT, rate: [{ max: 1, seconds: 1 }] }],
      "SCHEMA_INVALID",
      "/0/meter",
    ],
    ["no action", [{ id: "x", actions: [] }], "ARRAY_EMPTY", "/0/actions"],
    [
      "a resource",
      [{ ...GRANT, resources: ["https://a.example/b/../c"] }],
      "RESOURCE_INVALID",
      "/0/resources/0",
    ],
    ["one id twice", [GRANT, { ...GRANT, actions: ["b"] }], "GRANT_DUPLICATE", "/1/id"],
    [
      "a fraction",
      [{ ...GRANT, spend: { unit: "EUR", perAction: 1.5 } }],
      "NUMBER_NOT_INTEGER",
      "/0/spend/perAction",
    ],
  ])("grants with %s, by a pointer into the file", async (_what, content, code, pointer) => {
    const file = write("bad-grants.json", content);
    const refused = await json("grant", "bot", ...home, "--grants", file);
    expect(refusal(refused)).toMatchObject({ exit: 1, code, pointer });
  });

  it.each([
    ["empty", "", "JSON_SYNTAX"],
    ["broken", '{"type":', "JSON_SYNTAX"],
    ["an array", "[]", "JSON_NOT_OBJECT"],
    ["another document", '{"type":["VerifiableCredential"]}', "TYPE_UNSUPPORTED"],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22]), "JSON_ENCODING"],
    ["too large", Buffer.alloc(300 * 1024, " "), "TOO_LARGE"],
  ])("a file that is %s is a result", async (_what, content, code) => {
    writeFileSync(path("input.json"), content);
    const result = await json("verify", path("input.json"));
    expect(result.code).toBe(1);
    expect(result.json).toMatchObject({ verified: false, problems: [{ code }] });
  });

  it("a presentation without the expected challenge", async () => {
    const shown = await json("wallet", "present", ...wallet, "--challenge", "c", "--domain", "d");
    const file = write("p.json", shown.stdout);
    expect(refusal(await json("verify", file))).toMatchObject({ exit: 2, code: "USAGE" });
  });

  it("an output file that exists, unless it is forced", async () => {
    const present = [
      "wallet",
      "present",
      ...wallet,
      "--challenge",
      "c",
      "--domain",
      "d",
      "--out",
      write("out.json", "kept"),
    ];
    expect(refusal(await json(...present))).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
    expect(readFileSync(path("out.json"), "utf8")).toBe("kept");
    expect((await json(...present, "--force")).code).toBe(0);
  });

  it("grants into a file alone where the agent's wallet cannot be opened without asking", async () => {
    const { WRIT_WALLET_PASSPHRASE_FILE: kept = "", ...rest } = environment;
    delete environment["WRIT_WALLET_PASSPHRASE_FILE"];
    const grants = ["grant", "bot", ...home, "--grants", path("grants.json")];
    const toFile = await json(...grants, "--out", path("bot-authority.json"));
    const toWallet = refusal(await json(...grants));
    environment["WRIT_WALLET_PASSPHRASE_FILE"] = kept;
    expect(rest).not.toHaveProperty("WRIT_WALLET_PASSPHRASE_FILE");
    expect(toFile.code).toBe(0);
    expect(toWallet).toMatchObject({ exit: 3, code: "SECRET_MISSING" });
    const { json: list } = await json("wallet", "list", ...wallet);
    expect(list["items"]).not.toContainEqual(expect.objectContaining({ id: toFile.json["credentialId"] }));
  });

  it("issues nothing that it could then not write", async () => {
    const out = write("taken.json", "kept");
    await json("wallet", "create", "--wallet", path("late.wallet"));
    await json("wallet", "request", "--wallet", path("late.wallet"), "--out", path("late.json"));
    const enrol = ["agent", "create", "late", ...home, "--request", path("late.json")];
    expect(refusal(await json(...enrol, "--out", out))).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
    symlinkSync(path("nowhere-at-all"), path("dangling.json"));
    const dangling = await json(...enrol, "--out", path("dangling.json"));
    expect(refusal(dangling)).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
    const below = await json(...enrol, "--out", path("taken.json/x.json"));
    expect(refusal(below)).toMatchObject({ exit: 3, code: "FILE_UNREADABLE" });
    expect((await json(...enrol, "--out", path("late-identity.json"))).code).toBe(0);
    const granted = await json("grant", "late", ...home, "--grants", path("grants.json"), "--out", out);
    expect(refusal(granted)).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
  });

  it("escapes what a document would write to the terminal, as JSON too", async () => {
    const args = { note: "\u009b2J\u202e" };
    const invocation = write("odd.json", { action: "order.create", args });
    await json("grant", "bot", ...home, "--grants", path("grants.json"));
    const { code, stdout } = await text(
      ...["wallet", "present", ...wallet, "--challenge", "c", "--domain", "d", "--invocation", invocation],
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain("\u009b");
    expect(stdout).not.toContain("\u202e");
    expect((JSON.parse(stdout) as { invocation: { args: object } }).invocation.args).toEqual(args);
  });

  it("writes what can be read again, however large", async () => {
    const resources = Array.from({ length: 100 }, (_, n) => `https://o.example/i/${String(n)}`);
    const many = Array.from({ length: 64 }, (_, n) => ({ ...GRANT, id: `g${String(n)}`, resources }));
    const out = path("many-authority.json");
    const granted = await json("grant", "bot", ...home, "--grants", write("many.json", many), "--out", out);
    expect(granted.code).toBe(0);
    expect((await json("wallet", "add", out, ...wallet)).json).toEqual({
      added: [],
      removed: [],
      notHeld: [],
    });
    const authority = ["--authority", String(granted.json["credentialId"])];
    const present = ["wallet", "present", ...wallet, "--challenge", "c", "--domain", "d", ...authority];
    expect((await json(...present, "--out", path("many-shown.json"))).code).toBe(0);
    const verified = await json("verify", path("many-shown.json"), "--challenge", "c", "--domain", "d");
    expect(verified.json["problems"]).not.toContainEqual(expect.objectContaining({ code: "TOO_LARGE" }));
  });

  it("does not replace a file that is not an older version of the list", async () => {
    mkdirSync(path("lists"));
    writeFileSync(path("lists/r1.json"), '{"id":"https://other.example/r1","issuer":"did:key:z6Mk"}');
    const publish = await json("status", "publish", ...home, "--out", path("lists"));
    expect(refusal(publish)).toMatchObject({ exit: 3, code: "FILE_EXISTS" });
  });

  it("a wallet behind a symbolic link, and a file that is no wallet", async () => {
    symlinkSync(path("bot.wallet"), path("link.wallet"));
    expect(refusal(await json("wallet", "list", "--wallet", path("link.wallet")))).toMatchObject({
      exit: 3,
      code: "FILE_UNSAFE",
    });
    expect(refusal(await json("wallet", "list", "--wallet", path("home/writ.db")))).toMatchObject({
      exit: 1,
      code: "NOT_FOUND",
    });
  });

  it("escapes what a document would write to the terminal", async () => {
    const file = write("evil.json", '{"type":["VerifiableCredential"],"\\u001b[2J\\u202e":1}');
    const { stdout } = await text("verify", file);
    expect(stdout).not.toContain("\u001b[2J");
    expect(stdout).not.toContain("\u202e");
  });

  it("tells people on standard error, with a hint and without a trace", async () => {
    const { code, stdout, stderr } = await text("agent", "list", "--home", path("nowhere"));
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("FILE_UNREADABLE");
    expect(stderr).toContain("writ init");
    expect(stderr).not.toContain("    at ");
  });

  it.each([[[]], [["wallet"]], [["verify", "--help"]]])("helps: %s", async (args) => {
    const { stdout, stderr } = await text(...args, ...(args.includes("--help") ? [] : ["--help"]));
    expect(stdout).toContain("Usage: writ");
    expect(stderr).toBe("");
  });
});
