import { ERROR_CODES, WritError, type ErrorCode } from "@writ/core";

/** How long a port is waited for, and what ends the waiting early. */
export interface CallLimits {
  /** Milliseconds; thirty seconds unless given, ten minutes at most. */
  readonly timeoutMs?: number;
  /** Aborted by whoever does not want to wait any more: then the port is as one that did not answer. */
  readonly signal?: AbortSignal | undefined;
}

/** What is asked of a port, and what is said where it does not answer. */
export interface PortCall<T> {
  /** A sentence's subject, such as "the status entries". */
  readonly what: string;
  readonly unavailable: Extract<ErrorCode, `${string}_UNAVAILABLE`>;
  readonly ask: (signal: AbortSignal) => Promise<T>;
}

export const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 600_000;

/**
 * Asks a port that may be anybody's: one that throws at once, rejects with what is no error, or never
 * answers holds up nobody. The signal that it gets is aborted when nobody waits any more.
 *
 * @throws WritError as the port threw it; the code `unavailable` for everything else, `ARGUMENT_INVALID`
 *   for a time-out out of bounds.
 */
export async function callPort<T>(
  { what, unavailable, ask }: PortCall<T>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CallLimits,
): Promise<T> {
  assertTimeout(timeoutMs);
  if (signal?.aborted === true) throw new WritError(unavailable, `${what}: nobody waits any more`);
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let callOff: (() => void) | undefined;
  const given = new Promise<never>((_, reject) => {
    const end = (why: string): void => {
      reject(new WritError(unavailable, `${what} ${why}`));
      controller.abort();
    };
    timer = setTimeout(end, timeoutMs, "took too long");
    callOff = () => {
      end("was called off");
    };
    signal?.addEventListener("abort", callOff);
  });
  // Begun in a promise of its own, so that what it throws at once is a rejection too.
  const answer = Promise.resolve().then(() => ask(controller.signal));
  try {
    return await Promise.race([given, answer]);
  } catch (cause) {
    if (cause instanceof WritError && Object.hasOwn(ERROR_CODES, cause.code)) throw cause;
    throw new WritError(unavailable, `${what} could not be obtained`, { cause });
  } finally {
    clearTimeout(timer);
    if (callOff !== undefined) signal?.removeEventListener("abort", callOff);
  }
}

/** @throws WritError `ARGUMENT_INVALID`. */
export function assertTimeout(timeoutMs: number): void {
  if (Number.isSafeInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return;
  throw new WritError("ARGUMENT_INVALID", "a time-out is 1 ms at least, ten minutes at most");
}
