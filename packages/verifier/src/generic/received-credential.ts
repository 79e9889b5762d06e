import {
  assertDigest,
  assertGenericProfile,
  assertTermsDefined,
  checkSignedAmong,
  checkSignedBy,
  genericCredential,
  idOf,
  isOwnDocument,
  parseDocument,
  parseShape,
  parseTimestamp,
  problemOf,
  proofsOf,
  writCredential,
  type GenericContexts,
  type GenericCredential,
  type JsonObject,
  type Problem,
  type ProofVerification,
} from "@writ/core";

import type { Trust } from "../trust/trust-policy.js";
import { problem } from "../verification.js";

/** A credential that has passed its profile, and where it lies. */
export interface ReceivedCredential {
  readonly json: JsonObject;
  /** The same, as the data model knows it. */
  readonly credential: GenericCredential;
  readonly issuer: string;
  /** Writ's own documents are under the strict profile, here as everywhere. */
  readonly profile: "strict" | "generic";
  readonly pointer: string;
}

/**
 * A credential under the profile that its vocabulary puts it under (DESIGN 4.2), before any JSON-LD.
 *
 * @throws WritError of the profile and the shape.
 */
export function receiveCredential(
  json: JsonObject,
  contexts: GenericContexts | undefined,
  pointer = "",
): ReceivedCredential {
  const profile = isOwnDocument(json) ? "strict" : "generic";
  if (profile === "strict") parseDocument(json, writCredential);
  else assertGenericProfile(json, contexts);
  const credential = parseShape(genericCredential, json);
  return { json, credential, issuer: idOf(credential.issuer), profile, pointer };
}

/** Whether all proofs verify, and the issuer's own is among them (DESIGN 4.5). */
export async function checkSignature(
  { json, issuer: did, profile, pointer }: ReceivedCredential,
  now: number,
  proofs: ProofVerification,
): Promise<readonly Problem[]> {
  const check = profile === "strict" ? checkSignedBy : checkSignedAmong;
  const { problems } = await check(json, { did, purpose: "assertionMethod", now }, proofs, pointer);
  return problems;
}

/**
 * Whether each member says something. RDF suites have found out while they verified; a JCS proof signs
 * names that nobody has defined as well as others.
 */
export async function checkTerms(document: JsonObject): Promise<readonly Problem[]> {
  const isJcs = proofsOf(document).some(({ cryptosuite }) => cryptosuite?.includes("-jcs-") === true);
  if (isJcs) await assertTermsDefined(document);
  return [];
}

/** Whether the issuer is one that the policy trusts. */
export function checkTrust({ issuer, pointer }: ReceivedCredential, trust: Trust): readonly Problem[] {
  if (trust.isIdentityIssuer(issuer)) return [];
  return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted issuer")];
}

/** Whether a credential is in force; the dates of both data models are heeded, wherever they stand. */
export function checkTimes({ credential, pointer }: ReceivedCredential, now: number): readonly Problem[] {
  const { validFrom, issuanceDate, validUntil, expirationDate } = credential;
  const early = Object.entries({ validFrom, issuanceDate }).filter(
    ([, time]) => time !== undefined && !(now >= parseTimestamp(time)),
  );
  const late = Object.entries({ validUntil, expirationDate }).filter(
    ([, time]) => time !== undefined && !(now < parseTimestamp(time)),
  );
  return [
    ...early.map(([name]) => problem("NOT_YET_VALID", `${pointer}/${name}`, "is not valid yet")),
    ...late.map(([name]) => problem("EXPIRED", `${pointer}/${name}`, "has expired")),
  ];
}

/** Whether the related resources that are at hand are those that the credential speaks of. */
export function checkResources(
  { credential, pointer }: ReceivedCredential,
  resources: ReadonlyMap<string, Uint8Array>,
): readonly Problem[] {
  const { relatedResource = [] } = credential;
  return [relatedResource].flat().flatMap((resource, index) => {
    const bytes = resources.get(resource.id);
    const found =
      bytes &&
      problemOf(() => {
        assertDigest(resource, bytes);
      });
    const place = Array.isArray(relatedResource) ? `/relatedResource/${String(index)}` : "/relatedResource";
    return found === undefined ? [] : [{ ...found, pointer: pointer + place }];
  });
}

/** Whether a credential names resources whose bytes are not at hand. */
export function hasOtherResources(
  { credential: { relatedResource = [] } }: ReceivedCredential,
  resources: ReadonlyMap<string, Uint8Array>,
): boolean {
  return [relatedResource].flat().some(({ id }) => !resources.has(id));
}
