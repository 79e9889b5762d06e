import { codeOf, fixedClock } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createHttpService, createRequestLog, type Operation } from "../../src/index.js";
import { createRateLimit } from "../../src/http/rate-limit.js";
import { connectRaw, statuses } from "./raw.js";
import { echo, gate, get, listening, NOW, outcome, post, serve, START, until } from "./served.js";

const SILENT = { access: "open", log: createRequestLog({ write: () => undefined }) } as const;

/** A service that does two at a time while three wait, and holds on to what it does. */
async function busy() {
  const { opened, open } = gate();
  let [inWork, most, done] = [0, 0, 0];
  const operation = echo(async () => {
    most = Math.max(most, ++inWork);
    await opened;
    inWork--;
    done++;
    return { status: 204 };
  });
  const served = await serve([operation], { limits: { maxInWork: 2, maxWaiting: 3 } });
  const ask = () => served.service.fetch(post("/echo", { text: "x" }));
  return { ...served, ask, open, inWork: () => inWork, most: () => most, done: () => done };
}

/** Everything that is to be given up, at once. */
function abortable() {
  const aborts: (() => void)[] = [];
  return { abort: (act: () => void) => void aborts.push(act), signal: () => aborts.forEach((act) => act()) };
}

describe("overload", () => {
  it("is answered at once by 429, and what was let in is done", async () => {
    const { ask, open, inWork, most, done } = await busy();
    const within = Array.from({ length: 5 }, ask);
    await until(() => inWork() === 2);
    const beyond = await Promise.all(Array.from({ length: 45 }, ask));
    expect(beyond.map(({ status }) => status)).toEqual(Array.from({ length: 45 }, () => 429));
    expect(beyond[0]?.headers.get("retry-after")).toBe("1");
    expect(await outcome(beyond[0] ?? ask())).toBe("429 TOO_MANY_REQUESTS");
    open();
    expect(await Promise.all(within.map(outcome))).toEqual(Array.from({ length: 5 }, () => "204"));
    expect([most(), done(), inWork()]).toEqual([2, 5, 0]);
    expect(await Promise.all(Array.from({ length: 5 }, () => outcome(ask())))).toEqual(
      Array.from({ length: 5 }, () => "204"),
    );
  });

  it("gives places back whatever became of a request", async () => {
    const { service } = await serve([echo(() => Promise.reject(new Error("x")))], {
      limits: { maxInWork: 1, maxWaiting: 0 },
    });
    const answers = [];
    for (const body of ['{"text":"x"}', "{", '{"y":1}', '{"text":"x"}', '{"text":"x"}']) {
      answers.push(await outcome(service.fetch(post("/echo", body))));
    }
    expect(answers.map((each) => each.slice(0, 3))).toEqual(["500", "400", "400", "500", "500"]);
  });

  it("is decided before a body is read", async () => {
    const { service, ask, open, inWork } = await busy();
    const { url } = await listening(service);
    const within = Array.from({ length: 5 }, ask);
    await until(() => inWork() === 2);
    const { write, received } = await connectRaw(url);
    write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n");
    write("Content-Length: 200000\r\n\r\n");
    await until(() => received() !== "");
    expect(statuses(received())).toEqual([429]);
    open();
    await Promise.all(within);
  });

  it("is told too where work never waits for anything", async () => {
    const operation = echo(() => {
      const end = performance.now() + 20;
      while (performance.now() < end);
      return Promise.resolve({ status: 204 });
    });
    const { service } = await serve([operation], { limits: { maxInWork: 1, maxWaiting: 3 } });
    const { url } = await listening(service);
    const head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const connections = await Promise.all(Array.from({ length: 40 }, () => connectRaw(url)));
    for (const { write } of connections) write(`${head}Content-Length: 12\r\n\r\n{"text":"x"}`);
    await until(() => connections.every(({ received }) => received() !== ""));
    const answered = connections.flatMap(({ received }) => statuses(received()));
    expect(new Set(answered)).toEqual(new Set([204, 429]));
    // One is in work, and three wait, of each slice; most of forty that come at once are neither.
    expect(answered.filter((status) => status === 429).length).toBeGreaterThan(answered.length / 2);
  });

  it("row 201: slow senders keep places in reading from others, those of one address not all, and none from what has no body", async () => {
    const draw: Operation = {
      id: "draw",
      method: "GET",
      path: "/draw",
      summary: "Draws.",
      answers: { 204: "Drawn." },
      handle: () => Promise.resolve({ status: 204 }),
    };
    const limits = { maxInWork: 1, maxWaiting: 0, maxReading: 3, maxReadingOfOne: 2 };
    const { service } = await serve([echo(), draw], { limits });
    const { signal, abort } = abortable();
    const slow = (remoteAddress: string) => {
      const body = new ReadableStream<Uint8Array>({
        start: (to) => abort(() => to.error(new Error("gone"))),
      });
      const headers = { "content-type": "application/json" };
      const request = new Request("http://localhost/echo", { method: "POST", headers, body, duplex: "half" });
      return outcome(service.fetch(request, { remoteAddress }));
    };
    const held = [slow("2001:db8:1:2::1"), slow("2001:db8:1:2::2")];
    expect(await slow("2001:db8:1:2::3")).toBe("429 TOO_MANY_REQUESTS");
    held.push(slow("192.0.2.2"));
    expect(await slow("192.0.2.3")).toBe("429 TOO_MANY_REQUESTS");
    expect(await outcome(service.fetch(get("/draw")))).toBe("204");
    signal();
    expect(await Promise.all(held)).toEqual(
      ["400", "400", "400"].map((status) => `${status} REQUEST_MALFORMED`),
    );
    const ask = () => service.fetch(post("/echo", { text: "x" }), { remoteAddress: "192.0.2.1" });
    expect(await outcome(ask())).toBe("204");
  });

  it("begins nothing for a client that has left while it waited", async () => {
    const { opened, open } = gate();
    let done = 0;
    const { service } = await serve([echo(() => opened.then(() => (done++, { status: 204 })))], {
      limits: { maxInWork: 1, maxWaiting: 3 },
    });
    const leaving = new AbortController();
    const first = service.fetch(post("/echo", { text: "x" }));
    const request = new Request(post("/echo", { text: "x" }), { signal: leaving.signal });
    const second = outcome(service.fetch(request));
    const third = service.fetch(post("/echo", { text: "x" }));
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    open();
    expect(await Promise.all([outcome(first), second, outcome(third)])).toEqual([
      "204",
      "400 REQUEST_MALFORMED",
      "204",
    ]);
    expect(done).toBe(2);
  });

  it("does not concern what tells how the service is", async () => {
    const { service, ask, open, inWork } = await busy();
    const within = Array.from({ length: 5 }, ask);
    await until(() => inWork() === 2);
    for (const path of ["/health", "/ready", "/metrics", "/openapi.json"]) {
      expect(await outcome(service.fetch(get(path)))).toBe("200");
    }
    open();
    await Promise.all(within);
  });

  it.each([
    { maxReading: 0 },
    { maxReadingOfOne: 0 },
    { maxInWork: 0 },
    { maxInWork: 1.5 },
    { maxWaiting: -1 },
    { maxWaiting: Number.NaN },
  ])("has limits, not %j", (limits) => {
    expect(codeOf(() => createHttpService([], { ...SILENT, limits }))).toBe("ARGUMENT_INVALID");
  });
});

