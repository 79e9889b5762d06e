import {
  asJson,
  assertGenericProfile,
  assertTermsDefined,
  checkSignedBy,
  createResolver,
  CREDENTIALS_V2,
  digestMultibase,
  genericCredential,
  idOf,
  integerOf,
  isJsonArray,
  isOwnDocument,
  parseShape,
  parseTimestamp,
  randomUuidUrn,
  refusal,
  signDocument,
  snapshot,
  textOf,
  typeOf,
  WritError,
  type GenericContexts,
  type GenericCredential,
  type JsonObject,
  type JsonValue,
  type SqlExecutor,
  type StatusEntry,
  type SuiteName,
} from "@writ/core";

import { assertStatusForms } from "./assert-status-forms.js";
import { commitTogether } from "./commit-together.js";
import { recordEvent } from "./events.js";
import { assertCurrentKey, type Organisation } from "./organisation.js";
import {
  assertUnused,
  findRecorded,
  idempotencyOf,
  type Idempotency,
  type IdempotencyOptions,
} from "./idempotency.js";
import { isOwnCredential } from "./own-credentials.js";
import { noteSigned } from "./sign-recorded.js";
import { allocateStatus, statusOf, type StatusPurpose } from "./status-lists.js";

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
 *   `SCHEMA_INVALID`, those of the generic profile, of status entries and lists, of strict JSON, of
 *   {@link signDocument} and {@link findRecorded}; nothing is signed then.
 */
export async function issueGenericCredential(
  organisation: Organisation,
  credential: JsonObject,
  { suite, status = [], credentialId, contexts, idempotencyKey }: GenericIssueOptions = {},
): Promise<GenericCredential> {
  const given = readDraft(organisation, asJson(snapshot(credential)), status, contexts);
  // What an RDF signature would refuse later must not have been recorded first.
  await assertTermsDefined(given.draft);
  const request = { issue: given.draft, status, credentialId, suite };
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
  await noteSigned(organisation.database, record, digestMultibase(signed));
  return verified;
}

/** A credential on record. */
interface RecordedDraft {
  /** By which its row is known. */
  readonly record: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly issued: number;
  readonly entries: readonly StatusEntry[];
}

/** Records a draft with its status entries, unless the same request did so before. */
async function recordOnce(
  organisation: Organisation,
  { draft, content }: Draft,
  {
    status,
    credentialId,
    idempotency,
  }: Required<Pick<GenericIssueOptions, "status" | "credentialId">> & {
    readonly idempotency: Idempotency | undefined;
  },
): Promise<RecordedDraft> {
  const { database, did, clock, random } = organisation;
  const before = idempotency === undefined ? undefined : await findRecorded(organisation, idempotency);
  if (before !== undefined) {
    const record = textOf(before, "id");
    const entries = await statusOf(database, organisation, record, status);
    return { record, issued: integerOf(before, "issued"), entries };
  }
  const record = randomUuidUrn(random);
  const issued = clock();
  const name = credentialId ?? content.id ?? record;
  const type = typeOf(draft) ?? "";
  return commitTogether(database, async (transaction) => {
    await assertCurrentKey(transaction, organisation);
    await assertNotOwn(transaction, name);
    if (idempotency !== undefined) await assertUnused(transaction, idempotency);
    await transaction.query(
      `INSERT INTO credentials
         (id, document_id, type, subject, valid_until, issuer, issued, idempotency_key, request)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        record,
        name,
        type,
        subjectOf(content),
        endOf(content),
        did,
        issued,
        idempotency?.key ?? null,
        idempotency?.request ?? null,
      ],
    );
    await recordEvent(transaction, organisation, {
      action: "credential.issued",
      credentialId: name,
      details: { type },
    });
    const entries =
      status.length === 0 ? [] : await allocateStatus(transaction, organisation, record, status);
    return { record, issued, entries };
  });
}

function withEntries(
  { draft, content: { id } }: Draft,
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
  throw new WritError("ALREADY_EXISTS", "a credential of an agent has this name", { pointer: "/id" });
}

/** A credential as it may be signed, but for its status. */
interface Draft {
  readonly draft: JsonObject;
  /** The same, as the data model knows it. */
  readonly content: GenericCredential;
}

function readDraft(
  { did, statusBase }: Organisation,
  given: JsonObject,
  status: readonly StatusPurpose[],
  contexts: GenericContexts | undefined,
): Draft {
  if (isOwnDocument(given)) {
    throw new WritError("TYPE_UNSUPPORTED", "Writ's own credentials are issued to registered agents alone", {
      pointer: "/type",
    });
  }
  for (const name of ["@context", "type"]) {
    if (!isJsonArray(given[name] ?? null)) throw invalid(`/${name}`, "must be a list");
  }
  if (given["proof"] !== undefined) throw invalid("/proof", "is added by the issuer");
  const draft = asJson(snapshot(given["issuer"] === undefined ? { ...given, issuer: did } : given));
  assertGenericProfile(draft, contexts);
  const content = parseShape(genericCredential, draft);
  if (idOf(content.issuer) !== did) {
    throw new WritError("ISSUER_MISMATCH", "the issuer must be the one that signs", { pointer: "/issuer" });
  }
  if (status.length > 0 && content.credentialStatus !== undefined) {
    throw invalid("/credentialStatus", "is added by the issuer");
  }
  // The context of 1.1 has no words for it.
  if (status.length > 0 && content["@context"][0] !== CREDENTIALS_V2) {
    throw new WritError("CONTEXT_NOT_ALLOWED", "a status entry takes the context of VC Data Model 2.0", {
      pointer: "/@context/0",
    });
  }
  assertStatusForms(content);
  // Whoever may have a credential signed may not speak for the organisation's lists, or point into them.
  const subjects = [content.credentialSubject].flat().map(({ id }) => id);
  const named = textsIn(draft["credentialStatus"], draft["id"], ...subjects).map(plainAddress);
  if (named.some((text) => text.startsWith(plainAddress(statusBase)))) {
    throw new WritError("STATUS_UNSUPPORTED", "the addresses of the organisation's lists are its own");
  }
  return { draft, content };
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

function invalid(pointer: string, detail: string): WritError {
  return new WritError("SCHEMA_INVALID", detail, { pointer });
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

/** An address as whoever follows it may read it: other cases, dots and escapes make it no other address. */
function plainAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text).href : text;
  const unescaped = address.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return (URL.canParse(unescaped) ? new URL(unescaped).href : unescaped).toLowerCase();
}

/** Every text in values, however deep. */
function textsIn(...values: readonly (JsonValue | undefined)[]): readonly string[] {
  return values.flatMap((value) => {
    if (typeof value === "string") return [value];
    if (value === undefined || value === null || typeof value !== "object") return [];
    return textsIn(...Object.values(value as JsonObject));
  });
}
