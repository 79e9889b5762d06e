import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** Rules, roles and principals by hand; told in order. */
describe("what an organisation issues", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const bot = ["--wallet", path("bot.wallet")];
  const alice = ["--wallet", path("alice.wallet")];
  const REFUNDS = { id: "refunds", actions: ["refund.*"], statusMaxAgeSeconds: 300 };
  const BOB = "did:web:people.example:bob";
  let organisation = "";

  beforeAll(async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
  }, 60_000);

  it("is bounded by its rules", async () => {
    expect((await json("rules", "show", ...home)).json).toMatchObject({ withoutRole: "anything" });
    const set = await json(
      ...["rules", "set", ...home, "--max-authority-ttl", "12h"],
      "--without-role",
      "nothing",
    );
    expect(set).toMatchObject({
      code: 0,
      json: { maxLifeMs: { DelegatedAuthorityCredential: 43_200_000 }, withoutRole: "nothing" },
    });
    expect((await text("rules", "show", ...home)).stdout).toBe(
      `AgentIdentityCredential      lives 90d at most
PrincipalIdentityCredential  lives 90d at most
DelegatedAuthorityCredential lives 12h at most
Without a role that has grants an agent may be granted nothing.
`,
    );
    expect(await json("rules", "set", ...home)).toMatchObject({ code: 2 });
  });

  it("is framed by roles, which are set and shown", async () => {
    const grants = write("refunds.json", [REFUNDS]);
    const set = ["role", "set", "clerk", ...home, "--grants", grants, "--max-ttl", "8h", "--redelegate", "1"];
    expect(await json(...set)).toMatchObject({
      code: 0,
      json: { name: "clerk", grants: [REFUNDS], maxLifeMs: 28_800_000, maxHops: 1 },
    });
    // What is not named stays, and no frame falls away unsaid.
    const frame = { grants: [REFUNDS], maxLifeMs: 28_800_000, maxHops: 1 };
    const changed = async (...options: readonly string[]) => {
      const { name, changed: _, ...left } = (await json("role", "set", "clerk", ...home, ...options)).json;
      expect(name).toBe("clerk");
      return left;
    };
    expect(await changed()).toEqual(frame);
    expect(await changed("--redelegate", "0")).toEqual({ ...frame, maxHops: 0 });
    expect(await changed("--no-max-ttl")).toEqual({ grants: [REFUNDS], maxHops: 0 });
    expect(await changed("--no-grants", "--max-ttl", "1h")).toEqual({ maxLifeMs: 3_600_000, maxHops: 0 });
    expect(await changed(...set.slice(5))).toEqual(frame);
    expect((await json("role", "set", "reader", ...home)).code).toBe(0);
    expect((await json("role", "list", ...home)).json["items"]).toMatchObject([
      { name: "clerk" },
      { name: "reader" },
    ]);
    const shown = await text("role", "show", "clerk", ...home);
    expect(shown.stdout).toContain("Role clerk\n  longest life 8h\n  handed on    1\n  grant refunds\n");
    expect(await json("role", "show", "king", ...home)).toMatchObject({
      json: { error: { code: "NOT_FOUND" } },
    });
  });

  it("knows its principals: by their keys, or by the operator's word", async () => {
    const made = await json("principal", "create", "alice", ...home, ...alice, "--type", "person");
    expect(made).toMatchObject({ code: 0, json: { name: "alice", type: "Person" } });
    const held = await json("wallet", "list", ...alice);
    expect(held.json["items"]).toMatchObject([{ type: "PrincipalIdentityCredential" }]);
    await json("wallet", "create", "--wallet", path("ops.wallet"));
    await json("wallet", "request", "--wallet", path("ops.wallet"), "--out", path("ops.request"));
    const byRequest = ["--type", "role", "--request", path("ops.request"), "--out", path("ops.json")];
    expect((await json("principal", "create", "ops", ...home, ...byRequest)).code).toBe(0);
    expect(JSON.parse(readFileSync(path("ops.json"), "utf8"))).toMatchObject([
      { credentialSubject: { type: "Role", name: "ops" } },
    ]);
    const byWord = await json("principal", "create", "bob", ...home, "--type", "person", "--did", BOB);
    expect(byWord.json).toEqual({ name: "bob", type: "Person", did: BOB });
    expect((await json("principal", "list", ...home)).json["items"]).toMatchObject([
      { name: "alice", state: "active" },
      { name: "bob", did: BOB },
      { name: "ops", type: "Role" },
    ]);
  });

  it("goes to agents of a role, within it", async () => {
    const create = ["agent", "create", "bot", ...home, ...bot, "--owner", "bob", "--environment", "prod"];
    expect((await json(...create, "--role", "clerk")).code).toBe(0);
    expect((await json("agent", "show", "bot", ...home)).json).toMatchObject({
      owner: BOB,
      environment: "prod",
    });
    const granted = await json("grant", "bot", ...home, "--role", "clerk", "--principal", "alice");
    expect(granted.code).toBe(0);
    const wide = write("wide.json", [{ id: "refunds", actions: ["*"] }]);
    const refused = await json("grant", "bot", ...home, "--grants", wide);
    expect(refused).toMatchObject({
      code: 1,
      json: { error: { code: "ISSUANCE_RULE", pointer: "/0/actions/0" } },
    });
    const superseded = await json(
      "supersede",
      String(granted.json["credentialId"]),
      ...home,
      "--role",
      "clerk",
      "--yes",
    );
    expect(superseded.code).toBe(0);
    // Its role takes no list older than five minutes.
    const out = ["--out", path("lists")];
    expect((await json("status", "publish", ...home, ...out)).json).toMatchObject({ maxAgeSeconds: 300 });
    const published = await text("status", "publish", ...home, ...out);
    expect(published.stdout).toContain("takes no list older than 5m: publish at least every 150s.\n");
  });

  it("ends with the principal, until the agent has another owner", async () => {
    const retired = await json("principal", "retire", "bob", ...home, "--reason", "left", "--yes");
    expect(retired).toMatchObject({ code: 0, json: { state: "retired", agents: ["bot"], credentials: [] } });
    expect(await json("grant", "bot", ...home, "--role", "clerk")).toMatchObject({
      code: 1,
      json: { error: { code: "ISSUANCE_RULE", pointer: "/credentialSubject/owner" } },
    });
    const changed = await json(
      "agent",
      "change",
      "bot",
      ...home,
      "--owner",
      organisation,
      "--role",
      "clerk",
      "--role",
      "reader",
    );
    expect(changed).toMatchObject({ code: 0, json: { owner: organisation, roles: ["clerk", "reader"] } });
    expect((await json("grant", "bot", ...home, "--role", "clerk")).code).toBe(0);
    const gone = await json("principal", "retire", "alice", ...home, "--yes");
    expect(gone.json["credentials"]).toHaveLength(1);
    expect((await json("agent", "change", "bot", ...home, "--without-roles")).json).toMatchObject({
      roles: [],
    });
    expect((await json("grant", "bot", ...home, "--grants", path("refunds.json"))).json).toMatchObject({
      error: { code: "ISSUANCE_RULE" },
    });
    const actions = ((await json("events", ...home)).json["items"] as { readonly action: string }[]).map(
      ({ action }) => action,
    );
    expect(new Set(actions)).toEqual(
      new Set([
        ...["organisation.created", "rules.set", "role.set", "principal.registered", "principal.retired"],
        ...["agent.enrolled", "agent.changed", "credential.issued", "credential.revoked"],
      ]),
    );
  });

  it.each([
    ["a principal of no type", ["principal", "create", "x", "--did", BOB], "USAGE"],
    ["a principal without a key or a DID", ["principal", "create", "x", "--type", "person"], "USAGE"],
    [
      "a request without a file for the answer",
      ["principal", "create", "x", "--type", "role", "--request", "r"],
      "USAGE",
    ],
    ["an owner whom nobody knows", ["agent", "change", "bot", "--owner", "carol"], "NOT_FOUND"],
    ["no change of an agent", ["agent", "change", "bot"], "USAGE"],
    ["a grant of nothing", ["grant", "bot"], "USAGE"],
    ["a role of another life", ["role", "set", "x", "--max-ttl", "91d"], "SCHEMA_INVALID"],
  ])("refuses %s", async (_, args, error) => {
    expect((await json(...args, ...home)).json).toMatchObject({ error: { code: error } });
  });
});
