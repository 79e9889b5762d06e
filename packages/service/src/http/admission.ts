import { performance } from "node:perf_hooks";

import { WritError } from "@writ/core";

/** How much is done at a time. */
export interface AdmissionLimits {
  /** So many requests are in work. */
  readonly maxInWork: number;
  /** So many more are let in, to be read and to wait for their turn. */
  readonly maxWaiting: number;
}

/** A request that was let in. */
export interface Place {
  /** Resolves when it is this request's turn to be worked on. */
  turn(): Promise<void>;
  /** Must be called once, when the request is done with, whatever became of it. */
  leave(): void;
}

/** What lets requests in. */
export interface Admission {
  /**
   * Lets a request in, or refuses it at once, before anything of it was read or done.
   *
   * @throws WritError `TOO_MANY_REQUESTS`.
   */
  enter(): Place;
}

/** Work goes on for so long before requests that have arrived meanwhile are let in or refused. */
const SLICE_MS = 10;

/** So often Node.js looks for what has arrived before work goes on; each time it accepts one connection. */
const LOOKS_BETWEEN_SLICES = 8;

/** Under a flood of requests to refuse, work gets as much time as refusing took, up to this. */
const LONGEST_SLICE_MS = 100;

/**
 * Lets in no more requests than are worked on and may wait. A place in work is taken only when a request
 * was read, so that slow senders do not keep others from it; and in the order of arrival. Between slices of
 * work, whatever has arrived is looked at: what waits where nobody counts it is neither refused nor served.
 *
 * @throws WritError `ARGUMENT_INVALID` for limits that are none.
 */
export function createAdmission({ maxInWork, maxWaiting }: AdmissionLimits): Admission {
  if (
    !Number.isSafeInteger(maxInWork) ||
    maxInWork < 1 ||
    !Number.isSafeInteger(maxWaiting) ||
    maxWaiting < 0
  ) {
    throw new WritError("ARGUMENT_INVALID", "how many requests are in work, and how many wait, are counts");
  }
  const waiting: (() => void)[] = [];
  let inside = 0;
  let inWork = 0;
  let isScheduled = false;
  let [sliceEnd, lastLeft] = [0, 0];

  const begin = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    inWork++;
    next();
  };
  const slice = (): void => {
    isScheduled = false;
    const now = performance.now();
    sliceEnd = now + Math.min(Math.max(SLICE_MS, now - lastLeft), LONGEST_SLICE_MS);
    begin();
    // It may take a while without keeping the processor busy.
    schedule();
  };
  const look = (times: number): void => {
    setImmediate(() => {
      if (times > 1) look(times - 1);
      else slice();
    });
  };
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || inWork >= maxInWork) return;
    isScheduled = true;
    look(LOOKS_BETWEEN_SLICES);
  };

  const enter = (): Place => {
    if (inside >= maxInWork + maxWaiting) {
      throw new WritError("TOO_MANY_REQUESTS", "more is asked for than is done at a time");
    }
    inside++;
    let working = false;
    return {
      turn: async () => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          schedule();
        });
        working = true;
      },
      leave: () => {
        inside--;
        if (!working) return;
        inWork--;
        lastLeft = performance.now();
        if (lastLeft < sliceEnd) begin();
        schedule();
      },
    };
  };
  return { enter };
}
