import { performance } from "node:perf_hooks";

import { WritError } from "@writ/core";

import { networkOf } from "./connection.js";

/** How much is done at a time. */
export interface AdmissionLimits {
  /** The bodies of so many requests are being read: whoever sends slowly keeps no place from others. */
  readonly maxReading: number;
  /** So many of them of one remote address, or of one /64 of IPv6. */
  readonly maxReadingOfOne: number;
  /** So many requests are in work. */
  readonly maxInWork: number;
  /** So many more have been read, and wait for their turn. */
  readonly maxWaiting: number;
}

/** What a service goes by unless told otherwise. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  maxReading: 512,
  maxReadingOfOne: 128,
  maxInWork: 32,
  maxWaiting: 96,
};

/** A request that wants to be let in. */
export interface Entrant {
  /** Whether it has a body, which is to be read first. */
  readonly hasBody: boolean;
  readonly remoteAddress?: string | undefined;
}

/** A request that was let in. */
export interface Place {
  /**
   * The request was read. Resolves when it is its turn to be worked on.
   *
   * The promise is rejected with `TOO_MANY_REQUESTS` where too many wait already.
   */
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
  enter(entrant: Entrant): Place;
}

/** Work goes on for so long before requests that have arrived meanwhile are let in or refused. */
const SLICE_MS = 10;

/** So often Node.js looks for what has arrived before work goes on; each time it accepts one connection. */
const LOOKS_BETWEEN_SLICES = 8;

/** Under a flood of requests to refuse, work gets as much time as refusing took, up to this. */
const LONGEST_SLICE_MS = 100;

/**
 * Lets in no more requests than are worked on and may wait, in the order in which they were read. Those that are
 * being read are counted apart, so that slow senders do not keep others from it. Between slices of
 * work, whatever has arrived is looked at: what waits where nobody counts it is neither refused nor served.
 *
 * @throws WritError `ARGUMENT_INVALID` for limits that are none.
 */
export function createAdmission(limits: AdmissionLimits): Admission {
  const { maxReading, maxReadingOfOne, maxInWork, maxWaiting } = limits;
  const isCount = (limit: number, least: number): boolean => Number.isSafeInteger(limit) && limit >= least;
  if (
    ![maxReading, maxReadingOfOne, maxInWork].every((limit) => isCount(limit, 1)) ||
    !isCount(maxWaiting, 0)
  ) {
    throw new WritError("ARGUMENT_INVALID", "how many requests are read, in work, and wait, are counts");
  }
  const readers = createReaders(maxReading, maxReadingOfOne);
  const waiting: (() => void)[] = [];
  let inside = 0;
  let inWork = 0;
  let isScheduled = false;
  let [scheduledAt, sliceEnd] = [0, 0];

  const begin = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    inWork++;
    next();
  };
  const slice = (): void => {
    isScheduled = false;
    const now = performance.now();
    sliceEnd = now + Math.min(Math.max(SLICE_MS, now - scheduledAt), LONGEST_SLICE_MS);
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
    scheduledAt = performance.now();
    look(LOOKS_BETWEEN_SLICES);
  };

  const assertRoom = (): void => {
    if (inside >= maxInWork + maxWaiting) throw tooMany();
  };
  const enter = ({ hasBody, remoteAddress }: Entrant): Place => {
    assertRoom();
    const stopReading = hasBody ? readers.enter(remoteAddress) : undefined;
    let state: "reading" | "inside" = "reading";
    return {
      turn: async () => {
        assertRoom();
        stopReading?.();
        state = "inside";
        inside++;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          schedule();
        });
      },
      leave: () => {
        if (state === "reading") {
          stopReading?.();
          return;
        }
        // Whoever was inside had a turn: waiting for it cannot be given up.
        inside--;
        inWork--;
        if (performance.now() < sliceEnd) begin();
        schedule();
      },
    };
  };
  return { enter };
}

/** Counts those who are being read: all, and for each address. */
function createReaders(most: number, mostOfOne: number) {
  const byNetwork = new Map<string, number>();
  let all = 0;
  return {
    /** @returns what ends the reading */
    enter(remoteAddress: string | undefined): () => void {
      const network = networkOf(remoteAddress);
      const ofOne = byNetwork.get(network) ?? 0;
      if (all >= most || ofOne >= mostOfOne) throw tooMany();
      all++;
      byNetwork.set(network, ofOne + 1);
      return () => {
        all--;
        const left = (byNetwork.get(network) ?? 1) - 1;
        if (left > 0) byNetwork.set(network, left);
        else byNetwork.delete(network);
      };
    },
  };
}

function tooMany(): WritError {
  return new WritError("TOO_MANY_REQUESTS", "more is asked for than is done at a time");
}
