import {
  asJson,
  asProblem,
  checkIssuerSigned,
  checkValidity,
  validityEnd,
  idOf,
  parseTimestamp,
  WritError,
  type GenericStatusListCredential,
  type Profile,
  type ProofVerification,
} from "@writ/core";

import { readList } from "./read-list.js";
import type { ObtainedList } from "./status-source.js";

/** A list that verifies, whoever signed it. Whether that one may is for whoever asks. */
export interface VerifiedList {
  readonly list: GenericStatusListCredential;
  readonly obtained: ObtainedList;
  /** DID of who signed it. */
  readonly issuer: string;
}

/** The time of a verification, as of which its lists are judged. */
export interface StatusTime {
  /** Milliseconds since 1970. */
  readonly asOf: number;
  /** Told when a list begins that is signed as it says, and begins later; milliseconds since 1970. */
  noteBegin(validFrom: number): void;
}

/**
 * Verifies a list: its form, its proofs, that it is in date and bears the address it was asked for
 * (DESIGN 4.9). All but what follows from its bytes is checked at every use.
 *
 * @throws WritError `STATUS_LIST_MALFORMED`, `STATUS_LIST_INVALID`.
 */
export async function verifyList(
  obtained: ObtainedList,
  address: string,
  profile: Profile,
  proofs: ProofVerification,
  time: StatusTime,
): Promise<VerifiedList> {
  const list = readList(obtained, profile);
  if (list.id !== address) throw invalidList("bears another address");
  const issuer = issuerOf(list);
  const { asOf } = time;
  const signed = { json: asJson(list), issuer, profile };
  const found = await checkIssuerSigned(signed, asOf, proofs).catch((error: unknown) => [asProblem(error)]);
  const problem = found[0] ?? checkValidity(list, asOf);
  if (problem?.code === "NOT_YET_VALID") time.noteBegin(parseTimestamp(list.validFrom));
  if (problem !== undefined) throw invalidList(`does not verify: ${problem.detail}`);
  if (asOf >= endOf(list)) throw invalidList("is past its time to live");
  return { list, obtained, issuer };
}

/** DID of whoever a list says that it is by. */
export function issuerOf({ issuer }: GenericStatusListCredential): string {
  return idOf(issuer);
}

/** The time from which a list is not relied on any more: by its `ttl`, its `validUntil`, or a proof that expires. */
export function endOf(list: GenericStatusListCredential): number {
  const { ttl = Infinity } = list.credentialSubject;
  return Math.min(parseTimestamp(list.validFrom) + ttl, validityEnd(list));
}

/** A list that is not to be relied on. */
export function invalidList(what: string): WritError {
  return new WritError("STATUS_LIST_INVALID", `the status list ${what}`);
}
