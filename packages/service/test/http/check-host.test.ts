import { codeOf } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createHttpService, createRequestLog } from "../../src/index.js";
import { connectRaw, exchange, statuses } from "./raw.js";
import { echo, get, listening, outcome, post, serve } from "./served.js";

const ask = (host: string, version = "1.1") =>
  `GET /health HTTP/${version}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

describe("row 203: the host that a request is for", () => {
  it.each([
    "localhost",
    "localhost:8080",
    "127.0.0.1",
    "[::1]:80",
    "LOCALHOST",
    "issuer.example",
    "svc:8080",
  ])("is served here: %s", async (host) => {
    const { service } = await serve([], { publicUrl: "https://issuer.example/x", hosts: ["svc"] });
    const { url } = await listening(service);
    expect(statuses(await exchange(url, ask(host)))).toEqual([200]);
  });

  it.each([
    "evil.example",
    "localhost.evil.example",
    "localhost.",
    "127.0.0.1.evil.example",
    "issuer.example.evil.example",
    "10.0.0.1",
    "[::2]",
  ])("is another: %s", async (host) => {
    const { service } = await serve([], { publicUrl: "https://issuer.example" });
    const { url } = await listening(service);
    const received = await exchange(url, ask(host));
    expect(statuses(received)).toEqual([421]);
    expect(received).toContain('"code":"HOST_UNKNOWN"');
    expect(received).not.toContain(host);
  });

  it("is neither of two, nor another than the address says", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service);
    const twice =
      "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(url, twice))).toEqual([421]);
    const absolute =
      "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(url, absolute))).toEqual([421]);
    const other = "GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(url, other))).toEqual([421]);
    const same = "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(url, same))).toEqual([200]);
  });

  it.each(["", "a b", "@localhost", "localhost:x", "local\thost", "localhost/", "localhost,evil.example"])(
    "is malformed: %j",
    async (host) => {
      const { service } = await serve([]);
      const { url } = await listening(service);
      const received = await exchange(url, ask(host));
      expect([400, 421]).toContain(statuses(received)[0]);
    },
  );

  it("is missing", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service);
    expect(statuses(await exchange(url, "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"))).toEqual([400]);
    expect(statuses(await exchange(url, "GET /health HTTP/1.0\r\n\r\n"))).toEqual([400]);
  });

  it("may be the address that the connection reached, and no other", async () => {
    const { service } = await serve([echo()]);
    const asked = (localAddress?: string) =>
      outcome(service.fetch(new Request("http://192.0.2.7:8080/health"), { localAddress }));
    expect(await asked("192.0.2.7")).toBe("200");
    expect(await asked("::ffff:192.0.2.7")).toBe("200");
    expect(await asked("192.0.2.8")).toBe("421 HOST_UNKNOWN");
    expect(await asked()).toBe("421 HOST_UNKNOWN");
    const six = new Request("http://[2001:db8::7]/health");
    expect(await outcome(service.fetch(six, { localAddress: "2001:db8:0::7" }))).toBe("200");
  });

  it("gets no word on other origins", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service);
    const origin = "Host: localhost\r\nOrigin: https://evil.example\r\nConnection: close\r\n";
    const received =
      (await exchange(url, `GET /health HTTP/1.1\r\n${origin}\r\n`)) +
      (await exchange(
        url,
        `OPTIONS /health HTTP/1.1\r\n${origin}Access-Control-Request-Method: GET\r\n\r\n`,
      ));
    expect(statuses(received)).toEqual([200, 405]);
    expect(received.toLowerCase()).not.toContain("access-control");
  });

  it("does nothing for a page of another origin, and all for one of its own", async () => {
    const { service } = await serve([echo()], { publicUrl: "https://issuer.example/" });
    const ask = (origin: string) => outcome(service.fetch(post("/echo", { text: "x" }, { origin })));
    for (const origin of ["https://evil.example", "null", "x", "http://localhost.evil.example"]) {
      expect(await ask(origin)).toBe("403 ORIGIN_UNKNOWN");
    }
    for (const origin of ["https://issuer.example", "http://localhost:8080", "http://127.0.0.1"]) {
      expect(await ask(origin)).toBe("204");
    }
    const other = get("/health", { origin: "https://evil.example" });
    expect(await outcome(service.fetch(other))).toBe("200");
  });

  it("is not asked of a connection that says nothing", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service, { limits: { headersTimeoutMs: 60, requestTimeoutMs: 60 } });
    const { ended } = await connectRaw(url);
    expect(statuses(await ended)).toEqual([408]);
  });

  it.each(["ftp://issuer.example", "issuer.example", ""])("refuses a public address: %j", (publicUrl) => {
    const options = { access: "open", log: createRequestLog({ write: () => undefined }), publicUrl } as const;
    expect(codeOf(() => createHttpService([], options))).toBe("ARGUMENT_INVALID");
  });
});
