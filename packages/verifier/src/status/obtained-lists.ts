import { WritError, type GenericStatusListCredential } from "@writ/core";

import type { ObtainedList, StatusListDemand, StatusListSource } from "./status-source.js";

/** The lists that one verification has obtained from its source. */
export interface ObtainedLists {
  /**
   * The list at an address, which is asked for once, by the first demand, however often it is judged.
   *
   * @throws WritError `STATUS_UNAVAILABLE`, whatever the source failed of.
   */
  get(address: string, demand: StatusListDemand): Promise<ObtainedList>;
  /**
   * Tells the source of a list that verified; of the same again where it is judged again.
   *
   * @throws WritError `STATUS_LIST_INVALID` where it knows a newer one; `STATUS_UNAVAILABLE` where it fails to say.
   */
  accept(list: GenericStatusListCredential, obtained: ObtainedList): void;
}

/** None yet, of a source. */
export function createObtainedLists(source: StatusListSource): ObtainedLists {
  const kept = new Map<string, Promise<ObtainedList>>();
  return {
    get(address, demand) {
      const list = kept.get(address) ?? obtainList(address, source, demand);
      kept.set(address, list);
      return list;
    },

    accept(list, obtained) {
      try {
        const answer: unknown = source.accept?.(list, obtained);
        // A promise is no answer yet, and its refusal would come too late.
        if (answer instanceof Promise) answer.catch(() => undefined);
        if (answer !== undefined) throw new WritError("STATUS_UNAVAILABLE", "`accept` must answer at once");
      } catch (cause) {
        if (cause instanceof WritError && cause.code === "STATUS_LIST_INVALID") throw cause;
        throw new WritError("STATUS_UNAVAILABLE", "whether the status list is the newest is not known", {
          cause,
        });
      }
    },
  };
}

async function obtainList(
  address: string,
  source: StatusListSource,
  demand: StatusListDemand,
): Promise<ObtainedList> {
  let answer: unknown;
  try {
    answer = await source.get(address, demand);
  } catch (cause) {
    const why = cause instanceof WritError ? `: ${cause.code}, ${cause.message}` : "";
    throw new WritError("STATUS_UNAVAILABLE", `the status list could not be obtained${why}`, { cause });
  }
  if (answer === null) throw new WritError("STATUS_UNAVAILABLE", "there is no list at the status's address");
  // A source of somebody's own may answer what is no answer, or "unchanged" to a question without a tag.
  if (typeof answer !== "object" || !("text" in answer)) {
    throw new WritError("STATUS_UNAVAILABLE", "the source of the status list gave no list");
  }
  return answer as ObtainedList;
}
