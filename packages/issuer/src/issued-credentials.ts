import {
  authoritySubject,
  integerOf,
  parseShape,
  parseStrictJsonObject,
  textOf,
  WritError,
  type AuthoritySubject,
  type JsonObject,
  type SqlExecutor,
  type SqlRow,
} from "@writ/core";

import { agentById, type Agent } from "./agents.js";
import type { Registry } from "./organisation.js";
import { principalByDid, type Principal } from "./principals.js";

/** What a verifier that has the newest status lists finds of a credential. */
export type CredentialState = "live" | "suspended" | "revoked" | "ended";

/** A credential that the organisation issued, as it is on record. */
export interface IssuedCredential {
  /** By which it is known: its `id`, or the name that it was given. */
  readonly credentialId: string;
  readonly type: string;
  /** DID or other id of its subject; empty where it has none. */
  readonly subject: string;
  /** The agent that it was issued to; none for credentials of others' vocabularies. */
  readonly agentId?: string;
  /** Name of the agent or principal that it was issued to. */
  readonly holder?: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
  readonly state: CredentialState;
  /** Why it was revoked. */
  readonly reason?: string;
  /** Id of the one in whose place it came. */
  readonly inPlaceOf?: string;
  /** Of what an agent handed on: who did, and within which. */
  readonly delegated?: { readonly issuer: string; readonly parent: string };
}

/** The credentials that were issued to an agent, those that end last first. */
export async function listIssuedCredentials(
  { database, clock }: Registry,
  { agentId }: { readonly agentId: string },
): Promise<readonly IssuedCredential[]> {
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM credentials WHERE agent_id = $1 ORDER BY valid_until DESC, document_id`,
    [agentId],
  );
  const now = clock();
  return rows.map((row) => issuedOf(row, now));
}

/**
 * The credentials of active agents and principals that end within a time, those that end first first: such as can be
 * renewed and have not been.
 *
 * @param scope within how many milliseconds from now; or all, of those that a key signed which the organisation had
 *   before: whoever trusts its key of now alone takes them no more
 */
export async function listExpiring(
  { database, clock, did }: Registry,
  scope: { readonly withinMs: number } | { readonly byFormerKeys: true },
): Promise<readonly IssuedCredential[]> {
  const now = clock();
  const [until, signer] = "withinMs" in scope ? [now + scope.withinMs, null] : [null, did];
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM credentials
     WHERE valid_until > $1 AND (CAST($2 AS BIGINT) IS NULL OR valid_until <= $2)
       AND (CAST($3 AS TEXT) IS NULL OR issuer <> $3 AND parent IS NULL) AND revoked IS NULL AND suspended IS NULL
       AND digest IS NOT NULL
       AND (agent_id IN (SELECT agent_id FROM agents WHERE state = 'active' AND did = subject)
         OR type = 'PrincipalIdentityCredential'
           AND subject IN (SELECT did FROM principals WHERE state = 'active'))
       AND NOT EXISTS (
         SELECT 1 FROM credentials later
         WHERE later.predecessor = credentials.id AND later.digest IS NOT NULL AND later.revoked IS NULL)
     ORDER BY valid_until, document_id`,
    [now, until, signer],
  );
  return rows.map((row) => issuedOf(row, now));
}

/**
 * The agent or principal that a credential was issued to.
 *
 * @throws WritError `NOT_FOUND`.
 */
export async function findHolderOf({ database }: Registry, credentialId: string): Promise<Agent | Principal> {
  const [row] = await database.query(`SELECT agent_id, subject FROM credentials WHERE id = $1 AND ${OWN}`, [
    credentialId,
  ]);
  if (row === undefined) throw noneOfOurs();
  const agentId = row["agent_id"];
  return typeof agentId === "string"
    ? agentById(database, agentId)
    : principalByDid(database, textOf(row, "subject"));
}

/** A credential of an agent or a principal, with what it takes to issue it again. */
export interface OwnCredential extends IssuedCredential {
  /** Its subject, as it was signed. */
  readonly content: JsonObject;
  readonly lifeMs: number;
}

/**
 * A credential that was issued to an agent or a principal, for another to come in its place.
 *
 * @throws WritError `NOT_FOUND`; `REVOKED`, `SUSPENDED` where it is that.
 */
export async function findReplaceable(
  executor: SqlExecutor,
  { clock }: Registry,
  credentialId: string,
): Promise<OwnCredential> {
  const [row] = await executor.query(
    `SELECT ${COLUMNS}, content, life_ms FROM credentials WHERE id = $1 AND ${OWN}`,
    [credentialId],
  );
  if (row === undefined) throw noneOfOurs();
  if (row["content"] === null) {
    throw new WritError("NOT_FOUND", "what the credential says is not on record", {
      hint: "It was issued before that was kept: grant anew instead.",
    });
  }
  const issued = ownCredentialOf(row, clock());
  if (issued.state === "revoked") throw new WritError("REVOKED", "the credential has been revoked");
  // One that has ended since as well: else its end would lift the suspension.
  if (row["suspended"] !== null) throw new WritError("SUSPENDED", "the credential is suspended");
  return issued;
}

/**
 * What an agent lost when its key was rotated, and has not been issued to a key of it again: what was live then,
 * and would not have ended by now. Of several that came in each other's place it is the last.
 *
 * @param scope an agent; of what it lost, all or one
 */
