import { WritError } from "@writ/core";
import { describe, expect, it } from "vitest";

import { createRequestLog } from "../../src/index.js";
import { answered, echo, get, listening, notes, post, serve } from "./served.js";
import { exchange } from "./raw.js";

const MARKER = "MARKER";

function logged() {
  const lines: string[] = [];
  return { log: createRequestLog({ write: (line) => void lines.push(line) }), lines };
}

describe("the log", () => {
  it("has a line for each request, by what the service knows of it", async () => {
    const { service, lines } = await serve([echo()]);
    const done = await answered(service.fetch(post("/echo", { text: "x" })));
    const refused = await answered(service.fetch(post("/echo", "{")));
    const unknown = await answered(service.fetch(get("/unknown")));
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const common = {
      level: 30,
      service: "writ",
      msg: "answered",
      time: expect.any(Number) as number,
      durationMs: expect.any(Number) as number,
    };
    expect(entries).toEqual([
      { ...common, operation: "echo", status: 204, requestId: done.headers.get("x-request-id") },
      {
        ...common,
        operation: "echo",
        status: 400,
        code: "JSON_SYNTAX",
        requestId: refused.headers.get("x-request-id"),
      },
      {
        ...common,
        operation: "none",
        status: 404,
        code: "NOT_FOUND",
        requestId: unknown.headers.get("x-request-id"),
      },
    ]);
    expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(3);
  });

  it("row 205: holds nothing of the caller's, so no newline of theirs", async () => {
    const { service, lines, tokens } = await serve([
      notes(({ body }) => Promise.reject(new Error(`${body.text}\n    at ${body.text}:1:1`))),
    ]);
    const { token } = await tokens.create({ name: "test", scopes: ["issue"] });
    const headers = {
      authorization: `Bearer ${token}`,
      "x-request-id": MARKER,
      "user-agent": MARKER,
      cookie: MARKER,
      "idempotency-key": MARKER,
    };
    const path = `/notes/${MARKER}%0A%22level%22?${MARKER}=%0d%0a`;
    const { status, headers: answer } = await answered(service.fetch(post(path, { text: MARKER }, headers)));
    expect([status, lines.length]).toEqual([500, 2]);
    expect(lines.map((line) => line.split("\n").length)).toEqual([2, 2]);
    expect(answer.get("x-request-id")).not.toBe(MARKER);
    const failed = lines[0] ?? "";
    expect(JSON.parse(failed)).toMatchObject({
      level: 50,
      msg: "failed",
      operation: "createNote",
      error: "Error",
    });
    expect(failed).toContain("request-log.test.ts");
    expect(lines.join("")).not.toContain(token);
    expect((lines[1] ?? "").includes(MARKER)).toBe(false);
    expect(JSON.stringify({ ...(JSON.parse(failed) as object), at: [] })).not.toContain(MARKER);
  });

  it("row 205: has one line for bytes that are no request, or a strange one", async () => {
    const { service, lines } = await serve([echo()]);
    const { url } = await listening(service);
    await exchange(url, `GET /${MARKER}\r\n${MARKER}: x\r\n\r\n`);
    await exchange(
      url,
      `GET /${MARKER}%0a?${MARKER} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(lines.join("")).not.toContain(MARKER);
    expect(lines.map((line) => line.trim().split("\n").length)).toEqual([1]);
  });

  it("names the code of a problem that an operation answers itself", async () => {
    const { service, lines } = await serve([
      echo(({ body }) => Promise.resolve({ status: 400, body: { code: body.text } })),
    ]);
    for (const text of ["EXPIRED", "toString", "a\nb"]) await service.fetch(post("/echo", { text }));
    const codes = lines.map((line) => (JSON.parse(line) as { readonly code?: string }).code);
    expect(codes).toEqual(["EXPIRED", undefined, undefined]);
  });

  it("leaves out what never belongs there, were it to come", () => {
    const { log, lines } = logged();
    const request = { requestId: "1", operation: "echo", status: 200, durationMs: 1 };
    const secrets = { authorization: "s3cret", body: "s3cret", url: "s3cret", request: { token: "s3cret" } };
    log.answered({ ...request, ...secrets });
    expect(lines.join("")).not.toContain("s3cret");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ operation: "echo" });
  });

  it("says of an error where it came from, and of ours what it is", () => {
    const { log, lines } = logged();
    const request = { requestId: "1", operation: "echo" };
    log.failed(request, new WritError("DATABASE_BUSY", "locked", { cause: new TypeError("s3cret") }));
    log.failed(request, "s3cret");
    const [ours, other] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(ours).toMatchObject({
      error: "WritError",
      code: "DATABASE_BUSY",
      detail: "locked",
      cause: "TypeError",
    });
    expect((ours?.["at"] as string[]).length).toBeGreaterThan(0);
    expect(other).toMatchObject({ error: "string" });
    expect(lines.join("")).not.toContain("s3cret");
  });
});
