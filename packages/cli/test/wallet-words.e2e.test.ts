import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, createKey, openWallet } from "@writ/wallet";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** What commands of a wallet say, to people and to programs. */
describe("commands of a wallet", () => {
  const { json, text, path, write } = createWorkplace();
  const home = ["--home", path("home")] as const;
  const bot = ["--wallet", path("bot.wallet")] as const;
  const delegate = ["wallet", "delegate", ...bot] as const;
  const grants = write("grants.json", [{ id: "read", actions: ["order.read"] }]);
  const part = write("part.json", [{ id: "part", within: "read", actions: ["order.read"] }]);
  let did = "";
  let second = "";
  let created: Record<string, unknown>;

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME");
    created = (await json("wallet", "create", ...bot)).json;
    did = String(created["did"]);
    const database = await openSqliteDatabase({ path: path("bot.wallet"), mode: "open" });
    const passphrase = readFileSync(path("wallet.pass"), "utf8");
    const wallet = await openWallet(createDatabaseWalletStore(database), { type: "passphrase", passphrase });
    second = (await createKey(wallet, { name: "approvals", purposes: ["assertionMethod"] })).did;
    wallet.close();
    await database.close();
    await json("wallet", "request", ...bot, "--out", path("request.json"));
    const enrol = ["agent", "create", "bot", ...home, "--request", path("request.json")] as const;
    await json(...enrol, "--out", path("identity.json"));
    await json("wallet", "add", path("identity.json"), ...bot);
  }, 60_000);

  it("name the file that they made", () => {
    expect(created).toEqual({ did, wallet: path("bot.wallet") });
  });

  it("show the keys, what they are for and since when", async () => {
    const { stdout } = await text("wallet", "show", ...bot);
    expect(stdout).toBe(
      `${did}, 1 credential\n  for authentication and assertionMethod\n  also ${second} (approvals), for assertionMethod\n`,
    );
    expect((await json("wallet", "show", ...bot)).json).toMatchObject({
      otherKeys: [{ did: second, created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string }],
    });
  });

  it("say how long a request is good for", async () => {
    const { stdout } = await text("wallet", "request", ...bot, "--out", path("again.json"));
    expect(stdout).toContain(`Wrote ${path("again.json")}, good for 24 hours\n`);
  });

  it("say to which key no authority was issued", async () => {
    const message = `no authority was issued to ${did}`;
    const refused = await json(...delegate);
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "NOT_FOUND", message } } });
  });

  it.each([
    ["1", "may be handed on, and not again after that"],
    ["2", "may be handed on, once more after that"],
    ["3", "may be handed on, 2 times more after that"],
  ])("say how often an authority of %s hops is handed on", async (hops, words) => {
    const out = path(`authority-${hops}.json`);
    const granted = await json(
      "grant",
      "bot",
      ...home,
      "--grants",
      grants,
      "--redelegate",
      hops,
      "--out",
      out,
    );
    await json("wallet", "add", out, ...bot);
    const authority = ["--authority", String(granted.json["credentialId"])];
    expect((await text(...delegate, ...authority)).stdout).toContain(words);
    const eu = path(`eu-${hops}.json`);
    const handedOn = await json(...delegate, ...authority, "--to", second, "--grants", part, "--out", eu);
    expect(handedOn.json).toMatchObject({ out: eu });
  });

  it("say of one DID that it is none, and nothing of several", async () => {
    const refused = await json(...delegate, "--to", "bot", "--grants", part);
    expect(refused.json["error"]).toMatchObject({ code: "USAGE", hint: "Such as did:key:z6Mk…" });
    const several = await json("verify", part, "--trust", "bot");
    expect(several.json["error"]).toMatchObject({
      hint: expect.stringContaining("takes several DIDs") as string,
    });
  });

  it("say where many credentials can go", async () => {
    const { json: answer } = await json("renew", ...home, "--within", "60d");
    const [first] = answer["items"] as readonly unknown[];
    expect(first).toMatchObject({
      error: { code: "USAGE", message: "name --out FOLDER for the credentials" },
    });
  });

  it("tell in their help what is required, also by `writ help`", async () => {
    const help = async (...args: readonly string[]) => (await text(...args)).stdout.replaceAll(/\s+/g, " ");
    const respond = await help("help", "wallet", "respond");
    expect(respond).toContain("Usage: writ wallet respond");
    expect(respond).toContain("--request <file> the request, as it was received (required)");
    expect(respond).toContain("the wallet's file (required)");
    expect(respond).not.toContain("file with the passphrase of the wallet (required)");
    const restore = await help("wallet", "restore", "--help");
    expect(restore).toContain("file with the passphrase of the wallet that is made");
    expect(restore).toContain("the wallet's file, which is made (required)");
    expect(await help("help", "wallet")).toContain("Usage: writ wallet");
    expect(await help("help")).toContain("Usage: writ");
  });
});
