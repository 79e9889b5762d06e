import { WritError, type SqlExecutor } from "@writ/core";

import { inactive, stateOfAgent } from "./agents.js";
import type { Registry } from "./organisation.js";
import { isOwnCredential } from "./own-credentials.js";
import { clearSuspension, entriesOfName, setEntry, type StatusEntryRecord } from "./status-entries.js";
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
 *   `STATUS_UNSUPPORTED` where a revocation would be taken back; where the suspension of an agent's credential
 *   would be lifted, `AGENT_INACTIVE` if the agent is suspended or retired, `REVOKED` if the credential is.
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
    const entries = isOutOfReach ? [] : await entriesOfName(transaction, credentialId, purpose);
    const chosen = entries.filter(
      ({ listId, index }) =>
        entry === undefined || (listAddress(registry, listId) === entry.list && index === entry.index),
    );
    if (chosen.length === 0) {
      throw new WritError("NOT_FOUND", "the organisation has not issued a credential of this id and entry");
    }
    for (const each of chosen) {
      if (to === "set")
        await setEntry(transaction, registry, each, { purpose, reason, alongWith: "nothing" });
      else await liftSuspension(transaction, registry, each, reason);
    }
  });
}

async function liftSuspension(
  transaction: SqlExecutor,
  registry: Registry,
  entry: StatusEntryRecord,
  reason: string | undefined,
): Promise<void> {
  await assertNotRevoked(transaction, entry);
  // Else it could act while its agent must not.
  const state = entry.agentId === undefined ? "active" : await stateOfAgent(transaction, entry.agentId);
  if (state !== "active") throw inactive(state);
  await clearSuspension(transaction, registry, entry, reason);
}

/** What was revoked must not look as if it were reinstated. */
async function assertNotRevoked(
  transaction: SqlExecutor,
  { record, agentId }: StatusEntryRecord,
): Promise<void> {
  if (agentId === undefined) return;
  const rows = await transaction.query("SELECT id FROM credentials WHERE id = $1 AND revoked IS NOT NULL", [
    record,
  ]);
  if (rows.length > 0) throw new WritError("REVOKED", "the credential has been revoked");
}
