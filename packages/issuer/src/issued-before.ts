import {
  composeCredential,
  digestMultibase,
  integerOf,
  parseStrictJsonObject,
  textOf,
  WritError,
  type CredentialFrame,
  type Shape,
  type SqlExecutor,
} from "@writ/core";

import { assertActive } from "./agents.js";
import { assertIssuable } from "./assert-issuable.js";
import { findRecorded, type Idempotency } from "./idempotency.js";
import type { OwnCredentialType } from "./issuance-rules.js";
import type { Organisation } from "./organisation.js";
import { recordedStatus } from "./status-lists.js";

/** What the same request would issue. */
export interface RequestedAgain<Type extends OwnCredentialType, Subject> {
  readonly type: Type;
  /** To whom. */
  readonly credentialSubject: { readonly id: string };
  /** By which the request is known; without it, there was none before. */
  readonly idempotency?: Idempotency | undefined;
  readonly shape: Shape<CredentialFrame<Type, Subject>>;
}

/** A credential on record, which is signed next, for the first time or again. */
export interface RecordedCredential<Type extends string, Subject> {
  readonly unsigned: CredentialFrame<Type, Subject>;
  /** When it was recorded, in milliseconds since 1970. */
  readonly issued: number;
}

/**
 * The credential that the same request recorded before. What is on record is held to all that what is issued anew is
 * held to: it may never have been signed, and the rules may be others since.
 *
 * @throws WritError as {@link findRecorded} and {@link assertIssuable}; `AGENT_INACTIVE`, `RECORD_TAMPERED`.
 */
export async function issuedBefore<Type extends OwnCredentialType, Subject extends { readonly id: string }>(
  transaction: SqlExecutor,
  organisation: Organisation,
  { type, credentialSubject, idempotency, shape }: RequestedAgain<Type, Subject>,
): Promise<RecordedCredential<Type, Subject> | undefined> {
  const found =
    idempotency === undefined ? undefined : await findRecorded(transaction, organisation, idempotency);
  if (found === undefined) return undefined;
  const { record, issued, digest, row } = found;
  const content = {
    id: record,
    type,
    issuer: organisation.did,
    // Held to the shape as it is composed.
    credentialSubject: parseStrictJsonObject(textOf(row, "content")) as unknown as Subject,
    from: issued,
    lifeMs: integerOf(row, "valid_until") - issued,
    credentialStatus: await recordedStatus(transaction, organisation, record),
  };
  const unsigned = composeCredential(content, shape);
  const did = credentialSubject.id;
  const isAsNoted = digest === undefined || digest === digestMultibase(unsigned);
  if (!isAsNoted || unsigned.credentialSubject.id !== did || row["subject"] !== did) {
    throw new WritError(
      "RECORD_TAMPERED",
      "what this idempotency key was used for is not as it was recorded",
    );
  }
  const agentId = type === "PrincipalIdentityCredential" ? undefined : textOf(row, "agent_id");
  if (agentId !== undefined) await assertActive(transaction, { agentId, did });
  await assertIssuable(transaction, organisation, unsigned, { type, agentId });
  return { unsigned, issued };
}
