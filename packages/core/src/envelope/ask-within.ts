import { WritError } from "../errors/writ-error.js";

/** What setTimeout can wait for. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Asks something outside for its part in a key, and waits no longer than is said. What it throws, unless it
 * is a {@link WritError}, is not repeated: it may hold a secret.
 *
 * @param what names who is asked, for the message
 * @throws WritError `KEY_SOURCE_UNAVAILABLE`, `ARGUMENT_INVALID` for the time.
 */
export async function askWithin<T>(
  timeoutMs: number,
  what: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new WritError("ARGUMENT_INVALID", "timeoutMs is a whole number of milliseconds from 1");
  }
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Before it is told to stop, which is an error of its own.
      reject(
        new WritError("KEY_SOURCE_UNAVAILABLE", `${what} did not answer within ${String(timeoutMs)} ms`),
      );
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([ask(controller.signal), late]);
  } catch (error) {
    if (error instanceof WritError) throw error;
    throw new WritError("KEY_SOURCE_UNAVAILABLE", `${what} could not be used`);
  } finally {
    clearTimeout(timer);
  }
}
