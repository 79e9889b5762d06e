import { describe, expect, it } from "vitest";

import { connectRaw, exchange, statuses } from "./raw.js";
import { echo, listening, serve } from "./served.js";

const HEAD = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const BODY = '{"text":"x"}';
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

async function counting(limits = {}) {
  let asked = 0;
  const served = await serve([echo(() => Promise.resolve({ status: 200 + 4 * Math.sign(++asked) }))]);
  const { url } = await listening(served.service, { limits });
  return { ...served, url, asked: () => asked };
}

describe("row 200: a request whose end two readers could see at different places", () => {
  it.each([
    [
      "length and chunks",
      `Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`,
    ],
    ["chunks and length", `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ["two lengths", `Content-Length: 12\r\nContent-Length: 0\r\n\r\n${BODY}`],
    ["one length twice", `Content-Length: 12\r\nContent-Length: 12\r\n\r\n${BODY}`],
    ["a list of lengths", `Content-Length: 12, 12\r\n\r\n${BODY}`],
    ["a signed length", `Content-Length: +12\r\n\r\n${BODY}`],
    ["a negative length", `Content-Length: -1\r\n\r\n${BODY}`],
    ["a hexadecimal length", `Content-Length: 0xc\r\n\r\n${BODY}`],
    ["a length that overflows", `Content-Length: 18446744073709551628\r\n\r\n${BODY}`],
    ["another coding", `Transfer-Encoding: xchunked\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`],
    ["chunks that are not last", `Transfer-Encoding: chunked, identity\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`],
    ["a space before the colon", `Content-Length : 12\r\n\r\n${BODY}`],
    ["a folded line", `Content-Length: 12\r\nX-A: b\r\n c\r\n\r\n${BODY}`],
    ["a folded coding", `Transfer-Encoding:\r\n chunked\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`],
    ["a bare CR", `X-A: b\rContent-Length: 12\r\n\r\n${BODY}`],
    ["a NUL", `X-A: b\0c\r\nContent-Length: 12\r\n\r\n${BODY}`],
    ["a chunk size that is none", `Transfer-Encoding: chunked\r\n\r\n-1\r\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk that is longer than its size", `Transfer-Encoding: chunked\r\n\r\n1\r\n${BODY}\r\n0\r\n\r\n`],
    [
      "a chunk size that overflows",
      `Transfer-Encoding: chunked\r\n\r\n1000000000000000c\r\n${BODY}\r\n0\r\n\r\n`,
    ],
  ])("is refused, and the connection closed: %s", async (_, rest) => {
    const { url, asked } = await counting();
    const received = await exchange(url, `${HEAD}${rest}${SMUGGLED}`);
    expect(statuses(received)).toEqual([400]);
    expect(asked()).toBe(0);
    expect(received).not.toContain("smuggled");
  });

  it("is read where there is one end", async () => {
    const { url, asked } = await counting();
    const chunks = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n${BODY.slice(0, 5)}\r\n7\r\n${BODY.slice(5)}\r\n0\r\n\r\n`;
    const whole = `${HEAD}Content-Length: 12\r\n\r\n${BODY}`;
    const last = `${HEAD}Connection: close\r\nContent-Length: 12\r\n\r\n${BODY}`;
    expect(statuses(await exchange(url, chunks + whole + last))).toEqual([204, 204, 204]);
    expect(asked()).toBe(3);
  });

  it("does not go on after a body that nobody read", async () => {
    const { url } = await counting();
    const unread = `GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${String(SMUGGLED.length)}\r\n\r\n`;
    const last = "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(statuses(await exchange(url, unread + SMUGGLED + last))).toEqual([200, 200]);
  });

  it.each([
    "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /health HTTP/0.9\r\nHost: localhost\r\n\r\n",
    "POST /echo HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /health\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000",
  ])("is no request here: %j", async (text) => {
    const { url, lines } = await counting();
    const received = await exchange(url, text);
    expect(statuses(received).filter((status) => status !== 400)).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("changes no protocol", async () => {
    const { url } = await counting();
    const upgrade =
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n";
    expect(statuses(await exchange(url, upgrade))).toEqual([200]);
  });
});

describe("row 200: a header", () => {
  it("is as large as the limit, and no larger", async () => {
    const { url } = await counting({ maxHeaderBytes: 4096 });
    const ask = (length: number) =>
      exchange(
        url,
        `GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: ${"x".repeat(length)}\r\n\r\n`,
      );
    expect(statuses(await ask(3000))).toEqual([200]);
    expect(statuses(await ask(5000))).toEqual([431]);
    const path = `GET /${"x".repeat(5000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    expect(statuses(await exchange(url, path))).toEqual([431]);
  });

  it("that never ends is cut off", async () => {
    const { url } = await counting();
    const { socket, write, ended } = await connectRaw(url);
    write("GET /health HTTP/1.1\r\nHost: localhost\r\n");
    for (let count = 0; count < 1000 && !socket.destroyed; count++)
      write(`X-${String(count)}: ${"x".repeat(100)}\r\n`);
    expect(statuses(await ended)).toEqual([431]);
  });
});
