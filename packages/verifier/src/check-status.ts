import {
  asJson,
  asProblem,
  checkSignedBy,
  checkValidity,
  decodeStatusList,
  parseDocument,
  parseStrictJsonObject,
  parseTimestamp,
  STATUS_LIST_LIMITS,
  statusListCredential,
  WritError,
  type JsonText,
  type Problem,
  type ProofVerification,
  type StatusBits,
  type StatusEntry,
  type StatusListCredential,
} from "@writ/core";

import type { StatusListSource } from "./status-source.js";

/** A credential whose status is asked, and who may sign its lists. */
export interface StatusQuestion {
  readonly entries: readonly StatusEntry[];
  readonly listIssuers: readonly string[];
  /** JSON Pointer of the credential. */
  readonly pointer: string;
}

/** What the lists say. */
export interface StatusAnswer {
  readonly problems: readonly Problem[];
  /** When the oldest of the lists was signed, in milliseconds since 1970. */
  readonly oldest?: number;
}

/** Whoever presents chooses how many lists are obtained, up to this many. */
const MAX_LISTS = 32;

interface VerifiedList {
  readonly list: StatusListCredential;
  readonly bits: StatusBits;
}

/**
 * The status of credentials at one time (DESIGN 4.9). Every entry is evaluated; what cannot be
 * determined is a problem. Each list is obtained and verified once.
 */
export async function checkStatus(
  questions: readonly StatusQuestion[],
  source: StatusListSource,
  proofs: ProofVerification,
  now: number,
): Promise<StatusAnswer> {
  const addresses = new Set(
    questions.flatMap(({ entries }) => entries.map((entry) => entry.statusListCredential)),
  );
  if (addresses.size > MAX_LISTS) {
    throw new WritError("TOO_MANY_ITEMS", `the status of more than ${String(MAX_LISTS)} lists is asked`);
  }
  const lists = new Map<string, Promise<VerifiedList>>();
  const problems: Problem[] = [];
  let oldest = Infinity;
  for (const { entries, listIssuers, pointer } of questions) {
    for (const [index, entry] of entries.entries()) {
      const address = entry.statusListCredential;
      const list = lists.get(address) ?? obtainList(address, source, proofs, now);
      lists.set(address, list);
      try {
        const verified = await list;
        oldest = Math.min(oldest, parseTimestamp(verified.list.validFrom));
        assertNotSet(verified, entry, listIssuers);
      } catch (error) {
        problems.push({ ...asProblem(error), pointer: `${pointer}/credentialStatus/${String(index)}` });
      }
    }
  }
  return { problems, ...(Number.isFinite(oldest) ? { oldest } : {}) };
}

function assertNotSet(
  { list, bits }: VerifiedList,
  entry: StatusEntry,
  listIssuers: readonly string[],
): void {
  if (!listIssuers.includes(list.issuer)) throw invalid("is signed by somebody who may not");
  if (list.credentialSubject.statusPurpose !== entry.statusPurpose) throw invalid("has another purpose");
  if (!bits.isSet(Number(entry.statusListIndex))) return;
  if (entry.statusPurpose === "revocation") {
    throw new WritError("REVOKED", "the credential has been revoked");
  }
  throw new WritError("SUSPENDED", "the credential is suspended");
}

async function obtainList(
  address: string,
  source: StatusListSource,
  proofs: ProofVerification,
  now: number,
): Promise<VerifiedList> {
  let text: JsonText | null;
  try {
    text = await source.get(address);
  } catch (cause) {
    throw new WritError("STATUS_UNAVAILABLE", "the status list could not be obtained", { cause });
  }
  if (text === null) throw new WritError("STATUS_UNAVAILABLE", "there is no list at the status's address");
  const list = await verifyList(text, proofs, now);
  if (list.id !== address) throw invalid("bears another address");
  return { list, bits: decodeStatusList(list.credentialSubject.encodedList) };
}

async function verifyList(
  text: JsonText,
  proofs: ProofVerification,
  now: number,
): Promise<StatusListCredential> {
  let list: StatusListCredential;
  try {
    list = parseDocument(parseStrictJsonObject(text, STATUS_LIST_LIMITS), statusListCredential);
  } catch (error) {
    throw invalid(`is not a status list: ${asProblem(error).detail}`);
  }
  const { problems } = await checkSignedBy(
    asJson(list),
    { did: list.issuer, purpose: "assertionMethod", now },
    proofs,
  );
  const problem = problems[0] ?? checkValidity(list, now);
  if (problem !== undefined) throw invalid(`does not verify: ${problem.detail}`);
  const { ttl = Infinity } = list.credentialSubject;
  if (now - parseTimestamp(list.validFrom) >= ttl) throw invalid("is past its time to live");
  return list;
}

function invalid(what: string): WritError {
  return new WritError("STATUS_LIST_INVALID", `the status list ${what}`);
}
