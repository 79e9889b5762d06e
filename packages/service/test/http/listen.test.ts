import { readFileSync } from "node:fs";
import { request } from "node:https";
import { fileURLToPath } from "node:url";

import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { listen } from "../../src/index.js";
import { connectRaw, statuses } from "./raw.js";
import { echo, gate, listening, outcome, serve, until } from "./served.js";

const file = (name: string): string => fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url));
const TLS = { certFile: file("server"), keyFile: file("server-key") };
const POST =
  'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"text":"x"}';

/** A service that holds on to what it does, on a server of its own. */
async function holding(drainTimeoutMs = 10_000) {
  const { opened, open } = gate();
  let [asked, done] = [0, 0];
  const served = await serve([
    echo(async () => {
      asked++;
      await opened;
      done++;
      return { status: 204 };
    }),
  ]);
  const server = await listening(served.service, { limits: { drainTimeoutMs } });
  const connection = await connectRaw(server.url);
  connection.write(POST);
  await until(() => asked === 1);
  return { ...served, server, connection, open, done: () => done };
}

async function connects(url: string): Promise<boolean> {
  try {
    (await connectRaw(url)).socket.destroy();
    return true;
  } catch {
    return false;
  }
}

describe("a server", () => {
  it("is on loopback unless told otherwise, at a free port", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await outcome(fetch(`${url}/health`))).toBe("200");
  });

  it("speaks TLS with a certificate of one's own", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service, { tls: TLS });
    expect(url).toMatch(/^https:/);
    const ca = readFileSync(TLS.certFile);
    const status = await new Promise((resolve, reject) => {
      request(`${url}/health`, { ca }, ({ statusCode }) => resolve(statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
    const plain = await connectRaw(url);
    plain.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(statuses(await plain.ended)).toEqual([]);
  });

  it("row 201: does not wait for a handshake for ever", async () => {
    const { service } = await serve([]);
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 100 };
    const { url } = await listening(service, { tls: TLS, limits });
    const { ended } = await connectRaw(url);
    expect(await ended).toBe("");
  });

  it.each([
    { certFile: file("none"), keyFile: TLS.keyFile },
    { certFile: TLS.certFile, keyFile: file("none") },
    { certFile: TLS.keyFile, keyFile: TLS.certFile },
  ])("refuses what is no certificate and key", async (tls) => {
    const { service } = await serve([]);
    expect(await codeOfAsync(() => listen(service, { tls }))).toBe("FILE_UNREADABLE");
  });

  it("refuses an address that is taken", async () => {
    const { service } = await serve([]);
    const { url } = await listening(service);
    const port = Number(new URL(url).port);
    expect(await codeOfAsync(() => listen(service, { port }))).toBe("ARGUMENT_INVALID");
  });
});

describe("a server that is closed", () => {
  it("finishes what was begun, and takes nothing else", async () => {
    const { server, connection, open, done } = await holding();
    const closed = server.close();
    expect(await connects(server.url)).toBe(false);
    expect(done()).toBe(0);
    open();
    await closed;
    const received = await connection.ended;
    expect(statuses(received)).toEqual([204]);
    expect(received.toLowerCase()).toContain("connection: close");
    expect(done()).toBe(1);
  });

  it("finishes what was begun for whoever has gone", async () => {
    const { server, connection, open, done } = await holding();
    connection.socket.destroy();
    await connection.ended;
    let isClosed = false;
    const closed = server.close().then(() => (isClosed = true));
    // Its connections are gone, so that only the service itself is waited for.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([isClosed, done()]).toEqual([false, 0]);
    open();
    await closed;
    expect(done()).toBe(1);
  });

  it("gives up after a time", async () => {
    const { server, connection, done } = await holding(50);
    await server.close();
    expect(statuses(await connection.ended)).toEqual([]);
    expect(done()).toBe(0);
  });

  it("does not wait for connections on which nothing is asked, and is closed once", async () => {
    const { service } = await serve([]);
    const server = await listening(service);
    const kept = await connectRaw(server.url);
    kept.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => kept.received() !== "");
    const [first, second] = [server.close(), server.close()];
    expect(first).toBe(second);
    await first;
    expect(statuses(await kept.ended)).toEqual([200]);
  });
});
