import {
  assertDigest,
  assertGenericProfile,
  genericCredential,
  genericStatus,
  idOf,
  isOwnDocument,
  parseDocument,
  parseShape,
  pinnedBytes,
  problemOf,
  relocate,
  writCredential,
  type GenericContexts,
  type GenericCredential,
  type GenericStatus,
  type IssuerSigned,
  type JsonObject,
  type Problem,
} from "@writ/core";

import type { StatusQuestion } from "../status/check-status.js";
import type { Trust } from "../trust/trust-policy.js";
import { problem, type Finding } from "../verification.js";

/** A credential that has passed its profile. Writ's own are under the strict one, here as everywhere. */
export interface ReceivedCredential extends IssuerSigned {
  /** The same, as the data model knows it. */
  readonly credential: GenericCredential;
  readonly pointer: string;
}

/**
 * A credential under the profile that its vocabulary puts it under (DESIGN 4.2), before any JSON-LD.
 *
 * @param pointer where it lies
 * @throws WritError of the profile and the shape.
 */
export function parseReceived(
  json: JsonObject,
  contexts: GenericContexts | undefined,
  pointer = "",
): ReceivedCredential {
  const profile = isOwnDocument(json) ? "strict" : "generic";
  try {
    if (profile === "strict") parseDocument(json, writCredential);
    else assertGenericProfile(json, contexts);
    const credential = parseShape(genericCredential, json);
    return { json, credential, issuer: idOf(credential.issuer), profile, pointer };
  } catch (error) {
    throw relocate(error, pointer);
  }
}

/** Whether the issuer is one that the policy trusts. */
export function checkTrust({ issuer, pointer }: ReceivedCredential, trust: Trust): readonly Problem[] {
  if (trust.isIdentityIssuer(issuer)) return [];
  return [problem("ISSUER_UNTRUSTED", `${pointer}/issuer`, "not a trusted issuer")];
}

/**
 * What is asked of the status of a credential.
 *
 * @throws WritError `STATUS_UNSUPPORTED` for a status of another type, and the codes of its form.
 */
export function statusQuestion(
  { json: { credentialStatus }, issuer, profile, pointer }: ReceivedCredential,
  trust: Trust | undefined,
): StatusQuestion {
  let entries: GenericStatus = [];
  try {
    if (credentialStatus !== undefined) entries = parseShape(genericStatus, credentialStatus);
  } catch (error) {
    throw relocate(error, `${pointer}/credentialStatus`);
  }
  return {
    profile,
    entries,
    listIssuers: trust === undefined ? [issuer] : trust.listIssuersOf(issuer),
    pointer,
  };
}

/**
 * Whether the related resources that are at hand are those that the credentials speak of; others may be. The
 * contexts that documents are read by always are at hand.
 */
export function checkDigests(
  credentials: readonly ReceivedCredential[],
  resources: ReadonlyMap<string, Uint8Array>,
): Finding {
  const bytesOf = (id: string): Uint8Array | undefined => pinnedBytes(id) ?? resources.get(id);
  const named = credentials.flatMap(({ credential: { relatedResource = [] }, pointer }) =>
    [relatedResource].flat().map((resource, index) => ({
      resource,
      place: `${pointer}/relatedResource${Array.isArray(relatedResource) ? `/${String(index)}` : ""}`,
    })),
  );
  const problems = named.flatMap(({ resource, place }) => {
    const bytes = bytesOf(resource.id);
    const found =
      bytes &&
      problemOf(() => {
        assertDigest(resource, bytes);
      });
    return found === undefined ? [] : [{ ...found, pointer: place }];
  });
  const complete = named.length > 0 && named.every(({ resource }) => bytesOf(resource.id) !== undefined);
  return problems.length > 0 || complete ? problems : "not_established";
}
