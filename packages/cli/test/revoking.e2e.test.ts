import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** Many credentials are revoked at once; told in order. */
describe("writ revoke", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const ids: string[] = [];

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME");
    for (const name of ["a", "b"]) {
      const made = await json("agent", "create", name, ...home, "--wallet", path(`${name}.wallet`));
      ids.push(String(made.json["credentialId"]));
    }
    const grants = write("grants.json", [{ id: "read", actions: ["order.read"] }]);
    ids.push(String((await json("grant", "a", ...home, "--grants", grants)).json["credentialId"]));
  }, 60_000);

  const items = (answer: { readonly json: Record<string, unknown> }): readonly string[] =>
    [...(answer.json["items"] as string[])].sort();

  it("shows first what would be revoked, and revokes nothing", async () => {
    const dry = await json("revoke", ...home, "--agent", "a", "--dry-run");
    expect(dry).toMatchObject({ code: 0, json: { revoked: false } });
    expect(items(dry)).toEqual([ids[0], ids[2]].sort());
    const shown = await text("revoke", ...home, "--issued-within", "1d", "--dry-run");
    expect(shown.stdout).toMatch(
      /^Would be revoked: all that did:key:\S+ has issued since \S+Z, 3 credentials\n( {2}urn:uuid:\S+\n){3}$/,
    );
    expect(items(await json("revoke", ...home, "--agent", "a", "--dry-run"))).toHaveLength(2);
  });

  it("revokes all that an agent has", async () => {
    const revoked = await json("revoke", ...home, "--agent", "a", "--reason", "stolen", "--yes");
    expect(revoked).toMatchObject({ code: 0, json: { revoked: true } });
    expect(items(revoked)).toEqual([ids[0], ids[2]].sort());
    expect((await json("agent", "show", "a", ...home)).json).toMatchObject({
      state: "active",
      credentials: [
        { state: "revoked", reason: "stolen" },
        { state: "revoked", reason: "stolen" },
      ],
    });
  });

  it("revokes all that was issued within a time", async () => {
    expect(items(await json("revoke", ...home, "--issued-within", "1d", "--yes"))).toEqual([ids[1]]);
    expect((await text("revoke", ...home, "--issued-within", "1d")).stdout).toContain(", 0 credentials");
  });

  it.each([
    ["nothing to revoke", ["revoke"], 2, "USAGE"],
    ["two things at once", ["revoke", "urn:uuid:0", "--agent", "a"], 2, "USAGE"],
    ["a dry run of what is not there", ["revoke", "urn:uuid:0", "--dry-run"], 1, "NOT_FOUND"],
    ["a cascade of an agent", ["revoke", "--agent", "a", "--cascade"], 2, "USAGE"],
    ["an agent that is not registered", ["revoke", "--agent", "nobody"], 1, "NOT_FOUND"],
    ["a time that is none", ["revoke", "--issued-within", "soon"], 2, "USAGE"],
  ])("refuses %s", async (_, args, code, error) => {
    expect(await json(...args, ...home)).toMatchObject({ code, json: { error: { code: error } } });
  });
});
