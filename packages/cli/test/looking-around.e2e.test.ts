import { rmSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** What an operator sees of what hangs on what; told in order. */
describe("looking around", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  let [organisation, did, authority] = ["", "", ""];

  beforeAll(async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json(
      "principal",
      "create",
      "alice",
      ...home,
      "--type",
      "person",
      "--did",
      "did:web:people.example:alice",
    );
    const bot = ["--wallet", path("bot.wallet"), "--owner", "alice"];
    did = String((await json("agent", "create", "bot", ...home, ...bot)).json["did"]);
    const grants = write("grants.json", [{ id: "read", actions: ["order.read"] }]);
    authority = String((await json("grant", "bot", ...home, "--grants", grants)).json["credentialId"]);
  }, 60_000);

  it("shows what an agent or a key was given and has signed", async () => {
    const ofAgent = await json("blast-radius", "bot", ...home);
    expect(ofAgent).toMatchObject({ code: 0, json: { keys: [did], signed: [], below: [] } });
    expect(ofAgent.json["given"]).toMatchObject([
      { credentialId: expect.any(String) as string, state: "live", holder: "bot" },
      { state: "live", holder: "bot" },
    ]);
    const ofKey = await text("blast-radius", organisation, ...home);
    expect(ofKey.stdout).toMatch(/^key did:key:\S+\nGiven to it: 0\nSigned by it: 2\n/);
    expect(await json("blast-radius", "nobody", ...home)).toMatchObject({ code: 1 });
  });

  it("shows what an agent may do, and on whose behalf", async () => {
    const { authorities } = (await json("agent", "show", "bot", ...home)).json;
    expect(authorities).toEqual([
      {
        credentialId: authority,
        validUntil: expect.stringMatching(/Z$/) as string,
        credentialSubject: {
          id: did,
          principal: organisation,
          grants: [{ id: "read", actions: ["order.read"] }],
        },
      },
    ]);
    const { stdout } = await text("agent", "show", "bot", ...home);
    expect(stdout).toMatch(new RegExp(`^may, until \\S+Z, in \\d+ \\w+, by ${authority}$`, "m"));
    expect(stdout).toContain(`  on behalf of ACME, ${organisation}, not to be handed on\n  grant read\n`);
  });

  it("shows what a credential says, who issued it, and what became of it", async () => {
    const { items, events } = (await json("credential", "show", authority, ...home)).json;
    expect(items).toMatchObject([
      {
        credentialId: authority,
        type: "DelegatedAuthorityCredential",
        subject: did,
        holder: "bot",
        issuer: organisation,
        state: "live",
        credentialSubject: { principal: organisation, grants: [{ id: "read" }] },
        replacedBy: [],
      },
    ]);
    expect(events).toMatchObject([{ action: "credential.issued", credentialId: authority }]);
    const { stdout } = await text("credential", "show", authority, ...home);
    expect(stdout).toMatch(/^DelegatedAuthorityCredential live\n/);
    expect(stdout).toContain(`  to           bot, ${did}\n  by           ACME, ${organisation}\n`);
    expect(stdout).toContain("  grant read\n");
    expect(stdout).toMatch(/credential\.issued/);
    const { credentials } = (await json("agent", "show", "bot", ...home)).json;
    const ids = (credentials as { readonly credentialId: string }[]).map(({ credentialId }) => credentialId);
    const identity = ids.find((id) => id !== authority) ?? "";
    expect((await text("credential", "show", identity, ...home)).stdout).toContain("  name         bot\n");
    expect(await json("credential", "show", "urn:uuid:nobody", ...home)).toMatchObject({
      code: 1,
      json: { error: { code: "NOT_FOUND" } },
    });
  });

  it("lists what is orphaned", async () => {
    expect((await text("orphans", ...home)).stdout).toBe(
      "Nothing is without an owner, an agent or a wallet.\n",
    );
    await json("principal", "retire", "alice", ...home, "--yes");
    rmSync(path("bot.wallet"));
    expect((await json("orphans", ...home)).json).toEqual({
      ownerless: ["bot"],
      neverSeen: [],
      withoutWallet: ["bot"],
      credentials: [],
    });
    expect((await text("orphans", ...home)).stdout).toMatch(/bot +its owner is gone +did:web:people/);
  });

  it("shows the status lists as they stand", async () => {
    const { items } = (await json("status", "show", ...home)).json;
    expect(items).toMatchObject([
      { listId: "r1", purpose: "revocation", issuer: organisation, used: 2, length: 131_072, set: 0 },
      { listId: "s1", purpose: "suspension", used: 2 },
    ]);
    expect((await text("status", "show", ...home)).stdout).toMatch(
      /^list +purpose +used +set +address\s*\nr1 /,
    );
  });

  it("revokes a credential with all below, after a look", async () => {
    const dry = await json("revoke", authority, ...home, "--cascade", "--dry-run");
    expect(dry).toMatchObject({ code: 0, json: { items: [authority], revoked: false } });
    expect((await json("revoke", authority, ...home, "--cascade", "--yes")).json).toMatchObject({
      revoked: true,
    });
    expect((await json("revoke", authority, ...home, "--dry-run")).json["items"]).toEqual([]);
    expect((await json("agent", "show", "bot", ...home)).json["authorities"]).toEqual([]);
    expect((await text("agent", "show", "bot", ...home)).stdout).toContain("It may do nothing now");
    const { stdout } = await text("credential", "show", authority, ...home);
    expect(stdout).toMatch(/^DelegatedAuthorityCredential revoked\n[^]*credential\.revoked/);
  });

  it("takes the keys that an agent had for its own as well", async () => {
    const other = ["--wallet", path("other.wallet")];
    await json("agent", "create", "other", ...home, ...other);
    expect((await json("agent", "rotate", "other", ...home, ...other, "--yes")).code).toBe(0);
    const both = (await json("blast-radius", "other", ...home)).json;
    expect(both["keys"]).toHaveLength(2);
    expect(both["given"]).toMatchObject([{ state: "revoked" }, { state: "live" }]);
  });
});
