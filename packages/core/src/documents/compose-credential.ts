import { WritError } from "../errors/writ-error.js";
import { CREDENTIAL_LIMITS, snapshot, type JsonLimits } from "../json/strict-json.js";
import { parseShape, type Shape } from "../schema/shape.js";
import { WRIT_CONTEXT } from "./contexts.js";
import { MAX_LIFE_MS, type CredentialFrame, type StatusEntry } from "./credential-frame.js";
import { assertStrictProfile } from "./strict-profile.js";
import { formatTimestamp } from "./timestamp.js";

/** Leaves room for the proof, so that what can be recorded can also be signed. */
const COMPOSE_LIMITS: JsonLimits = { ...CREDENTIAL_LIMITS, maxBytes: CREDENTIAL_LIMITS.maxBytes - 2048 };

/** What a new credential says; the frame around it is the same for all. */
export interface CredentialContent<Type extends string, Subject> {
  readonly id: string;
  readonly type: Type;
  readonly issuer: string;
  readonly credentialSubject: Subject;
  /** When it begins, in milliseconds since 1970. */
  readonly from: number;
  /** How long it lives, in milliseconds. */
  readonly lifeMs: number;
  readonly credentialStatus?: readonly StatusEntry[];
}

/**
 * An unsigned credential of Writ's, checked as a verifier would check it.
 *
 * @throws WritError `ARGUMENT_INVALID` for a life that is no whole number of milliseconds,
 *   `VALIDITY_INVALID` for one that is empty or over 90 days, and the codes of strict JSON, the profile
 *   and the schema.
 */
export function composeCredential<Type extends string, Subject>(
  { id, type, issuer, credentialSubject, from, lifeMs, credentialStatus }: CredentialContent<Type, Subject>,
  shape: Shape<CredentialFrame<Type, Subject>>,
): CredentialFrame<Type, Subject> {
  if (!Number.isSafeInteger(lifeMs)) throw new WritError("ARGUMENT_INVALID", "a life is in milliseconds");
  // Before it is put into words: a time far enough away has none.
  if (lifeMs <= 0 || lifeMs > MAX_LIFE_MS) {
    throw new WritError("VALIDITY_INVALID", "the life is empty, or over 90 days", { pointer: "/validUntil" });
  }
  const credential = snapshot<CredentialFrame<Type, Subject>>(
    {
      "@context": WRIT_CONTEXT,
      id,
      type: ["VerifiableCredential", type],
      issuer,
      validFrom: formatTimestamp(from),
      validUntil: formatTimestamp(from + lifeMs),
      credentialSubject,
      ...(credentialStatus === undefined ? {} : { credentialStatus }),
    },
    COMPOSE_LIMITS,
  );
  assertStrictProfile(credential);
  return parseShape(shape, credential);
}
