import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

interface Credential {
  readonly issuer: string;
  readonly proof: object;
}

/** No host has these names, so that nothing is looked up: what is refused is refused beforehand. */
const STATUS_BASE = "https://127.0.0.1/status/";
const WEB = "did:web:127.0.0.1";

describe("verification over the network", () => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const wallet = ["--wallet", path("bot.wallet")];
  let identity: Credential;
  let file: string;
  let organisation: string;

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME", "--status-base", STATUS_BASE);
    await json("agent", "create", "bot", ...home, ...wallet);
    await json("status", "publish", ...home, "--out", path("status"));
    const shown = await json("wallet", "present", ...wallet, "--challenge", "c", "--domain", "d");
    [identity] = shown.json["verifiableCredential"] as [Credential];
    file = write("identity.json", identity);
    organisation = identity.issuer;
  });

  it("--online does not go where others could lead it, and says what to do instead", async () => {
    const asked = ["verify", file, "--trust", organisation] as const;
    expect((await json(...asked, "--status", path("status"))).code).toBe(0);
    const online = await json(...asked, "--online");
    expect(online).toMatchObject({ code: 1, json: { problems: [{ code: "STATUS_UNAVAILABLE" }, {}] } });
    expect((await text(...asked, "--online")).stdout).toContain("public https addresses alone");
    expect((await text(...asked)).stdout).toContain("--online");
  });

  it("--online and --status exclude each other", async () => {
    const both = await json("verify", file, "--trust", organisation, "--online", "--status", path("status"));
    expect(both).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });

  it("--did-web is what lets a did:web be resolved", async () => {
    const proof = { ...identity.proof, verificationMethod: `${WEB}#key-1` };
    const foreign = write("web.json", { ...identity, issuer: WEB, proof });
    const asked = ["verify", foreign, "--trust", WEB, "--status", path("status")] as const;
    for (const args of [asked, [...asked, "--did-web"]]) {
      expect(await json(...args)).toMatchObject({
        code: 1,
        json: { problems: [{ code: "DID_UNAVAILABLE", pointer: "/proof" }] },
      });
    }
    expect((await text(...asked)).stdout).toContain("Pass --did-web");
    expect((await text(...asked, "--did-web")).stdout).not.toContain("Pass --did-web");
  });
});