describe("a rate", () => {
  const draw: Operation = {
    id: "draw",
    method: "POST",
    path: "/draw",
    summary: "Draws.",
    answers: { 204: "Drawn." },
    handle: () => Promise.resolve({ status: 204 }),
  };

  it("is each address's own, fills with time, and leaves other operations alone", async () => {
    const clock = fixedClock(START);
    const { service } = await serve([draw, echo()], { clock, rates: { draw: { burst: 2, perSecond: 1 } } });
    const ask = (remoteAddress?: string) => outcome(service.fetch(post("/draw", ""), { remoteAddress }));
    const many = async (count: number, address?: string) => {
      const answers = [];
      for (; count > 0; count--) answers.push((await ask(address)).slice(0, 3));
      return answers.join(" ");
    };
    expect(await many(3, "192.0.2.1")).toBe("204 204 429");
    expect(await many(3, "192.0.2.2")).toBe("204 204 429");
    expect(await many(1, "::ffff:192.0.2.1")).toBe("429");
    clock.advance(1000);
    expect(await many(2, "192.0.2.1")).toBe("204 429");
    clock.advance(60_000);
    expect(await many(3, "192.0.2.1")).toBe("204 204 429");
    clock.advance(-60_000);
    expect(await many(1, "192.0.2.1")).toBe("429");
    expect(await many(3)).toBe("204 204 429");
    const other = service.fetch(post("/echo", { text: "x" }), { remoteAddress: "192.0.2.1" });
    expect(await outcome(other)).toBe("204");
  });

  it("is not filled by a clock that goes back or tells no time, nor emptied", () => {
    let now = NOW;
    const limit = createRateLimit({ burst: 2, perSecond: 1 }, () => now);
    limit.take("192.0.2.1");
    now -= 60_000;
    limit.take("192.0.2.1");
    now = Number.NaN;
    expect(codeOf(() => limit.take("192.0.2.1"))).toBe("TOO_MANY_REQUESTS");
    limit.take("192.0.2.2");
    limit.take("192.0.2.2");
    expect(codeOf(() => limit.take("192.0.2.2"))).toBe("TOO_MANY_REQUESTS");
  });

  it("is one for a network of IPv6", () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1 }, () => NOW);
    const take = (address: string) => codeOf(() => (limit.take(address), expect.fail("taken")));
    limit.take("2001:db8:1:2::1");
    expect(take("2001:db8:1:2::2")).toBe("TOO_MANY_REQUESTS");
    expect(take("2001:0db8:0001:2:ffff:ffff:ffff:ffff")).toBe("TOO_MANY_REQUESTS");
    limit.take("2001:db8:1:3::1");
    limit.take("2001:db8::1");
    expect(take("2001:db8:0:0:5::")).toBe("TOO_MANY_REQUESTS");
  });

  it("remembers so many addresses, and forgets the oldest first", () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1 }, () => NOW);
    const address = (count: number) =>
      `10.${String(count >> 16)}.${String((count >> 8) & 255)}.${String(count & 255)}`;
    for (let count = 0; count < 10_001; count++) limit.take(address(count));
    expect(codeOf(() => limit.take(address(1)))).toBe("TOO_MANY_REQUESTS");
    limit.take(address(0));
    expect(codeOf(() => limit.take(address(1)))).toBe("TOO_MANY_REQUESTS");
  });

  it.each([
    { burst: 0, perSecond: 1 },
    { burst: 1, perSecond: 0 },
    { burst: Number.NaN, perSecond: 1 },
    { burst: 1, perSecond: Number.POSITIVE_INFINITY },
  ])("is one: not %j", (rate) => {
    expect(codeOf(() => createHttpService([draw], { ...SILENT, rates: { draw: rate } }))).toBe(
      "ARGUMENT_INVALID",
    );
  });

  it("is for an operation that is there", () => {
    const rates = { other: { burst: 1, perSecond: 1 } };
    expect(codeOf(() => createHttpService([draw], { ...SILENT, rates }))).toBe("ARGUMENT_INVALID");
  });
});
