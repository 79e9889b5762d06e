import { WritError } from "@writ/core";
import { Hono } from "hono";

import type { Connection } from "./connection.js";
import type { StoredAnswer } from "./idempotency-store.js";
import type { Operation } from "./operation.js";
import { problemAnswer } from "./problem-answer.js";
import { parameterNames, rawPath, routePath } from "./path-template.js";
import { codeIn, responseOf, writtenAnswer } from "./written-answer.js";

/** What is found out about a request on its way. */
export interface Trace {
  readonly connection: Connection;
  /** `none` until an operation is found. */
  operation: string;
  /** The code, where an operation answered with a problem. */
  code?: string | undefined;
}

/** Answers a request for an operation. */
export type AnswerOperation = (
  operation: Operation,
  request: Request,
  connection: Connection,
) => Promise<StoredAnswer>;

/** Answers a request, and writes into the trace what it found. */
export type Router = (request: Request, trace: Trace) => Promise<Response>;

/**
 * Routes by path, and then by method. The router sees the path as it was sent, so that what is encoded in it
 * separates nothing.
 *
 * The promise is rejected with `NOT_FOUND`, or with what the answering throws.
 *
 * @throws WritError `ARGUMENT_INVALID` where two operations have one id, or one path and method.
 */
export function createRouter(operations: readonly Operation[], answer: AnswerOperation): Router {
  const app = new Hono<{ Bindings: Trace }>({ getPath: rawPath });
  for (const [path, methods] of operationsByPath(operations)) {
    app.all(routePath(path), async ({ req, env }) => {
      // The body of an answer to HEAD is left out by the router (RFC 9110, section 9.3.2).
      const { method } = req.raw;
      const operation = methods.get(method === "HEAD" ? "GET" : method);
      if (operation !== undefined) env.operation = operation.id;
      const answered =
        operation === undefined ? unsupported(methods) : await answer(operation, req.raw, env.connection);
      env.code = codeIn(answered);
      return responseOf(answered);
    });
  }
  app.notFound(() => {
    throw new WritError("NOT_FOUND", "there is nothing at this address, in the roles of this process");
  });
  app.onError((error) => {
    throw error;
  });
  return async (request, trace) => await app.fetch(request, trace);
}

type Methods = ReadonlyMap<string, Operation>;

/** Paths without names in braces come first, as OpenAPI has it. */
function operationsByPath(operations: readonly Operation[]): readonly (readonly [string, Methods])[] {
  const paths = new Map<string, Map<string, Operation>>();
  const ids = new Set<string>();
  for (const operation of operations) {
    const methods = paths.get(operation.path) ?? new Map<string, Operation>();
    if (ids.has(operation.id) || methods.has(operation.method)) {
      throw new WritError("ARGUMENT_INVALID", `two operations are ${operation.id}, or have its path`);
    }
    ids.add(operation.id);
    paths.set(operation.path, methods.set(operation.method, operation));
  }
  return [...paths].sort(([a], [b]) => parameterNames(a).length - parameterNames(b).length);
}

/** The refusal of a method, with those that there are. */
function unsupported(methods: Methods): StoredAnswer {
  const allow = [...methods.keys()].sort().join(", ");
  const refused = problemAnswer(new WritError("METHOD_UNSUPPORTED", `the methods are ${allow}`));
  return writtenAnswer({ ...refused, headers: { allow } });
}
