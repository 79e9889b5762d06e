import {
  asJson,
  assertGenericProfile,
  checkGenericValidity,
  checkIssuerSigned,
  checkSignedBy,
  checkValidity,
  createResolver,
  CREDENTIAL_LIMITS,
  digestMultibase,
  genericCredential,
  idOf,
  isOwnDocument,
  parseDocument,
  parseShape,
  refusal,
  relocate,
  snapshot,
  type JsonObject,
  type Problem,
  type DidResolver,
  type Shape,
  writCredential,
  type WritCredential,
} from "@writ/core";

import type { HeldGeneric } from "./credential-record.js";

/**
 * A credential as it was received: a copy, so that what is used is what was verified.
 *
 * @throws WritError of strict JSON, the profile and the shape.
 */
export function parseReceived<T>(document: object, shape: Shape<T>, pointer: string): T {
  return located(pointer, () => parseDocument(snapshot(document, CREDENTIAL_LIMITS), shape));
}

/** A credential of any vocabulary, as it was received, under the profile that its vocabulary has (DESIGN 4.2). */
export function parseReceivedCredential(document: object, pointer: string): WritCredential | HeldGeneric {
  return located(pointer, () => {
    const json: JsonObject = snapshot(document, CREDENTIAL_LIMITS);
    if (isOwnDocument(json)) return parseDocument(json, writCredential);
    assertGenericProfile(json, undefined);
    return { json, credential: parseShape(genericCredential, json), digest: digestMultibase(json) };
  });
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
  beginning: Beginning,
): Promise<void> {
  const { problems } = await checkSignedBy(
    asJson(credential),
    { did: credential.issuer, purpose: "assertionMethod", now },
    { resolver: createResolver() },
    pointer,
  );
  const validity = checkValidity(credential, now, pointer);
  refuseFirst([...problems, ...(validity === undefined ? [] : [validity])], beginning);
}

/**
 * The same of a credential of others; other proofs than the issuer's must verify too, and confer nothing.
 *
 * @param resolver for issuers whose DIDs are not keys themselves
 */
export async function verifyReceivedGeneric(
  { json, credential }: HeldGeneric,
  now: number,
  pointer: string,
  resolver: DidResolver,
): Promise<void> {
  const signed = { json, issuer: idOf(credential.issuer), profile: "generic", pointer } as const;
  const problems = await checkIssuerSigned(signed, now, { resolver });
  refuseFirst([...problems, ...checkGenericValidity(credential, now, pointer)], "now-or-later");
}

type Beginning = "now" | "now-or-later";

function refuseFirst(problems: readonly Problem[], beginning: Beginning): void {
  const mayBegin = ({ code }: Problem): boolean => beginning === "now-or-later" && code === "NOT_YET_VALID";
  const problem = problems.find((each) => !mayBegin(each));
  if (problem !== undefined) throw refusal(problem);
}

function located<T>(pointer: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw relocate(error, pointer);
  }
}