export async function listRevokedWithKey(
  executor: SqlExecutor,
  { clock }: Registry,
  { agentId, credentialId }: { readonly agentId: string; readonly credentialId?: string },
): Promise<readonly OwnCredential[]> {
  const now = clock();
  const rows = await executor.query(
    `SELECT ${COLUMNS}, content, life_ms FROM credentials
     WHERE agent_id = $1 AND (CAST($4 AS TEXT) IS NULL OR id = $4) AND revoked_with = 'key' AND suspended IS NULL AND valid_until > $2
       AND content IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM credentials later WHERE later.predecessor = credentials.id AND CASE
           WHEN later.subject = credentials.subject
             THEN later.revoked_with = 'key' AND later.suspended IS NULL AND later.valid_until > $2
           ELSE later.digest IS NOT NULL OR later.issued > $3 END)
     ORDER BY valid_until, document_id`,
    [agentId, now, now - SIGNING_MS, credentialId ?? null],
  );
  return rows.map((row) => ownCredentialOf(row, now));
}

/**
 * The subject of an authority, as it was signed once.
 *
 * @throws WritError `RECORD_TAMPERED` where it could not have been.
 */
export function authorityIn({ content }: Pick<OwnCredential, "content">): AuthoritySubject {
  try {
    return parseShape(authoritySubject, content);
  } catch (error) {
    throw recordChanged(error);
  }
}

/**
 * The subject of an authority as it is signed anew. What was in the organisation's own name by a key that it had is in
 * its name of now: else whoever trusts only that would never take it.
 */
export async function authorityAnew(
  executor: SqlExecutor,
  { did }: Registry,
  credential: OwnCredential,
): Promise<AuthoritySubject> {
  const authority = authorityIn(credential);
  const former = await executor.query("SELECT did FROM former_keys WHERE did = $1", [authority.principal]);
  return former.length === 0 ? authority : { ...authority, principal: did };
}

/** A credential and all that are linked to it, each in the place of another; the whole line, ended ones included. */
export async function lineOf(
  executor: SqlExecutor,
  { clock }: Registry,
  credentialId: string,
): Promise<readonly OwnCredential[]> {
  const line = new Map<string, OwnCredential | undefined>([[credentialId, undefined]]);
  // A map goes on through what is added on the way.
  for (const [id] of line) {
    const rows = await executor.query(
      `SELECT ${COLUMNS}, content, life_ms FROM credentials
       WHERE (id = $1 OR predecessor = $1 OR id = (SELECT predecessor FROM credentials WHERE id = $1))
         AND content IS NOT NULL`,
      [id],
    );
    for (const row of rows) {
      const member = ownCredentialOf(row, clock());
      if (line.get(member.credentialId) === undefined) line.set(member.credentialId, member);
    }
  }
  return [...line.values()].filter((member) => member !== undefined);
}

function ownCredentialOf(row: SqlRow, now: number): OwnCredential {
  return {
    ...issuedOf(row, now),
    content: contentOf(row),
    lifeMs: integerOf(row, "life_ms"),
  };
}

/**
 * The subject, as it was signed.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function contentOf(row: SqlRow): JsonObject {
  const content = parseStrictJsonObject(textOf(row, "content"));
  if (content["id"] !== row["subject"]) throw recordChanged();
  return content;
}

/** Whoever has recorded a credential and not signed it in this time, has been broken off. */
export const SIGNING_MS = 10_000;

/** What {@link issuedOf} reads. */
export const COLUMNS = `document_id, type, subject, agent_id, valid_until, suspended, revoked, reason, predecessor,
  issuer, parent,
  COALESCE((SELECT name FROM agents WHERE agents.agent_id = credentials.agent_id),
    (SELECT name FROM principals WHERE principals.did = credentials.subject AND agent_id IS NULL)) AS holder`;

/** What can be issued again: not the credentials of others' vocabularies. */
export const OWN = "(agent_id IS NOT NULL OR type = 'PrincipalIdentityCredential')";

/** A credential as its row says. */
export function issuedOf(row: SqlRow, now: number): IssuedCredential {
  const { agent_id: agentId, holder, reason, predecessor, parent } = row;
  return {
    credentialId: textOf(row, "document_id"),
    type: textOf(row, "type"),
    subject: textOf(row, "subject"),
    ...(typeof agentId === "string" ? { agentId } : {}),
    ...(typeof holder === "string" ? { holder } : {}),
    validUntil: integerOf(row, "valid_until"),
    state: stateAt(row, now),
    ...(typeof reason === "string" ? { reason } : {}),
    ...(typeof predecessor === "string" ? { inPlaceOf: predecessor } : {}),
    ...(typeof parent === "string" ? { delegated: { issuer: textOf(row, "issuer"), parent } } : {}),
  };
}

function recordChanged(cause?: unknown): WritError {
  return new WritError("RECORD_TAMPERED", "the record of a credential was changed", {
    hint: "Grant anew instead.",
    cause,
  });
}

function noneOfOurs(): WritError {
  return new WritError("NOT_FOUND", "no credential of this id was issued to an agent or a principal");
}

/** The state of a credential as its row says. */
export function stateAt(row: SqlRow, now: number): CredentialState {
  if (row["revoked"] !== null) return "revoked";
  if (integerOf(row, "valid_until") <= now) return "ended";
  return row["suspended"] === null ? "live" : "suspended";
}
