import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isJsonObject, joinPointer, WritError, type Database, type Shape } from "@writ/core";
import { openSqliteDatabase } from "@writ/database";
import { fixedClock, seededRandom, type FixedClock } from "@writ/testkit";
import { onTestFinished } from "vitest";

import {
  createHttpService,
  createIdempotencyStore,
  createRequestLog,
  createTokenStore,
  listen,
  type HttpService,
  type HttpServiceOptions,
  type Listening,
  type ListenOptions,
  type Operation,
  type OperationAnswer,
  type OperationRequest,
  type TokenStore,
} from "../../src/index.js";

export const START = "2026-01-15T12:00:00Z";
export const NOW: number = Date.parse(START);

/** A body of the tests. */
export interface Note {
  readonly text: string;
}

/** A form of one member, which refuses as the core's forms do. */
export const NOTE: Shape<Note> = {
  check(value, pointer) {
    if (!isJsonObject(value)) throw new WritError("SCHEMA_INVALID", "must be an object", { pointer });
    const unknown = Object.keys(value).find((name) => name !== "text");
    if (unknown !== undefined) {
      throw new WritError("SCHEMA_INVALID", "unknown member", { pointer: joinPointer(pointer, unknown) });
    }
    if (typeof value["text"] !== "string") throw new WritError("SCHEMA_INVALID", "missing", { pointer });
  },
  jsonSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
};

/** What an operation of the tests does. */
export type Handle = (request: OperationRequest<Note>) => Promise<OperationAnswer>;

/** `POST /notes/{kind}`: takes a note with a token for `issue`, and replays. */
export function notes(handle: Handle): Operation<Note> {
  return {
    id: "createNote",
    method: "POST",
    path: "/notes/{kind}",
    role: "issuer",
    scope: "issue",
    summary: "Makes a note.",
    body: NOTE,
    answers: { 201: "The note.", 400: "None was made." },
    replays: "by-idempotency-key",
    handle,
  };
}

/** `POST /echo`: takes a note from anybody. */
export function echo(handle: Handle = () => Promise.resolve({ status: 204 })): Operation<Note> {
  return {
    id: "echo",
    method: "POST",
    path: "/echo",
    summary: "Takes a note.",
    body: NOTE,
    answers: { 204: "It was taken." },
    handle,
  };
}

/** A database in a folder of its own, closed when the test ends. */
export async function temporaryDatabase(): Promise<Database & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), "writ-http-"));
  const path = join(folder, "service.db");
  const database = await openSqliteDatabase({ path, mode: "create" });
  onTestFinished(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...database, path };
}

/** A service of the tests, what it logged, and what it stands on. */
export interface Served {
  readonly service: HttpService;
  readonly database: Database;
  readonly tokens: TokenStore;
  readonly clock: FixedClock;
  /** The lines of the log, as they were written. */
  readonly lines: readonly string[];
}

/** A service of these operations with a store of tokens, unless the options say otherwise. */
export async function serve(
  operations: readonly Operation[],
  options: Partial<HttpServiceOptions> = {},
): Promise<Served> {
  const database = await temporaryDatabase();
  const clock = fixedClock(START);
  const environment = { clock, random: seededRandom("http") };
  const tokens = await createTokenStore(database, environment);
  const lines: string[] = [];
  const service = createHttpService(operations, {
    ...environment,
    access: tokens,
    idempotency: await createIdempotencyStore(database, environment),
    log: createRequestLog({ write: (line) => void lines.push(line) }),
    ...options,
  });
  return { service, database, tokens, clock, lines };
}

/** The service on a port of loopback until the test ends. */
export async function listening(service: HttpService, options: ListenOptions = {}): Promise<Listening> {
  const server = await listen(service, options);
  onTestFinished(() => server.close());
  return server;
}

/** A POST of JSON. */
export function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A GET. */
export function get(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://localhost${path}`, { headers });
}

/** The status of an answer and the code in it, if it is a problem. */
export async function outcome(response: Promise<Response> | Response): Promise<string> {
  const { status, body, headers } = await answered(response);
  const isProblem = body !== "" && headers.get("content-type") === "application/problem+json";
  const { code } = (isProblem ? JSON.parse(body) : {}) as { readonly code?: string };
  return code === undefined ? String(status) : `${String(status)} ${code}`;
}

/** An answer with its body. */
export async function answered(
  response: Promise<Response> | Response,
): Promise<{ readonly status: number; readonly body: string; readonly headers: Headers }> {
  const { status, headers } = await response;
  return { status, headers, body: await (await response).text() };
}

/** A promise that others fulfil. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Waits until something is so, looking again with every turn of the event loop. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
