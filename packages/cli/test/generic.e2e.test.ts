import { createSeedSigner, signDocument, type JsonObject, type SignOptions } from "@writ/core";
import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace, type Run } from "./writ.js";

const NOW = Date.parse("2026-11-23T08:00:00Z");
const [ISSUER, HOLDER] = [1, 2].map((byte) => createSeedSigner(new Uint8Array(32).fill(byte)));
const AT = ["--now", "2026-11-23T08:01:00Z"];
const ASKED = ["--challenge", "c-1", "--domain", "https://shop.example"];

function credential(more: object = {}): object {
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    type: ["VerifiableCredential"],
    issuer: ISSUER?.did,
    validFrom: "2026-11-23T08:00:00Z",
    credentialSubject: { id: HOLDER?.did, name: "Ada" },
    ...more,
  };
}

async function sign(document: object, more: Partial<SignOptions> = {}): Promise<JsonObject> {
  if (ISSUER === undefined) throw new Error("no issuer");
  const options = { signer: ISSUER, purpose: "assertionMethod", created: NOW, ...more } as const;
  return signDocument(document as JsonObject, options);
}

/** What became of each check. */
function outcomes({ json }: Run): Readonly<Record<string, string>> {
  const checks = json["checks"] as readonly { readonly name: string; readonly outcome: string }[];
  return Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
}

describe("writ verify --generic", () => {
  const { json, text, write } = createWorkplace();
  const issuer = ISSUER?.did ?? "";
  const holder = HOLDER?.did ?? "";
  let file: string;
  let presentation: string;

  beforeAll(async () => {
    const signed = await sign(credential());
    file = write("credential.json", signed);
    const shown = {
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      type: ["VerifiablePresentation"],
      holder,
      verifiableCredential: [signed],
    };
    const signing = { challenge: "c-1", domain: "https://shop.example", purpose: "authentication" } as const;
    const by = HOLDER === undefined ? {} : { signer: HOLDER };
    presentation = write("presentation.json", await sign(shown, { ...signing, ...by }));
  });

  it("verifies a credential of others, and says who issued it", async () => {
    const run = await json("verify", file, "--generic", ...AT);
    expect(run).toMatchObject({
      code: 0,
      json: {
        verified: true,
        kind: "generic-credential",
        problems: [],
        credentials: [{ type: ["VerifiableCredential"], issuer }],
        statuses: [],
      },
    });
    expect(outcomes(run)).toMatchObject({ signature: "established", issuer: "not_established" });
    expect((await text("verify", file, "--generic", ...AT)).stdout).toContain(
      `VerifiableCredential by ${issuer}`,
    );
  });

  it("asks whether the issuer is trusted where it is told whom to trust", async () => {
    const trusted = await json("verify", file, "--generic", ...AT, "--trust", issuer);
    expect([trusted.code, outcomes(trusted)["issuer"]]).toEqual([0, "established"]);
    const untrusted = await json("verify", file, "--generic", ...AT, "--trust", holder);
    expect(untrusted).toMatchObject({
      code: 1,
      json: { verified: false, problems: [{ code: "ISSUER_UNTRUSTED", pointer: "/issuer" }] },
    });
  });

  it.each([
    ["altered", { name: "x" }, "SIGNATURE_INVALID"],
    ["with an unknown context", { "@context": ["https://unknown.example/v1"] }, "CONTEXT_NOT_ALLOWED"],
    ["without proof", { proof: undefined }, "PROOF_MISSING"],
  ])("refuses a credential %s", async (_, changes, code) => {
    const altered = write("altered.json", { ...(await sign(credential())), ...changes });
    expect(await json("verify", altered, "--generic", ...AT)).toMatchObject({
      code: 1,
      json: { problems: [{ code }] },
    });
  });

  it("heeds dates and status", async () => {
    const early = ["--now", "2026-11-23T07:59:59Z"];
    const signed = await sign(credential(), { created: NOW - 60_000 });
    const found = await json("verify", write("early.json", signed), "--generic", ...early);
    expect(found).toMatchObject({
      code: 1,
      json: { problems: [{ code: "NOT_YET_VALID", pointer: "/validFrom" }] },
    });
    const credentialStatus = {
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: "1",
      statusListCredential: "https://issuer.example/status",
    };
    const listed = write("listed.json", await sign(credential({ credentialStatus })));
    expect(await json("verify", listed, "--generic", ...AT)).toMatchObject({
      code: 1,
      json: { problems: [{ code: "STATUS_UNAVAILABLE", pointer: "/credentialStatus" }] },
    });
  });

  it("verifies a presentation of others, for its occasion where one is given", async () => {
    const run = await json("verify", presentation, "--generic", ...AT, "--unbound");
    expect(run).toMatchObject({ code: 0, json: { verified: true, kind: "generic-presentation", holder } });
    expect(outcomes(run)).toMatchObject({
      holder: "established",
      challenge: "not_established",
      domain: "not_established",
    });
    const asked = await json("verify", presentation, "--generic", ...AT, ...ASKED);
    expect(outcomes(asked)).toMatchObject({ challenge: "established", domain: "established" });
    const other = await json("verify", presentation, "--generic", ...AT, "--challenge", "c-2", "--unbound");
    expect(other).toMatchObject({ code: 1, json: { problems: [{ code: "CHALLENGE_MISMATCH" }] } });
  });

  it.each([[], ["--challenge", "c-1"], ["--domain", "https://shop.example"]])(
    "asks for what a presentation is bound to, beside %j",
    async (...given) => {
      const forgotten = await json("verify", presentation, "--generic", ...AT, ...given);
      expect(forgotten).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
    },
  );

  it("alone may be for any occasion", async () => {
    const occasion = ["--challenge", "c-1", "--domain", "https://shop.example", "--trust", issuer];
    const strict = await json("verify", presentation, ...AT, ...occasion, "--unbound");
    const message = "--unbound goes with --generic";
    expect(strict).toMatchObject({ code: 2, json: { error: { code: "USAGE", message } } });
  });

  it("takes nothing to decide by, and what it does not get is no document of Writ's", async () => {
    const decided = await json("verify", presentation, "--generic", ...AT, "--as", issuer);
    expect(decided).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
    const strict = await json("verify", file, ...AT, "--trust", issuer);
    expect(strict).toMatchObject({
      code: 1,
      json: { verified: false, problems: [{ code: "TYPE_UNSUPPORTED" }] },
    });
  });

  it("refuses what is no document", async () => {
    expect(await json("verify", write("token.json", "eyJhbGciOiJub25lIn0.e30."), "--generic")).toMatchObject({
      code: 1,
      json: { problems: [{ code: "JSON_SYNTAX" }] },
    });
  });
});
