import type { JsonValue } from "../json/json-value.js";
import type { ErrorCode } from "./codes.js";

/** One reason why something is not verified or not allowed. */
export interface Problem {
  readonly code: ErrorCode;
  /** JSON Pointer (RFC 6901) into the document that was given; `""` is the whole of it. */
  readonly pointer: string;
  /** A sentence for a person. Never holds a secret or a whole credential. */
  readonly detail: string;
  /** Position in the chain, 0 at the root. */
  readonly link?: number;
  /** Id of the grant. */
  readonly grant?: string;
  /** Name of the dimension of the grant. */
  readonly dimension?: string;
  readonly asked?: JsonValue;
  readonly allowed?: JsonValue;
}

/** What a {@link WritError} can say beyond its code and detail. */
export interface WritErrorOptions extends Partial<Omit<Problem, "code" | "detail">> {
  /** What a person could do about it. */
  readonly hint?: string;
  /** All that was found, where it was more than one; the error tells the first. */
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** The one error class. Untrusted input yields results; misuse and environment throw this. */
export class WritError extends Error {
  override readonly name = "WritError";
  readonly code: ErrorCode;
  readonly problem: Problem;
  readonly hint: string | undefined;
  /** Every problem, the first of which is `problem`. */
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, detail: string, options: WritErrorOptions = {}) {
    const { hint, problems, cause, pointer = "", ...place } = options;
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.problem = { code, pointer, detail, ...place };
    this.problems = problems ?? [this.problem];
    this.hint = hint;
  }
}

/**
 * Runs a check that refuses by throwing, and returns what it refused.
 * Anything but a {@link WritError} is a defect and goes on its way.
 */
export function problemOf(check: () => void): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return asProblem(error);
  }
}

/** The problem that a refusal carries; rethrows what is not a refusal. */
export function asProblem(error: unknown): Problem {
  if (error instanceof WritError) return error.problem;
  throw error;
}

/** A problem as an error, for callers that refuse by throwing. */
export function refusal(
  { code, detail, ...place }: Problem,
  more: Pick<WritErrorOptions, "hint" | "problems" | "cause"> = {},
): WritError {
  return new WritError(code, detail, { ...place, ...more });
}

/** An error of something inside a larger document: the same refusal, with a pointer into the whole. */
export function relocate(error: unknown, pointer: string): unknown {
  if (!(error instanceof WritError)) return error;
  return refusal({ ...error.problem, pointer: pointer + error.problem.pointer }, { cause: error });
}
