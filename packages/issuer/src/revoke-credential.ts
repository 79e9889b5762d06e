import { WritError } from "@writ/core";

import type { Registry } from "./organisation.js";

/**
 * Revokes a credential for good. It takes effect when the status lists are next published.
 * Revoking again changes nothing.
 *
 * @param reason for the records; it is not published
 * @throws WritError `NOT_FOUND` for a credential that the organisation did not issue.
 */
export async function revokeCredential(
  { database, clock }: Registry,
  credentialId: string,
  reason?: string,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const known = await transaction.query("SELECT id FROM credentials WHERE id = $1", [credentialId]);
    if (known.length === 0) {
      throw new WritError("NOT_FOUND", "the organisation has not issued a credential of this id");
    }
    await transaction.query(
      "UPDATE credentials SET revoked = $2, reason = $3 WHERE id = $1 AND revoked IS NULL",
      [credentialId, clock(), reason ?? null],
    );
    await transaction.query(
      `UPDATE status_entries SET is_set = 1 WHERE credential_id = $1
       AND list_id IN (SELECT list_id FROM status_lists WHERE purpose = 'revocation')`,
      [credentialId],
    );
  });
}
