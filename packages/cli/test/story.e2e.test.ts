import { readdirSync, readFileSync, statSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const ORDERS = "https://api.acme.example/v1/orders/";

const REFUNDS = {
  id: "refunds",
  actions: ["refund.*"],
  resources: [ORDERS],
  args: {
    "/orderId": { prefix: "EU-" },
    "/amount": { range: { min: 1, max: 20_000 } },
    "/currency": { oneOf: ["EUR"] },
  },
  spend: { unit: "EUR", amountAt: "/amount", unitAt: "/currency", perAction: 20_000 },
};

const euRefunds = (maximum: number) => ({
  ...REFUNDS,
  id: "eu-refunds",
  within: "refunds",
  actions: ["refund.create"],
  resources: [`${ORDERS}eu/`],
  args: { ...REFUNDS.args, "/amount": { range: { min: 1, max: maximum } } },
  spend: { ...REFUNDS.spend, perAction: maximum },
});

const refund = (amount: number) => ({
  action: "refund.create",
  resource: `${ORDERS}eu/77`,
  args: { orderId: "EU-77", amount, currency: "EUR" },
});

const CHALLENGE = ["--challenge", "7Yq3dF", "--domain", "https://api.acme.example"];

/** One story, told in order: each step rests on those before it. */
describe("the whole story, in processes that share nothing but files", () => {
  const { json, text, write, path, folder } = createWorkplace();
  const home = ["--home", path("home")];
  const lead = ["--wallet", path("lead.wallet")];
  const bot = ["--wallet", path("bot.wallet")];
  let organisation = "";
  let botDid = "";
  let rootAuthority = "";
  const verify = (file: string, ...more: readonly string[]) =>
    json("verify", path(file), "--trust", organisation, ...CHALLENGE, "--status", path("status"), ...more);

  it("creates an organisation", async () => {
    const init = await json(
      "init",
      ...home,
      "--name",
      "ACME",
      "--status-base",
      "https://acme.example/status",
    );
    expect(init).toMatchObject({ code: 0, stderr: "" });
    organisation = String(init.json["did"]);
    expect(organisation).toMatch(/^did:key:z6Mk/);
    expect(statSync(path("home/writ.db")).mode & 0o777).toBe(0o600);
  });

  it("enrols an agent whose wallet it makes, with roles", async () => {
    for (const role of ["refunds", "eu"]) expect((await json("role", "set", role, ...home)).code).toBe(0);
    const made = await json("agent", "create", "lead", ...home, ...lead, "--role", "refunds", "--role", "eu");
    expect(made.code).toBe(0);
    expect(made.json).toEqual({
      agentId: expect.stringMatching(/^urn:uuid:/) as string,
      did: expect.stringMatching(/^did:key:z6Mk/) as string,
      credentialId: expect.stringMatching(/^urn:uuid:/) as string,
    });
  });

  it("enrols an agent elsewhere by a signed request", async () => {
    expect((await json("wallet", "create", ...bot)).code).toBe(0);
    expect((await json("wallet", "request", ...bot, "--out", path("request.json"))).code).toBe(0);
    const enrol = ["agent", "create", "bot", ...home, "--request", path("request.json")];
    const made = await json(...enrol, "--out", path("made/identity.json"), "--ttl", "12h");
    expect(made.code).toBe(0);
    botDid = String(made.json["did"]);
    const added = await json("wallet", "add", path("made/identity.json"), ...bot);
    expect(added.json).toEqual({ added: [made.json["credentialId"]], removed: [], notHeld: [] });
    const again = await json("wallet", "add", path("made/identity.json"), ...bot);
    expect(again).toMatchObject({ code: 0, json: { added: [] } });
  });

  it("lists the agents", async () => {
    const { json: list } = await json("agent", "list", ...home);
    expect(list["items"]).toMatchObject([
      { name: "bot", roles: [], did: botDid, owner: organisation },
      { name: "lead", roles: ["refunds", "eu"], owner: organisation, wallet: path("lead.wallet") },
    ]);
  });

  it("grants authority into the wallet that the agent was created with, and a file", async () => {
    const grants = write("refunds.json", [REFUNDS]);
    const granted = await json(
      ...["grant", "lead", ...home, "--grants", grants, "--redelegate", "1", "--out", path("root.json")],
    );
    expect(granted.code).toBe(0);
    rootAuthority = String(granted.json["credentialId"]);
    expect((JSON.parse(readFileSync(path("root.json"), "utf8")) as [{ id: string }])[0].id).toBe(
      rootAuthority,
    );
    const { json: list } = await json("wallet", "list", ...lead);
    expect(list["items"]).toContainEqual(
      expect.objectContaining({ id: rootAuthority, own: true, grants: ["refunds"] }),
    );
  });

  it("does not sign what is wider, and names dimension and pointer", async () => {
    const grants = write("wide.json", [euRefunds(50_000)]);
    const wide = await json("wallet", "delegate", ...lead, "--to", botDid, "--grants", grants);
    expect(wide.code).toBe(1);
    expect(wide.json["error"]).toMatchObject({
      code: "ATTENUATION_VIOLATED",
      dimension: "args",
      grant: "eu-refunds",
      pointer: "/0/args/~1amount",
      asked: { range: { max: 50_000 } },
      allowed: { range: { max: 20_000 } },
    });
  });

  it("hands narrower authority on", async () => {
    const grants = write("eu.json", [euRefunds(5000)]);
    const out = path("authority.json");
    const handed = await json(
      "wallet",
      "delegate",
      ...lead,
      "--to",
      botDid,
      "--grants",
      grants,
      "--out",
      out,
    );
    expect(handed.code).toBe(0);
    const bundle = JSON.parse(readFileSync(out, "utf8")) as { id: string }[];
    expect(bundle.map(({ id }) => id).slice(0, 2)).toEqual([handed.json["credentialId"], rootAuthority]);
    expect((await json("wallet", "add", out, ...bot)).json["added"]).toHaveLength(3);
  });

  it("verifies a presentation and allows its invocation", async () => {
    const invocation = write("refund.json", refund(1200));
    const out = path("presentation.json");
    const shown = await json(
      "wallet",
      "present",
      ...bot,
      ...CHALLENGE,
      "--invocation",
      invocation,
      "--out",
      out,
    );
    expect(shown).toMatchObject({ code: 0, json: { grant: "eu-refunds", foreseen: [] } });
    expect((await json("status", "publish", ...home, "--out", path("status"))).code).toBe(0);
    const verified = await verify("presentation.json");
    expect(verified.code).toBe(0);
    expect(verified.json).toMatchObject({ verified: true, problems: [], decision: { outcome: "allow" } });
    expect(verified.json["authority"]).toMatchObject({
      text: expect.arrayContaining(["May do: refund.create"]) as string[],
    });
    expect(verified.json["checks"]).toContainEqual({
      name: "single-use",
      outcome: "not_established",
      asOf: expect.stringMatching(/Z$/) as string,
    });
  });

  it("says what an authority is good for, where nothing is asked", async () => {
    const out = path("idle-presentation.json");
    expect((await json("wallet", "present", ...bot, ...CHALLENGE, "--out", out)).code).toBe(0);
    const words = [
      "May do: refund.create",
      `Only on: ${ORDERS}eu/ and all below it`,
      'Argument "/amount": an integer from 1 to 5000',
      'Argument "/currency": one of "EUR"',
      'Argument "/orderId": a text that begins with "EU-", without / \\ %',
      "No other arguments",
      "Cost: at most 5000 for one action, no limit for all together, in whole minor units of EUR",
      'Cost: its amount is argument "/amount"',
      'Cost: its unit is argument "/currency"',
      "Sets no limit by: audience, rate, meter, when, approval, statusMaxAgeSeconds",
    ];
    const { id: _id, within: _within, ...effective } = euRefunds(5000);
    const { code, json: machine } = await verify("idle-presentation.json");
    expect([code, machine["authorities"]]).toMatchObject([
      0,
      [
        {
          principal: organisation,
          rootIssuer: organisation,
          remainingHops: 0,
          grants: [{ id: "eu-refunds", effective, text: words }],
        },
      ],
    ]);
    const trust = ["--trust", organisation, "--status", path("status")];
    const { stdout } = await text("verify", out, ...trust, ...CHALLENGE);
    const shown = stdout.slice(stdout.indexOf("    grant eu-refunds\n"), stdout.indexOf("  asks "));
    expect(shown.split("\n")).toEqual(["    grant eu-refunds", ...words.map((line) => `      ${line}`), ""]);
    expect(stdout).toMatch(/^ {4}from [0-9TZ:-]+ until [0-9TZ:-]+, not to be handed on$/m);
  });

  it("denies an invocation beyond the grant, and names dimension and pointer", async () => {
    const invocation = write("large.json", refund(6000));
    const out = path("large-presentation.json");
    const shown = await json(
      "wallet",
      "present",
      ...bot,
      ...CHALLENGE,
      "--invocation",
      invocation,
      "--out",
      out,
    );
    expect(shown.code).toBe(0);
    expect(shown.json["foreseen"]).toHaveLength(2);
    const denied = await verify("large-presentation.json");
    expect(denied.code).toBe(1);
    expect(denied.json).toMatchObject({
      verified: true,
      decision: {
        outcome: "deny",
        problems: [
          { code: "NOT_ALLOWED", dimension: "args", pointer: "/invocation/args/amount", link: 1 },
          { code: "NOT_ALLOWED", dimension: "spend", pointer: "/invocation/args/amount", link: 1 },
        ],
      },
    });
  });

  it("denies where the service states another spend", async () => {
    const denied = await verify("presentation.json", "--spend", "EUR:1300");
    expect(denied.code).toBe(1);
    expect(denied.json["decision"]).toMatchObject({
      outcome: "deny",
      problems: [{ dimension: "spend" }, {}],
    });
    expect((await verify("presentation.json", "--spend", "EUR:1200")).code).toBe(0);
  });

  it.each([
    ["another challenge", ["--challenge", "other"], "CHALLENGE_MISMATCH"],
    ["another domain", ["--domain", "https://api.acme.example.evil"], "DOMAIN_MISMATCH"],
    ["the time after its end", ["--now", "2099-01-01T00:00:00Z"], "PROOF_EXPIRED"],
    ["a time before it was made", ["--now", "2020-01-01T00:00:00Z"], "PROOF_CREATED"],
  ])("refuses the presentation for %s", async (_why, options, code) => {
    const refused = await verify("presentation.json", ...options);
    expect(refused.code).toBe(1);
    expect(refused.json).toMatchObject({
      verified: false,
      problems: expect.arrayContaining([expect.objectContaining({ code })]) as unknown,
    });
    expect(refused.json).not.toHaveProperty("decision");
  });

  it("refuses the presentation without the lists", async () => {
    const file = path("presentation.json");
    const refused = await json("verify", file, "--trust", organisation, ...CHALLENGE, "--status", path("."));
    expect(refused).toMatchObject({ code: 1, json: { verified: false } });
    expect(refused.json["problems"]).toContainEqual(expect.objectContaining({ code: "STATUS_UNAVAILABLE" }));
  });

  it("takes no credential for a presentation that was demanded", async () => {
    const presentation = JSON.parse(readFileSync(path("presentation.json"), "utf8")) as {
      verifiableCredential: object[];
    };
    for (const credential of presentation.verifiableCredential) {
      const file = write("cut-out.json", credential);
      const refused = await json(
        "verify",
        file,
        "--trust",
        organisation,
        ...CHALLENGE,
        "--status",
        path("status"),
      );
      expect(refused).toMatchObject({ code: 1, json: { verified: false, kind: "presentation" } });
      const withFacts = await json("verify", file, "--trust", organisation, "--spend", "EUR:1");
      expect(withFacts.code).toBe(2);
    }
  });

  it("does not answer 0 where a decision was expected and nothing is asked for", async () => {
    const out = path("idle.json");
    expect((await json("wallet", "present", ...bot, ...CHALLENGE, "--out", out)).code).toBe(0);
    expect((await verify("idle.json")).code).toBe(0);
    const idle = await verify("idle.json", "--spend", "EUR:100");
    expect(idle).toMatchObject({ code: 1, json: { verified: true } });
    expect(idle.json).not.toHaveProperty("decision");
  });

  it("refuses it for a service that trusts somebody else", async () => {
    const refused = await json("verify", path("presentation.json"), "--trust", botDid, ...CHALLENGE);
    expect(refused).toMatchObject({ code: 1, json: { problems: [{ code: "ISSUER_UNTRUSTED" }, {}, {}] } });
  });

  it("draws the chain for a person", async () => {
    const { code, stdout } = await text("inspect", path("presentation.json"));
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing here has been verified");
    expect(stdout).toMatch(/^ {2}└─ to lead \(did:key:\w+\)$/m);
    expect(stdout).toMatch(/^ {5}└─ to bot \(did:key:\w+\)$/m);
    expect(stdout).toContain("grant eu-refunds within refunds: refund.create");
  });

  it.each([
    ["request.json", "enrolment request"],
    ["status/r1.json", "status list"],
    ["authority.json", "grant eu-refunds within refunds"],
  ])("draws %s", async (file, what) => {
    const { code, stdout } = await text("inspect", path(file));
    expect(code).toBe(0);
    expect(stdout).toContain(what);
  });

  it("verifies a credential on its own", async () => {
    const shown = await json("wallet", "show", rootAuthority, ...lead);
    const file = write("shown.json", shown.stdout);
    const verified = await json("verify", file, "--trust", organisation, "--status", path("status"));
    expect(verified).toMatchObject({ code: 0, json: { verified: true } });
  });

  it("refuses the same presentation once a link above it is revoked", async () => {
    expect((await json("revoke", rootAuthority, ...home, "--reason", "misbehaved")).code).toBe(0);
    expect((await json("status", "publish", ...home, "--out", path("status"))).code).toBe(0);
    const refused = await verify("presentation.json");
    expect(refused.code).toBe(1);
    expect(refused.json).toMatchObject({ verified: false, problems: [{ code: "REVOKED" }] });
  });

  it("leaves nothing readable in the wallets' files", () => {
    const identity = readFileSync(path("made/identity.json"), "utf8");
    const [{ id, credentialSubject }] = JSON.parse(identity) as [
      { id: string; credentialSubject: { agentId: string } },
    ];
    const secrets = [botDid, botDid.slice(8), organisation, id, credentialSubject.agentId, rootAuthority];
    const words = ["AgentIdentity", "Delegated", "refund", 'credential"', "did:key", "eu-refunds", "lead"];
    const files = readdirSync(folder).filter((name) => name.includes(".wallet"));
    expect(files).toEqual(expect.arrayContaining(["bot.wallet", "lead.wallet"]));
    for (const file of files) {
      const bytes = readFileSync(path(file));
      for (const text of [...secrets, ...words])
        expect([file, text, bytes.includes(text)]).toEqual([file, text, false]);
    }
  });
});
