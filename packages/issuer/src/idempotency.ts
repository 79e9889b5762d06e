import {
  digestMultibase,
  integerOf,
  label,
  parseShape,
  snapshot,
  textOf,
  WritError,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { stateAt } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";

/** How whoever issues makes sure that a request which is made again issues nothing more. */
export interface IdempotencyOptions {
  /**
   * A text of 128 characters at most, one for each request: made again by it, the same request answers with the
   * same credential, as long as that might be issued now. Where it was broken off after the credential was recorded,
   * that one is signed now.
   *
   * It is refused with `IDEMPOTENCY_MISMATCH` where the key was another request's; `REVOKED`, `SUSPENDED`, `EXPIRED`
   * where the credential is that; `ISSUER_MISMATCH` where a key that the organisation had signed it;
   * `RECORD_TAMPERED` where its record was changed; `ISSUANCE_RULE`, `AGENT_INACTIVE`, `KEY_ROTATED` where it might not be
   * issued any more.
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

/** What {@link findRecorded} reads. */
export interface Recorded {
  /** By which the row is known. */
  readonly record: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly issued: number;
  /** Of what was about to be handed out, if it came to that. */
  readonly digest: string | undefined;
  readonly row: SqlRow;
}

/**
 * What the same request recorded before.
 *
 * @throws WritError as {@link IdempotencyOptions} says.
 */
export async function findRecorded(
  transaction: SqlExecutor,
  { did, clock }: Registry,
  { key, request }: Idempotency,
): Promise<Recorded | undefined> {
  const [row] = await transaction.query(
    `SELECT id, request, issuer, issued, agent_id, subject, content, digest, valid_until, revoked, suspended
     FROM credentials WHERE idempotency_key = $1`,
    [key],
  );
  if (row === undefined) return undefined;
  if (textOf(row, "issuer") !== did) {
    throw new WritError("ISSUER_MISMATCH", "the organisation's former key signed what this key was used for");
  }
  if (row["request"] !== request) {
    throw new WritError("IDEMPOTENCY_MISMATCH", "the idempotency key was used for another request");
  }
  const digest = row["digest"];
  switch (stateAt(row, clock())) {
    case "live":
      return {
        record: textOf(row, "id"),
        issued: integerOf(row, "issued"),
        digest: typeof digest === "string" ? digest : undefined,
        row,
      };
    case "revoked":
      throw new WritError("REVOKED", "the credential of this idempotency key has been revoked");
    case "suspended":
      throw new WritError("SUSPENDED", "the credential of this idempotency key is suspended");
    case "ended":
      throw new WritError("EXPIRED", "the credential of this idempotency key has ended");
  }
}
