import { parseStrictJsonObject, systemClock, type Clock, type JsonObject, type JsonText } from "@writ/core";

import { createObtainedLists, type ObtainedLists } from "./status/obtained-lists.js";
import type { StatusListSource } from "./status/status-source.js";
import { Verification, type Refusal } from "./verification.js";

/**
 * Parses a document and runs checks on it, all as of one time (DESIGN 4.6): now. A status list may be signed when
 * it is asked for, and so begin later. Once it has begun, all is checked once more, as of then, by what had come:
 * the document, the lists, and the DID documents from the network, none of which is asked for again.
 *
 * @throws WritError `ARGUMENT_INVALID` where the clock tells no time.
 */
export async function runChecks<Name extends string, Result>(
  names: readonly (Name | "json")[],
  input: JsonText,
  { clock = systemClock, status }: { readonly clock?: Clock; readonly status: StatusListSource },
  checks: (run: Verification<Name | "json">, json: JsonObject, lists: ObtainedLists) => Promise<Result>,
): Promise<Result | Refusal> {
  const run = new Verification(names, clock());
  const json = await run.obtain("json", () => parseStrictJsonObject(input));
  if (json === undefined) return run.refusal();
  const lists = createObtainedLists(status);
  const result = await checks(run, json, lists);
  if (run.lastBegin <= run.asOf) return result;
  const again = new Verification(names, clock());
  if (again.asOf < run.lastBegin) return result;
  // The bytes are not read again: whoever gave them may have written over them.
  await again.obtain("json", () => json);
  return checks(again, json, lists);
}
