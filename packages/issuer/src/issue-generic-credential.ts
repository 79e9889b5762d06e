import {
  asJson,
  assertGenericProfile,
  assertTermsDefined,
  checkSignedBy,
  createResolver,
  DEFAULT_SUITE,
  digestMultibase,
  genericCredential,
  parseShape,
  parseTimestamp,
  randomUuidUrn,
  refusal,
  signDocument,
  snapshot,
  typeOf,
  WritError,
  type GenericContexts,
  type GenericCredential,
  type JsonObject,
  type SqlExecutor,
  type StatusEntry,
  type SuiteName,
} from "@writ/core";

import { commitTogether } from "./commit-together.js";
import { recordEvent } from "./events.js";
import { readGenericDraft, type GenericDraft } from "./generic-draft.js";
import {
  findRecorded,
  idempotencyOf,
  type Idempotency,
  type IdempotencyOptions,
  type Recorded,
} from "./idempotency.js";
import { assertCurrentKey, type Organisation } from "./organisation.js";
import { isOwnCredential } from "./own-credentials.js";
import { noteSigned } from "./sign-recorded.js";
import { allocateStatus, recordedStatus, type StatusPurpose } from "./status-lists.js";

/** How a credential of somebody else's vocabulary is issued. */
export interface GenericIssueOptions extends IdempotencyOptions {
  /** `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
  /** For each of these purposes the credential gets an entry in the organisation's lists; none unless given. */
  readonly status?: readonly StatusPurpose[];
  /** By which the status is changed later; the credential's `id` unless given. */
  readonly credentialId?: string | undefined;
  /** Contexts beyond the pinned ones; none unless given. */
  readonly contexts?: GenericContexts | undefined;
}

/** What never ends, for a column that must have a value. */
const NEVER = 8_640_000_000_000_000;

/**
 * Issues a credential of somebody else's vocabulary (VC Data Model 2.0 and 1.1) in the organisation's name. It
 * is recorded before it is signed, with its status entries where it gets some, and handed out only after the
 * checks that a verifier applies. Writ's own documents have functions of their own.
 *
 * @param credential without proof; its `issuer` is the organisation, or left out
 * @throws WritError `TYPE_UNSUPPORTED` for a document of Writ's own, `ISSUER_MISMATCH` for another issuer,
 *   `STATUS_UNSUPPORTED` for an entry in the organisation's own lists that was not allocated here,
 *   `ALREADY_EXISTS` for the name of a credential of Writ's,
 *   `SCHEMA_INVALID`, those of the generic profile, of status entries and lists, of strict JSON and of
 *   {@link signDocument}, and what {@link IdempotencyOptions} says; nothing is signed then.
 */
export async function issueGenericCredential(
  organisation: Organisation,
  credential: JsonObject,
  { suite, status: purposes = [], credentialId, contexts, idempotencyKey }: GenericIssueOptions = {},
): Promise<GenericCredential> {
  // A copy, as of the credential: what the caller changes meanwhile is not what is issued.
  const status = [...new Set(purposes)];
  const given = readGenericDraft(organisation, asJson(snapshot(credential)), status, contexts);
  // What an RDF signature would refuse later must not have been recorded first.
  await assertTermsDefined(given.draft);
  const request = { issue: given.draft, status, credentialId, suite: suite ?? DEFAULT_SUITE };
  const { record, issued, entries } = await recordOnce(organisation, given, {
    status,
    credentialId,
    idempotency: idempotencyOf(idempotencyKey, request),
  });
  const signed = asJson(
    await signDocument(withEntries(given, record, entries), {
      signer: organisation.signer,
      purpose: "assertionMethod",
      created: issued,
      suite,
    }),
  );
  const verified = await assertVerifies(organisation, signed, contexts, organisation.clock());
  await noteSigned(organisation, record, digestMultibase(signed));
  return verified;
}

/** A credential on record. */
interface RecordedGeneric extends Pick<Recorded, "record" | "issued"> {
  readonly entries: readonly StatusEntry[];
}

/** Records a draft with its status entries, unless the same request did so before. */
function recordOnce(
  organisation: Organisation,
  { draft, content }: GenericDraft,
  { status, credentialId, idempotency }: RecordingOptions,
): Promise<RecordedGeneric> {
  const { database, did, clock, random } = organisation;
  const now = clock();
  const id = randomUuidUrn(random);
  const name = credentialId ?? content.id ?? id;
  const type = typeOf(draft) ?? "";
  return commitTogether(database, async (transaction) => {
    await assertCurrentKey(transaction, organisation);
    const before =
      idempotency === undefined ? undefined : await findRecorded(transaction, organisation, idempotency);
    if (before !== undefined) {
      const { record, issued } = before;
      return {
        record,
        issued,
        entries: await recordedStatus(transaction, organisation, record, status),
      };
    }
    for (const each of new Set([name, content.id ?? name])) await assertNotOwn(transaction, each);
    await transaction.query(
      `INSERT INTO credentials
         (id, document_id, type, subject, valid_until, issuer, issued, idempotency_key, request)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        name,
        type,
        subjectOf(content),
        endOf(content),
        did,
        now,
        idempotency?.key ?? null,
        idempotency?.request ?? null,
      ],
    );
    await recordEvent(transaction, organisation, {
      action: "credential.issued",
      credentialId: name,
      details: { type },
    });
    const entries = status.length === 0 ? [] : await allocateStatus(transaction, organisation, id, status);
    return { record: id, issued: now, entries };
  });
}

interface RecordingOptions {
  readonly status: readonly StatusPurpose[];
  readonly credentialId: string | undefined;
  readonly idempotency: Idempotency | undefined;
}

function withEntries(
  { draft, content: { id } }: GenericDraft,
  record: string,
  entries: readonly StatusEntry[],
): JsonObject {
  if (entries.length === 0) return draft;
  // One alone stands by itself, as in the specification's examples.
  const credentialStatus = entries.length === 1 ? entries[0] : entries;
  return asJson(snapshot({ ...draft, id: id ?? record, credentialStatus }));
}

/** By the name of a credential of Writ's, that one would be revoked too. */
async function assertNotOwn(transaction: SqlExecutor, name: string): Promise<void> {
  if (!(await isOwnCredential(transaction, name))) return;
  throw new WritError("ALREADY_EXISTS", "a credential of an agent or a principal has this name", {
    pointer: "/id",
  });
}

async function assertVerifies(
  { did }: Organisation,
  signed: JsonObject,
  contexts: GenericContexts | undefined,
  now: number,
): Promise<GenericCredential> {
  assertGenericProfile(signed, contexts);
  const credential = parseShape(genericCredential, signed);
  const expected = { did, purpose: "assertionMethod", now } as const;
  const { problems } = await checkSignedBy(signed, expected, { resolver: createResolver() });
  const [problem] = problems;
  if (problem !== undefined) throw refusal(problem);
  return credential;
}

function subjectOf({ credentialSubject }: GenericCredential): string {
  const [first] = [credentialSubject].flat();
  const id = first?.["id"];
  return typeof id === "string" ? id : "";
}

function endOf({ validUntil, expirationDate }: GenericCredential): number {
  const ends = [validUntil, expirationDate].filter((end) => end !== undefined);
  return Math.min(NEVER, ...ends.map(parseTimestamp));
}
