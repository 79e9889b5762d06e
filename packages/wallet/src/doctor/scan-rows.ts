import type { WritError } from "@writ/core";

import type { ReadRows } from "../store/sqlite-rows.js";
import { goAround } from "./go-around.js";
import { attempt } from "./scan-damaged.js";

const BATCH = 64;
const LAST_ROW = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The rows of a table that may be damaged. Those that cannot be read are gone around.
 *
 * @param onGap told of each place that cannot be read
 */
export async function* scanRows<T>(read: ReadRows<T>, onGap: (error: WritError) => void): AsyncIterable<T> {
  let after = 0;
  let limit = BATCH;
  for (;;) {
    const part = await attempt(() => read(after, limit));
    if (!(part instanceof Error)) {
      yield* part.rows;
      // The end, or a table that does not move on: it is not asked for ever.
      if (part.last === undefined || part.last <= after) return;
      after = part.last;
      limit = BATCH;
    } else if (limit > 1) {
      limit = Math.floor(limit / 2);
    } else {
      onGap(part);
      const next = await goAround(BigInt(after), {
        last: LAST_ROW,
        smallestStep: 1n,
        canBeRead: async (row) => !((await attempt(() => read(Number(row), 1))) instanceof Error),
      });
      if (next >= LAST_ROW) return;
      after = Number(next);
      limit = BATCH;
    }
  }
}
