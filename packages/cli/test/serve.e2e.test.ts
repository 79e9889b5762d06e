import { beforeAll, describe, expect, it } from "vitest";

import { createWorkplace } from "./writ.js";

const LISTENING = /Listening on (http:\/\/127\.0\.0\.1:\d+)/;
const CREDENTIAL = {
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  type: ["VerifiableCredential"],
  credentialSubject: { id: "did:example:student", name: "Ada" },
};

describe("writ serve", () => {
  const { json, text, start, path } = createWorkplace();
  const home = ["--home", path("acme")];

  beforeAll(async () => {
    await json("init", ...home, "--name", "ACME", "--status-base", "https://acme.example/s/");
  });

  async function post(url: string, body: object, token?: string) {
    const headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  }

  it("issues to whoever has a token, until that is revoked, and stops when it is told to", async () => {
    const created = await json("token", "create", ...home, "--name", "shop", "--scope", "issue");
    const { token, id } = created.json as { token: string; id: string };
    const server = await start(LISTENING, "serve", ...home, "--port", "0", "--json");
    const [, url = ""] = server.match;
    const issue = (given?: string) =>
      post(`${url}/issuers/status/credentials/issue`, { credential: CREDENTIAL }, given);
    expect(await issue()).toMatchObject({ status: 401 });
    const issued = await issue(token);
    expect(issued.status).toBe(201);
    const { verifiableCredential } = issued.json;
    expect(await post(`${url}/credentials/verify`, { verifiableCredential })).toMatchObject({
      status: 200,
      json: { verified: true },
    });
    expect(await post(`${url}/credentials/status`, {}, token)).toMatchObject({ status: 403 });
    expect((await fetch(`${url}/s/r1`)).status).toBe(200);

    expect((await json("token", "revoke", id, ...home)).json).toMatchObject({ id, name: "shop" });
    expect(await issue(token)).toMatchObject({ status: 401 });
    const { items } = (await json("token", "list", ...home)).json as { items: readonly object[] };
    expect(items).toMatchObject([{ id, name: "shop", scopes: ["issue"] }]);
    expect(JSON.stringify(items)).not.toContain(token);

    expect(await server.stop()).toEqual({ code: 0, stdout: `{"url":"${url}","stopped":true}\n` });
    expect(server.stderr()).not.toContain(token);
  });

  it("without tokens, on loopback alone", async () => {
    const server = await start(LISTENING, "serve", ...home, "--port", "0", "--open", "--role", "issuer");
    const issuer = `${server.match[1] ?? ""}/issuers/eddsa-rdfc-2022/credentials/issue`;
    expect(await post(issuer, { credential: CREDENTIAL })).toMatchObject({ status: 201 });
    expect(await post(`${server.match[1] ?? ""}/credentials/verify`, {})).toMatchObject({ status: 404 });
    expect((await server.stop()).code).toBe(0);
    const everywhere = await json("serve", ...home, "--port", "0", "--open", "--host", "0.0.0.0");
    expect(everywhere.code).not.toBe(0);
    expect(everywhere.json).toMatchObject({ error: { code: "ARGUMENT_INVALID" } });
  });

  it("verifies and resolves without a home", async () => {
    const roles = ["--role", "verifier", "resolver"];
    const server = await start(LISTENING, "serve", "--home", path("none"), "--port", "0", ...roles);
    const url = server.match[1] ?? "";
    expect(await post(`${url}/credentials/verify`, { verifiableCredential: CREDENTIAL })).toMatchObject({
      status: 400,
      json: { verified: false, errors: [{ code: "SCHEMA_INVALID" }] },
    });
    expect((await fetch(`${url}/1.0/identifiers/did%3Anothing%3Ax`)).status).toBe(400);
    expect((await server.stop()).code).toBe(0);
  });

  it.each([
    [["--port", "70000"], "USAGE"],
    [["--port", "0", "--trust", "did:key:z6MkA"], "USAGE"],
    [["--port", "0", "--tls-cert", "x.pem"], "USAGE"],
    [["--port", "0", "--url", "nonsense"], "USAGE"],
    [["--port", "0", "--url", "https://issuer.example/base"], "USAGE"],
    [["--port", "0", "--domain", "https://shop.example"], "USAGE"],
    [["--port", "0", "--ledger", "x.ledger"], "USAGE"],
    [["--port", "0", "--role", "resolver", "--challenges", "x.challenges"], "USAGE"],
    [["--role", "king"], "USAGE"],
  ])("does not start with %j", async (args, code) => {
    expect((await json("serve", ...home, ...args)).json).toMatchObject({ error: { code } });
  });

  it("has help with an example", async () => {
    expect((await text("serve", "--help")).stdout).toContain("writ serve --home acme");
  });
});
