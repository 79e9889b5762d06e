import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { listen } from "../../src/index.js";
import { connectRaw, exchange, statuses } from "./raw.js";
import { echo, get, listening, outcome, serve, until } from "./served.js";

const HEAD = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const SHORT = { headersTimeoutMs: 100, requestTimeoutMs: 200, keepAliveTimeoutMs: 100 };

async function limited(limits: Parameters<typeof listen>[1] & object) {
  let asked = 0;
  const served = await serve([echo(() => Promise.resolve({ status: 200 + 4 * Math.sign(++asked) }))]);
  const { url } = await listening(served.service, limits);
  return { ...served, url, asked: () => asked };
}

describe("row 201: a connection", () => {
  it("that sends its header byte by byte is closed when the time is up", async () => {
    const { url } = await limited({ limits: SHORT });
    const { write, ended } = await connectRaw(url);
    write("GET /health HTTP/1.1\r\nHost: localhost\r\n");
    const drip = setInterval(() => write("X"), 10);
    const received = await ended;
    clearInterval(drip);
    expect(statuses(received)).toEqual([408]);
  });

  it("that sends its body byte by byte is closed when the time is up", async () => {
    const { url, asked } = await limited({ limits: SHORT });
    const { write, ended } = await connectRaw(url);
    write(`${HEAD}Content-Length: 100000\r\n\r\n{"text":"`);
    const drip = setInterval(() => write("x"), 10);
    const received = await ended;
    clearInterval(drip);
    expect(statuses(received).filter((status) => status < 400)).toEqual([]);
    expect(asked()).toBe(0);
  });

  it("that sends nothing, or nothing more, is closed when the time is up", async () => {
    const { url } = await limited({ limits: SHORT });
    const silent = await connectRaw(url);
    const kept = await connectRaw(url);
    kept.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(statuses(await silent.ended)).toEqual([408]);
    expect(statuses(await kept.ended)).toEqual([200]);
  });

  it("of a thousand idle ones does not keep others out", async () => {
    const { url } = await limited({});
    const idle = await Promise.all(Array.from({ length: 1000 }, () => connectRaw(url)));
    expect(await outcome(fetch(`${url}/health`))).toBe("200");
    expect(idle.filter(({ socket }) => socket.destroyed)).toEqual([]);
  });

  it("on which thousands of requests come at once is closed, and few of them are answered", async () => {
    const { url } = await limited({});
    const { write, ended } = await connectRaw(url);
    write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3000));
    expect(statuses(await ended).length).toBeLessThan(16);
    const few = await connectRaw(url);
    few.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(8));
    await until(() => statuses(few.received()).length === 8);
    expect(statuses(few.received())).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it("beyond the number is closed at once", async () => {
    const { url } = await limited({ limits: { maxConnections: 3 } });
    for (let count = 0; count < 3; count++) {
      const { write, socket } = await connectRaw(url);
      write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await new Promise((resolve) => socket.once("data", resolve));
    }
    const beyond = await connectRaw(url);
    expect(await beyond.ended).toBe("");
  });

  it("is not kept for whoever does not take the answer", async () => {
    const large = "x".repeat(32 * 1024 * 1024);
    const { service } = await serve([
      {
        id: "large",
        method: "GET",
        path: "/large",
        summary: "Much.",
        answers: { 200: "Much." },
        handle: () => Promise.resolve({ status: 200, contentType: "text/plain", body: large }),
      },
    ]);
    const limits = { stallTimeoutMs: 200, maxConnections: 1 };
    const { url } = await listening(service, { limits });
    const { socket, write, ended } = await connectRaw(url);
    socket.pause();
    write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
    // There is room for another when the server has given this one up.
    const health = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let others = "";
    while (others === "") others = await exchange(url, health);
    expect(statuses(others)).toEqual([200]);
    socket.resume();
    expect((await ended).length).toBeLessThan(large.length);
  });

  it("has limits that make sense", async () => {
    const { service } = await serve([]);
    for (const limits of [{ headersTimeoutMs: 0 }, { headersTimeoutMs: 20, requestTimeoutMs: 10 }]) {
      expect(await codeOfAsync(() => listen(service, { limits }))).toBe("ARGUMENT_INVALID");
    }
    expect(await outcome(service.fetch(get("/health")))).toBe("200");
  });
});
