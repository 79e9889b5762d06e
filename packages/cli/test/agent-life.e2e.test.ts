import { readFileSync } from "node:fs";

import { openSqliteDatabase } from "@writ/database";
import { findAgent, openOrganisation, rotateAgent } from "@writ/issuer";
import { createDatabaseWalletStore, createKey, openWallet, requestRotation } from "@writ/wallet";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const READ = { id: "read", actions: ["order.read"] };
const CHALLENGE = ["--challenge", "7Yq3dF", "--domain", "https://api.acme.example"];

/**
 * The life of an agent that hands authority on, with the verifier's answer after each step; told in order.
 */
describe("the life of an agent", () => {
  const { json, text, write, path, environment } = createWorkplace();
  const home = ["--home", path("home")];
  const lead = ["--wallet", path("lead.wallet")];
  const bot = ["--wallet", path("bot.wallet")];
  let organisation = "";
  let agentId = "";
  /** Which of its authorities the bot shows, as soon as it has more than one. */
  let shown: string | undefined;

  const agent = (...args: readonly string[]): Promise<Run> => json("agent", ...args, ...home);

  /** What a service that has the newest lists says of what an agent asks for. */
  async function answerTo(wallet: readonly string[], authority?: string): Promise<unknown> {
    const invocation = write("read.json", { action: "order.read" });
    const out = path("presentation.json");
    const named = authority === undefined ? [] : ["--authority", authority];
    const asked = ["--invocation", invocation, "--out", out, "--force", ...named];
    expect(await json("wallet", "present", ...wallet, ...CHALLENGE, ...asked)).toMatchObject({ code: 0 });
    expect(await json("status", "publish", ...home, "--out", path("status"))).toMatchObject({ code: 0 });
    const trust = ["--trust", organisation, "--status", path("status")];
    const { code, json: answer } = await json("verify", out, ...CHALLENGE, ...trust);
    const [problem] = answer["problems"] as { code: string }[];
    return code === 0 ? (answer["decision"] as { outcome: string }).outcome : problem?.code;
  }

  /** The lead hands authority on to the bot, once more. */
  async function handOn(): Promise<void> {
    const to = String((await json("wallet", "show", ...bot)).json["did"]);
    const grants = ["--grants", path("narrower.json"), "--out", path("again.json"), "--force"];
    await json("wallet", "delegate", ...lead, "--to", to, ...grants);
    const [leaf] = JSON.parse(readFileSync(path("again.json"), "utf8")) as { id: string }[];
    await json("wallet", "add", path("again.json"), ...bot);
    shown = leaf?.id;
  }

  const answers = async (): Promise<readonly unknown[]> => [await answerTo(lead), await answerTo(bot, shown)];

  beforeAll(async () => {
    environment["WRIT_OPERATOR"] = "alice";
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json("role", "set", "reader", ...home);
    await agent("create", "bot", ...bot);
    await agent("create", "lead", ...lead, "--role", "reader");
    const to = String((await json("wallet", "show", ...bot)).json["did"]);
    const grants = write("grants.json", [READ]);
    await json("grant", "lead", ...home, "--grants", grants, "--redelegate", "1");
    const narrower = write("narrower.json", [{ ...READ, id: "bot-read", within: "read" }]);
    const bundle = path("bundle.json");
    await json("wallet", "delegate", ...lead, "--to", to, "--grants", narrower, "--out", bundle);
    await json("wallet", "add", bundle, ...bot);
  }, 60_000);

  it("begins with authority, of which it hands some on", async () => {
    expect(await answers()).toEqual(["allow", "allow"]);
    const shown = await agent("show", "lead");
    agentId = String(shown.json["agentId"]);
    expect(shown).toMatchObject({
      code: 0,
      json: {
        name: "lead",
        state: "active",
        roles: ["reader"],
        owner: organisation,
        credentials: [
          { type: "AgentIdentityCredential", state: "live" },
          { type: "DelegatedAuthorityCredential", state: "live" },
        ],
      },
    });
  });

  it("goes on with another key, and what it handed on with the old one ends", async () => {
    const { json: before } = await agent("show", "lead");
    const rotated = await agent("rotate", "lead", "--reason", "yearly", "--yes");
    expect(rotated).toMatchObject({ code: 0, json: { agentId, name: "lead" } });
    expect(rotated.json["credentials"]).toHaveLength(2);
    const { did } = rotated.json;
    expect([did === before["did"], (await json("wallet", "show", ...lead)).json["did"]]).toEqual([
      false,
      did,
    ]);
    expect((await agent("show", "lead")).json).toMatchObject({ did, formerKeys: [{ did: before["did"] }] });
    expect(await answers()).toEqual(["allow", "REVOKED"]);
    await handOn();
    expect(await answers()).toEqual(["allow", "allow"]);
  });

  it("goes on with a rotation that was broken off before the wallet had the credentials", async () => {
    const mender = ["--wallet", path("mender.wallet")];
    await agent("create", "mender", ...mender);
    await json("grant", "mender", ...home, "--grants", path("grants.json"));
    const database = await openSqliteDatabase({ path: path("home/writ.db"), mode: "open" });
    const secret = { type: "passphrase", passphrase: "the organisation's passphrase" } as const;
    const opened = await openOrganisation(database, secret);
    const file = await openSqliteDatabase({ path: path("mender.wallet"), mode: "open" });
    const key = { type: "passphrase", passphrase: "the wallet's passphrase" } as const;
    const wallet = await openWallet(createDatabaseWalletStore(file), key);
    const { did } = await createKey(wallet);
    const statement = await requestRotation(wallet, did);
    const before = await findAgent(opened, "mender");
    await rotateAgent(opened, before, { type: "both-keys", statement }, { wallet: path("mender.wallet") });
    await Promise.all([database.close(), file.close()]);
    expect((await json("wallet", "show", ...mender)).json["did"]).toBe(before.did);
    const rotated = await agent("rotate", "mender", "--yes");
    expect(rotated).toMatchObject({ code: 0, json: { did } });
    expect(rotated.json["credentials"]).toHaveLength(2);
    expect((await json("wallet", "show", ...mender)).json["did"]).toBe(did);
    expect(await answerTo(mender)).toBe("allow");
  });

  it("rotates by the operator's word alone, where a key is lost", async () => {
    const next = ["--wallet", path("next.wallet")];
    await json("wallet", "create", ...next);
    await json("wallet", "request", ...next, "--out", path("next.request"));
    await agent("create", "loser", "--wallet", path("loser.wallet"));
    const asked = ["rotate", "loser", "--lost-key", "--request", path("next.request")];
    const rotated = await agent(...asked, "--out", path("next.json"), "--yes");
    expect(rotated.json).toMatchObject({ did: (await json("wallet", "show", ...next)).json["did"] });
    const added = await json("wallet", "add", path("next.json"), ...next);
    expect(added.json["added"]).toEqual(rotated.json["credentials"]);
    expect(await agent("retire", "loser", "--yes")).toMatchObject({ code: 0 });
  });

  it("row 225: stops when it is suspended, and with it whoever it handed authority on to", async () => {
    const suspended = await agent("suspend", "lead", "--reason", "odd reads at night");
    expect(suspended).toMatchObject({ code: 0, json: { agentId, name: "lead", state: "suspended" } });
    expect(suspended.json["credentials"]).toHaveLength(2);
    expect(await answers()).toEqual(["SUSPENDED", "SUSPENDED"]);
    const refused = await json("grant", "lead", ...home, "--grants", path("grants.json"));
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "AGENT_INACTIVE" } } });
    // A key that was made for nothing is gone again.
    expect(await agent("rotate", "lead", "--yes")).toMatchObject({
      json: { error: { code: "AGENT_INACTIVE" } },
    });
    expect((await json("wallet", "show", ...lead)).json["otherKeys"]).toHaveLength(1);
  });

  it("goes on when it is resumed", async () => {
    expect((await agent("resume", "lead")).json).toMatchObject({ state: "active" });
    expect(await answers()).toEqual(["allow", "allow"]);
  });

  it("row 225: ends when it is retired, and with it all that hung on it", async () => {
    const retired = await agent("retire", "lead", "--reason", "no longer needed", "--yes");
    expect(retired).toMatchObject({ code: 0, json: { state: "retired" } });
    expect(await answers()).toEqual(["REVOKED", "REVOKED"]);
    expect(await agent("resume", "lead")).toMatchObject({
      code: 1,
      json: { error: { code: "AGENT_INACTIVE" } },
    });
    expect((await agent("retire", "lead", "--yes")).json).toMatchObject({
      state: "retired",
      credentials: [],
    });
    expect(await agent("create", "lead", "--wallet", path("again.wallet"))).toMatchObject({
      code: 1,
      json: { error: { code: "ALREADY_EXISTS" } },
    });
    expect((await agent("list")).json["items"]).toMatchObject([
      { name: "bot", state: "active" },
      { name: "lead", state: "retired" },
      { name: "loser", state: "retired" },
      { name: "mender", state: "active" },
    ]);
  });

  it("is told step by step", async () => {
    const { json: told } = await json("events", ...home, "--agent", "lead");
    expect(told["items"]).toMatchObject(
      [
        ["agent.enrolled"],
        ["credential.issued"],
        ["credential.issued"],
        ["agent.rotated", "yearly"],
        ["credential.revoked", "yearly"],
        ["credential.revoked", "yearly"],
        ["credential.issued"],
        ["credential.issued"],
        ["agent.suspended", "odd reads at night"],
        ["credential.suspended", "odd reads at night"],
        ["credential.suspended", "odd reads at night"],
        ["agent.resumed"],
        ["credential.reinstated"],
        ["credential.reinstated"],
        ["agent.retired", "no longer needed"],
        ["credential.revoked", "no longer needed"],
        ["credential.revoked", "no longer needed"],
      ].map(([action, reason]) => ({ action, agentId, operator: "alice", ...(reason && { reason }) })),
    );
    const items = async (...more: readonly string[]) =>
      (await json("events", ...home, ...more)).json["items"] as { number: number; action: string }[];
    const revoked = await items("--action", "credential.revoked", "--operator", "bob");
    const [first, second] = revoked.slice(-2);
    expect(await items("--limit", "1", "--before", String(second?.number))).toEqual([first]);
    expect(await items("--within", "1d", "--limit", "1")).toEqual([second]);
    expect((await text("events", ...home)).stdout).toMatch(
      /alice +agent\.retired +urn:uuid:\S+ +no longer needed/,
    );
  });

  it.each([
    ["an agent that is not registered", ["agent", "suspend", "nobody"], 1, "NOT_FOUND"],
    ["a lost key without a request", ["agent", "rotate", "bot", "--lost-key"], 2, "USAGE"],
    ["a statement with nowhere to go", ["agent", "rotate", "bot", "--statement", "s.json"], 2, "USAGE"],
    ["a file for what goes into the wallet", ["agent", "rotate", "bot", "--out", "o.json"], 2, "USAGE"],
    ["a request with nowhere to go", ["agent", "rotate", "bot", "--lost-key", "--request", "r"], 2, "USAGE"],
    ["an action that there is not", ["events", "--action", "agent.eaten"], 2, "USAGE"],
    ["a number that is none", ["events", "--limit", "many"], 2, "USAGE"],
    ["an operator who would take over a terminal", ["events", "--operator", "a\u001bb"], 1, "CHAR_FORBIDDEN"],
  ])("refuses %s", async (_, args, code, error) => {
    expect(await json(...args, ...home)).toMatchObject({ code, json: { error: { code: error } } });
  });
});
