import { WritError, type SqlExecutor, type SqlValue } from "@writ/core";

import { stateOfAgent } from "./agents.js";
import { OWN } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";
import { entriesFrom, entriesIssuedSince, setEntry, type StatusEntryRecord } from "./status-entries.js";

/** What is revoked together. */
export type RevocationScope =
  /** What an agent has, and all that is on record as handed on of it. */
  | { readonly agentId: string }
  /** What a key of the organisation has signed since a time. */
  | {
      /** Milliseconds since 1970. */
      readonly issuedSince: number;
      /** DID of the key; the one that the organisation has unless given. */
      readonly issuer?: string;
    }
  /** A credential, and all that is on record as handed on of it. */
  | { readonly cascadeFrom: string };

/**
 * The credentials that {@link revokeCredentials} would revoke: those that have neither ended nor been revoked,
 * and have a place in a list.
 *
 * @returns their ids, or the names that they were given
 * @throws WritError `NOT_FOUND` for an agent that is not registered, a key that the organisation never had, a
 *   credential that it has not issued.
 */
export function listRevocable(registry: Registry, scope: RevocationScope): Promise<readonly string[]> {
  return registry.database.transaction(async (transaction) =>
    (await entriesIn(transaction, registry, scope)).map(({ name }) => name),
  );
}

/**
 * Revokes all of them for good, in one step. It takes effect when the status lists are next published. An agent
 * stays what it is: it can be issued others, unless it is suspended or retired.
 *
 * @param reason for the records; it is not published
 * @returns those that were revoked
 * @throws WritError `NOT_FOUND` for an agent that is not registered, a key that the organisation never had, a
 *   credential that it has not issued.
 */
export function revokeCredentials(
  registry: Registry,
  scope: RevocationScope,
  reason?: string,
): Promise<readonly string[]> {
  return registry.database.transaction(async (transaction) => {
    const entries = await entriesIn(transaction, registry, scope);
    for (const entry of entries) {
      await setEntry(transaction, registry, entry, { purpose: "revocation", reason, alongWith: "nothing" });
    }
    await markRest(transaction, registry, scope, reason);
    return entries.map(({ name }) => name);
  });
}

async function entriesIn(
  transaction: SqlExecutor,
  registry: Registry,
  scope: RevocationScope,
): Promise<readonly StatusEntryRecord[]> {
  if ("issuedSince" in scope) {
    const { issuer = registry.did, issuedSince } = scope;
    await assertOwnKey(transaction, registry, issuer);
    return entriesIssuedSince(transaction, registry, { issuer, since: issuedSince });
  }
  if ("cascadeFrom" in scope) {
    const found = await entriesFrom(transaction, registry, { credentialId: scope.cascadeFrom });
    if (found.length === 0 && !(await isOnRecord(transaction, scope.cascadeFrom))) {
      throw new WritError("NOT_FOUND", "the organisation has not issued a credential of this id");
    }
    return found;
  }
  await stateOfAgent(transaction, scope.agentId);
  return entriesFrom(transaction, registry, scope);
}

/** A key that is misspelt has signed nothing, and nobody must believe that all of another's is revoked. */
async function assertOwnKey(transaction: SqlExecutor, { did }: Registry, issuer: string): Promise<void> {
  if (issuer === did) return;
  const rows = await transaction.query(
    "SELECT did FROM organisation WHERE did = $1 UNION ALL SELECT did FROM former_keys WHERE did = $1",
    [issuer],
  );
  if (rows.length > 0) return;
  throw new WritError("NOT_FOUND", "the organisation never had this key", {
    hint: "`writ key list` shows the keys that it had.",
  });
}

async function isOnRecord(transaction: SqlExecutor, credentialId: string): Promise<boolean> {
  const rows = await transaction.query("SELECT id FROM credentials WHERE document_id = $1", [credentialId]);
  return rows.length > 0;
}

/** What has ended is not renewed either, and what went with an old key is not issued to the next. */
async function markRest(
  transaction: SqlExecutor,
  { clock, did }: Registry,
  scope: RevocationScope,
  reason: string | undefined,
): Promise<void> {
  const [condition, ...values] = restOf(scope, did);
  await transaction.query(
    `UPDATE credentials SET revoked = COALESCE(revoked, $1), reason = COALESCE(reason, $2), revoked_with = 'nothing'
     WHERE ${condition} AND (revoked IS NULL OR revoked_with = 'key') AND ${OWN}`,
    [clock(), reason ?? null, ...values],
  );
}

function restOf(scope: RevocationScope, did: string): readonly [string, ...SqlValue[]] {
  if ("issuedSince" in scope) {
    return ["issuer = $3 AND issued >= $4", scope.issuer ?? did, scope.issuedSince];
  }
  return "agentId" in scope ? ["agent_id = $3", scope.agentId] : ["document_id = $3", scope.cascadeFrom];
}
