import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const SHOP = "https://shop.example";
const AUTHORITY = "https://w3id.org/writ#DelegatedAuthorityCredential";

/** Requests of a service, answered by an agent in another process. */
describe("writ wallet respond", () => {
  const { json, text, write, path } = createWorkplace();
  const wallet = ["--wallet", path("bot.wallet")];
  const expected = ["--expected-domain", SHOP];
  let organisation = "";

  const byExample = (...types: readonly string[]) => ({
    query: {
      type: "QueryByExample",
      credentialQuery: types.map((type) => ({ reason: "to\u001B[31m see", example: { type } })),
    },
    challenge: "c1",
    domain: SHOP,
  });
  const dcql = (members: object = {}) => ({
    client_id: SHOP,
    nonce: "c1",
    dcql_query: { credentials: [{ id: "what", format: "ldp_vc", meta: { type_values: [[AUTHORITY]] } }] },
    ...members,
  });
  const respond = (name: string, request: unknown, ...more: readonly string[]) =>
    json("wallet", "respond", ...wallet, ...expected, "--request", write(name, request), ...more);

  beforeAll(async () => {
    const home = ["--home", path("home")];
    organisation = String((await json("init", ...home, "--name", "ACME")).json["did"]);
    await json("agent", "create", "bot", ...home, ...wallet);
    const grants = write("grants.json", [{ id: "read", actions: ["order.read"] }]);
    await json("grant", "bot", ...home, "--grants", grants);
    await json("status", "publish", ...home, "--out", path("status"));
  }, 60_000);

  const verify = (file: string) =>
    json(
      ...["verify", file, "--trust", organisation, "--status", path("status")],
      ...["--challenge", "c1", "--domain", SHOP],
    );

  it("answers a Verifiable Presentation Request with a presentation that verifies", async () => {
    const request = byExample("AgentIdentityCredential", "DelegatedAuthorityCredential");
    const answered = await respond("vpr.json", request, "--out", path("answer.json"));
    expect(answered).toMatchObject({
      code: 0,
      stderr: "",
      json: { out: path("answer.json"), explanation: { language: "vpr", domain: SHOP, complete: true } },
    });
    expect(await verify(path("answer.json"))).toMatchObject({ code: 0, json: { verified: true } });
  });

  it("answers DCQL with the vp_token that OpenID4VP sends", async () => {
    const answered = await respond("dcql.json", dcql());
    expect(answered.code).toBe(0);
    const { vp_token: token } = answered.json as { readonly vp_token: Record<string, readonly object[]> };
    expect(Object.keys(token)).toEqual(["what"]);
    expect(await verify(write("presentation.json", token["what"]?.[0]))).toMatchObject({
      code: 0,
      json: { verified: true },
    });
  });

  it("explains without signing, to people and to programs", async () => {
    const told = await respond("ask.json", byExample("DelegatedAuthorityCredential"), "--explain");
    expect(told).toMatchObject({
      code: 0,
      json: { complete: true, presentations: [{ credentials: [{ role: "answer" }, { role: "evidence" }] }] },
    });
    expect(told.stdout).not.toContain("proofValue");
    const claims = [{ path: ["credentialSubject", "principal"] }];
    const [query] = dcql().dcql_query.credentials;
    const asked = write("claims.json", dcql({ dcql_query: { credentials: [{ ...query, claims }] } }));
    const people = await text("wallet", "respond", ...wallet, ...expected, "--request", asked, "--explain");
    expect(people.stdout).toContain(`The request can be answered; the answer is for ${SHOP}`);
    // Evidence is shown whole, too: nothing of it was asked for.
    expect(people.stdout).toMatch(
      /shows AgentIdentityCredential urn:uuid:\S+ as evidence\n +with more than is asked for: .*\/credentialSubject\/name/,
    );
    expect(people.stdout).toContain("with more than is asked for: /credentialSubject/grants");
  });

  it("names what is optional and not there", async () => {
    const query = byExample("AgentIdentityCredential").query.credentialQuery;
    const optional = { required: false, example: { type: "Passport" } };
    const request = {
      ...byExample(),
      query: { type: "QueryByExample", credentialQuery: [...query, optional] },
    };
    const told = await respond("optional.json", request, "--explain", "--all-asked");
    expect(told).toMatchObject({
      code: 0,
      json: {
        missing: [],
        leftOut: [],
        absent: [{ query: "/query/credentialQuery/1", reason: "type" }],
      },
    });
    const asked = ["--request", path("optional.json"), "--explain", "--all-asked"];
    const people = await text("wallet", "respond", ...wallet, ...expected, ...asked);
    expect(people.stdout).toContain("optional, and not there: /query/credentialQuery/1: none of this type");
  });

  it("says that DCQL names types by their IRIs where a plain name is asked for", async () => {
    const [query] = dcql().dcql_query.credentials;
    const plain = { ...query, meta: { type_values: [["DelegatedAuthorityCredential"]] } };
    const request = dcql({ dcql_query: { credentials: [plain] } });
    const refused = await respond("plain.json", request);
    const hint =
      "DCQL names types by their IRIs, such as https://w3id.org/writ#DelegatedAuthorityCredential.";
    expect(refused).toMatchObject({
      code: 1,
      json: {
        error: { code: "CREDENTIAL_MISSING", hint: expect.stringMatching(/^Nothing was signed/) as string },
      },
    });
    expect(refused.stdout).toContain(hint);
    const asked = ["--request", path("plain.json"), "--explain"];
    expect((await text("wallet", "respond", ...wallet, ...expected, ...asked)).stdout).toContain(hint);
    expect((await respond("none.json", byExample("Passport"))).stdout).not.toContain("IRIs");
  });

  it("writes no answer where it only explains", async () => {
    const out = ["--explain", "--out", path("explained.json")];
    const refused = await respond("explain.json", byExample("AgentIdentityCredential"), ...out);
    expect(refused).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });

  it("row 191: escapes what the sender says", async () => {
    const asked = write("escape.json", byExample("AgentIdentityCredential"));
    const people = await text("wallet", "respond", ...wallet, ...expected, "--request", asked, "--explain");
    expect(people.stdout).toContain("they say: to\\u{1b}[31m see");
    expect(people.stdout).not.toContain("\u001B[31m see");
  });

  it("row 197: ends with 1 where something is missing, and names it", async () => {
    const refused = await respond("none.json", byExample("Passport"));
    expect(refused).toMatchObject({
      code: 1,
      json: { error: { code: "CREDENTIAL_MISSING", pointer: "/query/credentialQuery/0" } },
    });
    const told = await respond("none.json", byExample("Passport"), "--explain");
    expect(told).toMatchObject({ code: 1, json: { complete: false, missing: [{ reason: "type" }] } });
    const asked = ["--request", path("none.json"), "--explain"];
    const people = await text("wallet", "respond", ...wallet, ...expected, ...asked);
    expect(people.stdout).toMatch(
      /cannot be answered[^]*missing \/query\/credentialQuery\/0: none of this type/,
    );
  });

  it("refuses a request of another sender, and one that is not strict JSON", async () => {
    const other = await respond("other.json", dcql({ client_id: "https://evil.example" }));
    expect(other).toMatchObject({
      code: 1,
      json: { error: { code: "DOMAIN_MISMATCH", pointer: "/client_id" } },
    });
    const twice = await respond("twice.json", `{ "query": [], "query": [] }`);
    expect(twice).toMatchObject({ code: 1, json: { error: { code: "JSON_DUPLICATE_KEY" } } });
    const unsaid = await json("wallet", "respond", ...wallet, "--request", path("dcql.json"));
    expect(unsaid).toMatchObject({ code: 2, json: { error: { code: "USAGE" } } });
  });

  it("row 194: replaces a file only where it is told to", async () => {
    const before = readFileSync(path("answer.json"), "utf8");
    const again = await respond(
      "vpr.json",
      byExample("AgentIdentityCredential"),
      "--out",
      path("answer.json"),
    );
    expect(again).toMatchObject({ code: 3, json: { error: { code: "FILE_EXISTS" } } });
    expect(readFileSync(path("answer.json"), "utf8")).toBe(before);
  });
});
