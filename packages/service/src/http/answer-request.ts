import { deepFreeze, WritError, type JsonLimits, type JsonValue } from "@writ/core";

import type { Admission } from "./admission.js";
import { answerOnce, idempotencyKey, requestDigest } from "./answer-once.js";
import { checkAccess, type Access } from "./check-access.js";
import type { Connection } from "./connection.js";
import type { IdempotencyStore, StoredAnswer } from "./idempotency-store.js";
import type { Operation, OperationRequest } from "./operation.js";
import { pathParameters, rawPath } from "./path-template.js";
import type { RateLimit } from "./rate-limit.js";
import { readBody } from "./read-body.js";
import { writtenAnswer } from "./written-answer.js";

/** What a request has to pass before an operation is asked. */
export interface Gates {
  readonly admission: Admission;
  /** By the id of the operation; without one there is no limit. */
  readonly rates: ReadonlyMap<string, RateLimit>;
  readonly access: Access;
  readonly bodyLimits: JsonLimits;
  readonly idempotency: IdempotencyStore | undefined;
}

/**
 * Answers a request for an operation. The cheap checks come first: nothing of a body is read for whoever
 * asks too often, at a bad time, or without a token.
 *
 * @throws WritError what a gate refuses with, or what the operation does.
 */
export async function answerRequest(
  operation: Operation,
  request: Request,
  connection: Connection,
  gates: Gates,
): Promise<StoredAnswer> {
  gates.rates.get(operation.id)?.take(connection.remoteAddress);
  const { remoteAddress } = connection;
  const place = gates.admission.enter({ hasBody: operation.body !== undefined, remoteAddress });
  // Taken now, so that it tells of whoever leaves from now on.
  const { signal } = request;
  try {
    const { scope } = operation;
    const owner = scope === undefined ? undefined : await checkAccess(request.headers, scope, gates.access);
    const key = operation.replays === undefined ? undefined : idempotencyKey(request.headers);
    const asked = await readRequest(operation, request, gates.bodyLimits);
    await place.turn();
    // Nothing was begun yet, and nobody is there for the answer.
    if (signal.aborted) throw new WritError("REQUEST_MALFORMED", "the client has left");
    const ask = async (requestId?: string): Promise<StoredAnswer> =>
      writtenAnswer(await operation.handle({ ...asked, ...(requestId === undefined ? {} : { requestId }) }));
    if (key === undefined || owner === undefined || gates.idempotency === undefined) return await ask();
    const digest = requestDigest(asked.parameters, asked.query.toString(), asked.body ?? null);
    const requestId = requestDigest(owner, operation.id, key);
    return await answerOnce(gates.idempotency, { owner, operation: operation.id, key, digest }, () =>
      ask(requestId),
    );
  } finally {
    place.leave();
  }
}

/** Answers a request for an operation of every process, which passes no gate: also under overload. */
export async function answerAlways(operation: Operation, request: Request): Promise<StoredAnswer> {
  return writtenAnswer(await operation.handle({ ...partsOf(operation, request), body: undefined }));
}

async function readRequest(
  operation: Operation,
  request: Request,
  limits: JsonLimits,
): Promise<OperationRequest<JsonValue | undefined>> {
  const parts = partsOf(operation, request);
  // The form is the operation's own; to the digest a body is JSON.
  const body = operation.body === undefined ? undefined : await readBody(request, operation.body, limits);
  return { ...parts, body: body as JsonValue | undefined };
}

function partsOf({ path }: Operation, request: Request): Omit<OperationRequest<unknown>, "body"> {
  return {
    parameters: deepFreeze(pathParameters(path, rawPath(request))),
    query: new URL(request.url).searchParams,
    headers: someHeaders(request.headers),
  };
}

/** The fields that say something about the answer. */
function someHeaders(headers: Headers): Headers {
  const some = new Headers();
  for (const name of ["accept", "if-none-match"]) {
    const value = headers.get(name);
    if (value !== null) some.set(name, value);
  }
  return some;
}
