import { WritError, type Database } from "@writ/core";
import { fixedClock } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { createIdempotencyStore, type IdempotencyStore } from "../../src/index.js";
import { CLAIM_LIFE_MS } from "../../src/http/sql-idempotency-store.js";
import { connectRaw } from "./raw.js";
import {
  answered,
  echo,
  gate,
  get,
  listening,
  notes,
  outcome,
  post,
  serve,
  START,
  temporaryDatabase,
  until,
  type Handle,
} from "./served.js";

const DAY = 24 * 60 * 60 * 1000;

/** A service whose operation numbers what it makes, and a token for it. */
async function numbering(handle?: Handle, store?: (store: IdempotencyStore) => IdempotencyStore) {
  let made = 0;
  const make: Handle = ({ body, parameters }) =>
    Promise.resolve({
      status: 201,
      body: { ...parameters, text: body.text, number: ++made },
      headers: { etag: `"${String(made)}"` },
    });
  const database = await temporaryDatabase();
  const clock = fixedClock(START);
  const own = await createIdempotencyStore(database, { clock });
  const idempotency = store?.(own) ?? own;
  const served = await serve([notes(handle ?? make)], { idempotency, clock });
  const newToken = async () => (await served.tokens.create({ name: "test", scopes: ["issue"] })).token;
  const token = await newToken();
  const ask = (key: string | undefined, text: unknown = "x", path = "/notes/a", bearer = token) =>
    served.service.fetch(
      post(path, typeof text === "string" ? { text } : text, {
        authorization: `Bearer ${bearer}`,
        ...(key === undefined ? {} : { "idempotency-key": key }),
      }),
    );
  return { ...served, answers: database, clock, ask, token, newToken, made: () => made };
}

const rowsOf = (database: Database) => database.query("SELECT * FROM idempotency");

