import {
  integerOf,
  textOf,
  WritError,
  type AuthoritySubject,
  type JsonObject,
  type SqlRow,
} from "@writ/core";

import {
  authorityIn,
  COLUMNS,
  contentOf,
  issuedOf,
  lineOf,
  type IssuedCredential,
} from "./issued-credentials.js";
import type { Registry } from "./organisation.js";

/** A credential with what it says, as far as that is on record. */
export interface CredentialRecord extends IssuedCredential {
  /** DID by whose key it was signed. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly issued: number;
  /** Its subject as it was signed; left out for what agents handed on, and for others' vocabularies: they have only their status here. */
  readonly content?: JsonObject;
  /** The same, where that is an authority. */
  readonly authority?: AuthoritySubject;
  /** Ids of those that came in its place. */
  readonly replacedBy: readonly string[];
}

/**
 * What is on record of the credential of this id. Of others' vocabularies several may bear the same.
 *
 * @throws WritError `NOT_FOUND`; `RECORD_TAMPERED` where it could not have been signed so.
 */
export async function findCredential(
  { database, clock }: Registry,
  credentialId: string,
): Promise<readonly CredentialRecord[]> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.query(
      `SELECT ${COLUMNS}, id AS record, issued, content FROM credentials WHERE document_id = $1 ORDER BY issued, id`,
      [credentialId],
    );
    if (rows.length === 0) {
      throw new WritError("NOT_FOUND", "no credential of this id is on record", {
        hint: "`writ agent show`, `writ expiring` and `writ blast-radius` list their ids.",
      });
    }
    const records: CredentialRecord[] = [];
    for (const row of rows) {
      const later = await transaction.query(
        "SELECT document_id FROM credentials WHERE predecessor = $1 ORDER BY issued, document_id",
        [textOf(row, "record")],
      );
      records.push({
        ...issuedOf(row, clock()),
        issuer: textOf(row, "issuer"),
        issued: integerOf(row, "issued"),
        ...saidBy(row),
        replacedBy: later.map((each) => textOf(each, "document_id")),
      });
    }
    return records;
  });
}

/** What the credential says, where that is on record. */
function saidBy(row: SqlRow): Pick<CredentialRecord, "content" | "authority"> {
  if (row["content"] === null) return {};
  const content = contentOf(row);
  return row["type"] === "DelegatedAuthorityCredential"
    ? { content, authority: authorityIn({ content }) }
    : { content };
}

/**
 * A credential of an agent or a principal, and all that came in each other's place with it.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function listLine(registry: Registry, credentialId: string): Promise<readonly IssuedCredential[]> {
  return lineOf(registry.database, registry, credentialId);
}

/** An authority with what it says. */
export interface IssuedAuthority extends IssuedCredential {
  readonly authority: AuthoritySubject;
}

/**
 * What an agent may do, as far as the organisation says so: the authorities to its key of now that live, those that end last first.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export async function listAuthorities(
  { database, clock }: Registry,
  { agentId, did }: { readonly agentId: string; readonly did: string },
): Promise<readonly IssuedAuthority[]> {
  const now = clock();
  const rows = await database.query(
    `SELECT ${COLUMNS}, content FROM credentials
     WHERE agent_id = $1 AND subject = $2 AND type = 'DelegatedAuthorityCredential' AND valid_until > $3
       AND revoked IS NULL AND suspended IS NULL AND digest IS NOT NULL AND content IS NOT NULL
     ORDER BY valid_until DESC, document_id`,
    [agentId, did, now],
  );
  return rows.map((row) => ({ ...issuedOf(row, now), authority: authorityIn({ content: contentOf(row) }) }));
}
