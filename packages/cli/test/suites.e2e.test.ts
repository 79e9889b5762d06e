import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const ORDERS = "https://api.acme.example/v1/orders/";
const REFUNDS = {
  id: "refunds",
  actions: ["refund.create"],
  resources: [ORDERS],
  args: { "/amount": { range: { min: 1, max: 500 } } },
  spend: { unit: "EUR", amountAt: "/amount", perAction: 500 },
};
const REFUND = { action: "refund.create", resource: `${ORDERS}77`, args: { amount: 100 } };
const ASKED = ["--challenge", "c-1", "--domain", "https://shop.example"];

interface Presentation {
  readonly proof: object;
  readonly verifiableCredential: readonly { readonly proof: object }[];
}

describe.each([
  ["eddsa-jcs-2022", { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022" }],
  ["eddsa-rdfc-2022", { type: "DataIntegrityProof", cryptosuite: "eddsa-rdfc-2022" }],
  ["Ed25519Signature2020", { type: "Ed25519Signature2020" }],
])("an agent whose credentials are signed by %s", (name, proof) => {
  const { json, text, write, path } = createWorkplace();
  const home = ["--home", path("home")];
  const wallet = ["--wallet", path("bot.wallet")];
  const suite = ["--suite", name];
  const shown = path("presentation.json");
  let presentation: Presentation;
  let trusted: readonly string[];

  beforeAll(async () => {
    const { json: made } = await json(
      "init",
      ...home,
      "--name",
      "ACME",
      "--status-base",
      "https://acme.example/status",
    );
    trusted = ["--trust", String(made["did"]), "--status", path("status")];
    await json("agent", "create", "bot", ...home, ...wallet, ...suite);
    await json("grant", "bot", ...home, "--grants", write("grants.json", [REFUNDS]), ...suite);
    await json("status", "publish", ...home, "--out", path("status"));
    const asking = ["--invocation", write("refund.json", REFUND), "--out", shown];
    await json("wallet", "present", ...wallet, ...ASKED, ...asking, ...suite);
    presentation = JSON.parse(readFileSync(shown, "utf8")) as Presentation;
  });

  it("has them all signed by it", () => {
    const { verifiableCredential } = presentation;
    expect(verifiableCredential).toHaveLength(2);
    const proofs = [presentation, ...verifiableCredential].map((document) => document.proof);
    for (const found of proofs) {
      expect(found).toMatchObject(proof);
      expect("cryptosuite" in found).toBe("cryptosuite" in proof);
    }
  });

  it("presents, and is allowed what it asks for", async () => {
    expect(await json("verify", shown, ...trusted, ...ASKED)).toMatchObject({
      code: 0,
      json: { verified: true, problems: [], decision: { outcome: "allow" } },
    });
  });

  it("is refused what was altered", async () => {
    const [identity, authority] = presentation.verifiableCredential;
    const altered = write("altered.json", { ...presentation, verifiableCredential: [authority, identity] });
    // To RDF the credentials of a presentation are a set.
    const isOrdered = name === "eddsa-jcs-2022";
    expect((await json("verify", altered, ...trusted, ...ASKED)).code).toBe(isOrdered ? 1 : 0);
    const late = write("late.json", { ...identity, validUntil: "2027-01-01T00:00:00Z" });
    const { code, json: answer } = await json("verify", late, ...trusted);
    expect([code, answer["verified"]]).toEqual([1, false]);
  });

  it("is verified as a document of others too, where nothing is decided", async () => {
    const verified = await json("verify", shown, "--generic", ...trusted, ...ASKED);
    expect(verified).toMatchObject({ code: 0, json: { verified: true, kind: "generic-presentation" } });
    expect(verified.json).not.toHaveProperty("decision");
  });

  it("is not signed for by a suite that there is not", async () => {
    const wrong = await text("wallet", "present", ...wallet, ...ASKED, "--suite", `${name}x`);
    expect(wrong.code).toBe(2);
  });
});
