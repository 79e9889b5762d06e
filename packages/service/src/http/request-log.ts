import { WritError } from "@writ/core";
import { pino, type DestinationStream } from "pino";

/** What is known of a request when it has been answered: nothing of it is the caller's own words. */
export interface AnsweredRequest {
  /** Random, made here; the answer's header `X-Request-Id` tells it. */
  readonly requestId: string;
  /** The id of the operation, or `none` where there is no such. */
  readonly operation: string;
  readonly status: number;
  /** The code of the problem, if the answer is one. */
  readonly code?: string;
  readonly durationMs: number;
}

/** Port: where a service writes what it did. */
export interface RequestLog {
  answered(request: AnsweredRequest): void;
  /** Something that nobody foresaw; `error` is anything that was thrown. */
  failed(request: Pick<AnsweredRequest, "requestId" | "operation">, error: unknown): void;
}

/** Members that never belong into a log: none is written, and none would be if it were. */
const REDACTED = ["authorization", "body", "token", "url", "query", "headers"];

/**
 * A log of one JSON object a line; a newline in a value is written as JSON has it. It holds no body, no
 * path, no header, and of an error no message that others may have had a hand in.
 *
 * @param destination standard output unless given
 */
export function createRequestLog(destination?: DestinationStream): RequestLog {
  const options = {
    base: { service: "writ" },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), remove: true },
  };
  const log = destination === undefined ? pino(options) : pino(options, destination);
  return {
    answered: (request) => {
      log[request.status >= 500 ? "error" : "info"](request, "answered");
    },
    failed: ({ requestId, operation }, error) => {
      log.error({ requestId, operation, ...describeError(error) }, "failed");
    },
  };
}

/** Where an error came from. Messages of `WritError` hold no secrets; those of others may. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { cause } = error;
  return {
    error: error.name,
    ...(error instanceof WritError ? { code: error.code, detail: error.message } : {}),
    at: (error.stack ?? "").split("\n").filter((line) => /^ {4}at [^\r\n]*:\d+:\d+\)?$/.test(line)),
    ...(cause === undefined ? {} : { cause: cause instanceof Error ? cause.name : typeof cause }),
  };
}