describe("row 202: a request with an idempotency key", () => {
  it("gets the first answer again, to the byte, and is done once", async () => {
    const { ask, made } = await numbering();
    const first = await answered(ask("key-1"));
    const again = await answered(ask("key-1"));
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([201, null]);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(Object.fromEntries(again.headers)).toEqual({
      ...Object.fromEntries(first.headers),
      "x-request-id": again.headers.get("x-request-id"),
      "idempotency-replayed": "true",
    });
    expect(made()).toBe(1);
  });

  it("is another with another key, and without one", async () => {
    const { ask, made } = await numbering();
    await Promise.all([ask("key-1"), ask("key-2")]);
    await ask(undefined);
    await ask(undefined);
    expect(made()).toBe(4);
  });

  it("is another's, though the key is the same", async () => {
    const { ask, newToken, made } = await numbering();
    await ask("key-1");
    const other = await ask("key-1", "other", "/notes/a", await newToken());
    expect([other.status, other.headers.get("idempotency-replayed")]).toEqual([201, null]);
    expect(made()).toBe(2);
  });

  it("is the same however its JSON is written", async () => {
    const { service, token } = await numbering();
    const headers = { authorization: `Bearer ${token}`, "idempotency-key": "key-1" };
    await service.fetch(post("/notes/a", '{"text":"x"}', headers));
    const again = await service.fetch(post("/notes/a", '{ "text" : "\\u0078" }', headers));
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
  });

  it.each([
    ["body", "y", "/notes/a"],
    ["path", "x", "/notes/b"],
    ["query", "x", "/notes/a?y"],
  ])("is refused with another %s", async (_, text, path) => {
    const { ask, made } = await numbering();
    await ask("key-1");
    expect(await outcome(ask("key-1", text, path))).toBe("422 IDEMPOTENCY_MISMATCH");
    expect(made()).toBe(1);
  });

  it("is refused while the first is at work", async () => {
    const { opened, open } = gate();
    let asked = 0;
    const { ask } = await numbering(async () => {
      asked++;
      await opened;
      return { status: 204 };
    });
    const first = ask("key-1");
    await until(() => asked === 1);
    const second = await ask("key-1");
    expect(second.headers.get("retry-after")).toBe("1");
    expect(await outcome(second)).toBe("409 IDEMPOTENCY_IN_PROGRESS");
    expect(await outcome(ask("key-1", "y"))).toBe("422 IDEMPOTENCY_MISMATCH");
    open();
    expect(await outcome(first)).toBe("204");
    expect(await outcome(ask("key-1"))).toBe("204");
    expect(asked).toBe(1);
  });

  it("is done once by a hundred at once", async () => {
    const { ask, made } = await numbering();
    const answers = await Promise.all(Array.from({ length: 100 }, () => outcome(ask("key-1"))));
    expect(answers.filter((each) => each !== "201" && each !== "409 IDEMPOTENCY_IN_PROGRESS")).toEqual([]);
    expect(made()).toBe(1);
  });

  it("is finished though the client has gone, who gets the answer when it asks again", async () => {
    const { opened, open } = gate();
    let asked = 0;
    const { service, ask, token, answers, lines } = await numbering(async () => {
      asked++;
      await opened;
      return { status: 201, body: { number: asked } };
    });
    const { url } = await listening(service);
    const { socket, write, ended } = await connectRaw(url);
    write(`POST /notes/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`);
    write("Content-Type: application/json\r\nIdempotency-Key: key-1\r\nContent-Length: 12\r\n\r\n");
    write('{"text":"x"}');
    await until(() => asked === 1);
    socket.destroy();
    await ended;
    open();
    await until(() => lines.length > 0);
    expect(await rowsOf(answers)).toMatchObject([{ answer: expect.stringContaining("201") as string }]);
    const again = await answered(ask("key-1"));
    expect([again.status, again.body, asked]).toEqual([201, '{"number":1}', 1]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  it.each([
    [500, "ARGUMENT_INVALID"],
    [503, "DATABASE_UNAVAILABLE"],
    [409, "ALREADY_EXISTS"],
    [429, "TOO_MANY_REQUESTS"],
  ] as const)("is forgotten where it came to nothing: answered %d", async (status, code) => {
    let asked = 0;
    const { ask, answers } = await numbering(() => Promise.resolve({ status: asked++ === 0 ? status : 201 }));
    expect(await outcome(ask("key-1"))).toBe(String(status));
    expect(await rowsOf(answers)).toEqual([]);
    expect(await outcome(ask("key-1"))).toBe("201");
    const thrown = await numbering(() => Promise.reject(new WritError(code, "x")));
    expect(await outcome(thrown.ask("key-1"))).toMatch(new RegExp(`^${String(status)} `));
    expect(await rowsOf(thrown.answers)).toEqual([]);
  });

  it("keeps a refusal that is the caller's to mend", async () => {
    const { ask } = await numbering(() => Promise.resolve({ status: 400, body: { code: "EXPIRED" } }));
    await ask("key-1");
    const again = await ask("key-1");
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([400, "true"]);
  });

  it("is not acknowledged where the answer could not be kept", async () => {
    const unavailable = new WritError("DATABASE_UNAVAILABLE", "no room");
    const { ask, made } = await numbering(undefined, (store) => ({
      ...store,
      complete: () => Promise.reject(unavailable),
    }));
    expect(await outcome(ask("key-1"))).toBe("503 DATABASE_UNAVAILABLE");
    expect(await outcome(ask("key-1"))).toBe("409 IDEMPOTENCY_IN_PROGRESS");
    expect(made()).toBe(1);
  });

  it("is known to the operation as the same where its answer was lost, and to others as another", async () => {
    const ids: (string | undefined)[] = [];
    const unavailable = new WritError("DATABASE_UNAVAILABLE", "no room");
    const { ask, clock, newToken } = await numbering(
      ({ requestId }) => {
        ids.push(requestId);
        return Promise.resolve({ status: 201 });
      },
      (store) => ({ ...store, complete: () => Promise.reject(unavailable) }),
    );
    await ask("key-1");
    clock.advance(CLAIM_LIFE_MS);
    await ask("key-1");
    await ask("key-2");
    await ask("key-1", "x", "/notes/a", await newToken());
    const [first, again, ...others] = ids;
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(again).toBe(first);
    expect(new Set([first, ...others]).size).toBe(3);
    await ask(undefined);
    expect(ids.at(-1)).toBeUndefined();
  });

  it("is not begun where that could not be kept", async () => {
    const unavailable = new WritError("DATABASE_UNAVAILABLE", "no room");
    const { ask, made } = await numbering(undefined, (store) => ({
      ...store,
      begin: () => Promise.reject(unavailable),
    }));
    expect(await outcome(ask("key-1"))).toBe("503 DATABASE_UNAVAILABLE");
    expect(made()).toBe(0);
  });

  it("is another after a day", async () => {
    const { ask, clock, answers, made } = await numbering();
    await ask("key-1");
    clock.advance(DAY - 1);
    await ask("key-1");
    expect(made()).toBe(1);
    clock.advance(1);
    await ask("key-1", "y");
    expect(made()).toBe(2);
    clock.advance(DAY);
    await ask("key-2");
    expect(await rowsOf(answers)).toHaveLength(1);
  });

  it.each(["", " ", "a b", "é", "a,b", '"a', 'a"', '""', "x".repeat(129), "a;b=1"])(
    "has a key of its form, not %j",
    async (key) => {
      const { service, token, made } = await numbering();
      const request = post("/notes/a", { text: "x" }, { authorization: `Bearer ${token}` });
      request.headers.set("idempotency-key", key);
      expect(await outcome(service.fetch(request))).toBe("400 REQUEST_MALFORMED");
      expect(made()).toBe(0);
    },
  );

  it("may have its key quoted, or as long as it may be", async () => {
    const { ask, made } = await numbering();
    await ask("key-1");
    expect((await ask('"key-1"')).headers.get("idempotency-replayed")).toBe("true");
    expect(await outcome(ask("x".repeat(128)))).toBe("201");
    expect(made()).toBe(2);
  });

  it("has no meaning where an operation does not replay", async () => {
    const { service } = await serve([echo()]);
    const headers = { "idempotency-key": "not, one" };
    expect(await outcome(service.fetch(post("/echo", { text: "x" }, headers)))).toBe("204");
    expect(await outcome(service.fetch(get("/health", headers)))).toBe("200");
  });
});
