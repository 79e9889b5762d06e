import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const SERVICE = "did:web:orders.example";
const ACCOUNT = "urn:uuid:5be1f0c2-6f0a-4d2b-9c53-7d4f1f0a2b11";
const DOMAIN = "https://orders.example";

/** One story, told in order: budgets, approvals, conditions, and what to do about a denial. */
describe("limits that outlast one action", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const [bot, sub, boss] = ["bot", "sub", "boss"].map((name) => ["--wallet", path(`${name}.wallet`)]) as [
    string[],
    string[],
    string[],
  ];
  let organisation = "";
  let approver = "";
  let subDid = "";
  let challenge = 0;

  async function present(wallet: readonly string[], out: string, ...what: readonly string[]): Promise<Run> {
    challenge += 1;
    const nonce = ["--challenge", `c${String(challenge)}`, "--domain", DOMAIN];
    return json("wallet", "present", ...wallet, ...nonce, ...what, "--out", path(out), "--force");
  }

  /** The service's answer to what was presented last. */
  async function verify(file: string, ...facts: readonly string[]): Promise<Run> {
    const nonce = ["--challenge", `c${String(challenge)}`, "--domain", DOMAIN];
    const known = ["--trust", organisation, "--status", path("status"), ...facts];
    const answer = await json("verify", path(file), ...nonce, ...known);
    write("result.json", answer.stdout);
    return answer;
  }

  const asking = (amount: number): string =>
    write("asking.json", { action: "refund.create", args: { amount } });
  const here = ["--as", SERVICE, "--ledger", path("orders.ledger"), "--context", path("context.json")];

  it("are granted by the organisation", async () => {
    const init = await json("init", ...home, "--name", "ACME", "--status-base", "https://acme.example/s");
    organisation = String(init.json["did"]);
    await json("agent", "create", "bot", ...home, ...bot);
    subDid = String((await json("agent", "create", "sub", ...home, ...sub)).json["did"]);
    await json("wallet", "create", ...boss);
    approver = String((await json("wallet", "show", ...boss)).json["did"]);
    write("context.json", { environment: "prod" });
    const grants = write("grants.json", [
      {
        id: "refunds",
        actions: ["refund.create"],
        audience: [SERVICE],
        args: { "/amount": { range: { min: 1, max: 500 } } },
        spend: { unit: "EUR", amountAt: "/amount", perAction: 500, budget: 600 },
        rate: [{ max: 3, seconds: 3600 }],
        meter: { ledger: SERVICE, account: ACCOUNT },
        when: {
          windows: [
            {
              days: ["mo", "tu", "we", "th", "fr", "sa", "su"],
              from: "00:00",
              to: "24:00",
              timeZone: "Europe/Berlin",
            },
          ],
          context: { environment: { oneOf: ["prod"] } },
        },
        approval: { over: 300, approvers: [approver], quorum: 1 },
        statusMaxAgeSeconds: 86_400,
      },
    ]);
    const granted = await json("grant", "bot", ...home, "--grants", grants, "--redelegate", "1");
    expect(granted.code).toBe(0);
    expect((await json("status", "publish", ...home, "--out", path("status"))).code).toBe(0);
  });

  it("deny without a ledger, and without what conditions ask for", async () => {
    await present(bot, "p.json", "--invocation", asking(200));
    const bare = await verify("p.json", "--as", SERVICE);
    expect(bare).toMatchObject({ code: 1, json: { verified: true, decision: { outcome: "deny" } } });
    expect((bare.json["decision"] as { problems: unknown }).problems).toMatchObject([
      { code: "LEDGER_UNAVAILABLE", dimension: "meter", link: 0, grant: "refunds" },
      { code: "CONTEXT_UNAVAILABLE", dimension: "when", link: 0, grant: "refunds" },
    ]);
    const draft = await json("explain", path("result.json"), "--draft");
    expect(draft).toMatchObject({ code: 1, json: { error: { code: "AUTHORITY_NO_REMEDY" } } });
  });

  it("charge an allowed action once", async () => {
    const first = await verify("p.json", ...here);
    expect(first).toMatchObject({
      code: 0,
      json: { decision: { outcome: "allow", problems: [], singleUse: "ledger" } },
    });
    expect(first.stderr).toContain("Made a new ledger");
    const again = await verify("p.json", ...here);
    expect(again).toMatchObject({
      code: 1,
      stderr: "",
      json: { decision: { outcome: "already_decided", first: { outcome: "allow" } } },
    });
    await present(bot, "again.json", "--again", path("p.json"));
    expect(await verify("again.json", ...here)).toMatchObject({
      code: 1,
      json: { decision: { outcome: "already_decided" } },
    });
    const shown = await json("ledger", "show", path("orders.ledger"));
    expect(shown.json["items"]).toMatchObject([
      { issuer: organisation, account: ACCOUNT, totals: { EUR: 200 }, actions: 1 },
    ]);
    expect((await text("ledger", "show", path("orders.ledger"), "--account", ACCOUNT)).stdout).toContain(
      "EUR 200",
    );
    expect(await json("ledger", "prune", path("orders.ledger"))).toMatchObject({
      code: 0,
      json: { entries: 0, keys: 0 },
    });
    const none = await json("ledger", "show", path("none.ledger"));
    expect(none).toMatchObject({ code: 3, json: { error: { code: "FILE_UNREADABLE" } } });
  });

  it("ask for an approval, and allow exactly what was approved", async () => {
    const warned = await present(bot, "p.json", "--invocation", asking(400));
    expect(warned).toMatchObject({ code: 0, json: { foreseen: [{ code: "APPROVAL_REQUIRED" }] } });
    const asked = await verify("p.json", ...here);
    expect(asked).toMatchObject({
      code: 1,
      json: {
        decision: {
          outcome: "approval_required",
          problems: [{ code: "APPROVAL_REQUIRED", asked: 400 }],
          approval: { invocation: { args: { amount: 400 } } },
        },
      },
    });
    const explained = await text("explain", path("result.json"));
    expect(explained.stdout).toContain("APPROVAL_REQUIRED");
    expect((await json("explain", path("result.json"), "--draft")).json["error"]).toMatchObject({
      code: "AUTHORITY_NO_REMEDY",
    });

    const altered = JSON.parse(readFileSync(path("result.json"), "utf8")) as {
      decision: { approval: { invocation: { args: { amount: number } } } };
    };
    altered.decision.approval.invocation.args.amount = 1;
    const refused = await json("approve", write("altered.json", altered), ...boss);
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "SCHEMA_INVALID" } } });

    const approved = await json("approve", path("result.json"), ...boss, "--out", path("approval.json"));
    expect(approved).toMatchObject({ code: 0, json: { approver } });
    const other = await present(
      bot,
      "q.json",
      "--invocation",
      asking(400),
      "--approval",
      path("approval.json"),
    );
    expect(other).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
    await present(bot, "q.json", "--again", path("p.json"), "--approval", path("approval.json"));
    expect(await verify("q.json", ...here)).toMatchObject({
      code: 0,
      json: { decision: { outcome: "allow" } },
    });
  });

  it("deny what is beyond the budget, and draft what would have to be granted", async () => {
    await present(bot, "p.json", "--invocation", asking(1));
    const spent = await verify("p.json", ...here);
    expect(spent).toMatchObject({
      code: 1,
      json: { decision: { outcome: "deny", problems: [{ code: "LEDGER_EXCEEDED", dimension: "spend" }] } },
    });
    const drafted = await json("explain", path("result.json"), "--draft", "--out", path("draft.json"));
    expect(drafted).toMatchObject({ code: 0, json: { by: organisation } });
    expect(JSON.parse(readFileSync(path("draft.json"), "utf8"))).toMatchObject([
      {
        id: "draft",
        args: { "/amount": { equals: 1 } },
        spend: { perAction: 1, budget: 1 },
        audience: [SERVICE],
      },
    ]);
    expect((await json("grant", "bot", ...home, "--grants", path("draft.json"))).code).toBe(0);
    await json("status", "publish", ...home, "--out", path("status"));
    const { json: list } = await json("wallet", "list", ...bot);
    const items = list["items"] as readonly { id: string; grants?: readonly string[] }[];
    const authority = items.find(({ grants }) => grants?.includes("draft") === true)?.id ?? "";
    await present(bot, "p.json", "--invocation", asking(1), "--authority", authority);
    expect(await verify("p.json", ...here)).toMatchObject({
      code: 0,
      json: { decision: { outcome: "allow" } },
    });
  });

  it("say what is free to be handed on, and in which dimensions a grant is not narrower", async () => {
    const { json: list } = await json("wallet", "list", ...bot);
    const items = list["items"] as readonly { id: string; grants?: readonly string[] }[];
    const authority = items.find(({ grants }) => grants?.includes("refunds") === true)?.id ?? "";
    const from = [...bot, "--authority", authority];
    const meter = { ledger: SERVICE, account: "urn:uuid:00000000-0000-4000-8000-000000000001" };
    const wide = write("wide.json", [
      {
        id: "eu",
        within: "refunds",
        actions: ["*"],
        rate: [{ max: 4, seconds: 3600 }],
        spend: { unit: "EUR", budget: 700 },
        meter,
      },
    ]);
    const refused = await json("wallet", "delegate", ...from, "--to", subDid, "--grants", wide);
    expect(refused).toMatchObject({
      code: 1,
      json: {
        error: {
          code: "ATTENUATION_VIOLATED",
          problems: [{ dimension: "actions" }, { dimension: "spend" }, { dimension: "rate" }],
        },
      },
    });
    const narrow = write("narrow.json", [
      { id: "eu", within: "refunds", actions: ["refund.create"], spend: { unit: "EUR", budget: 250 }, meter },
    ]);
    const out = ["--out", path("eu.json")];
    expect((await json("wallet", "delegate", ...from, "--to", subDid, "--grants", narrow, ...out)).code).toBe(
      0,
    );
    const free = await json("wallet", "delegate", ...from);
    expect(free).toMatchObject({
      code: 0,
      json: {
        maxHops: 1,
        grants: [{ id: "refunds", effective: { spend: { budget: 600 } }, free: { spend: { budget: 350 } } }],
        delegations: [{ to: subDid }],
      },
    });
    const half = await json("wallet", "delegate", ...from, "--to", subDid);
    expect(half).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });

  it("hold for the sub-agent as well: the budget is spent", async () => {
    await json("wallet", "add", path("eu.json"), ...sub);
    await present(sub, "p.json", "--invocation", asking(100));
    const answer = await verify("p.json", ...here);
    expect(answer).toMatchObject({
      code: 1,
      json: {
        decision: { problems: [{ code: "LEDGER_EXCEEDED", dimension: "spend", link: 0, grant: "refunds" }] },
      },
    });
  });
});
