import { integerOf, textOf, WritError, type SqlExecutor } from "@writ/core";

import type { Registry } from "./organisation.js";
import { isOwnCredential } from "./own-credentials.js";
import { listAddress, type StatusPurpose } from "./status-lists.js";

/** What is to become of a credential's status. */
export interface StatusChange {
  readonly purpose: StatusPurpose;
  /** `cleared` lifts a suspension; a revocation is for good (Bitstring Status List 1.0, section 2.1). */
  readonly to: "set" | "cleared";
  /** Which of the credential's entries, where more than one credential may bear the id; all unless given. */
  readonly entry?: { readonly list: string; readonly index: number };
  /** Whoever may have no say over agents does not find credentials of Writ's own; every one is found unless given. */
  readonly reach?: "every-credential" | "credentials-of-others";
  /** For the records; it is not published. */
  readonly reason?: string | undefined;
}

/**
 * Changes the status of a credential. It takes effect when the status lists are next published. The same
 * again changes nothing.
 *
 * @param credentialId the `id` of the credential, or the name that was given to it when it was issued
 * @throws WritError `NOT_FOUND` for a credential or an entry that the organisation has not issued,
 *   `STATUS_UNSUPPORTED` where a revocation would be taken back.
 */
export async function setCredentialStatus(
  registry: Registry,
  credentialId: string,
  { purpose, to, entry, reach = "every-credential", reason }: StatusChange,
): Promise<void> {
  if (purpose === "revocation" && to === "cleared") {
    throw new WritError("STATUS_UNSUPPORTED", "a revocation is for good");
  }
  await registry.database.transaction(async (transaction) => {
    const isOutOfReach =
      reach === "credentials-of-others" && (await isOwnCredential(transaction, credentialId));
    const entries = isOutOfReach ? [] : await entriesOf(transaction, credentialId, purpose);
    const chosen = entries.filter(
      ({ listId, index }) =>
        entry === undefined || (listAddress(registry, listId) === entry.list && index === entry.index),
    );
    if (chosen.length === 0) {
      throw new WritError("NOT_FOUND", "the organisation has not issued a credential of this id and entry");
    }
    for (const each of chosen) {
      await change(transaction, each, to === "set");
      if (purpose !== "revocation") continue;
      await transaction.query(
        "UPDATE credentials SET revoked = $2, reason = $3 WHERE id = $1 AND revoked IS NULL",
        [each.record, registry.clock(), reason ?? null],
      );
    }
  });
}

interface Entry {
  readonly record: string;
  readonly listId: string;
  readonly index: number;
}

async function entriesOf(
  transaction: SqlExecutor,
  credentialId: string,
  purpose: StatusPurpose,
): Promise<readonly Entry[]> {
  const rows = await transaction.query(
    `SELECT status_entries.credential_id AS record, status_entries.list_id, entry_index
     FROM credentials
     JOIN status_entries ON status_entries.credential_id = credentials.id
     JOIN status_lists ON status_lists.list_id = status_entries.list_id
     WHERE document_id = $1 AND purpose = $2`,
    [credentialId, purpose],
  );
  return rows.map((row) => ({
    record: textOf(row, "record"),
    listId: textOf(row, "list_id"),
    index: integerOf(row, "entry_index"),
  }));
}

/** A list whose entries stay as they were stays the same list. */
async function change(transaction: SqlExecutor, { listId, index }: Entry, isSet: boolean): Promise<void> {
  const changed = await transaction.query(
    `UPDATE status_entries SET is_set = $3 WHERE list_id = $1 AND entry_index = $2 AND is_set <> $3
     RETURNING entry_index`,
    [listId, index, isSet ? 1 : 0],
  );
  if (changed.length === 0) return;
  await transaction.query("UPDATE status_lists SET version = version + 1 WHERE list_id = $1", [listId]);
}
