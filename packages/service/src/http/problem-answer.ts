import {
  ERROR_CODES,
  problemDetails,
  WritError,
  type ErrorCode,
  type JsonObject,
  type Problem,
} from "@writ/core";

import type { OperationAnswer } from "./operation.js";
import { STATUS_OF_CODE } from "./status-of-code.js";

/** The media type of problems (RFC 9457, section 3). */
export const PROBLEM_TYPE = "application/problem+json";

/** An answer that is a problem, with the code that it is logged by. */
export interface ProblemAnswer extends OperationAnswer {
  readonly code: ErrorCode;
}

/** What some problems say in a header as well. */
const HEADERS_OF_CODE: Partial<Record<ErrorCode, Readonly<Record<string, string>>>> = {
  UNAUTHORIZED: { "www-authenticate": "Bearer" },
  FORBIDDEN: { "www-authenticate": 'Bearer error="insufficient_scope"' },
  TOO_MANY_REQUESTS: { "retry-after": "1" },
  IDEMPOTENCY_IN_PROGRESS: { "retry-after": "1" },
  // What is left of a body that is too large is not waited for.
  TOO_LARGE: { connection: "close" },
};

/**
 * What is thrown, as Problem Details (RFC 9457): the problem with `status`, and under `errors` all of
 * them where there are several. What is not the caller's to mend says no more than its code means, and
 * what is not a `WritError` says nothing at all.
 */
export function problemAnswer(error: unknown): ProblemAnswer {
  const { problem, problems } = error instanceof WritError ? error : UNKNOWN;
  const status = STATUS_OF_CODE[problem.code];
  if (status >= 500) return answer(silent(status === 500 ? "INTERNAL" : problem.code), [], status);
  return answer(problem, problems.length > 1 ? problems : [], status);
}

const UNKNOWN: Pick<WritError, "problem" | "problems"> = { problem: silent("INTERNAL"), problems: [] };

function silent(code: ErrorCode): Problem {
  return { code, pointer: "", detail: ERROR_CODES[code] };
}

function answer(problem: Problem, problems: readonly Problem[], status: number): ProblemAnswer {
  const errors = problems.map((each) => asObject(problemDetails(each)));
  return {
    status,
    code: problem.code,
    contentType: PROBLEM_TYPE,
    body: { ...asObject(problemDetails(problem)), status, ...(errors.length === 0 ? {} : { errors }) },
    headers: HEADERS_OF_CODE[problem.code] ?? {},
  };
}

function asObject(value: object): JsonObject {
  return value as JsonObject;
}
