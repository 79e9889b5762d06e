import { snapshot, WritError, type AuthorityCredential, type Chain, type StatusEntry } from "@writ/core";

import { callPort, type CallLimits } from "./call-port.js";

/**
 * Port: the organisation at the root of a chain keeps the status of what is handed on below. What it
 * answers is not trusted: the wallet checks the entries before it signs.
 */
export interface DelegationStatusPort {
  /**
   * Entries for a credential that is about to be signed, one for revocation among them, in lists of the
   * organisation and taken by nobody else. Throws where it gives none.
   */
  allocate(request: StatusRequest, signal: AbortSignal): Promise<readonly StatusEntry[]>;
  /**
   * Revokes a credential for good. It answers once every list that is signed from then on says so;
   * throws otherwise. Revoking again changes nothing.
   */
  revoke(revocation: StatusRevocation, signal: AbortSignal): Promise<void>;
}

/** For which credential entries are asked. */
export interface StatusRequest {
  readonly credentialId: string;
  /** DID that hands it on. */
  readonly issuer: string;
  /** DID that receives it. */
  readonly subject: string;
  readonly parentId: string;
  /** DID of the organisation at the root of the chain, which signs the lists. */
  readonly rootIssuer: string;
  /** When it ends: RFC 3339. */
  readonly validUntil: string;
}

/** What is to be revoked. */
export interface StatusRevocation {
  readonly credentialId: string;
  readonly entries: readonly StatusEntry[];
}

/** The port, and how long it is waited for. */
export interface DelegationStatus extends CallLimits {
  readonly status: DelegationStatusPort;
}

/**
 * Asks for the status entries of a credential. What comes is copied, and checked for nothing but being a
 * list.
 *
 * @throws WritError `STATUS_UNAVAILABLE`, `STATUS_ENTRY_INVALID`, and as the port threw it.
 */
export async function allocateEntries(
  { status, ...limits }: DelegationStatus,
  credential: AuthorityCredential,
  { links }: Chain,
): Promise<readonly StatusEntry[]> {
  const { id: credentialId, issuer, validUntil, credentialSubject } = credential;
  const request: StatusRequest = {
    credentialId,
    issuer,
    subject: credentialSubject.id,
    parentId: credentialSubject.parent?.id ?? "",
    rootIssuer: links[0]?.credential.issuer ?? "",
    validUntil,
  };
  const answer = await callPort<unknown>(
    {
      what: "the status entries",
      unavailable: "STATUS_UNAVAILABLE",
      ask: (signal) => status.allocate(request, signal),
    },
    limits,
  );
  const entries = copyOf(answer);
  if (!Array.isArray(entries)) throw invalidEntries("came as something that is no list");
  return entries as readonly StatusEntry[];
}

/**
 * Refuses entries in other lists than the root's organisation keeps, which are those beside the ones that
 * the root names, and entries of a credential of the chain: who revoked this one would revoke that.
 *
 * @throws WritError `STATUS_ENTRY_INVALID`.
 */
export function assertEntriesOf({ links }: Chain, entries: readonly StatusEntry[]): void {
  const above = links.map(({ credential }) => credential.credentialStatus ?? []);
  const folders = new Set(above[0]?.map(folderOf));
  const taken = new Set(above.flat().map(nameOf));
  if (!entries.every((entry) => folders.has(folderOf(entry)))) {
    throw invalidEntries("lie in other lists than those of the organisation at the chain's root");
  }
  if (entries.some((entry) => taken.has(nameOf(entry)))) {
    throw invalidEntries("belong to a credential above");
  }
}

/** Entries that are not accepted. */
export function invalidEntries(why: string, cause?: unknown): WritError {
  return new WritError("STATUS_ENTRY_INVALID", `the status entries for what is handed on ${why}`, {
    pointer: "/credentialStatus",
    cause,
  });
}

/** Getters of an answer run here, and may throw anything. */
function copyOf(answer: unknown): unknown {
  try {
    return snapshot({ answer }).answer;
  } catch (cause) {
    throw invalidEntries("cannot be read", cause);
  }
}

function folderOf({ statusListCredential }: StatusEntry): string {
  return statusListCredential.slice(0, statusListCredential.lastIndexOf("/") + 1);
}

function nameOf({ statusListCredential, statusListIndex }: StatusEntry): string {
  return `${statusListCredential}#${statusListIndex}`;
}
