import {
  composeCredential,
  integerOf,
  parseStrictJsonObject,
  textOf,
  type CredentialFrame,
} from "@writ/core";

import { findRecorded, type Idempotency } from "./idempotency.js";
import type { Organisation } from "./organisation.js";
import { signRecorded, type RecordedSigning } from "./sign-recorded.js";
import { statusOf } from "./status-lists.js";

/** What the same request would issue. */
export interface IssuedBefore<Type extends string, Subject> extends Pick<
  RecordedSigning<Type, Subject>,
  "suite" | "shape"
> {
  readonly type: Type;
  /** By which the request is known; without it, there was none before. */
  readonly idempotency?: Idempotency | undefined;
}

/**
 * The credential that the same request issued before. It is signed again from what is on record, and is the same
 * with the same signature: Ed25519 signs without randomness.
 *
 * @throws WritError as {@link findRecorded} and {@link signRecorded}.
 */
export async function issuedBefore<Type extends string, Subject>(
  organisation: Organisation,
  { type, idempotency, suite, shape }: IssuedBefore<Type, Subject>,
): Promise<CredentialFrame<Type, Subject> | undefined> {
  const row = idempotency === undefined ? undefined : await findRecorded(organisation, idempotency);
  if (row === undefined) return undefined;
  const id = textOf(row, "id");
  const issued = integerOf(row, "issued");
  const content = {
    id,
    type,
    issuer: organisation.did,
    // Held to the shape as it is composed.
    credentialSubject: parseStrictJsonObject(textOf(row, "content")) as unknown as Subject,
    from: issued,
    lifeMs: integerOf(row, "valid_until") - issued,
    credentialStatus: await statusOf(organisation.database, organisation, id),
  };
  return signRecorded(organisation, composeCredential(content, shape), { issued, suite, shape });
}
