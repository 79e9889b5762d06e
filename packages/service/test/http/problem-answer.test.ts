import { ERROR_CODES, WritError, type ErrorCode } from "@writ/core";
import { describe, expect, it } from "vitest";

import { problemAnswer, STATUS_OF_CODE, type Operation } from "../../src/index.js";
import { answered, echo, get, listening, post, serve } from "./served.js";

const INPUT = '<script>"\n\u2028';
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

const failing = (error: unknown) =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown
  echo(() => Promise.reject(error));

describe("the status of a code", () => {
  it("is 503 where it could not be told, and no other success or redirection", () => {
    expect(CODES.filter((code) => code.endsWith("_UNAVAILABLE") && STATUS_OF_CODE[code] !== 503)).toEqual([]);
    expect(CODES.filter((code) => STATUS_OF_CODE[code] < 400)).toEqual([]);
  });

  it.each([
    ["JSON_SYNTAX", 400],
    ["SIGNATURE_INVALID", 400],
    ["UNAUTHORIZED", 401],
    ["FORBIDDEN", 403],
    ["NOT_ALLOWED", 403],
    ["NOT_FOUND", 404],
    ["METHOD_UNSUPPORTED", 405],
    ["ALREADY_EXISTS", 409],
    ["TOO_LARGE", 413],
    ["MEDIA_TYPE_UNSUPPORTED", 415],
    ["HOST_UNKNOWN", 421],
    ["IDEMPOTENCY_MISMATCH", 422],
    ["TOO_MANY_REQUESTS", 429],
    ["UNLOCK_FAILED", 500],
    ["ARGUMENT_INVALID", 500],
    ["DATABASE_BUSY", 503],
  ] as const)("%s is %d", (code, status) => {
    expect(STATUS_OF_CODE[code]).toBe(status);
  });
});

describe("a problem", () => {
  it("is what RFC 9457 says, with its code, its place and its status", async () => {
    const { service } = await serve([echo()]);
    const { status, headers, body } = await answered(service.fetch(post("/echo", { other: 1 })));
    expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    expect(JSON.parse(body)).toEqual({
      type: "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
      title: ERROR_CODES.SCHEMA_INVALID,
      status: 400,
      detail: "unknown member",
      code: "SCHEMA_INVALID",
      pointer: "/other",
    });
  });

  it("lists all where there are several", () => {
    const problems = [
      { code: "EXPIRED", pointer: "/a", detail: "x" },
      { code: "REVOKED", pointer: "/b", detail: "y" },
    ] as const;
    const { body } = problemAnswer(new WritError("EXPIRED", "x", { pointer: "/a", problems }));
    expect(body).toMatchObject({
      code: "EXPIRED",
      errors: [{ code: "EXPIRED" }, { code: "REVOKED", pointer: "/b" }],
    });
    expect(problemAnswer(new WritError("EXPIRED", "x")).body).not.toHaveProperty("errors");
  });

  it.each([new Error("the secret"), "the secret", { code: "the secret" }, undefined])(
    "says nothing of what nobody foresaw: %s",
    async (error) => {
      const { service, lines } = await serve([failing(error)]);
      const { status, body } = await answered(service.fetch(post("/echo", { text: "x" })));
      expect([status, JSON.parse(body)]).toMatchObject([500, { code: "INTERNAL", status: 500 }]);
      expect(body + lines.join("")).not.toContain("the secret");
      expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["failed", "answered"]);
    },
  );

  it("says no more than its code where it is not the caller's to mend", async () => {
    const { service, lines } = await serve([failing(new WritError("UNLOCK_FAILED", "of /home/x"))]);
    const { status, body } = await answered(service.fetch(post("/echo", { text: "x" })));
    expect([status, JSON.parse(body)]).toMatchObject([500, { code: "INTERNAL" }]);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ code: "UNLOCK_FAILED", detail: "of /home/x" });
    const { service: other } = await serve([failing(new WritError("DATABASE_UNAVAILABLE", "of /home/x"))]);
    const unavailable = await answered(other.fetch(post("/echo", { text: "x" })));
    expect([unavailable.status, JSON.parse(unavailable.body)]).toMatchObject([
      503,
      { code: "DATABASE_UNAVAILABLE", detail: ERROR_CODES.DATABASE_UNAVAILABLE },
    ]);
  });

  it("row 204: holds no markup of the caller's", async () => {
    const { service } = await serve([echo()]);
    const { body, headers } = await answered(service.fetch(post("/echo", { [INPUT]: 1 })));
    expect(body).not.toMatch(/[<>&\n\u2028]/);
    expect(JSON.parse(body)).toMatchObject({ pointer: `/${INPUT}` });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("row 204: names no address and no method of the caller's", async () => {
    const { service } = await serve([echo()]);
    const unknown = await answered(service.fetch(get("/<b>marker</b>?marker=1")));
    expect([unknown.status, unknown.body.includes("marker")]).toEqual([404, false]);
    const method = new Request("http://localhost/echo?marker", { method: "MARKER" });
    const refused = await answered(service.fetch(method));
    expect([refused.status, refused.body.toLowerCase().includes("marker")]).toEqual([405, false]);
  });
});

describe("a method", () => {
  it.each(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])(
    "that is not there is refused with those that are: %s",
    async (method) => {
      const { service } = await serve([echo()]);
      const response = await service.fetch(new Request("http://localhost/echo", { method }));
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    },
  );

  it("HEAD is answered as GET, without the body", async () => {
    const look: Operation = {
      id: "look",
      method: "GET",
      path: "/look",
      summary: "Looks.",
      answers: { 200: "Looked." },
      handle: () => Promise.resolve({ status: 200, body: { seen: true }, headers: { etag: '"x"' } }),
    };
    const { service } = await serve([look]);
    const { url } = await listening(service);
    const [head, got] = [await fetch(`${url}/look`, { method: "HEAD" }), await fetch(`${url}/look`)];
    expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, '"x"', ""]);
    expect([got.status, await got.text()]).toEqual([200, '{"seen":true}']);
  });
});
