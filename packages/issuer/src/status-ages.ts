import { parseTimestamp, type AuthorityCredential, type SqlExecutor } from "@writ/core";

import type { Registry } from "./organisation.js";

/** Notes how old the status lists may be for an authority that is about to be signed, and until when. */
export async function noteStatusAges(
  transaction: SqlExecutor,
  { credentialSubject, validUntil }: AuthorityCredential,
): Promise<void> {
  for (const { statusMaxAgeSeconds } of credentialSubject.grants) {
    if (statusMaxAgeSeconds === undefined) continue;
    await transaction.query(
      `INSERT INTO status_ages (seconds, until) VALUES ($1, $2)
       ON CONFLICT (seconds) DO UPDATE SET until = excluded.until WHERE status_ages.until < excluded.until`,
      [statusMaxAgeSeconds, parseTimestamp(validUntil)],
    );
  }
}

/**
 * How old a status list may be at most, for every authority that the organisation granted and that has not ended: the
 * tightest `statusMaxAgeSeconds` (DESIGN 6), in milliseconds. None where nobody asks for that.
 */
export async function tightestStatusAgeMs(
  executor: SqlExecutor,
  { clock }: Pick<Registry, "clock">,
): Promise<number | undefined> {
  const [row] = await executor.query("SELECT min(seconds) AS tightest FROM status_ages WHERE until > $1", [
    clock(),
  ]);
  const tightest = row?.["tightest"];
  return typeof tightest === "number" ? tightest * 1000 : undefined;
}
