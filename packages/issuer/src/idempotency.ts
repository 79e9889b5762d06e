import {
  digestMultibase,
  label,
  parseShape,
  snapshot,
  textOf,
  WritError,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { stateAt } from "./issued-credentials.js";
import { assertCurrentKey, type Organisation } from "./organisation.js";

/** How whoever issues makes sure that a request which is made again issues nothing more. */
export interface IdempotencyOptions {
  /**
   * A text of 128 characters at most, one for each request: made again by it, the same request answers with the
   * same credential. Where it was broken off after the credential was recorded, that one is signed now.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What a request is known by. */
export interface Idempotency {
  readonly key: string;
  /** Digest of what is asked for. */
  readonly request: string;
}

/**
 * What a request is known by; nothing without a key.
 *
 * @param request all that it says, its kind included
 * @throws WritError of the schema for a key that is no name.
 */
export function idempotencyOf(key: string | undefined, request: object): Idempotency | undefined {
  if (key === undefined) return undefined;
  parseShape(label, key, "/idempotencyKey");
  return { key, request: digestMultibase(snapshot({ request })) };
}

/**
 * The row of the credential that the same request recorded before.
 *
 * @throws WritError `ALREADY_EXISTS` where the key was another request's, or the organisation's key is another since;
 *   `REVOKED`, `SUSPENDED`, `EXPIRED` for what would not be handed out any more; `KEY_ROTATED`.
 */
export async function findRecorded(
  organisation: Organisation,
  { key, request }: Idempotency,
): Promise<SqlRow | undefined> {
  const { database, did, clock } = organisation;
  const [row] = await database.query(
    `SELECT id, request, issuer, issued, content, valid_until, revoked, suspended FROM credentials
     WHERE idempotency_key = $1`,
    [key],
  );
  if (row === undefined) return undefined;
  await assertCurrentKey(database, organisation);
  if (row["request"] !== request) throw taken("was used for another request");
  if (textOf(row, "issuer") !== did)
    throw taken("is of a credential that the organisation's former key signed");
  switch (stateAt(row, clock())) {
    case "live":
      return row;
    case "revoked":
      throw new WritError("REVOKED", "the credential of this idempotency key has been revoked");
    case "suspended":
      throw new WritError("SUSPENDED", "the credential of this idempotency key is suspended");
    case "ended":
      throw new WritError("EXPIRED", "the credential of this idempotency key has ended");
  }
}

/**
 * Asked where nothing changes any more: somebody else may make the same request at the same time.
 *
 * @throws WritError `ALREADY_EXISTS`.
 */
export async function assertUnused(transaction: SqlExecutor, { key }: Idempotency): Promise<void> {
  const rows = await transaction.query("SELECT id FROM credentials WHERE idempotency_key = $1", [key]);
  if (rows.length > 0) throw taken("was used meanwhile: made again, the request has an answer");
}

function taken(detail: string): WritError {
  return new WritError("ALREADY_EXISTS", `the idempotency key ${detail}`);
}
