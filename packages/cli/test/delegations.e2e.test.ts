import { describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** One story, told in order: what a wallet remembers of what it handed on. */
describe("writ wallet delegations", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const lead = ["--wallet", path("lead.wallet")];
  const bot = ["--wallet", path("bot.wallet")];
  const service = "did:web:orders.example";
  const meter = (digit: number) => ({
    ledger: service,
    account: `urn:uuid:00000000-0000-4000-8000-00000000000${String(digit)}`,
  });
  const spend = (budget: number) => ({ unit: "EUR", amountAt: "/amount", budget });

  it("begins with nothing", async () => {
    await json("init", ...home, "--name", "ACME");
    await json("agent", "create", "lead", ...home, ...lead);
    expect((await json("wallet", "delegations", ...lead)).json).toEqual({ items: [] });
    expect((await text("wallet", "delegations", ...lead)).stdout).toBe("No delegations.\n");
  });

  it("lists to whom, how much of each budget, and until when", async () => {
    const grants = write("grants.json", [
      { id: "pay", actions: ["pay"], spend: spend(900), meter: meter(1) },
    ]);
    const granted = await json("grant", "lead", ...home, "--grants", grants, "--redelegate", "1");
    const { did } = (await json("wallet", "create", ...bot)).json;
    const part = write("part.json", [
      { id: "part", within: "pay", actions: ["pay"], spend: spend(300), meter: meter(2) },
    ]);
    const handOn = ["--to", String(did), "--grants", part, "--ttl", "30m"];
    const delegated = await json("wallet", "delegate", ...lead, ...handOn);
    expect(delegated.code).toBe(0);
    const { code, json: listed } = await json("wallet", "delegations", ...lead, "--live");
    expect(code).toBe(0);
    expect(listed).toMatchObject({
      items: [
        {
          id: delegated.json["credentialId"],
          state: "live",
          to: did,
          parent: granted.json["credentialId"],
          grants: ["part"],
          budgets: [{ grant: "part", within: "pay", unit: "EUR", budget: 300, of: 900 }],
          isRevocable: false,
        },
      ],
    });
    const { stdout } = await text("wallet", "delegations", ...lead);
    expect(stdout).toMatch(/to +grant +budget +until +state/);
    // Into a pipe nothing is cut.
    expect(stdout).toContain(String(did));
    expect(stdout).toMatch(/part {3}EUR 300 of 900 {2}\S+Z {2}live *\n\S+ +in (29|30) min/);
    expect((await json("wallet", "delegations", ...lead, "--ended")).json).toEqual({ items: [] });
    expect((await json("wallet", "delegations", ...lead, "--revoked")).json).toEqual({ items: [] });
    expect((await text("wallet", "delegations", ...lead, "--ended")).stdout).toBe("None that ended.\n");
    // Its id is what a program revokes it by.
    expect(stdout).toContain(String(delegated.json["credentialId"]));
  });

  it("takes one state", async () => {
    const { code, json: answer } = await json("wallet", "delegations", ...lead, "--live", "--ended");
    expect(code).toBe(2);
    expect(answer).toMatchObject({ error: { code: "USAGE" } });
  });
});
