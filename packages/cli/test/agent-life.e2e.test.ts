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

  const agent = (...args: readonly string[]): Promise<Run> => json("agent", ...args, ...home);

  /** What a service that has the newest lists says of what an agent asks for. */
  async function answerTo(wallet: readonly string[]): Promise<unknown> {
    const invocation = write("read.json", { action: "order.read" });
    const out = path("presentation.json");
    const asked = ["--invocation", invocation, "--out", out, "--force"];
    expect(await json("wallet", "present", ...wallet, ...CHALLENGE, ...asked)).toMatchObject({ code: 0 });
    expect(await json("status", "publish", ...home, "--out", path("status"))).toMatchObject({ code: 0 });
    const trust = ["--trust", organisation, "--status", path("status")];
    const { code, json: answer } = await json("verify", out, ...CHALLENGE, ...trust);
    const [problem] = answer["problems"] as { code: string }[];
    return code === 0 ? (answer["decision"] as { outcome: string }).outcome : problem?.code;
  }

  const answers = async (): Promise<readonly unknown[]> => [await answerTo(lead), await answerTo(bot)];

  beforeAll(async () => {
    environment["WRIT_OPERATOR"] = "alice";
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
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

  it("row 225: stops when it is suspended, and with it whoever it handed authority on to", async () => {
    const suspended = await agent("suspend", "lead", "--reason", "odd reads at night");
    expect(suspended).toMatchObject({ code: 0, json: { agentId, name: "lead", state: "suspended" } });
    expect(suspended.json["credentials"]).toHaveLength(2);
    expect(await answers()).toEqual(["SUSPENDED", "SUSPENDED"]);
    const refused = await json("grant", "lead", ...home, "--grants", path("grants.json"));
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "AGENT_INACTIVE" } } });
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
    ]);
  });

  it("is told step by step", async () => {
    const { json: told } = await json("events", ...home, "--agent", "lead");
    expect(told["items"]).toMatchObject(
      [
        ["agent.enrolled"],
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
    expect(revoked).toHaveLength(2);
    expect(await items("--limit", "1", "--before", String(revoked[1]?.number))).toEqual([revoked[0]]);
    expect(await items("--within", "1d", "--limit", "1")).toEqual([revoked[1]]);
    expect((await text("events", ...home)).stdout).toMatch(
      /alice +agent\.retired +urn:uuid:\S+ +no longer needed/,
    );
  });

  it.each([
    ["an agent that is not registered", ["agent", "suspend", "nobody"], 1, "NOT_FOUND"],
    ["an action that there is not", ["events", "--action", "agent.eaten"], 2, "USAGE"],
    ["a number that is none", ["events", "--limit", "many"], 2, "USAGE"],
    ["an operator who would take over a terminal", ["events", "--operator", "a\u001bb"], 1, "CHAR_FORBIDDEN"],
  ])("refuses %s", async (_, args, code, error) => {
    expect(await json(...args, ...home)).toMatchObject({ code, json: { error: { code: error } } });
  });
});
