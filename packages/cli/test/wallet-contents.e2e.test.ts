import { readFileSync } from "node:fs";

import { openSqliteDatabase } from "@writ/database";
import { createDatabaseWalletStore, createKey, openWallet, useKey, requestEnrolment } from "@writ/wallet";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

describe("what goes into a wallet, and what is in it", () => {
  const { json, text, path, write } = createWorkplace();
  const home = ["--home", path("home")] as const;
  const bot = ["--wallet", path("bot.wallet")] as const;
  const add = (...files: readonly string[]) => json("wallet", "add", ...files, ...bot);
  let identity: Record<string, unknown>;

  beforeAll(async () => {
    write("grants.json", [{ id: "read", actions: ["order.read"] }]);
    await json("init", ...home, "--name", "ACME");
    await json("wallet", "create", ...bot);
    await json("wallet", "request", ...bot, "--out", path("request.json"));
    const enrol = ["agent", "create", "bot", ...home, "--request", path("request.json")] as const;
    await json(...enrol, "--out", path("identity.json"));
    [identity = {}] = JSON.parse(readFileSync(path("identity.json"), "utf8")) as [typeof identity];
  }, 60_000);

  it.each([
    ["no credential", [{ a: 1 }], "CONTEXT_NOT_ALLOWED", "is no credential (no @context)", "/0"],
    ["no object", [[1], "x"], "JSON_NOT_OBJECT", "is no credential (no object)", "/0"],
  ])("refuses %s by the name of the file", async (_, content, code, message, pointer) => {
    const file = write("bad.json", content);
    expect(await add(path("identity.json"), file)).toMatchObject({
      code: 1,
      json: { error: { code, message: `${file}: ${message}`, pointer } },
    });
  });

  it("says in which file a credential is refused, and where in it", async () => {
    const changed = { ...identity, validUntil: "2020-01-01T00:00:00Z" };
    const many = write("many.json", [identity, changed]);
    const inMany = await add(path("identity.json"), many);
    const message: unknown = expect.stringContaining(`${many}: `);
    expect(inMany).toMatchObject({ code: 1, json: { error: { message } } });
    expect(inMany.json["error"]).toMatchObject({ pointer: expect.stringMatching(/^\/1(\/|$)/) as string });
    const alone = write("alone.json", { ...identity, "@context": "https://x.example" });
    const { json: answer } = await add(path("identity.json"), alone);
    expect(answer["error"]).toMatchObject({
      code: "CONTEXT_NOT_ALLOWED",
      message: expect.stringContaining(`${alone}: `) as string,
      pointer: "/proof/@context",
    });
    expect((await add(path("identity.json"))).json).toEqual({
      added: [identity["id"]],
      removed: [],
      notHeld: [],
    });
  });

  it("puts a credential in the place of those that are named and there", async () => {
    const grant = async (file: string) => {
      const grants = ["--grants", path("grants.json"), "--out", path(file)] as const;
      return String((await json("grant", "bot", ...home, ...grants)).json["credentialId"]);
    };
    const [first, second] = [await grant("first.json"), await grant("second.json")];
    await add(path("first.json"));
    const refused = async (id: string, code: string, exit: number) => {
      const answer = await add(path("second.json"), "--supersedes", id);
      expect(answer).toMatchObject({ code: exit, json: { error: { code } } });
    };
    expect(
      (await add(path("second.json"), "--supersedes", first, "--supersedes", "urn:uuid:before")).json,
    ).toEqual({
      added: [second],
      removed: [first],
      notHeld: ["urn:uuid:before"],
    });
    // Said again, it is done already.
    const again = [path("second.json"), "--supersedes", first] as const;
    expect(await add(...again)).toMatchObject({
      code: 0,
      json: { added: [], removed: [], notHeld: [first] },
    });
    expect((await text("wallet", "add", ...again, ...bot)).stdout).toBe(
      `Nothing new: all of it was in the wallet.\nNot removed ${first}: the wallet has none of this id (writ wallet list)\n`,
    );
    // An authority does not stand in for an identity.
    await refused(String(identity["id"]), "ARGUMENT_INVALID", 2);
    // It would go, and nothing would come.
    await refused(second, "USAGE", 2);
    const items = (await json("wallet", "list", ...bot)).json["items"] as readonly { readonly id: string }[];
    expect(items.map(({ id }) => id).sort()).toEqual([String(identity["id"]), second].sort());
  });

  it("says also what a renewed identity takes the place of, once", async () => {
    const before = String(identity["id"]);
    const renewed = path("renewed.json");
    await json("renew", before, ...home, "--ttl", "20d", "--out", renewed);
    const [{ id }] = JSON.parse(readFileSync(renewed, "utf8")) as [{ readonly id: string }];
    expect((await add(renewed)).json).toEqual({ added: [id], removed: [before], notHeld: [] });
    const again = path("again.json");
    await json("renew", id, ...home, "--ttl", "25d", "--out", again);
    expect((await add(again, "--supersedes", id)).json).toMatchObject({ removed: [id], notHeld: [] });
  });

  it("names the key of each credential where a wallet has several", async () => {
    expect((await text("wallet", "list", ...bot)).stdout).toMatch(/^id +type +whose +valid until/);
    const database = await openSqliteDatabase({ path: path("bot.wallet"), mode: "open" });
    const passphrase = readFileSync(path("wallet.pass"), "utf8");
    const wallet = await openWallet(createDatabaseWalletStore(database), { type: "passphrase", passphrase });
    const { did } = await createKey(wallet, { name: "approvals" });
    write("second.json", await requestEnrolment(await useKey(wallet, did)));
    wallet.close();
    await database.close();
    const enrol = ["agent", "create", "second", ...home, "--request", path("second.json")] as const;
    await json(...enrol, "--out", path("second-identity.json"));
    await add(path("second-identity.json"));
    const { stdout } = await text("wallet", "list", ...bot);
    expect(stdout).toMatch(/^id +type +whose +key +valid until/);
    expect(stdout).toMatch(/AgentIdentityCredential +own +approvals +\d/);
    expect(stdout).toMatch(/AgentIdentityCredential +own +did:key:\S+ +\d/);
  });
});
