import type { JsonObject } from "@writ/core";
import { createPresentation } from "@writ/wallet";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createHttpService,
  createIdempotencyStore,
  createRequestLog,
  createTokenStore,
  listen,
  operationsOf,
  type Listening,
  type TokenStore,
} from "../src/index.js";
import { DIPLOMA, openServiceWorld, type ServiceWorld } from "./operations/world.js";

/** The whole service on a port of its own, as other programs see it. */
describe("the service over HTTP", () => {
  let world: ServiceWorld;
  let server: Listening;
  let tokens: TokenStore;
  let token: string;
  let logged = "";
  let closeWorld: () => Promise<void>;

  beforeAll(async () => {
    world = await openServiceWorld({}, (close) => {
      closeWorld = close;
    });
    const { database, clock } = world.organisation;
    tokens = await createTokenStore(database, { clock });
    ({ token } = await tokens.create({ name: "test", scopes: ["issue", "status"] }));
    const service = createHttpService(
      operationsOf(["issuer", "verifier", "status", "resolver"], world.operations),
      {
        access: tokens,
        log: createRequestLog({
          write(line: string) {
            logged += line;
          },
        }),
        idempotency: await createIdempotencyStore(database, { clock }),
        clock,
      },
    );
    server = await listen(service, {});
  });

  afterAll(async () => {
    await server.close();
    await closeWorld();
  });

  async function post(path: string, body: object, headers: Record<string, string> = {}) {
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      json: (await response.json()) as JsonObject,
    };
  }

  const bearer = () => ({ authorization: `Bearer ${token}` });

  it("issues, verifies, revokes, and serves the list that says so", async () => {
    const issued = await post("/issuers/status/credentials/issue", { credential: DIPLOMA }, bearer());
    expect(issued).toMatchObject({ status: 201, type: "application/json" });
    const verifiableCredential = issued.json["verifiableCredential"] as JsonObject;
    const verify = () => post("/credentials/verify", { verifiableCredential, options: {} });
    expect(await verify()).toMatchObject({ status: 200, json: { verified: true, errors: [] } });

    const credentialStatus = verifiableCredential["credentialStatus"] as JsonObject;
    const change = { credentialId: verifiableCredential["id"], credentialStatus };
    expect(await post("/credentials/status", change, bearer())).toMatchObject({ status: 200 });
    expect(await verify()).toMatchObject({
      status: 400,
      json: { verified: false, errors: [{ code: "REVOKED", pointer: "/credentialStatus" }] },
    });

    const path = new URL(credentialStatus["statusListCredential"] as string).pathname;
    const list = await fetch(server.url + path);
    expect([list.status, list.headers.get("content-type")]).toEqual([200, "application/vc"]);
    const etag = list.headers.get("etag") ?? "";
    expect(await list.json()).toMatchObject({
      type: ["VerifiableCredential", "BitstringStatusListCredential"],
    });
    const again = await fetch(server.url + path, { headers: { "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("row 198: issues and revokes for nobody without a token", async () => {
    for (const headers of [{}, { authorization: "Bearer writ_x" }]) {
      for (const path of ["/issuers/status/credentials/issue", "/credentials/status"]) {
        expect(await post(path, { credential: DIPLOMA }, headers)).toMatchObject({
          status: 401,
          type: "application/problem+json",
          json: { code: "UNAUTHORIZED" },
        });
      }
    }
  });

  it("row 202: gives the same credential again to the same request", async () => {
    const headers = { ...bearer(), "idempotency-key": "order-7" };
    const ask = () => post("/issuers/eddsa-rdfc-2022/credentials/issue", { credential: DIPLOMA }, headers);
    const [first, second] = [await ask(), await ask()];
    expect(first.status).toBe(201);
    expect(second).toEqual(first);
  });

  it.each([
    [
      "a context that is a text",
      { "@context": "https://www.w3.org/ns/credentials/v2" },
      "/credential/@context",
    ],
    ["a type that is a text", { type: "VerifiableCredential" }, "/credential/type"],
    ["a subject that is a text", { credentialSubject: "did:example:a" }, "/credential/credentialSubject"],
    ["a proof that is a text", { proof: "x" }, "/credential/proof"],
  ])("does not issue %s", async (_, changes, pointer) => {
    const credential = { ...DIPLOMA, ...changes };
    expect(await post("/issuers/eddsa-jcs-2022/credentials/issue", { credential }, bearer())).toMatchObject({
      status: 400,
      type: "application/problem+json",
      json: { code: "SCHEMA_INVALID", pointer },
    });
  });

  it("resolves its organisation's DID, and what is in its document", async () => {
    const { did } = world.organisation;
    const resolved = await fetch(`${server.url}/1.0/identifiers/${encodeURIComponent(did)}`);
    expect([resolved.status, await resolved.json()]).toMatchObject([200, { didDocument: { id: did } }]);
    const method = `${did}#${did.slice("did:key:".length)}`;
    const found = await fetch(`${server.url}/1.0/identifiers/${encodeURIComponent(method)}`);
    expect([found.status, await found.json()]).toMatchObject([200, { didDocument: { id: method } }]);
    const refused = await fetch(`${server.url}/1.0/identifiers/${encodeURIComponent("did:nothing:x")}`);
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { didResolutionMetadata: { error: "methodNotSupported" } },
    ]);
  });

  it("decides on what an agent asks for, once", async () => {
    const { challenge, domain } = (await post("/challenges", {})).json as {
      challenge: string;
      domain: string;
    };
    const invocation = { action: "order.create", resource: "https://shop.example/orders/7" };
    const { presentation } = await createPresentation(world.wallet, { challenge, domain, invocation });
    const authorize = () => post("/authorize", { presentation });
    expect(await authorize()).toMatchObject({ status: 200, json: { decision: { outcome: "allow" } } });
    expect(await authorize()).toMatchObject({
      status: 400,
      json: { problems: [{ code: "CHALLENGE_USED" }] },
    });
  });

  it("is described, and says nothing of what was in its requests in its log", async () => {
    const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    expect(await new Validator().validate(description)).toEqual({ valid: true });
    expect(JSON.stringify(description)).toContain('"name":"publicKeyFormat","in":"query"');
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(["/issuers/{issuer}/credentials/issue", "/credentials/verify", "/authorize"]),
    );
    expect(logged).toContain("issueCredential");
    expect(logged).toMatch(
      /"operation":"verifyCredential","status":400,"durationMs":[\d.]+,"code":"REVOKED"/,
    );
    expect(logged).not.toContain(token);
    expect(logged).not.toContain("student");
  });
});
