import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const SERVICE = "did:web:orders.example";
const DOMAIN = ["--domain", "https://orders.example"];

interface Result {
  verified: boolean;
  holder: string;
  invocation: { args: Record<string, unknown> };
  decision: {
    outcome: string;
    problems: Record<string, unknown>[];
    approval: { holder: string; invocation: { args: Record<string, unknown> } };
  };
}

describe("files that somebody else wrote", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const [bot, boss] = [
    ["--wallet", path("bot.wallet")],
    ["--wallet", path("boss.wallet")],
  ] as const;
  let organisation = "";
  let awaiting: Result;

  const present = (challenge: string, out: string, ...what: readonly string[]): Promise<Run> =>
    json("wallet", "present", ...bot, "--challenge", challenge, ...DOMAIN, ...what, "--out", path(out));
  const verify = (challenge: string, file: string, ...facts: readonly string[]): Promise<Run> =>
    json(
      ...["verify", path(file), "--trust", organisation, "--status", path("status")],
      ...["--challenge", challenge, ...DOMAIN, ...facts],
    );
  /** The result, altered by whoever hands it on. */
  const altered = (change: (result: Result) => void): string => {
    const copy = structuredClone(awaiting);
    change(copy);
    return write("altered.json", copy);
  };

  beforeAll(async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json("agent", "create", "bot", ...home, ...bot);
    await json("wallet", "create", ...boss);
    const approver = String((await json("wallet", "show", ...boss)).json["did"]);
    const grants = write("grants.json", [
      {
        id: "refunds",
        actions: ["refund.create"],
        args: { "/amount": { range: { min: 1, max: 500 } }, "/note": { any: true, optional: true } },
        spend: { unit: "EUR", amountAt: "/amount" },
        approval: { over: 300, approvers: [approver], quorum: 1 },
      },
    ]);
    await json("grant", "bot", ...home, "--grants", grants);
    await json("status", "publish", ...home, "--out", path("status"));
    const asking = write("asking.json", { action: "refund.create", args: { amount: 400 } });
    await present("c1", "first.json", "--invocation", asking);
    const answer = await verify("c1", "first.json");
    write("result.json", answer.stdout);
    awaiting = JSON.parse(answer.stdout) as Result;
  });

  it("are asked again only as the wallet signed them, and of the same service", async () => {
    const first = JSON.parse(readFileSync(path("first.json"), "utf8")) as Result;
    const tampered = write("tampered.json", {
      ...first,
      invocation: { ...first.invocation, args: { amount: 401 } },
    });
    const bare = write("bare.json", { invocation: first.invocation });
    for (const [file, code] of [
      [tampered, "SIGNATURE_INVALID"],
      [bare, "SCHEMA_INVALID"],
      [path("result.json"), "SCHEMA_INVALID"],
    ] as const) {
      const refused = await present("c2", "again.json", "--again", file);
      expect([file, refused.code, (refused.json["error"] as { code: string }).code]).toEqual([file, 1, code]);
    }
    const elsewhere = ["--challenge", "c2", "--domain", "https://other.example"];
    const refused = await json("wallet", "present", ...bot, ...elsewhere, "--again", path("first.json"));
    expect(refused.json["error"]).toMatchObject({ code: "DOMAIN_MISMATCH" });
  });

  it("are approved only where what is read is what is approved", async () => {
    const more = { amount: 4_900_000 };
    for (const [change, code] of [
      [(result: Result) => (result.decision.approval.invocation.args = more), "SCHEMA_INVALID"],
      [(result: Result) => (result.invocation.args = more), "SCHEMA_INVALID"],
      [(result: Result) => (result.decision.outcome = "deny"), "SCHEMA_INVALID"],
      [(result: Result) => (result.holder = organisation), "SCHEMA_INVALID"],
      [(result: Result) => (result.verified = false), "NOT_FOUND"],
    ] as const) {
      const refused = await json("approve", altered(change), ...boss);
      expect(refused).toMatchObject({ code: 1, json: { error: { code } } });
    }
  });

  it("are approved with a word where the approval will not count", async () => {
    const own = await text("approve", path("result.json"), ...bot, "--out", path("own.json"));
    expect(own).toMatchObject({ code: 0 });
    expect(own.stderr).toContain("its approval will not count");
    const asked = await text("approve", path("result.json"), ...boss, "--out", path("approval.json"));
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(asked.stdout).toContain("/amount 400");
  });

  it.each<readonly [string, unknown]>([
    ["a name that is cut", { [`${"x".repeat(150)}-PAY-ATTACKER`]: 1 }],
    [
      "many long texts",
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`n${String(at)}`, "y".repeat(150)])),
    ],
    ["many short ones", Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`n${String(at)}`, 1]))],
  ])("are not approved unseen: %s", async (what, note) => {
    const file = `${what.replaceAll(" ", "-")}.json`;
    const asking = write("long.json", { action: "refund.create", args: { amount: 400, note } });
    await present(`c ${what}`, file, "--invocation", asking);
    write("long-result.json", (await verify(`c ${what}`, file)).stdout);
    const unseen = await json("approve", path("long-result.json"), ...boss);
    expect(unseen).toMatchObject({ code: 1, json: { error: { code: "DECLINED" } } });
  });

  it("cannot push what is asked off the screen", async () => {
    const note = `${" ".repeat(70)}\u00a0under the grant`;
    const asking = write("forged.json", { action: "refund.create", args: { amount: 400, note } });
    await present("c3", "forged-p.json", "--invocation", asking);
    write("forged-result.json", (await verify("c3", "forged-p.json")).stdout);
    const unseen = await json("approve", path("forged-result.json"), ...boss);
    expect(unseen).toMatchObject({ code: 1, json: { error: { code: "DECLINED" } } });
    const seen = await text(
      "approve",
      path("forged-result.json"),
      ...boss,
      "--yes",
      "--out",
      path("forged-a.json"),
    );
    expect(seen.stdout).toContain("/amount 400");
    expect(seen.stdout).toContain("\\u0020\\u0020");
    expect(seen.stdout.split("\n").every((line) => line.length < 250)).toBe(true);
  });

  it("are explained only where they are results", async () => {
    for (const change of [
      (result: Result) => (result.holder = "did:key:z6Mk$(touch PWNED)"),
      (result: Result) => (result.decision.outcome = "perhaps"),
      (result: Result) => (result.decision.problems = [{ code: "NOT_ALLOWED", detail: "", pointer: {} }]),
      (result: Result) => (result.decision.problems = [{ code: "toString", detail: "", pointer: "" }]),
    ]) {
      const refused = await json("explain", altered(change));
      expect(refused).toMatchObject({ code: 1, json: { error: { code: "SCHEMA_INVALID" } } });
    }
    const out = await json("explain", path("result.json"), "--out", path("nothing.json"));
    expect(out).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });

  it("are no ledgers", async () => {
    const wrong = await json("ledger", "show", path("bot.wallet"));
    expect(wrong).toMatchObject({ code: 3, json: { error: { code: "DATABASE_INVALID" } } });
    const future = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const ahead = ["--as", SERVICE, "--ledger", path("new.ledger"), "--now", future];
    expect(await verify("c1", "first.json", ...ahead)).toMatchObject({
      code: 2,
      json: { error: { code: "USAGE" } },
    });
    const nobody = await verify("c1", "first.json", "--ledger", path("new.ledger"));
    expect(nobody).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
    const spent = await verify("c1", "first.json", "--as", SERVICE, "--ledger", path("bot.wallet"));
    expect(spent).toMatchObject({ code: 3, json: { error: { code: "DATABASE_INVALID" } } });
  });
});
