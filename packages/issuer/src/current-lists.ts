import { integerOf, textOf, WritError, type SqlExecutor } from "@writ/core";

import type { Organisation } from "./organisation.js";
import { signStatusList } from "./publish-status.js";
import { tightestStatusAgeMs } from "./status-ages.js";
import type { StatusPurpose } from "./status-lists.js";

/** A status list as it stands, signed, for whoever asks for its address. */
export interface CurrentList {
  /** The signed list. The same object as long as the list is the same. */
  readonly text: string;
  /** How long it may be kept by whoever gets it now, in milliseconds; the rest of its time to live. */
  readonly freshForMs: number;
}

/** The status lists of an organisation, for those who serve them. */
export interface CurrentLists {
  /**
   * The list of a name, signed anew where an entry has changed, or half of its time to live is over or of the tightest
   * `statusMaxAgeSeconds` granted.
   * `undefined` where there is no such list.
   */
  get(listId: string): Promise<CurrentList | undefined>;
}

/** How long a list that is served may be relied on unless told otherwise. */
export const CURRENT_LIST_TTL_MS: number = 5 * 60 * 1000;

/** A time to live has room for a signature now and then, and ends with the list itself. */
const TTL_RANGE_MS = [10_000, 24 * 60 * 60 * 1000] as const;

/** As status-lists.ts names them. */
const LIST_NAME = /^[a-z][0-9]{1,9}$/;

interface Signed {
  readonly version: number;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Serves an organisation's status lists as they stand in its database, whoever changes them: what was signed
 * is used again while the list's version is the same.
 *
 * @param ttlMs the lists' time to live, in milliseconds; five minutes unless given
 * @throws WritError `ARGUMENT_INVALID` for a time to live below ten seconds or above a day.
 */
export function createCurrentLists(
  organisation: Organisation,
  { ttlMs = CURRENT_LIST_TTL_MS }: { readonly ttlMs?: number } = {},
): CurrentLists {
  const [least, most] = TTL_RANGE_MS;
  if (!Number.isSafeInteger(ttlMs) || ttlMs < least || ttlMs > most) {
    throw new WritError("ARGUMENT_INVALID", "a list lives for ten seconds at least, for a day at most");
  }
  const signed = new Map<string, Promise<Signed>>();
  return {
    async get(listId) {
      const { database, clock } = organisation;
      // What can be no name of a list is not asked for: a database need not hold such a text.
      if (!LIST_NAME.test(listId)) return undefined;
      const state = await listState(database, listId);
      if (state === undefined) return undefined;
      // A grant may take no list that is as old as its time to live.
      const keptMs = Math.min(ttlMs, (await tightestStatusAgeMs(database, organisation)) ?? ttlMs);
      const isCurrent = ({ version, at }: Signed, now: number): boolean =>
        version >= state.version && now >= at && now < at + keptMs / 2;
      const answer = ({ text, at }: Signed, now: number): CurrentList => ({
        text,
        freshForMs: Math.max(0, at + keptMs - Math.max(now, at)),
      });
      for (;;) {
        const before = signed.get(listId);
        const known = await before?.catch(() => undefined);
        // Not before: what was signed while this waited is of a later time.
        const now = clock();
        if (known !== undefined && isCurrent(known, now)) return answer(known, now);
        // Somebody else has begun to sign meanwhile: one signature is enough for all who wait.
        if (signed.get(listId) !== before) continue;
        const signing = sign(organisation, listId, ttlMs);
        signed.set(listId, signing);
        return answer(await signing, clock());
      }
    },
  };
}

/** Reads version and entries in one transaction: a change in between is in both, or in neither. */
function sign(organisation: Organisation, listId: string, ttlMs: number): Promise<Signed> {
  return organisation.database.transaction(async (transaction) => {
    const state = await listState(transaction, listId);
    if (state === undefined) throw new WritError("NOT_FOUND", "there is no such status list");
    const at = organisation.clock();
    const list = await signStatusList(transaction, organisation, { listId, purpose: state.purpose }, ttlMs);
    return { version: state.version, text: JSON.stringify(list), at };
  });
}

async function listState(
  executor: SqlExecutor,
  listId: string,
): Promise<{ readonly purpose: StatusPurpose; readonly version: number } | undefined> {
  const [row] = await executor.query("SELECT purpose, version FROM status_lists WHERE list_id = $1", [
    listId,
  ]);
  if (row === undefined) return undefined;
  return { purpose: textOf(row, "purpose") as StatusPurpose, version: integerOf(row, "version") };
}
