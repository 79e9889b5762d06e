import { integerOf, textOf, type SqlExecutor, type SqlRow, type SqlValue } from "@writ/core";

import { recordEvent } from "./events.js";
import type { Registry } from "./organisation.js";
import type { StatusPurpose } from "./status-lists.js";

/** The place of a credential in a status list, as it is on record. */
export interface StatusEntryRecord {
  /** Names the credential's row. */
  readonly record: string;
  /** By which the credential is known outside. */
  readonly name: string;
  readonly agentId?: string;
  readonly listId: string;
  readonly index: number;
}

/** What a credential's entry is set for. */
export interface EntryChange {
  readonly purpose: StatusPurpose;
  readonly reason?: string | undefined;
  /**
   * What it is set together with: what is suspended with its agent goes on with it, and what is revoked with
   * an agent's key is issued again to the next.
   */
  readonly alongWith: "agent" | "key" | "nothing";
}

/** The entries of all credentials that bear a name. */
export function entriesOfName(
  transaction: SqlExecutor,
  name: string,
  purpose: StatusPurpose,
): Promise<readonly StatusEntryRecord[]> {
  return entriesWhere(transaction, purpose, "document_id = $2", [name]);
}

/** The entries that are not set of an agent's credentials that have not ended, nor been revoked. */
export function entriesOfAgent(
  transaction: SqlExecutor,
  { clock }: Registry,
  agentId: string,
  purpose: StatusPurpose,
): Promise<readonly StatusEntryRecord[]> {
  const condition = "agent_id = $2 AND valid_until > $3 AND revoked IS NULL AND is_set = 0";
  return entriesWhere(transaction, purpose, condition, [agentId, clock()]);
}

/**
 * The entries that are not set of a credential, or of an agent's, and of all that is on record as handed on of
 * these: such as have neither ended nor been revoked.
 */
export function entriesFrom(
  transaction: SqlExecutor,
  { clock }: Registry,
  from: { readonly credentialId: string } | { readonly agentId: string },
): Promise<readonly StatusEntryRecord[]> {
  const [beginning, value] =
    "agentId" in from
      ? ["agent_id = $2 OR subject IN (SELECT did FROM agent_keys WHERE agent_id = $2)", from.agentId]
      : ["document_id = $2", from.credentialId];
  const condition = `credentials.id IN (
      WITH RECURSIVE below (id) AS (
        SELECT id FROM credentials WHERE ${beginning}
        UNION SELECT credentials.id FROM below JOIN credentials ON credentials.parent = below.id)
      SELECT id FROM below)
    AND valid_until > $3 AND revoked IS NULL AND is_set = 0`;
  return entriesWhere(transaction, "revocation", condition, [value, clock()]);
}

/** The entries of a principal's identities that have neither ended nor been revoked. */
export function entriesOfPrincipal(
  transaction: SqlExecutor,
  { clock }: Registry,
  did: string,
): Promise<readonly StatusEntryRecord[]> {
  const condition = `type = 'PrincipalIdentityCredential' AND subject = $2 AND valid_until > $3
    AND revoked IS NULL AND is_set = 0`;
  return entriesWhere(transaction, "revocation", condition, [did, clock()]);
}

/** The entries of what was issued by a key since a time, and has neither ended nor been revoked. */
export function entriesIssuedSince(
  transaction: SqlExecutor,
  { clock }: Registry,
  { issuer, since }: { readonly issuer: string; readonly since: number },
): Promise<readonly StatusEntryRecord[]> {
  const condition =
    "credentials.issuer = $2 AND issued >= $3 AND valid_until > $4 AND revoked IS NULL AND is_set = 0";
  return entriesWhere(transaction, "revocation", condition, [issuer, since, clock()]);
}

/** The entries of credentials that were suspended with their agent. */
export function entriesSuspendedWith(
  transaction: SqlExecutor,
  agentId: string,
): Promise<readonly StatusEntryRecord[]> {
  return entriesWhere(transaction, "suspension", "agent_id = $2 AND suspended_with = 'agent'", [agentId]);
}

/**
 * Sets an entry, and records that. One that is set already stays as it is; but what was set with the agent or its key
 * and is now set by itself, neither goes on with the agent nor is issued to the next key.
 */
