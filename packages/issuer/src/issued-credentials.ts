import { integerOf, textOf, type SqlRow } from "@writ/core";

import type { Registry } from "./organisation.js";

/** What a verifier that has the newest status lists finds of a credential. */
export type CredentialState = "live" | "suspended" | "revoked" | "ended";

/** A credential that the organisation issued, as it is on record. */
export interface IssuedCredential {
  /** By which it is known: its `id`, or the name that it was given. */
  readonly credentialId: string;
  readonly type: string;
  /** DID or other id of its subject; empty where it has none. */
  readonly subject: string;
  /** Of the agent that it was issued to; none for credentials of others' vocabularies. */
  readonly agentId?: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
  readonly state: CredentialState;
  /** Why it was revoked. */
  readonly reason?: string;
}

/** The credentials that were issued to an agent, those that end last first. */
export async function listIssuedCredentials(
  { database, clock }: Registry,
  { agentId }: { readonly agentId: string },
): Promise<readonly IssuedCredential[]> {
  const rows = await database.query(
    `SELECT document_id, type, subject, agent_id, valid_until, suspended, revoked, reason FROM credentials
     WHERE agent_id = $1 ORDER BY valid_until DESC, document_id`,
    [agentId],
  );
  const now = clock();
  return rows.map((row) => issuedOf(row, now));
}

function issuedOf(row: SqlRow, now: number): IssuedCredential {
  const { agent_id: agentId, reason } = row;
  return {
    credentialId: textOf(row, "document_id"),
    type: textOf(row, "type"),
    subject: textOf(row, "subject"),
    ...(typeof agentId === "string" ? { agentId } : {}),
    validUntil: integerOf(row, "valid_until"),
    state: stateOf(row, now),
    ...(typeof reason === "string" ? { reason } : {}),
  };
}

function stateOf(row: SqlRow, now: number): CredentialState {
  if (row["revoked"] !== null) return "revoked";
  if (integerOf(row, "valid_until") <= now) return "ended";
  return row["suspended"] === null ? "live" : "suspended";
}
