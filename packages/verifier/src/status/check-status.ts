import {
  asProblem,
  parseTimestamp,
  WritError,
  type GenericStatus,
  type GenericStatusEntry,
  type GenericStatusListCredential,
  type Problem,
  type Profile,
  type ProofVerification,
  type StatusBits,
} from "@writ/core";

import type { ObtainedLists } from "./obtained-lists.js";
import { invalidList, verifyList, type StatusTime, type VerifiedList } from "./verify-list.js";
import { readBits } from "./read-list.js";
import type { ObtainedList, StatusListDemand } from "./status-source.js";

/** A credential whose status is asked, and who may sign its lists. */
export interface StatusQuestion {
  /** The form that its lists must have. */
  readonly profile: Profile;
  /** Its `credentialStatus`, once the form of it has been checked; an empty list where it has none. */
  readonly entries: GenericStatus;
  /** DIDs. */
  readonly listIssuers: readonly string[];
  /** JSON Pointer of the credential. */
  readonly pointer: string;
}

/** What a list says of one entry. */
export interface EntryStatus {
  /** JSON Pointer of the entry. */
  readonly pointer: string;
  readonly purpose: string;
  /** 0 where nothing is set. */
  readonly value: number;
  /** What the value means, by the entry's own messages; `set` or `unset` where a message has none. */
  readonly message?: string;
}

/** What the lists say. */
export interface StatusAnswer {
  readonly problems: readonly Problem[];
  /** Every entry that could be determined, in order. */
  readonly statuses: readonly EntryStatus[];
  /** When the oldest of the lists was signed, in milliseconds since 1970. */
  readonly oldest?: number;
}

/** Whoever presents chooses how many lists are obtained, up to this many. */
const MAX_LISTS = 32;

/** An entry in its place. */
interface Asked {
  readonly entry: GenericStatusEntry;
  readonly pointer: string;
  readonly question: StatusQuestion;
}

/**
 * The status of credentials at one time (DESIGN 4.9). Every entry is evaluated; what cannot be
 * determined is a problem. Each list is verified once. A revocation or suspension that is
 * set is a problem; what another purpose says is told, and is for the caller to judge.
 *
 * @param demand how old the lists may be, for the source to heed; the answer tells how old they are
 * @throws WritError `TOO_MANY_ITEMS`.
 */
export async function checkStatus(
  questions: readonly StatusQuestion[],
  lists: ObtainedLists,
  proofs: ProofVerification,
  time: StatusTime,
  demand: Pick<StatusListDemand, "maxAgeMs"> = {},
): Promise<StatusAnswer> {
  const asked = questions.flatMap(entriesOf);
  const listFor = verifyLists(asked, lists, proofs, time, demand);
  const statuses = new Map<Asked, EntryStatus>();
  const problems = new Map<Asked, Problem>();
  let oldest = Infinity;
  // One list after the other, so that only one is unpacked at a time: a small request may name large ones.
  for (const entries of byList(asked)) {
    let bits: StatusBits | undefined;
    for (const each of entries) {
      const { entry, pointer, question } = each;
      try {
        const verified = await listFor(each);
        oldest = Math.min(oldest, parseTimestamp(verified.list.validFrom));
        const { listIssuers } = question;
        if (!listIssuers.includes(verified.issuer)) throw invalidList("is signed by somebody who may not");
        bits ??= readBits(verified.list);
        // What was seen of the address before may be newer.
        lists.accept(verified.list, verified.obtained);
        const status = readEntry(verified.list, bits, entry);
        statuses.set(each, { pointer, ...status });
        assertInForce(status);
      } catch (error) {
        problems.set(each, { ...asProblem(error), pointer });
      }
    }
  }
  const inOrder = <T>(found: ReadonlyMap<Asked, T>): readonly T[] =>
    asked.map((each) => found.get(each)).filter((answer) => answer !== undefined);
  return {
    problems: inOrder(problems),
    statuses: inOrder(statuses),
    ...(Number.isFinite(oldest) ? { oldest } : {}),
  };
}

/** Entries of one list are judged together. */
function byList(asked: readonly Asked[]): Iterable<readonly Asked[]> {
  const groups = new Map<string, Asked[]>();
  for (const each of asked) {
    const group = groups.get(listKeyOf(each));
    if (group === undefined) groups.set(listKeyOf(each), [each]);
    else group.push(each);
  }
  return groups.values();
}

/** A list is read once for each profile. */
function listKeyOf({ entry, question }: Asked): string {
  return `${question.profile} ${entry.statusListCredential}`;
}

/** Whether any entry is asked about. */
export function asksSomething(question: StatusQuestion): boolean {
  return entriesOf(question).length > 0;
}

function entriesOf(question: StatusQuestion): readonly Asked[] {
  const { entries, pointer } = question;
  const place = `${pointer}/credentialStatus`;
  if (!isList(entries)) return [{ entry: entries, pointer: place, question }];
  return entries.map((entry, index) => ({ entry, pointer: `${place}/${String(index)}`, question }));
}

function isList(entries: GenericStatus): entries is readonly GenericStatusEntry[] {
  return Array.isArray(entries);
}

/** Asks for every list at once: one that takes its time does not add to that of the others. */
function verifyLists(
  asked: readonly Asked[],
  lists: ObtainedLists,
  proofs: ProofVerification,
  time: StatusTime,
  demand: Pick<StatusListDemand, "maxAgeMs">,
): (entry: Asked) => Promise<VerifiedList> {
  const addresses = new Set(asked.map(({ entry }) => entry.statusListCredential));
  if (addresses.size > MAX_LISTS) {
    throw new WritError("TOO_MANY_ITEMS", `the status of more than ${String(MAX_LISTS)} lists is asked`);
  }
  const verified = new Map<string, Promise<VerifiedList>>();
  const listFor = (each: Asked): Promise<VerifiedList> => {
    const { entry, question } = each;
    const address = entry.statusListCredential;
    const key = listKeyOf(each);
    const verify = (found: ObtainedList): Promise<VerifiedList> =>
      verifyList(found, address, question.profile, proofs, time);
    const list = verified.get(key) ?? lists.get(address, demand).then(verify);
    verified.set(key, list);
    return list;
  };
  // What one of them is refused for is told where its entries are read.
  for (const each of asked) listFor(each).catch(() => undefined);
  return listFor;
}

function readEntry(
  { credentialSubject: subject }: GenericStatusListCredential,
  bits: StatusBits,
  entry: GenericStatusEntry,
): Omit<EntryStatus, "pointer"> {
  const { statusPurpose: purpose, statusListIndex, statusSize = 1 } = entry;
  if (![subject.statusPurpose].flat().includes(purpose)) throw invalidList("has another purpose");
  const value = bits.valueAt(Number(statusListIndex), statusSize);
  const message = messageOf(entry, value);
  return { purpose, value, ...(message === undefined ? {} : { message }) };
}

/** Without messages, a bit is set or unset (Bitstring Status List 1.0, section 2.1, `statusMessage`). */
function messageOf({ statusPurpose, statusMessage }: GenericStatusEntry, value: number): string | undefined {
  const told = statusMessage?.find(({ status }) => Number(status) === value)?.message;
  if (told !== undefined || statusPurpose !== "message") return told;
  return value === 0 ? "unset" : "set";
}

/** Any value but 0 revokes or suspends (section 3.2, step 13). */
function assertInForce({ purpose, value }: Omit<EntryStatus, "pointer">): void {
  if (value === 0) return;
  if (purpose === "revocation") throw new WritError("REVOKED", "the credential has been revoked");
  if (purpose === "suspension") throw new WritError("SUSPENDED", "the credential is suspended");
}
