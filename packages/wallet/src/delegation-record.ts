import {
  asJson,
  isAuthority,
  parseTimestamp,
  WritError,
  type AuthorityCredential,
  type JsonObject,
} from "@writ/core";

import { credentialOf } from "./credential-record.js";
import type { Label, RecordContent, VaultRecord } from "./vault/record.js";

/** What the wallet keeps of a credential that it handed on. */
export interface KeptDelegation {
  readonly credential: AuthorityCredential;
  /** When the organisation confirmed its revocation, in milliseconds since 1970. */
  readonly revokedAt?: number;
}

/** What all records of revoked delegations carry. */
export const REVOKED: Label = ["revoked", ""];

/** How a delegation is kept: under its id, its parent's, and to whom it went. */
export function delegationRecord({ credential, revokedAt }: KeptDelegation): RecordContent {
  const { id, credentialSubject } = credential;
  const labels: readonly Label[] = [
    ["id", id],
    ["parent", credentialSubject.parent?.id ?? ""],
    ["to", credentialSubject.id],
    ...(revokedAt === undefined ? [] : [REVOKED]),
  ];
  const value: JsonObject = {
    document: asJson(credential),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
  return { collection: "delegation", value, labels };
}

/** The delegation in a record. */
export function keptDelegation(record: VaultRecord): KeptDelegation {
  const credential = credentialOf(record);
  // Sealed by this wallet, which hands on nothing else.
  if (!isAuthority(credential)) throw new WritError("RECORD_TAMPERED", "a delegation is no authority");
  const { revokedAt } = record.value;
  return { credential, ...(typeof revokedAt === "number" ? { revokedAt } : {}) };
}

/** When a credential ends, in milliseconds since 1970. */
export function endOf({ validUntil }: { readonly validUntil: string }): number {
  return parseTimestamp(validUntil);
}
