import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from "node:fs";

import { openSqliteDatabase } from "@writ/database";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const READ = { id: "read", actions: ["order.*"] };
const CHALLENGE = ["--challenge", "7Yq3dF", "--domain", "https://api.acme.example"];

/** What ends is renewed, what is too wide is superseded; told in order. */
describe("renewing and superseding", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const bot = ["--wallet", path("bot.wallet")];
  let organisation = "";
  let identity = "";
  let authority = "";
  /** What the authority renews. */
  let renewed = "";

  const idsOf = (items: unknown): readonly string[] =>
    (items as { credentialId: string }[]).map(({ credentialId }) => credentialId);
  const expiring = async (within: string) =>
    idsOf((await json("expiring", ...home, "--within", within)).json["items"]);

  /** What a service that has the newest lists says of an action of the agent's. */
  async function answerTo(action: string, shown: string, wallet = bot): Promise<unknown> {
    const invocation = write("invocation.json", { action });
    const out = path("presentation.json");
    const asked = ["--invocation", invocation, "--authority", shown, "--out", out, "--force"];
    expect(await json("wallet", "present", ...wallet, ...CHALLENGE, ...asked)).toMatchObject({ code: 0 });
    await json("status", "publish", ...home, "--out", path("status"));
    const trust = ["--trust", organisation, "--status", path("status")];
    const { json: answer } = await json("verify", out, ...CHALLENGE, ...trust);
    const [problem] = answer["problems"] as { code: string }[];
    return (answer["decision"] as { outcome: string } | undefined)?.outcome ?? problem?.code;
  }

  beforeAll(async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    identity = String((await json("agent", "create", "bot", ...home, ...bot)).json["credentialId"]);
    const grants = write("grants.json", [READ]);
    const granted = await json("grant", "bot", ...home, "--grants", grants, "--ttl", "1h");
    authority = String(granted.json["credentialId"]);
  }, 60_000);

  it("lists what is about to end", async () => {
    expect(await expiring("30m")).toEqual([]);
    expect(await expiring("2h")).toEqual([authority]);
    expect(await expiring("2d")).toEqual([authority, identity]);
    const shown = await text("expiring", ...home, "--within", "2h");
    expect(shown.stdout).toMatch(
      new RegExp(`bot +${authority} +DelegatedAuthorityCredential .* in \\d+ min`),
    );
    expect((await text("expiring", ...home, "--within", "1s")).stdout).toContain("ends within 1s");
  });

  it("issues once what is asked for twice by one id, and nothing else by it", async () => {
    const grants = path("grants.json");
    const once = ["--request-id", "order 7"];
    const grant = (...more: readonly string[]) =>
      json("grant", "bot", ...home, "--grants", grants, "--ttl", "2d", ...once, ...more);
    const first = await grant();
    const { credentialId } = first.json;
    expect(first).toMatchObject({
      code: 0,
      json: { credentialId: expect.stringMatching(/^urn:/) as string },
    });
    expect(await grant("--out", path("again.json"))).toMatchObject({ code: 0, json: { credentialId } });
    expect(JSON.parse(readFileSync(path("again.json"), "utf8"))).toMatchObject([{ id: credentialId }]);
    expect(await grant("--redelegate", "1")).toMatchObject({
      json: { error: { code: "IDEMPOTENCY_MISMATCH" } },
    });
    const narrower = ["--grants", grants, "--yes", "--request-id", "order 8"];
    const supersede = () => json("supersede", String(credentialId), ...home, ...narrower);
    const superseded = await supersede();
    expect(superseded.json).toMatchObject({ supersedes: credentialId });
    expect((await supersede()).json).toEqual(superseded.json);
    const renew = () => json("renew", String(superseded.json["credentialId"]), ...home, "--request-id", "9");
    const held = async () =>
      ((await json("wallet", "list", ...bot)).json["items"] as readonly { readonly id: string }[]).length;
    expect((await renew()).json).toEqual((await renew()).json);
    // What renews it since stays, where the first is asked for again.
    const before = await held();
    expect((await supersede()).json).toEqual(superseded.json);
    expect(await held()).toBe(before);
    expect(await json("renew", ...home, "--within", "1s", ...once)).toMatchObject({
      json: { error: { code: "USAGE" } },
    });
    await json("revoke", String(superseded.json["credentialId"]), ...home, "--yes");
  });

  it("renews all that end within a time, into the wallet and into files", async () => {
    const done = await json("renew", ...home, "--within", "2h", "--ttl", "3h", "--out", path("renewed"));
    const [item] = done.json["items"] as { renewedId: string }[];
    expect(done).toMatchObject({ code: 0, json: { items: [{ holder: "bot", credentialId: authority }] } });
    const [file = ""] = readdirSync(path("renewed"));
    expect(JSON.parse(readFileSync(path(`renewed/${file}`), "utf8"))).toMatchObject([
      { id: item?.renewedId, credentialSubject: { grants: [READ] } },
    ]);
    expect(file).toBe(`${authority.slice("urn:uuid:".length)}.json`);
    expect(await expiring("2h")).toEqual([]);
    expect(await answerTo("order.read", authority)).toBe("allow");
    expect(await answerTo("order.read", item?.renewedId ?? "")).toBe("allow");
    [authority, renewed] = [item?.renewedId ?? "", authority];
    expect((await json("renew", ...home, "--within", "2h")).json).toEqual({ items: [] });
  });

  it("renews one, and the identity takes the place of the one before in the wallet", async () => {
    const renewed = await json("renew", identity, ...home, "--ttl", "2d");
    const [item] = renewed.json["items"] as { renewedId: string }[];
    expect(renewed).toMatchObject({ code: 0, json: { items: [{ holder: "bot", credentialId: identity }] } });
    const { json: held } = await json("wallet", "list", ...bot);
    const ids = (held["items"] as { id: string }[]).map(({ id }) => id);
    expect([ids.includes(item?.renewedId ?? ""), ids.includes(identity)]).toEqual([true, false]);
  });

  it("narrows an authority: what it no longer says is denied, and the one before is refused", async () => {
    const narrower = write("narrower.json", [{ ...READ, actions: ["order.read"] }]);
    const asked = ["--grants", narrower, "--reason", "only to read", "--yes"];
    // Whoever has a copy of the wallet has what is superseded; the wallet itself gives it up.
    copyFileSync(path("bot.wallet"), path("copy.wallet"));
    const copy = ["--wallet", path("copy.wallet")];
    const superseded = await json("supersede", authority, ...home, ...asked);
    const narrowed = String(superseded.json["credentialId"]);
    expect(superseded).toMatchObject({ code: 0, json: { supersedes: authority } });
    expect(await answerTo("order.read", authority, copy)).toBe("REVOKED");
    expect(await answerTo("order.read", renewed, copy)).toBe("REVOKED");
    expect(await answerTo("order.read", narrowed)).toBe("allow");
    expect(await answerTo("order.cancel", narrowed)).not.toBe("allow");
    const held = (await json("wallet", "list", ...bot)).json["items"] as readonly { readonly id: string }[];
    expect(held.map(({ id }) => id)).toEqual(expect.arrayContaining([narrowed]));
    for (const { id } of held) expect([authority, renewed]).not.toContain(id);
    const { json: told } = await json("events", ...home, "--agent", "bot", "--limit", "3");
    expect(told["items"]).toMatchObject([
      { action: "credential.revoked", credentialId: authority, reason: "only to read" },
      { action: "credential.revoked", credentialId: renewed, reason: "only to read" },
      { action: "credential.issued", credentialId: narrowed, details: { supersedes: authority } },
    ]);
    expect(await json("renew", "--within", "1d", "--agent", "nobody", ...home)).toMatchObject({
      code: 1,
      json: { error: { code: "NOT_FOUND" } },
    });
    const over = await json("renew", identity, ...home, "--out", path("bot.wallet"), "--force");
    expect(over).toMatchObject({ code: 3, json: { error: { code: "FILE_EXISTS" } } });
    expect((await json("wallet", "show", ...bot)).code).toBe(0);
    expect(await json("renew", authority, ...home)).toMatchObject({
      code: 1,
      json: { error: { code: "REVOKED" } },
    });
  });

  it("says of one in a file how it takes the place of the one before", async () => {
    const grants = ["--grants", path("grants.json")] as const;
    const wide = String((await json("grant", "bot", ...home, ...grants)).json["credentialId"]);
    const out = path("narrow.json");
    const asked = ["--grants", path("narrower.json"), "--out", out, "--yes"];
    // Its wallet is elsewhere.
    renameSync(path("bot.wallet"), path("away.wallet"));
    const superseded = await text("supersede", wide, ...home, ...asked);
    renameSync(path("away.wallet"), path("bot.wallet"));
    expect(superseded.stdout).toContain(`for \`writ wallet add ${out} --supersedes ${wide}\``);
  });

  it("goes on where one cannot be renewed, and says so", async () => {
    await json(
      "agent",
      "create",
      "other",
      ...home,
      "--request",
      await requestOf("other"),
      "--out",
      path("other.json"),
    );
    const renewed = await json("renew", ...home, "--within", "3d", "--ttl", "1d");
    expect(renewed).toMatchObject({ code: 1 });
    const items = renewed.json["items"] as { holder: string; error?: { code: string } }[];
    expect(items.filter(({ holder }) => holder === "bot").every(({ error }) => error === undefined)).toBe(
      true,
    );
    expect(items.filter(({ holder }) => holder === "other")).toMatchObject([{ error: { code: "USAGE" } }]);
    const shown = await text("renew", ...home, "--within", "3d", "--agent", "other");
    expect([shown.code, shown.stdout]).toEqual([
      1,
      expect.stringMatching(/^failed {3}other urn:uuid:.*USAGE name --wallet/),
    ]);
  });

  it("writes no file by a path that stands in the registry in the place of an id", async () => {
    const database = await openSqliteDatabase({ path: path("home/writ.db"), mode: "open" });
    await database.query(
      "UPDATE credentials SET document_id = 'urn:uuid:../../outside' WHERE revoked IS NULL",
    );
    await database.close();
    const renewed = await json("renew", ...home, "--within", "9d", "--out", path("a/b"));
    expect(renewed).toMatchObject({ json: { error: { code: "SCHEMA_INVALID", pointer: "/credentialId" } } });
    expect([existsSync(path("outside.json")), existsSync(path("a"))]).toEqual([false, false]);
  });

  /** A request of an agent whose wallet is elsewhere. */
  async function requestOf(name: string): Promise<string> {
    const wallet = ["--wallet", path(`${name}.wallet`)];
    await json("wallet", "create", ...wallet);
    await json("wallet", "request", ...wallet, "--out", path(`${name}.request`));
    return path(`${name}.request`);
  }

  it.each([
    ["neither a credential nor a time", ["renew"]],
    ["both of them", ["renew", "urn:uuid:0", "--within", "1h"]],
    ["an agent without a time", ["renew", "urn:uuid:0", "--agent", "bot"]],
    ["one wallet for all agents", ["renew", "--within", "1h", "--wallet", "bot.wallet"]],
  ])("refuses %s", async (_, args) => {
    expect(await json(...args, ...home)).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });
});
