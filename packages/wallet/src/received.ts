import {
  asJson,
  checkSignedBy,
  checkValidity,
  createResolver,
  CREDENTIAL_LIMITS,
  parseDocument,
  refusal,
  relocate,
  snapshot,
  type Shape,
  type WritCredential,
} from "@writ/core";

/**
 * A credential as it was received: a copy, so that what is used is what was verified.
 *
 * @throws WritError of strict JSON, the profile and the shape.
 */
export function parseReceived<T>(document: object, shape: Shape<T>, pointer: string): T {
  try {
    return parseDocument(snapshot(document, CREDENTIAL_LIMITS), shape);
  } catch (error) {
    throw relocate(error, pointer);
  }
}

/**
 * Refuses a credential that its issuer did not sign, or that has ended.
 *
 * @param beginning when it must begin
 * @throws WritError of the proofs, `EXPIRED`, `NOT_YET_VALID`.
 */
export async function verifyReceived(
  credential: WritCredential,
  now: number,
  pointer: string,
  beginning: "now" | "now-or-later",
): Promise<void> {
  const { problems } = await checkSignedBy(
    asJson(credential),
    { did: credential.issuer, purpose: "assertionMethod", now },
    { resolver: createResolver() },
    pointer,
  );
  const validity = checkValidity(credential, now, pointer);
  const mayBegin = beginning === "now-or-later" && validity?.code === "NOT_YET_VALID";
  const problem = problems[0] ?? (mayBegin ? undefined : validity);
  if (problem !== undefined) throw refusal(problem);
}
