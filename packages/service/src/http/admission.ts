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

/**
 * Lets in no more requests than are worked on and may wait. A place in work is taken only when a request
 * was read, so that slow senders do not keep others from it.
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

  const enter = (): Place => {
    if (inside >= maxInWork + maxWaiting) {
      throw new WritError("TOO_MANY_REQUESTS", "more is asked for than is done at a time");
    }
    inside++;
    let working = false;
    return {
      turn: async () => {
        // Whoever leaves hands the place on, so that it is counted already.
        if (inWork < maxInWork) inWork++;
        else await new Promise<void>((resolve) => waiting.push(resolve));
        working = true;
      },
      leave: () => {
        inside--;
        if (!working) return;
        const next = waiting.shift();
        if (next === undefined) inWork--;
        else next();
      },
    };
  };
  return { enter };
}
