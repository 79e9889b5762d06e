import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import { codeOfAsync } from "@writ/testkit";
import { afterEach, describe, expect, it } from "vitest";

import type { SafeFetchOptions } from "../../src/index.js";
import { countSockets } from "./count-sockets.js";
import { loopbackFetch, openServer, type Answer, type LoopbackServer } from "./loopback-server.js";

const DEMAND = { maxBytes: 1000, accept: "application/json" };
const TEXT = '{"a":1}';

let server: LoopbackServer;
const urlOf = (host = "acme.example") => `https://${host}:${String(server.port)}/status/r1?a=b`;

/** What comes of an answer: the fetched, or the code of the refusal. Nothing is left open. */
async function fetched(
  answer: Answer,
  demand: { readonly etag?: string; readonly maxBytes?: number } = {},
  options: SafeFetchOptions = {},
): Promise<unknown> {
  server = await openServer(answer);
  const outcome = await loopbackFetch(options)(urlOf(), { ...DEMAND, ...demand }).then(
    (result) =>
      result.status === "ok" ? { ...result, body: new TextDecoder().decode(result.body) } : result,
    (error: unknown) => (error as { readonly code: string }).code,
  );
  expect(server.connections()).toBe(1);
  await server.allClosed();
  return outcome;
}

/** An answer to the letter, after which the connection stays open. */
const raw =
  (...parts: readonly string[]): Answer =>
  ({ socket }) => {
    for (const part of parts) socket.write(part);
  };

/** Writes the same again and again, as fast or as slowly as the client and the clock permit. */
const endless =
  (begin: string, part: string, everyMs: number): Answer =>
  ({ socket }) => {
    socket.write(begin);
    const timer = setInterval(() => socket.write(part), everyMs);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };

describe("a safe fetch", () => {
  it("asks for one thing in plain words, on a connection of its own", async () => {
    const found = await fetched((_, response) => response.end(TEXT));
    expect(found).toEqual({ status: "ok", body: TEXT });
    expect(server.asked).toEqual([
      {
        url: "/status/r1?a=b",
        headers: {
          host: `acme.example:${String(server.port)}`,
          accept: "application/json",
          "accept-encoding": "identity",
          "user-agent": "writ",
          connection: "close",
        },
      },
    ]);
  });

  it.each([Promise.resolve(false), 1, "yes"])(
    "is not let through by a rule that answers %s",
    async (answer) => {
      server = await openServer((_, response) => response.end(TEXT));
      const fetch = loopbackFetch({ addresses: () => answer as unknown as boolean });
      expect(await codeOfAsync(() => fetch(urlOf(), DEMAND))).toBe("FETCH_REFUSED");
      expect(server.connections()).toBe(0);
    },
  );

  it("is a new connection each time", async () => {
    server = await openServer((_, response) => response.end(TEXT));
    const fetch = loopbackFetch();
    for (let i = 0; i < 3; i++) await fetch(urlOf(), DEMAND);
    await Promise.all([fetch(urlOf(), DEMAND), fetch(urlOf(), DEMAND)]);
    expect(server.connections()).toBe(5);
    await server.allClosed();
  });

  it("passes on the media type and the entity tag", async () => {
    const headers = { "content-type": "application/vc; charset=utf-8", etag: 'W/"abc"' };
    expect(await fetched((_, response) => response.writeHead(200, headers).end(TEXT))).toEqual({
      status: "ok",
      body: TEXT,
      etag: 'W/"abc"',
      contentType: "application/vc; charset=utf-8",
    });
  });

  it("reads a body in pieces, up to the last byte that is allowed", async () => {
    const pieces: Answer = (_, response) => {
      response.write("a".repeat(999));
      response.end("b");
    };
    expect(await fetched(pieces)).toMatchObject({ body: `${"a".repeat(999)}b` });
  });

  it("sends an entity tag back, and is told that nothing changed", async () => {
    const unchanged: Answer = (_, response) => response.writeHead(304, { etag: '"abc"' }).end();
    expect(await fetched(unchanged, { etag: '"abc"' })).toEqual({ status: "unchanged" });
    expect(server.asked[0]?.headers["if-none-match"]).toBe('"abc"');
  });

  it.each([
    ["no tag", "abc"],
    ["a line feed", '"a\nb"'],
    ["a header of its own", '"a"\r\nx: "y"'],
    ["a control", '"a\u0007"'],
    ["a quote within", '"a"b"'],
    ["a list", '"a", "b"'],
    ["letters outside ASCII", '"é"'],
    ["more than may be kept", `"${"a".repeat(257)}"`],
    ["nothing", ""],
  ])("does not send back %s as an entity tag", async (_, etag) => {
    const unchanged: Answer = (_request, response) => response.writeHead(304).end();
    expect(await fetched(unchanged, { etag })).toBe("FETCH_UNAVAILABLE");
    expect(server.asked[0]?.headers).not.toHaveProperty("if-none-match");
  });

  it.each([
    ["no tag", "abc"],
    ["more than may be kept", `"${"a".repeat(257)}"`],
    ["a tab", '"a\tb"'],
  ])("does not pass on %s as an entity tag", async (_, etag) => {
    expect(await fetched((_request, response) => response.writeHead(200, { etag }).end(TEXT))).toEqual({
      status: "ok",
      body: TEXT,
    });
  });

  it.each([404, 410])("finds nothing where the server says %d", async (code) => {
    expect(await fetched((_, response) => response.writeHead(code).end("gone"))).toEqual({
      status: "not-found",
    });
  });

  it.each([201, 202, 203, 204, 206, 226, 304, 400, 401, 403, 405, 418, 429, 500, 502, 503, 599])(
    "cannot tell where the server says %d",
    async (code) => {
      expect(await fetched((_, response) => response.writeHead(code).end())).toBe("FETCH_UNAVAILABLE");
    },
  );

  it.each([300, 301, 302, 303, 307, 308])("row 129: does not follow a redirect (%d)", async (code) => {
    const other = await openServer((_, response) => response.end(TEXT));
    const location = `https://acme.example:${String(other.port)}/`;
    const reached = await countSockets(async () => {
      const outcome = await fetched((_, response) => response.writeHead(code, { location }).end(TEXT));
      expect(outcome).toBe("FETCH_UNAVAILABLE");
    });
    expect([reached.sockets, other.connections()]).toEqual([1, 0]);
  });
});

