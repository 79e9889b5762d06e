import { describe, expect, it } from "vitest";

import { BODY_LIMITS } from "../../src/index.js";
import { connectRaw, statuses } from "./raw.js";
import { answered, echo, listening, outcome, post, serve, until } from "./served.js";

const bytes = (length: number) => JSON.stringify({ text: "x".repeat(length - 11) });

describe("a body", () => {
  it.each(["application/json", "application/json; charset=utf-8", "Application/JSON ;x=y"])(
    "row 199: is read as %s",
    async (type) => {
      const { service } = await serve([echo()]);
      const response = service.fetch(post("/echo", { text: "x" }, { "content-type": type }));
      expect(await outcome(response)).toBe("204");
    },
  );

  it.each([
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonx",
    "application/ld+json",
    "application/vc",
    "text/plain, application/json",
    "application/json, text/plain",
  ])("row 199: is not read as %j", async (type) => {
    const { service } = await serve([echo()]);
    const response = service.fetch(post("/echo", { text: "x" }, { "content-type": type }));
    expect(await outcome(response)).toBe("415 MEDIA_TYPE_UNSUPPORTED");
  });

  it.each(["gzip", "br", "deflate", "zstd", "identity, gzip", "x"])(
    "row 199: is not read with the coding %s",
    async (encoding) => {
      const { service } = await serve([echo()]);
      const response = service.fetch(post("/echo", { text: "x" }, { "content-encoding": encoding }));
      expect(await outcome(response)).toBe("415 MEDIA_TYPE_UNSUPPORTED");
      const plain = service.fetch(post("/echo", { text: "x" }, { "content-encoding": "identity" }));
      expect(await outcome(plain)).toBe("204");
    },
  );

  it("may come a byte at a time", async () => {
    const { service } = await serve([echo()]);
    const text = `{"text":"${"x".repeat(5000)}"}`;
    const body = new ReadableStream<Uint8Array>({
      start(to) {
        for (const byte of Buffer.from(text)) to.enqueue(Uint8Array.of(byte));
        to.close();
      },
    });
    const headers = { "content-type": "application/json" };
    const request = new Request("http://localhost/echo", { method: "POST", headers, body, duplex: "half" });
    expect(await outcome(service.fetch(request))).toBe("204");
  });

  it("row 201: may come in a hundred thousand chunks", async () => {
    const { service } = await serve([echo()]);
    const { url } = await listening(service);
    const { write, received } = await connectRaw(url);
    write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    write("Transfer-Encoding: chunked\r\n\r\n");
    for (let turn = 0; turn < 100; turn++) {
      write("1\r\n \r\n".repeat(1000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    write('c\r\n{"text":"x"}\r\n0\r\n\r\n');
    await until(() => received() !== "");
    expect(statuses(received())).toEqual([204]);
  });

  it("is as large as the limit, and no byte larger", async () => {
    const { service } = await serve([echo()]);
    expect(await outcome(service.fetch(post("/echo", bytes(BODY_LIMITS.maxBytes))))).toBe("204");
    const larger = service.fetch(post("/echo", bytes(BODY_LIMITS.maxBytes + 1)));
    expect(await outcome(larger)).toBe("413 TOO_LARGE");
  });

  it("is not read where it says that it is too large, nor to its end where it says nothing", async () => {
    const { service } = await serve([echo()], { bodyLimits: { ...BODY_LIMITS, maxBytes: 1000 } });
    let given = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(to) {
          given++;
          to.enqueue(new Uint8Array(100).fill(0x20));
        },
      });
    const ask = (headers: Readonly<Record<string, string>>) =>
      service.fetch(
        new Request("http://localhost/echo", {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: endless(),
          duplex: "half",
        }),
      );
    expect(await outcome(ask({}))).toBe("413 TOO_LARGE");
    expect(given).toBeLessThan(20);
    given = 0;
    expect(await outcome(ask({ "content-length": "1001" }))).toBe("413 TOO_LARGE");
    expect(given).toBeLessThan(3);
  });

  it("row 201: is refused in the middle, and the connection closed", async () => {
    const { service } = await serve([echo()], { bodyLimits: { ...BODY_LIMITS, maxBytes: 1000 } });
    const { url } = await listening(service);
    const head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const declared = await connectRaw(url);
    declared.write(`${head}Content-Length: 1000000000\r\n\r\n{`);
    const refused = await declared.ended;
    expect(statuses(refused)).toEqual([413]);
    expect(refused.toLowerCase()).toContain("connection: close");
    const chunked = await connectRaw(url);
    chunked.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    chunked.write(`7d0\r\n${" ".repeat(2000)}\r\n`);
    expect(statuses(await chunked.ended)).toEqual([413]);
  });

  it.each([
    ["", "400 JSON_SYNTAX"],
    ["[]", "400 JSON_NOT_OBJECT"],
    ['{"text":"x"}{}', "400 JSON_SYNTAX"],
    ['{"text":"x","text":"y"}', "400 JSON_DUPLICATE_KEY"],
    ['{"__proto__":{}}', "400 JSON_FORBIDDEN_KEY"],
    ["\uFEFF{}", "400 JSON_ENCODING"],
    [`{"text":${"[".repeat(40)}${"]".repeat(40)}}`, "400 JSON_TOO_DEEP"],
    ['{"text":1}', "400 SCHEMA_INVALID"],
  ])("is strict JSON in the operation's form: %j", async (body, expected) => {
    const { service } = await serve([echo()]);
    expect(await outcome(service.fetch(post("/echo", body)))).toBe(expected);
  });

  it("is UTF-8", async () => {
    const { service } = await serve([echo()]);
    const request = new Request("http://localhost/echo", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
    });
    expect(await outcome(service.fetch(request))).toBe("400 JSON_ENCODING");
  });

  it("that breaks off asks nothing of the operation", async () => {
    let asked = 0;
    const { service, lines } = await serve([echo(() => Promise.resolve({ status: 200 + 4 * ++asked }))]);
    const { url } = await listening(service);
    const { socket, write } = await connectRaw(url);
    write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    write('Content-Length: 12\r\n\r\n{"text"');
    socket.end();
    await until(() => lines.length > 0);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ status: 400, code: "REQUEST_MALFORMED" });
    expect(asked).toBe(0);
  });

  it("reaches the operation frozen, beside what else it goes by", async () => {
    const seen: unknown[] = [];
    const { service } = await serve([
      echo(({ body, headers, query, parameters }) => {
        seen.push(Object.isFrozen(body), body, [...headers], [...query], parameters);
        return Promise.resolve({ status: 200, body: { ok: true } });
      }),
    ]);
    const request = post("/echo?a=1&a=%20", { text: "x" }, { accept: "a/b", authorization: "Bearer x" });
    const { headers, body } = await answered(service.fetch(request));
    expect(seen).toEqual([
      true,
      { text: "x" },
      [["accept", "a/b"]],
      [
        ["a", "1"],
        ["a", " "],
      ],
      {},
    ]);
    expect(body).toBe('{"ok":true}');
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
});
