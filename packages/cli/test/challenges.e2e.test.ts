import { createSeedSigner, createSuccessionStatement, formatTimestamp, type Signer } from "@writ/core";
import { describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const DOMAIN = "https://orders.example";
const signerOf = (byte: number): Signer => createSeedSigner(new Uint8Array(32).fill(byte));
const [OLD, NEW] = [signerOf(1), signerOf(2)];

describe("challenges that a service gives out", () => {
  const { json, text, path } = createWorkplace();
  const wallet = ["--wallet", path("bot.wallet")];
  const home = ["--home", path("home")];
  const store = path("orders.challenges");
  let organisation = "";

  async function give(): Promise<string> {
    return String((await json("challenge", "create", "--store", store)).json["challenge"]);
  }

  async function presentFor(challenge: string): Promise<void> {
    const occasion = ["--challenge", challenge, "--domain", DOMAIN];
    const shown = await json("wallet", "present", ...wallet, ...occasion, "--out", path("p.json"), "--force");
    expect(shown.code).toBe(0);
  }

  const verify = (...more: readonly string[]): Promise<Run> =>
    json(
      "verify",
      path("p.json"),
      "--trust",
      organisation,
      "--status",
      path("s"),
      "--domain",
      DOMAIN,
      ...more,
    );

  it("are texts, each another, from a file that is made", async () => {
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    expect((await json("agent", "create", "bot", ...home, ...wallet)).code).toBe(0);
    expect((await json("status", "publish", ...home, "--out", path("s"))).code).toBe(0);
    const first = await text("challenge", "create", "--store", store);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{32}\n$/) as string });
    expect(first.stderr).toContain("Made a new store of challenges");
    const second = await text("challenge", "create", "--store", store);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).not.toBe(first.stdout);
  });

  it("row 100: are accepted once", async () => {
    await presentFor(await give());
    const first = await verify("--challenges", store);
    expect(first).toMatchObject({ code: 0, json: { verified: true } });
    expect(first.json["checks"]).toContainEqual(
      expect.objectContaining({ name: "single-use", outcome: "established" }),
    );
    expect(await verify("--challenges", store)).toMatchObject({
      code: 1,
      json: { verified: false, problems: [{ code: "CHALLENGE_USED", pointer: "/proof/challenge" }] },
    });
  });

  it("are none that was made up, and no other than the one that is named", async () => {
    await presentFor("made-up");
    const madeUp = await verify("--challenges", store);
    expect(madeUp.json).toMatchObject({ problems: [{ code: "CHALLENGE_UNKNOWN" }] });
    const [ours, another] = [await give(), await give()];
    await presentFor(another);
    const mixedUp = await verify("--challenges", store, "--challenge", ours);
    expect(mixedUp.json).toMatchObject({ problems: [{ code: "CHALLENGE_MISMATCH" }] });
    expect((await verify("--challenges", store, "--challenge", another)).code).toBe(0);
  });

  it("come from a file that must be there, and from no other", async () => {
    await presentFor(await give());
    expect(await verify("--challenges", path("nowhere"))).toMatchObject({
      code: 3,
      json: { error: { code: "FILE_UNREADABLE" } },
    });
    expect(await verify("--challenges", path("home/writ.db"))).toMatchObject({
      code: 3,
      json: { error: { code: "DATABASE_INVALID" } },
    });
    expect(await verify("--challenges", store, "--challenge", "")).toMatchObject({
      code: 2,
      json: { error: { code: "USAGE" } },
    });
  });
});

describe("successions", () => {
  const { json, write, path } = createWorkplace();

  it("row 232: move trust to the new key, where both keys have signed", async () => {
    const init = await json("init", "--home", path("home"), "--name", "ACME");
    const organisation = String(init.json["did"]);
    await json("agent", "create", "bot", "--home", path("home"), "--wallet", path("bot.wallet"));
    await json("status", "publish", "--home", path("home"), "--out", path("s"));
    const occasion = ["--challenge", "c", "--domain", DOMAIN];
    await json("wallet", "present", "--wallet", path("bot.wallet"), ...occasion, "--out", path("p.json"));
    const verify = (...more: readonly string[]): Promise<Run> =>
      json("verify", path("p.json"), "--status", path("s"), ...occasion, ...more);

    const statement = await createSuccessionStatement({ predecessor: OLD, successor: NEW });
    const good = write("good.json", statement);
    // ACME's own key is neither: trust moves past it.
    const both = ["--trust", organisation, OLD.did, "--succession", good];
    expect(await verify(...both)).toMatchObject({ code: 0, json: { verified: true } });
    expect(await verify("--trust", organisation, "--succession", good)).toMatchObject({
      code: 1,
      json: { error: { code: "ISSUER_UNTRUSTED", pointer: "/predecessor" } },
    });

    const half = write("half.json", { ...statement, proof: [statement.proof].flat().slice(0, 1) });
    const refused = await verify("--trust", OLD.did, "--succession", half);
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "PROOF_MISSING", pointer: "/proof" } } });
    expect(JSON.stringify(refused.json)).toContain("half.json");

    const early = await createSuccessionStatement({
      predecessor: OLD,
      successor: NEW,
      from: Date.now() + 3_600_000,
    });
    const later = ["--trust", organisation, OLD.did, "--succession", write("early.json", early)];
    expect((await verify(...later)).json).toMatchObject({ error: { code: "NOT_YET_VALID" } });
    expect(early.validFrom > formatTimestamp(Date.now())).toBe(true);
  });
});
