import { WritError } from "@writ/core";

import { LAST_ROW, type ReadRows } from "../store/sqlite-rows.js";
import { attempt } from "./attempt.js";
import { goAround } from "./go-around.js";

const MOST_AT_ONCE = 64;

/**
 * The rows of a table that may be damaged. Those that cannot be read are gone around.
 *
 * @param onGap told of each row, or place, that cannot be read
 */
export async function* scanRows<T>(read: ReadRows<T>, onGap: (error: WritError) => void): AsyncIterable<T> {
  let after = 0;
  let limit = MOST_AT_ONCE;
  for (;;) {
    const part = await attempt(() => read(after, limit));
    if (!(part instanceof WritError)) {
      yield* part.rows;
      part.damaged.forEach(onGap);
      // The end, or a table that does not move on: it is not asked for ever.
      if (part.last === undefined || part.last <= after) return;
      after = part.last;
      // Where some cannot be read, others near them cannot.
      limit = Math.min(2 * limit, MOST_AT_ONCE);
    } else if (limit > 1) {
      limit = Math.floor(limit / 2);
    } else {
      onGap(part);
      const next = await goAround(BigInt(after), {
        last: BigInt(LAST_ROW),
        smallestStep: 1n,
        canBeRead: async (row) => !((await attempt(() => read(Number(row), 1))) instanceof WritError),
      });
      if (next >= LAST_ROW) return;
      after = Number(next);
    }
  }
}
