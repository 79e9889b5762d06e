import { describe, expect, it } from "vitest";

import type { Operation } from "../../src/index.js";
import { answered, echo, gate, get, listening, NOTE, notes, post, serve } from "./served.js";

const ready = async (probes: Readonly<Record<string, () => Promise<unknown>>>) => {
  const { service } = await serve([], { probes });
  const { status, body } = await answered(service.fetch(get("/ready")));
  return { status, body: JSON.parse(body) as unknown, service };
};

describe("a service tells how it is", () => {
  it("runs", async () => {
    const { service } = await serve([]);
    const { status, body } = await answered(service.fetch(get("/health")));
    expect([status, body]).toEqual([200, '{"status":"ok"}']);
  });

  it("is ready when everything that it needs is there", async () => {
    const probes = { database: () => Promise.resolve(1), resolver: () => Promise.resolve(false) };
    expect(await ready(probes)).toMatchObject({
      status: 200,
      body: { status: "ready", checks: { database: "ok", resolver: "ok" } },
    });
  });

  it("is not ready when something is missing, and does not say why", async () => {
    const probes = {
      database: () => Promise.resolve(1),
      resolver: () => Promise.reject(new Error("s3cret")),
      other: () => {
        throw new Error("s3cret");
      },
    };
    const { status, body } = await ready(probes);
    expect({ status, body }).toEqual({
      status: 503,
      body: { status: "not ready", checks: { database: "ok", resolver: "failed", other: "failed" } },
    });
  });

  it("is not ready when something does not answer in time", async () => {
    const { status } = await ready({ database: () => new Promise(() => undefined) });
    expect(status).toBe(503);
  });

  it("asks once, however many want to know", async () => {
    const { opened, open } = gate();
    let asked = 0;
    const probe = () => {
      asked++;
      return opened;
    };
    const { service } = await serve([], { probes: { database: probe } });
    const many = Array.from({ length: 20 }, () => service.fetch(get("/ready")));
    open();
    expect(new Set((await Promise.all(many)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toBe(1);
    await service.fetch(get("/ready"));
    expect(asked).toBe(2);
  });

  it("is not ready when it is about to stop", async () => {
    const { service } = await ready({});
    service.stop();
    const { status, body, headers } = await answered(service.fetch(get("/ready")));
    expect([status, body, headers.get("connection")]).toEqual([
      503,
      '{"status":"stopping","checks":{}}',
      "close",
    ]);
  });

  it("counts requests, refusals and what is in flight, by operation and never by what was asked", async () => {
    const { opened, open } = gate();
    const { service } = await serve([
      echo(async ({ body }) => {
        if (body.text === "wait") await opened;
        return { status: 204 };
      }),
    ]);
    const waiting = service.fetch(post("/echo", { text: "wait" }));
    await service.fetch(post("/echo", { text: "x" }));
    await service.fetch(post("/echo", "{"));
    await service.fetch(get("/marker-1"));
    await service.fetch(get("/marker-2"));
    const { body, headers } = await answered(service.fetch(get("/metrics")));
    open();
    await waiting;
    expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = body.split("\n").filter((line) => !line.startsWith("#"));
    expect(lines.filter((line) => /^writ_http_(requests|refusals)/.test(line))).toEqual([
      'writ_http_requests_total{operation="echo",status="204"} 1',
      'writ_http_requests_total{operation="echo",status="400"} 1',
      'writ_http_requests_total{operation="none",status="404"} 2',
      'writ_http_refusals_total{operation="echo",code="JSON_SYNTAX"} 1',
      'writ_http_refusals_total{operation="none",code="NOT_FOUND"} 2',
      "writ_http_requests_in_flight 2",
    ]);
    expect(lines).toContain('writ_http_request_duration_seconds_count{operation="none",status="404"} 2');
    expect(body).not.toContain("marker");
  });

  it("counts for itself alone", async () => {
    const { service } = await serve([]);
    await service.fetch(get("/health"));
    const { service: other } = await serve([]);
    expect((await answered(other.fetch(get("/metrics")))).body).not.toContain("health");
  });
});

interface Described {
  readonly openapi: string;
  readonly servers?: unknown;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

describe("a service describes itself", () => {
  async function described(operations: readonly Operation[], access?: "open"): Promise<Described> {
    const { service } = await serve(operations, {
      publicUrl: "https://issuer.example",
      ...(access === undefined ? {} : { access }),
    });
    const { url } = await listening(service);
    return (await (await fetch(`${url}/openapi.json`)).json()) as Described;
  }
  const handle = () => Promise.resolve({ status: 204 });

  it("in OpenAPI 3.1, with every operation", async () => {
    const { openapi, servers, paths } = await described([notes(handle), echo(handle)]);
    expect([openapi, servers]).toEqual(["3.1.0", [{ url: "https://issuer.example" }]]);
    expect(
      Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`)),
    ).toEqual([
      "post /notes/{kind}",
      "post /echo",
      "get /health",
      "get /ready",
      "get /metrics",
      "get /openapi.json",
    ]);
  });

  it("with the form by which a body is checked, the answers, and who may ask", async () => {
    const { paths, components } = await described([notes(handle), echo(handle)]);
    expect(paths["/notes/{kind}"]?.["post"]).toEqual({
      operationId: "createNote",
      summary: "Makes a note.",
      tags: ["issuer"],
      parameters: [
        { name: "kind", in: "path", required: true, schema: { type: "string" } },
        { name: "Idempotency-Key", in: "header", schema: { type: "string", maxLength: 128 } },
      ],
      requestBody: { required: true, content: { "application/json": { schema: NOTE.jsonSchema } } },
      responses: {
        201: { description: "The note." },
        400: { description: "None was made." },
        default: { description: "A problem.", content: expect.anything() as unknown },
      },
      security: [{ bearer: ["issue"] }],
    });
    expect(paths["/echo"]?.["post"]).not.toHaveProperty("security");
    expect(paths["/health"]?.["get"]).not.toHaveProperty("requestBody");
    expect(components["securitySchemes"]).toEqual({ bearer: { type: "http", scheme: "bearer" } });
  });

  it("without tokens where none are asked for", async () => {
    const { paths, components } = await described([notes(handle)], "open");
    expect(paths["/notes/{kind}"]?.["post"]).not.toHaveProperty("security");
    expect(components).not.toHaveProperty("securitySchemes");
  });

  it("with problems as they are made", async () => {
    const { components } = await described([]);
    const { Problem } = components["schemas"] as { readonly Problem: { readonly properties: object } };
    const { service } = await serve([]);
    const { body } = await answered(service.fetch(get("/unknown")));
    const known = Object.keys(Problem.properties);
    expect(Object.keys(JSON.parse(body) as object).filter((name) => !known.includes(name))).toEqual([]);
  });
});
