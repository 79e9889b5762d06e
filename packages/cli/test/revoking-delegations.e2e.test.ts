import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** What an agent hands on is revoked before its end; told in order. */
describe("a delegation that the organisation keeps the status of", () => {
  const { json, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const registry = ["--registry", path("home")];
  const [lead, bot] = [
    ["--wallet", path("lead.wallet")],
    ["--wallet", path("bot.wallet")],
  ];
  const challenge = ["--challenge", "7Yq3dF", "--domain", "https://orders.example"];
  const READ = { id: "read", actions: ["order.read"] };
  let [organisation, handedOn] = ["", ""];

  async function answer(): Promise<unknown> {
    const out = path("presentation.json");
    const asked = [...challenge, "--invocation", path("invocation.json"), "--out", out, "--force"];
    expect((await json("wallet", "present", ...bot, ...asked)).code).toBe(0);
    await json("status", "publish", ...home, "--out", path("status"));
    const { json: verified } = await json(
      ...["verify", out, ...challenge, "--trust", organisation, "--status", path("status")],
    );
    return verified["verified"];
  }

  beforeAll(async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json("agent", "create", "lead", ...home, ...lead);
    await json("agent", "create", "bot", ...home, ...bot);
    const grants = write("grants.json", [READ]);
    await json("grant", "lead", ...home, "--grants", grants, "--redelegate", "1");
    write("invocation.json", { action: "order.read" });
  }, 60_000);

  it("lives longer than an hour, and is on record", async () => {
    const to = String((await json("wallet", "show", ...bot)).json["did"]);
    const grants = write("narrower.json", [{ ...READ, id: "bot-read", within: "read" }]);
    const delegation = ["--to", to, "--grants", grants, "--ttl", "7h", "--out", path("bundle.json")];
    const without = await json("wallet", "delegate", ...lead, ...delegation);
    expect(without.json).toMatchObject({ error: { code: "LIFE_TOO_LONG" } });
    const made = await json("wallet", "delegate", ...lead, ...delegation, ...registry);
    expect(made.code).toBe(0);
    handedOn = String(made.json["credentialId"]);
    expect((await json("wallet", "add", path("bundle.json"), ...bot)).code).toBe(0);
    expect(await answer()).toBe(true);
    expect((await json("blast-radius", "lead", ...home)).json["signed"]).toMatchObject([
      { credentialId: handedOn, subject: to, state: "live" },
    ]);
  });

  it("is revoked by the wallet that handed it on, and no other", async () => {
    const byBot = await json("wallet", "revoke", handedOn, ...bot, ...registry);
    expect(byBot.json).toMatchObject({ error: { code: "NOT_FOUND" } });
    const revoked = await json("wallet", "revoke", handedOn, ...lead, ...registry);
    expect(revoked).toMatchObject({ code: 0, json: { credentialId: handedOn, revoked: true } });
    expect(await answer()).toBe(false);
    expect((await json("wallet", "delegations", ...lead)).json["items"]).toMatchObject([
      { id: handedOn, state: "revoked" },
    ]);
  });

  it("names those that are no more than what is handed on now", async () => {
    const to = String((await json("wallet", "show", ...bot)).json["did"]);
    const handOn = async (ttl: string, id: string) => {
      const grants = write(`${id}.json`, [{ ...READ, id, within: "read" }]);
      const { json: made } = await json(
        "wallet",
        "delegate",
        ...lead,
        "--to",
        to,
        "--grants",
        grants,
        "--ttl",
        ttl,
      );
      return { id: String(made["credentialId"]), replaces: made["replaces"] };
    };
    const long = await handOn("50m", "a");
    const short = await handOn("10m", "a");
    const other = await handOn("55m", "b");
    expect([long.replaces, short.replaces, other.replaces]).toEqual([[], [], []]);
    const longest = await handOn("55m", "a");
    // Handed on within one second they are in no order of time.
    expect(new Set(longest.replaces as string[])).toEqual(new Set([long.id, short.id]));
  });
});
