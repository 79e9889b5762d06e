import {
  asJson,
  authorityCredential,
  canonicalize,
  composeCredential,
  parseShape,
  parseTimestamp,
  randomUuidUrn,
  snapshot,
  type CredentialFrame,
  type Shape,
  type SuiteName,
  type SqlExecutor,
} from "@writ/core";

import { assertIssuable } from "./assert-issuable.js";
import { commitTogether } from "./commit-together.js";
import { recordEvent } from "./events.js";
import type { Idempotency } from "./idempotency.js";
import type { OwnCredentialType } from "./issuance-rules.js";
import { issuedBefore, type RequestedAgain } from "./issued-before.js";
import { assertCurrentKey, type Organisation } from "./organisation.js";
import { signRecorded } from "./sign-recorded.js";
import { noteStatusAges } from "./status-ages.js";
import { allocateStatus } from "./status-lists.js";

/** A credential that another follows. */
export interface Predecessor {
  readonly credentialId: string;
  /** A renewed one goes on until it ends; a superseded one is revoked as the other comes. */
  readonly as: "renews" | "supersedes";
}

/** What is to be issued; everything else about the credential is the organisation's to set. */
export interface CredentialDraft<Type extends OwnCredentialType, Subject> {
  readonly type: Type;
  /** Of the agent that gets it; none for a principal's. */
  readonly agentId?: string;
  readonly credentialSubject: Subject;
  /** The credential in whose place it comes. */
  readonly inPlaceOf?: Predecessor;
  /** Milliseconds. */
  readonly lifeMs: number;
  /** How long one lives that renews it, in milliseconds; as long as this one unless given. */
  readonly renewalLifeMs?: number;
  /** By which a repeated request is known. */
  readonly idempotency?: Idempotency | undefined;
  readonly suite: SuiteName | undefined;
  readonly shape: Shape<CredentialFrame<Type, Subject>>;
}

/**
 * Issues a credential: first it is recorded with its status entries, in one transaction with
 * `alongside`, then it is signed. Whatever happens in between, no credential is ever signed that
 * could not be revoked. The result has passed the checks that a verifier applies. What the same request issued
 * before, by its idempotency key, is handed out again instead.
 *
 * @param alongside what must be true or recorded for the credential to be issued at all
 * @throws WritError of the profile or schema, `ISSUANCE_RULE`, `KEY_ROTATED`, with nothing recorded; as
 *   {@link issuedBefore}.
 */
export async function issueCredential<
  Type extends OwnCredentialType,
  Subject extends { readonly id: string },
>(
  organisation: Organisation,
  draft: CredentialDraft<Type, Subject>,
  alongside: (transaction: SqlExecutor) => Promise<void>,
): Promise<CredentialFrame<Type, Subject>> {
  const now = organisation.clock();
  const id = randomUuidUrn(organisation.random);
  // A copy, so that what the caller changes meanwhile is not what is signed.
  const copy = { ...draft, credentialSubject: snapshot(draft.credentialSubject) };
  const recorded = await commitTogether(organisation.database, async (transaction) => {
    await assertCurrentKey(transaction, organisation);
    const before = await issuedBefore(transaction, organisation, copy);
    if (before !== undefined) return before;
    await alongside(transaction);
    return { unsigned: await recordCredential(transaction, organisation, copy, id, now), issued: now };
  });
  return signRecorded(organisation, recorded, copy);
}

/**
 * The credential that the same request issued before, for whoever must know that before anything else is asked.
 *
 * @throws WritError as {@link issueCredential}.
 */
export async function issueAgain<Type extends OwnCredentialType, Subject extends { readonly id: string }>(
  organisation: Organisation,
  draft: RequestedAgain<Type, Subject> & { readonly suite: SuiteName | undefined },
): Promise<CredentialFrame<Type, Subject> | undefined> {
  if (draft.idempotency === undefined) return undefined;
  const recorded = await commitTogether(organisation.database, async (transaction) => {
    await assertCurrentKey(transaction, organisation);
    return issuedBefore(transaction, organisation, draft);
  });
  return recorded === undefined ? undefined : signRecorded(organisation, recorded, draft);
}

async function recordCredential<Type extends OwnCredentialType, Subject extends { readonly id: string }>(
  transaction: SqlExecutor,
  organisation: Organisation,
  {
    type,
    agentId,
    credentialSubject,
    inPlaceOf,
    lifeMs,
    renewalLifeMs,
    idempotency,
    shape,
  }: CredentialDraft<Type, Subject>,
  id: string,
  now: number,
): Promise<CredentialFrame<Type, Subject>> {
  const credentialStatus = await allocateStatus(transaction, organisation, id);
  const content = {
    id,
    type,
    issuer: organisation.did,
    credentialSubject,
    from: now,
    lifeMs,
    credentialStatus,
  };
  const credential = composeCredential(content, shape);
  await assertIssuable(transaction, organisation, credential, { type, agentId });
  await transaction.query(
    `INSERT INTO credentials
       (id, document_id, type, subject, valid_until, agent_id, content, life_ms, predecessor, issuer, issued,
        idempotency_key, request)
     VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      type,
      credential.credentialSubject.id,
      parseTimestamp(credential.validUntil),
      agentId ?? null,
      canonicalize(asJson(credential.credentialSubject)),
      renewalLifeMs ?? lifeMs,
      inPlaceOf?.credentialId ?? null,
      organisation.did,
      now,
      idempotency?.key ?? null,
      idempotency?.request ?? null,
    ],
  );
  if (type === "DelegatedAuthorityCredential") {
    await noteStatusAges(transaction, parseShape(authorityCredential, asJson(credential)));
  }
  await recordEvent(transaction, organisation, {
    action: "credential.issued",
    agentId,
    credentialId: id,
    details: {
      type,
      validUntil: credential.validUntil,
      ...(inPlaceOf === undefined ? {} : { [inPlaceOf.as]: inPlaceOf.credentialId }),
    },
  });
  return credential;
}
