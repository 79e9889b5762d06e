import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

/** An organisation gets another key, and its verifiers follow; told in order. */
describe("writ key rotate", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const bot = ["--wallet", path("bot.wallet")];
  const sub = ["--wallet", path("sub.wallet")];
  const challenge = ["--challenge", "7Yq3dF", "--domain", "https://orders.example"];
  let before = "";
  let subDid = "";

  /** What a verifier that trusts the first key says of what the bot shows. */
  const answer = (...succession: readonly string[]) => answerTo(before, succession);

  /** The bot hands what it may do to another agent, and says how that takes it in. */
  async function handOn(file: string): Promise<void> {
    const part = write("part.json", [{ id: "part", within: "read", actions: ["order.read"] }]);
    const handed = ["--to", subDid, "--grants", part, "--out", path(file)];
    const { stdout } = await text("wallet", "delegate", ...bot, ...handed);
    const [, ...add] = (/`(.*)`/.exec(stdout)?.[1] ?? "").split(" ");
    expect((await json(...add, ...sub)).code).toBe(0);
  }

  /** The same of a verifier that trusts a key. */
  async function answerTo(
    trusted: string,
    succession: readonly string[] = [],
    who: readonly string[] = bot,
  ): Promise<unknown> {
    const out = path("presentation.json");
    const asked = [...challenge, "--invocation", path("invocation.json"), "--out", out, "--force"];
    expect((await json("wallet", "present", ...who, ...asked)).code).toBe(0);
    await json("status", "publish", ...home, "--out", path("status"));
    const trust = ["--trust", trusted, "--status", path("status"), ...succession];
    const { decision } = (await json("verify", out, ...challenge, ...trust)).json as {
      readonly decision?: { readonly outcome: string };
    };
    return decision?.outcome;
  }

  beforeAll(async () => {
    before = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json("agent", "create", "bot", ...home, ...bot);
    await json(
      "grant",
      "bot",
      ...home,
      "--grants",
      write("grants.json", [{ id: "read", actions: ["order.read"] }]),
      "--redelegate",
      "1",
    );
    subDid = String((await json("agent", "create", "sub", ...home, ...sub)).json["did"]);
    await handOn("first.json");
    write("invocation.json", { action: "order.read" });
  }, 60_000);

  it("gives it another key, and a statement for those who trust the old one", async () => {
    const succession = ["--succession", path("succession.json")];
    expect(await answer()).toBe("allow");
    const rotated = await json("key", "rotate", ...home, "--out", path("succession.json"), "--yes");
    expect(rotated).toMatchObject({ code: 0, json: { predecessor: before } });
    const after = String(rotated.json["did"]);
    const statement = JSON.parse(readFileSync(path("succession.json"), "utf8")) as object;
    expect(statement).toMatchObject({ predecessor: before, successor: after });
    expect((await json("key", "list", ...home)).json["items"]).toEqual([
      { did: before, until: expect.stringMatching(/Z$/) as string, statement },
      { did: after },
    ]);
    expect((await text("key", "list", ...home)).stdout).toContain(`${after}  now`);
    expect((await text("agent", "show", "bot", ...home)).stdout).toContain(
      `on behalf of ACME by a former key, ${before}`,
    );
    // Who has the statement refuses what the old key issued, until it is renewed; who has not, the reverse.
    expect([await answer(), await answer(...succession)]).toEqual(["allow", undefined]);
    const renewed = await text("renew", ...home, "--after-rotation");
    expect(renewed.stdout).toMatch(/^(renewed +\w+ .*\n.*\n){3}An agent that handed on .* hands it on again/);
    // The authority ends first, and is renewed when whoever vouches for the agent is by the new key.
    const ends = [...renewed.stdout.matchAll(/until (\S+)$/gm)].map(([, end = ""]) => end);
    expect(ends.at(-1)).toBe([...ends].sort()[0]);
    expect((await text("renew", ...home, "--after-rotation")).stdout).toBe(
      "Nothing of an active agent is by a former key that has not been renewed.\n",
    );
    expect(await json("renew", ...home, "--after-rotation", "--within", "1d")).toMatchObject({ code: 2 });
    expect([await answer(), await answer(...succession)]).toEqual([undefined, "allow"]);
    // What the old key granted is gone from the wallet: nobody has to say by which of the two it acts.
    const items = (await json("wallet", "list", ...bot)).json["items"] as readonly Record<string, unknown>[];
    expect(items.map(({ type, issuer }) => `${String(type)} ${String(issuer)}`).sort()).toEqual(
      [
        `AgentIdentityCredential ${before}`,
        `AgentIdentityCredential ${after}`,
        `DelegatedAuthorityCredential ${after}`,
      ].sort(),
    );
    const plain = [...challenge, "--out", path("plain.json")];
    expect((await json("wallet", "present", ...bot, ...plain)).code).toBe(0);
    // What was handed on is of the old key, until it is handed on again.
    expect(await answerTo(before, succession, sub)).toBeUndefined();
    await handOn("second.json");
    expect(await answerTo(before, succession, sub)).toBe("allow");
    // Whoever has never heard of the old key takes it as well.
    expect([await answer("--trust", after), await answerTo(after)]).toEqual(["allow", "allow"]);
  });

  it("revokes what the old key has issued in a time", async () => {
    const scope = ["--issued-within", "1d", "--issuer", before];
    expect((await json("revoke", ...home, ...scope, "--dry-run")).json["items"]).toHaveLength(3);
    expect((await json("revoke", ...home, ...scope, "--yes")).code).toBe(0);
    expect(await answer("--succession", path("succession.json"))).toBe("allow");
    expect(await json("revoke", ...home, "--agent", "bot", "--issuer", before)).toMatchObject({ code: 2 });
  });

  it("is verified by the status lists of several folders: of each the first that is found", async () => {
    await json("status", "publish", ...home, "--out", path("copy"));
    const succession = ["--succession", path("succession.json")];
    expect(await answerTo(before, ["--status", path("home"), "--status", path("copy"), ...succession])).toBe(
      "allow",
    );
  });

  it("changes nothing where the statement cannot be written", async () => {
    const again = await json("key", "rotate", ...home, "--out", path("succession.json"), "--yes");
    expect(again).toMatchObject({ code: 3, json: { error: { code: "FILE_EXISTS" } } });
    expect((await json("key", "list", ...home)).json["items"]).toHaveLength(2);
  });
});
