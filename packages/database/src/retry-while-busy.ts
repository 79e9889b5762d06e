import { setTimeout as sleep } from "node:timers/promises";
import { WritError } from "@writ/core";

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Repeats `attempt` while it is refused with `DATABASE_BUSY`, pausing in between without blocking
 * the event loop; the pauses vary, so that processes which wait for each other fall out of step.
 *
 * @param timeoutMs after this time the refusal stands
 * @throws WritError `DATABASE_BUSY`, or what `attempt` throws.
 */
export async function retryWhileBusy<T>(attempt: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return attempt();
    } catch (error) {
      const isBusy = error instanceof WritError && error.code === "DATABASE_BUSY";
      if (!isBusy || performance.now() >= deadline) throw error;
    }
    await sleep(pauseMs * Math.random());
  }
}
