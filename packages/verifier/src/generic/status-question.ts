import { genericStatus, parseShape, relocate, type GenericStatus, type JsonValue } from "@writ/core";

import type { StatusQuestion } from "../status/check-status.js";
import type { Trust } from "../trust/trust-policy.js";
import type { ReceivedCredential } from "./received-credential.js";

/**
 * What is asked of the status of a credential.
 *
 * @throws WritError `STATUS_UNSUPPORTED` for a status of another type, and the codes of its form.
 */
export function statusQuestion(
  { json, issuer, profile, pointer }: ReceivedCredential,
  trust: Trust | undefined,
): StatusQuestion {
  const { credentialStatus } = json;
  return {
    profile,
    entries: credentialStatus === undefined ? [] : statusOf(credentialStatus, pointer),
    listIssuers: trust === undefined ? [issuer] : trust.listIssuersOf(issuer),
    pointer,
  };
}

function statusOf(credentialStatus: JsonValue, pointer: string): GenericStatus {
  try {
    return parseShape(genericStatus, credentialStatus);
  } catch (error) {
    throw relocate(error, `${pointer}/credentialStatus`);
  }
}