export async function setEntry(
  transaction: SqlExecutor,
  registry: Registry,
  entry: StatusEntryRecord,
  { purpose, reason, alongWith }: EntryChange,
): Promise<void> {
  if (!(await turn(transaction, entry, 1))) {
    if (alongWith !== "nothing" || !(await setByItself(transaction, entry, purpose, reason))) return;
    return recordSetting(transaction, registry, entry, purpose, reason);
  }
  const { record } = entry;
  if (purpose === "revocation") {
    await transaction.query(
      "UPDATE credentials SET revoked = $2, revoked_with = $3, reason = $4 WHERE id = $1 AND revoked IS NULL",
      [record, registry.clock(), alongWith, reason ?? null],
    );
  } else {
    await transaction.query("UPDATE credentials SET suspended = $2, suspended_with = $3 WHERE id = $1", [
      record,
      registry.clock(),
      alongWith,
    ]);
  }
  await recordSetting(transaction, registry, entry, purpose, reason);
}

/** Takes a credential that has ended for revoked: it needs no list any more, and is not renewed. */
export async function markRevoked(
  transaction: SqlExecutor,
  { clock }: Registry,
  record: string,
  reason: string | undefined,
): Promise<void> {
  await transaction.query(
    "UPDATE credentials SET revoked = $2, revoked_with = 'nothing', reason = $3 WHERE id = $1 AND revoked IS NULL",
    [record, clock(), reason ?? null],
  );
}

/** Whether an entry that was set with something else is from now on set by itself. */
async function setByItself(
  transaction: SqlExecutor,
  { record }: StatusEntryRecord,
  purpose: StatusPurpose,
  reason: string | undefined,
): Promise<boolean> {
  const changed =
    purpose === "revocation"
      ? await transaction.query(
          `UPDATE credentials SET revoked_with = 'nothing', reason = COALESCE($2, reason)
           WHERE id = $1 AND revoked_with <> 'nothing' RETURNING id`,
          [record, reason ?? null],
        )
      : await transaction.query(
          `UPDATE credentials SET suspended_with = 'nothing'
           WHERE id = $1 AND suspended_with <> 'nothing' RETURNING id`,
          [record],
        );
  return changed.length > 0;
}

function recordSetting(
  transaction: SqlExecutor,
  registry: Registry,
  { name: credentialId, agentId }: StatusEntryRecord,
  purpose: StatusPurpose,
  reason: string | undefined,
): Promise<void> {
  const action = purpose === "revocation" ? "credential.revoked" : "credential.suspended";
  return recordEvent(transaction, registry, { action, agentId, credentialId, reason });
}

/** Lifts a suspension, and records that; where there is none, nothing changes. */
export async function clearSuspension(
  transaction: SqlExecutor,
  registry: Registry,
  entry: StatusEntryRecord,
  reason: string | undefined,
): Promise<void> {
  if (!(await turn(transaction, entry, 0))) return;
  const { record, name: credentialId, agentId } = entry;
  await transaction.query("UPDATE credentials SET suspended = NULL, suspended_with = NULL WHERE id = $1", [
    record,
  ]);
  await recordEvent(transaction, registry, {
    action: "credential.reinstated",
    agentId,
    credentialId,
    reason,
  });
}

async function entriesWhere(
  transaction: SqlExecutor,
  purpose: StatusPurpose,
  condition: string,
  values: readonly SqlValue[],
): Promise<readonly StatusEntryRecord[]> {
  const rows = await transaction.query(
    `SELECT status_entries.credential_id AS record, document_id, agent_id, status_entries.list_id, entry_index
     FROM credentials
     JOIN status_entries ON status_entries.credential_id = credentials.id
     JOIN status_lists ON status_lists.list_id = status_entries.list_id
     WHERE purpose = $1 AND ${condition}`,
    [purpose, ...values],
  );
  return rows.map(entryOf);
}

function entryOf(row: SqlRow): StatusEntryRecord {
  const agentId = row["agent_id"];
  return {
    record: textOf(row, "record"),
    name: textOf(row, "document_id"),
    ...(typeof agentId === "string" ? { agentId } : {}),
    listId: textOf(row, "list_id"),
    index: integerOf(row, "entry_index"),
  };
}

/** Whether an entry changed. A list whose entries stay as they were stays the same list. */
async function turn(
  transaction: SqlExecutor,
  { listId, index }: StatusEntryRecord,
  bit: 0 | 1,
): Promise<boolean> {
  const changed = await transaction.query(
    `UPDATE status_entries SET is_set = $3 WHERE list_id = $1 AND entry_index = $2 AND is_set <> $3
     RETURNING entry_index`,
    [listId, index, bit],
  );
  if (changed.length === 0) return false;
  await transaction.query("UPDATE status_lists SET version = version + 1 WHERE list_id = $1", [listId]);
  return true;
}
