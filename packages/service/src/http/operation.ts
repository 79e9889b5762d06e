import type { JsonObject, Shape } from "@writ/core";

/** What a process of the service does; each alone or together. */
export type Role = "issuer" | "verifier" | "status" | "resolver";

/** What bearer tokens permit. */
export const TOKEN_SCOPES = ["issue", "status"] as const;
/** One of {@link TOKEN_SCOPES}. */
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** One request, read and checked: what an operation goes by. */
export interface OperationRequest<Body> {
  /** What stands for the names in braces in the operation's path, percent-decoded once. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Header fields that say something about the answer: `accept` and `if-none-match`. */
  readonly headers: Headers;
  /** Strict JSON in the operation's form. Frozen. */
  readonly body: Body;
  /** By which the operation knows a request that is repeated: of one owner, operation and `Idempotency-Key`. */
  readonly requestId?: string;
}

/** What an operation answers; a refusal is thrown as a `WritError`, or answered as any other. */
export interface OperationAnswer {
  readonly status: number;
  /** `application/json` unless given. */
  readonly contentType?: string;
  /** Nothing for 204 and 304. */
  readonly body?: JsonObject | string;
  /** Such as `etag` and `cache-control`; nothing may be cached unless this says so. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation of the HTTP interface: what is routed, what is demanded, and what OpenAPI says of it. */
export interface Operation<Body = unknown> {
  /** `operationId` in OpenAPI, and the name in logs and metrics. */
  readonly id: string;
  readonly method: "GET" | "POST";
  /** Such as `/issuers/{issuer}/credentials/issue`. */
  readonly path: string;
  /** Of the processes that have it; every process has an operation without role. */
  readonly role?: Role;
  /** The token that it demands; without one, everybody may. */
  readonly scope?: TokenScope;
  readonly summary: string;
  /** What can be said in the query: names, and what they mean. The operation judges it. */
  readonly query?: Readonly<Record<string, string>>;
  /** The form of the body, for checking and for OpenAPI; without one a body is not read. */
  readonly body?: Shape<Body>;
  /** What each status means. */
  readonly answers: Readonly<Record<number, string>>;
  /** Whether a repeated request with the same `Idempotency-Key` gets the first answer again. */
  readonly replays?: "by-idempotency-key";
  handle(request: OperationRequest<Body>): Promise<OperationAnswer>;
}
