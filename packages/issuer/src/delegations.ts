import {
  did as didShape,
  integerOf,
  parseShape,
  parseTimestamp,
  textOf,
  uuidUrn,
  WritError,
  type SqlExecutor,
  type SqlRow,
  type StatusEntry,
} from "@writ/core";

import { assertActive } from "./agents.js";
import { recordEvent } from "./events.js";
import { stateAt } from "./issued-credentials.js";
import type { Registry } from "./organisation.js";
import { entriesOfName, setEntry } from "./status-entries.js";
import { allocateStatus } from "./status-lists.js";

/** What an agent is about to hand on; the `StatusRequest` of a wallet's port. */
export interface DelegationRequest {
  readonly credentialId: string;
  /** DID that hands it on. Whoever carries the request has made sure that it is this one's. */
  readonly issuer: string;
  /** DID that receives it. */
  readonly subject: string;
  /** Id of the authority within which it is handed on. */
  readonly parentId: string;
  /** When it ends: RFC 3339. */
  readonly validUntil: string;
}

/**
 * Status entries for what an agent hands on, so that it can be revoked before its end (DESIGN 3): it is recorded
 * with its parent before it is signed. Only whoever holds the parent gets them, as long as that is in force.
 *
 * @throws WritError `NOT_FOUND` for a parent that was not issued here, or to somebody else; `REVOKED`, `SUSPENDED`,
 *   `AGENT_INACTIVE`, `EXPIRED` where it, or one above it, is that; `KEY_ROTATED` where the root is of a former key; `CHAIN_VALIDITY` for an end after the parent's; `ALREADY_EXISTS`; the
 *   codes of the schema.
 */
export function allocateDelegation(
  registry: Registry,
  { credentialId, issuer, subject, parentId, validUntil }: DelegationRequest,
): Promise<readonly StatusEntry[]> {
  parseShape(uuidUrn, credentialId, "/credentialId");
  parseShape(didShape, subject, "/subject");
  const until = parseTimestamp(validUntil);
  return registry.database.transaction(async (transaction) => {
    const taken = await transaction.query("SELECT id FROM credentials WHERE document_id = $1", [
      credentialId,
    ]);
    if (taken.length > 0) throw new WritError("ALREADY_EXISTS", "a credential of this id is on record");
    for (const did of [issuer, subject]) await assertNotInactive(transaction, did);
    const chain = await chainOf(transaction, parentId);
    const [parent] = chain;
    if (parent === undefined || textOf(parent, "subject") !== issuer) {
      throw new WritError("NOT_FOUND", "no authority of this id was issued to whoever hands it on");
    }
    for (const link of chain) assertInForce(link, registry.clock());
    if (textOf(chain.at(-1) ?? parent, "issuer") !== registry.did) {
      throw new WritError("KEY_ROTATED", "the organisation granted this with a key that it has no more", {
        hint: "`writ renew` grants it anew.",
      });
    }
    if (until > integerOf(parent, "valid_until")) {
      throw new WritError("CHAIN_VALIDITY", "ends after its parent", { pointer: "/validUntil" });
    }
    const entries = await allocateStatus(transaction, registry, credentialId, ["revocation"]);
    await transaction.query(
      `INSERT INTO credentials (id, document_id, type, subject, valid_until, issuer, issued, parent)
       VALUES ($1, $1, $2, $3, $4, $5, $6, $7)`,
      [credentialId, AUTHORITY, subject, until, issuer, registry.clock(), parentId],
    );
    await recordEvent(transaction, registry, {
      action: "credential.delegated",
      credentialId,
      details: { parent: parentId, issuer, subject, validUntil },
    });
    return entries;
  });
}

/**
 * Revokes what an agent handed on, as that agent asks. Revoking again changes nothing.
 *
 * @param issuer DID of the agent; whoever carries the request has made sure that it is this one's
 * @throws WritError `NOT_FOUND` for what is not on record as handed on by it.
 */
export function revokeDelegated(
  registry: Registry,
  { credentialId, issuer }: { readonly credentialId: string; readonly issuer: string },
): Promise<void> {
  return registry.database.transaction(async (transaction) => {
    const rows = await transaction.query(
      "SELECT id FROM credentials WHERE id = $1 AND issuer = $2 AND parent IS NOT NULL",
      [credentialId, issuer],
    );
    if (rows.length === 0) throw new WritError("NOT_FOUND", "nothing of this id is on record as handed on");
    for (const entry of await entriesOfName(transaction, credentialId, "revocation")) {
      await setEntry(transaction, registry, entry, { purpose: "revocation", alongWith: "nothing" });
    }
  });
}

/**
 * The organisation as the keeper of status for one agent, for `delegateAuthority` and `revokeDelegation` of its wallet.
 *
 * @param issuer DID of the agent, of which whoever gives it this has made sure
 */
export function delegationStatusFor(
  registry: Registry,
  issuer: string,
): {
  allocate(request: DelegationRequest): Promise<readonly StatusEntry[]>;
  revoke(revocation: { readonly credentialId: string }): Promise<void>;
} {
  return {
    allocate: (request) => allocateDelegation(registry, { ...request, issuer }),
    revoke: ({ credentialId }) => revokeDelegated(registry, { credentialId, issuer }),
  };
}

const AUTHORITY = "DelegatedAuthorityCredential";

/** An authority and those above it, the root last. */
async function chainOf(executor: SqlExecutor, credentialId: string): Promise<readonly SqlRow[]> {
  return executor.query(
    `WITH RECURSIVE chain (id, depth) AS (
       SELECT id, 0 FROM credentials WHERE id = $1 AND type = '${AUTHORITY}'
       UNION ALL
       SELECT credentials.parent, depth + 1 FROM chain JOIN credentials ON credentials.id = chain.id
       WHERE credentials.parent IS NOT NULL AND depth < 10)
     SELECT credentials.* FROM chain JOIN credentials ON credentials.id = chain.id ORDER BY depth`,
    [credentialId],
  );
}

/** Whoever is an agent of the organisation hands on, and receives, only while it is active. */
async function assertNotInactive(executor: SqlExecutor, did: string): Promise<void> {
  const [row] = await executor.query("SELECT agent_id FROM agent_keys WHERE did = $1", [did]);
  if (row === undefined) return;
  await assertActive(executor, { agentId: textOf(row, "agent_id"), did });
}

function assertInForce(row: SqlRow, now: number): void {
  const state = stateAt(row, now);
  if (state === "revoked") throw new WritError("REVOKED", "the authority has been revoked");
  if (state === "suspended") throw new WritError("SUSPENDED", "the authority is suspended");
  if (state === "ended") throw new WritError("EXPIRED", "the authority has ended");
}