describe("row 132: an answer without bounds", () => {
  it("is not read beyond the limit, whether or not it says how long it is", async () => {
    const long = "a".repeat(1001);
    expect(
      await fetched((_, response) => response.writeHead(200, { "content-length": 1001 }).end(long)),
    ).toBe("FETCH_UNAVAILABLE");
    const pieces: Answer = (_, response) => {
      for (const letter of long) response.write(letter);
    };
    expect(await fetched(pieces)).toBe("FETCH_UNAVAILABLE");
    const untilClosed = raw("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", long);
    expect(await fetched(untilClosed)).toBe("FETCH_UNAVAILABLE");
  });

  it("is not waited for where it says that it will be too long", async () => {
    expect(await fetched(raw("HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n"))).toBe("FETCH_UNAVAILABLE");
  });

  const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const brief = { timeoutMs: 100 };

  it.each<readonly [string, Answer]>([
    ["never comes", () => undefined],
    ["drips", endless(CHUNKED, "1\r\na\r\n", 10)],
    ["stops within the body", raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")],
    ["stops within the headers", raw("HTTP/1.1 200 OK\r\nx: a")],
    ["has headers without end, slowly", endless("HTTP/1.1 200 OK\r\n", "x: a\r\n", 10)],
    ["announces itself without end", endless("", "HTTP/1.1 103 Early Hints\r\n\r\n", 1)],
    ["has trailers without end, slowly", endless(`${CHUNKED}0\r\n`, "x: a\r\n", 10)],
  ])("ends with the time where it %s", async (_, answer) => {
    expect(await fetched(answer, {}, brief)).toBe("FETCH_UNAVAILABLE");
  });

  it("ends with the time where the look-up does not end, without a connection", async () => {
    const fetch = loopbackFetch({ ...brief, lookup: () => new Promise(() => undefined) });
    const reached = await countSockets(async () => {
      expect(await codeOfAsync(() => fetch("https://acme.example/", DEMAND))).toBe("FETCH_UNAVAILABLE");
    });
    expect(reached).toEqual({ sockets: 0, lookups: 0 });
  });

  it("opens no connection where the look-up ends too late", async () => {
    let found: (addresses: readonly string[]) => void = () => undefined;
    const lookup = () => new Promise<readonly string[]>((resolve) => (found = resolve));
    const fetch = loopbackFetch({ ...brief, lookup });
    server = await openServer((_, response) => response.end(TEXT));
    const reached = await countSockets(async () => {
      expect(await codeOfAsync(() => fetch(urlOf(), DEMAND))).toBe("FETCH_UNAVAILABLE");
      found(["127.0.0.1"]);
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect([reached.sockets, server.connections()]).toEqual([0, 0]);
  });

  // Each of these ends by itself: the time is not what ends it.
  const long = { timeoutMs: 60_000 };

  it.each<readonly [string, Answer]>([
    ["headers", endless("HTTP/1.1 200 OK\r\n", `x: ${"a".repeat(1000)}\r\n`, 0)],
    ["one header", endless("HTTP/1.1 200 OK\r\nx: ", "a".repeat(1000), 0)],
    ["trailers", endless(`${CHUNKED}0\r\n`, `x: ${"a".repeat(1000)}\r\n`, 0)],
    ["a chunk's extension", endless(`${CHUNKED}1;`, "a".repeat(1000), 0)],
    ["a body", endless(CHUNKED, "5\r\naaaaa\r\n", 0)],
  ])("ends where the limit of %s is passed", async (_, answer) => {
    expect(await fetched(answer, {}, long)).toBe("FETCH_UNAVAILABLE");
  });
});

describe("the headers of an answer", () => {
  it.each([
    [8000, { status: "ok", body: TEXT }],
    [9000, "FETCH_UNAVAILABLE"],
  ])("may not be larger than 8 KiB: %d bytes", async (bytes, outcome) => {
    const answer: Answer = (_, response) => response.writeHead(200, { x: "a".repeat(bytes) }).end(TEXT);
    expect(await fetched(answer)).toEqual(outcome);
  });
});

describe("an answer that is not what was asked for", () => {
  it.each(["gzip", "br", "deflate", "identity, gzip", "x-unknown"])(
    "is not unpacked: %s",
    async (encoding) => {
      const answer: Answer = (_, response) =>
        response.writeHead(200, { "content-encoding": encoding }).end(TEXT);
      expect(await fetched(answer)).toBe("FETCH_UNAVAILABLE");
    },
  );

  it("may say that it is plain", async () => {
    const answer: Answer = (_, response) =>
      response.writeHead(200, { "content-encoding": "Identity" }).end(TEXT);
    expect(await fetched(answer)).toMatchObject({ body: TEXT });
  });

  it.each<readonly [string, Answer]>([
    [
      "another protocol",
      raw("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    ],
    ["no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n")],
    ["two lengths", raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}")],
    [
      "a length and chunks",
      raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    ],
    ["a negative length", raw("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}")],
    ["chunks that are none", raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")],
    ["less than it says", ({ socket }) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}")],
    [
      "chunks without an end",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    ],
    ["nothing", ({ socket }) => socket.end()],
    ["a reset", ({ socket }) => socket.destroy()],
  ])("is refused: %s", async (_, answer) => {
    expect(await fetched(answer, {}, { timeoutMs: 60_000 })).toBe("FETCH_UNAVAILABLE");
  });
});

describe("a server that does not speak TLS", () => {
  const codeFrom = async (answer: string, timeoutMs: number): Promise<string> => {
    const sockets: Promise<unknown>[] = [];
    const plain = createServer((socket) => {
      sockets.push(new Promise((resolve) => socket.on("close", resolve).on("error", () => undefined)));
      socket.resume().write(answer);
    });
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    const { port } = plain.address() as AddressInfo;
    const code = await codeOfAsync(() =>
      loopbackFetch({ timeoutMs })(`https://acme.example:${String(port)}/`, DEMAND),
    );
    await Promise.all(sockets);
    plain.close();
    return code;
  };

  it("is not listened to", async () => {
    expect(await codeFrom("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", 60_000)).toBe(
      "FETCH_UNAVAILABLE",
    );
  });

  it("row 132: is not waited for where it says nothing", async () => {
    expect(await codeFrom("", 100)).toBe("FETCH_UNAVAILABLE");
  });
});

describe("row 134: the server's certificate", () => {
  afterEach(() => {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  });

  const codeFrom = async (
    certificate: "server" | "expired" | "self-signed",
    host: string,
    options: SafeFetchOptions,
  ) => {
    server = await openServer((_, response) => response.end(TEXT), certificate);
    const code = await codeOfAsync(() => loopbackFetch(options)(urlOf(host), DEMAND));
    await server.allClosed();
    return [code, server.asked];
  };

  it("must be signed by an authority that is trusted, for the name, and in date", async () => {
    const none = ["FETCH_UNAVAILABLE", []];
    expect(await codeFrom("self-signed", "acme.example", {})).toEqual(none);
    expect(await codeFrom("server", "acme.example", { certificateAuthorities: [] })).toEqual(none);
    expect(await codeFrom("server", "other.example", {})).toEqual(none);
    expect(await codeFrom("server", "a.b.acme.example", {})).toEqual(none);
    expect(await codeFrom("expired", "acme.example", {})).toEqual(none);
  });

  it("is checked whatever the environment says", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    expect(await codeFrom("self-signed", "acme.example", {})).toEqual(["FETCH_UNAVAILABLE", []]);
  });
});
