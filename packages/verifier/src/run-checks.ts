import { systemClock, type Clock } from "@writ/core";

import { keepLists, type KeptLists } from "./status/kept-lists.js";
import type { StatusListSource } from "./status/status-source.js";
import { Verification } from "./verification.js";

/**
 * Runs checks as of now. A status list may be signed when it is asked for, and so begin later than that: then
 * all of them are run once more, with the lists that came, for all is judged as of one time (DESIGN 4.6).
 *
 * @throws WritError `ARGUMENT_INVALID` where the clock tells no time.
 */
export async function runChecks<Name extends string, Result>(
  names: readonly Name[],
  { clock = systemClock, status }: { readonly clock?: Clock; readonly status: StatusListSource },
  checks: (run: Verification<Name>, lists: KeptLists) => Promise<Result>,
): Promise<Result> {
  const lists = keepLists(status);
  const run = new Verification(names, clock());
  const result = await checks(run, lists);
  if (run.latest === run.asOf) return result;
  const again = new Verification(names, clock());
  return again.asOf < run.latest ? result : checks(again, lists);
}
