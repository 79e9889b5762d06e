import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { listen, type TokenScope } from "../../src/index.js";
import { answered, echo, listening, notes, outcome, post, serve } from "./served.js";

const DAY = 24 * 60 * 60 * 1000;

async function issuing() {
  let asked = 0;
  const served = await serve([notes(() => Promise.resolve({ status: 200 + 1 * Math.sign(++asked) }))]);
  const token = async (scopes: readonly TokenScope[] = ["issue"], lifeMs = DAY) =>
    served.tokens.create({ name: "test", scopes, lifeMs });
  const ask = (authorization?: string) =>
    served.service.fetch(
      post("/notes/a", { text: "x" }, authorization === undefined ? {} : { authorization }),
    );
  return { ...served, token, ask, asked: () => asked };
}

describe("row 198: a bearer token", () => {
  it("permits what it is for", async () => {
    const { token, ask } = await issuing();
    const issue = await token();
    expect(await outcome(ask(`Bearer ${issue.token}`))).toBe("201");
    expect(await outcome(ask(`bearer  ${issue.token}`))).toBe("201");
    const both = await token(["issue", "status"]);
    expect(await outcome(ask(`Bearer ${both.token}`))).toBe("201");
  });

  it("that is missing, unknown, expired or revoked gets one and the same answer", async () => {
    const { token, ask, tokens, clock, asked } = await issuing();
    const [expired, revoked] = [await token(["issue"], 1000), await token()];
    clock.advance(1000);
    await tokens.revoke(revoked.record.id);
    const given = [
      undefined,
      "",
      "Bearer",
      "Bearer x",
      `Basic ${revoked.token}`,
      `Bearer writ_${"A".repeat(43)}`,
      `Bearer ${expired.token}`,
      `Bearer ${revoked.token}`,
      `Bearer ${revoked.token}, Bearer ${revoked.token}`,
      `Bearer ${"x".repeat(5000)}`,
    ];
    const answers = await Promise.all(given.map(async (each) => answered(ask(each))));
    const [first] = answers;
    expect(first?.status).toBe(401);
    expect(first?.body).toContain('"code":"UNAUTHORIZED"');
    expect(first?.headers.get("www-authenticate")).toBe("Bearer");
    const seen = answers.map(({ status, body, headers }) => {
      headers.delete("x-request-id");
      return JSON.stringify([status, body, [...headers]]);
    });
    expect(new Set(seen).size).toBe(1);
    expect(asked()).toBe(0);
  });

  it("of two, is none", async () => {
    const { token, service } = await issuing();
    const { token: text } = await token();
    const request = post("/notes/a", { text: "x" });
    request.headers.append("authorization", `Bearer ${text}`);
    request.headers.append("authorization", `Bearer ${text}`);
    expect(await outcome(service.fetch(request))).toBe("401 UNAUTHORIZED");
  });

  it("for something else is refused", async () => {
    const { token, ask, asked } = await issuing();
    const response = await ask(`Bearer ${(await token(["status"])).token}`);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await outcome(response)).toBe("403 FORBIDDEN");
    expect(asked()).toBe(0);
  });

  it("is asked for before the body is looked at", async () => {
    const { service, token } = await issuing();
    const text = { "content-type": "text/plain" };
    expect(await outcome(service.fetch(post("/notes/a", "x", text)))).toBe("401 UNAUTHORIZED");
    const authorization = `Bearer ${(await token()).token}`;
    const permitted = service.fetch(post("/notes/a", "x", { ...text, authorization }));
    expect(await outcome(permitted)).toBe("415 MEDIA_TYPE_UNSUPPORTED");
  });

  it("is good for nothing where the store cannot tell", async () => {
    const { token, ask, database, asked } = await issuing();
    const { token: text } = await token();
    await database.query("DROP TABLE tokens");
    expect(await outcome(ask(`Bearer ${text}`))).toBe("500 INTERNAL");
    expect(asked()).toBe(0);
  });
});

describe("a service without tokens", () => {
  it("permits everybody, on loopback", async () => {
    const { service } = await serve([notes(() => Promise.resolve({ status: 204 }))], { access: "open" });
    for (const host of ["127.0.0.1", "localhost"]) {
      const { url } = await listening(service, { host });
      expect(new URL(url).hostname).toBe(host);
      const request = new Request(`${url}/notes/a`, post("/notes/a", { text: "x" }));
      expect(await outcome(fetch(request))).toBe("204");
    }
  });

  it.each(["0.0.0.0", "::", "192.0.2.1", "issuer.example", "127.0.0.1.evil.example", ""])(
    "does not listen on %j",
    async (host) => {
      const { service } = await serve([notes(() => Promise.resolve({ status: 204 }))], { access: "open" });
      expect(await codeOfAsync(() => listen(service, { host }))).toBe("ARGUMENT_INVALID");
    },
  );

  it("may listen on every address where nothing demands one", async () => {
    const { service } = await serve([echo()], { access: "open" });
    const { url } = await listening(service, { host: "0.0.0.0" });
    expect(await outcome(fetch(url.replace("0.0.0.0", "127.0.0.1") + "/health"))).toBe("200");
  });

  it("with tokens may listen on every address", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service, { host: "0.0.0.0" });
    expect(await outcome(fetch(url.replace("0.0.0.0", "127.0.0.1") + "/health"))).toBe("200");
  });
});
