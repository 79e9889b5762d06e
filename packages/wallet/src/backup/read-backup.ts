import { createSha256, encodeBase64url, parseShape, utf8, WritError, type JsonObject } from "@writ/core";

import type { Progress } from "../progress.js";
import { COLLECTIONS, type RecordContent } from "../vault/record.js";
import {
  backupEnd,
  backupHeader,
  FORMAT,
  invalidBackup,
  MAGIC,
  totalOf,
  type BackupHeader,
  type BackupLimits,
  type BackupSummary,
} from "./backup-format.js";
import { parseLine, recordIn, type BackupLine } from "./backup-line.js";
import { checkRecord } from "./backup-record.js";
import { splitLines } from "./split-lines.js";

/** A backup that was read to its end. */
export interface ReadBackup {
  readonly summary: BackupSummary;
  /** SHA-256 of all that is in it. */
  readonly digest: Uint8Array;
}

/** Takes a record, whose secret is its own from then on. */
export type TakeRecord = (record: RecordContent, progress: Progress, bytes: number) => Promise<void>;

/**
 * Reads what is in a backup to its end and checks all of it. Records are handed over as they come: that
 * the whole is good, is known only when this returns.
 *
 * @throws WritError `BACKUP_INVALID`, which names the line; `TOO_LARGE`, `FORMAT_TOO_NEW`; what
 *   `plaintext` and `take` throw.
 */
export async function readBackup(
  plaintext: AsyncIterable<Uint8Array>,
  limits: BackupLimits,
  take: TakeRecord,
): Promise<ReadBackup> {
  const hash = createSha256();
  const records = createRecordChecks();
  let header: BackupHeader | undefined;
  let digest: Uint8Array | undefined;
  let lines = 0;
  for await (const bytes of splitLines(plaintext, limits.maxBytes)) {
    if (digest !== undefined) throw invalidBackup("it goes on after its end");
    const { length } = bytes;
    const isEnd = END.every((byte, index) => bytes[index] === byte);
    // Before it is read, which overwrites its secret.
    if (isEnd) digest = hash.digest();
    else {
      hash.update(bytes);
      hash.update(LINE_FEED);
    }
    const [before, above, found] = [lines++, header, digest];
    const record = atLine(lines, () => {
      const line = parseLine(bytes);
      if (above === undefined) header = parseHeader(line, limits);
      else if (found !== undefined) checkEnd(line, before, found);
      else return records.check(line, above);
      return undefined;
    });
    bytes.fill(0);
    if (record === undefined || above === undefined) continue;
    await take(record, { done: records.count(), total: totalOf(above.records) }, length);
  }
  if (header === undefined || digest === undefined) throw invalidBackup("it has no end");
  return { summary: summaryOf(header, records), digest };
}

/** How the last line begins, and no other: its members are in the order of their names. */
const END = utf8('{"lines":');
const LINE_FEED = utf8("\n");

interface RecordChecks {
  check(line: BackupLine, header: BackupHeader): RecordContent;
  count(): number;
  /** The only primary key. */
  primary(): string;
  assertCounts(expected: BackupHeader["records"]): void;
}

/** What is asked of all records together. */
function createRecordChecks(): RecordChecks {
  const marks = new Set<string>();
  const counts = new Map<string, number>();
  const primaries: string[] = [];
  return {
    check(line, header) {
      if (marks.size >= totalOf(header.records)) throw invalidBackup("there are more records than it says");
      const { content, mark, primary } = checkRecord(recordIn(line));
      if (marks.has(mark)) throw invalidBackup("the same record is there twice");
      marks.add(mark);
      counts.set(content.collection, (counts.get(content.collection) ?? 0) + 1);
      if (primary !== undefined) primaries.push(primary);
      return content;
    },
    count: () => marks.size,
    primary() {
      const [did, other] = primaries;
      if (did === undefined || other !== undefined) {
        throw invalidBackup("a wallet has one primary key, and not more");
      }
      return did;
    },
    assertCounts(expected) {
      const isWhole = COLLECTIONS.every((each) => (expected[each] ?? 0) === (counts.get(each) ?? 0));
      if (!isWhole) throw invalidBackup("it does not hold as many records as it says");
    },
  };
}

function parseHeader(line: BackupLine, { maxRecords }: BackupLimits): BackupHeader {
  const json = jsonOf(line);
  const { magic, format } = json;
  if (magic === MAGIC && typeof format === "number" && format > FORMAT) {
    throw new WritError("FORMAT_TOO_NEW", "the backup was written by a newer version of Writ");
  }
  const header = parseShape(backupHeader, json);
  if (totalOf(header.records) > maxRecords) {
    throw new WritError("TOO_LARGE", `the backup holds more than ${String(maxRecords)} records`);
  }
  return header;
}

function checkEnd(line: BackupLine, lines: number, digest: Uint8Array): void {
  const end = parseShape(backupEnd, jsonOf(line));
  const isWhole = end.lines === lines && end.sha256 === encodeBase64url(digest);
  if (!isWhole) throw invalidBackup("what comes before its end is not what was written");
}

/** The JSON of a line that is no record. */
function jsonOf({ json, secret }: BackupLine): JsonObject {
  if (secret !== undefined) throw invalidBackup("only a record has a secret");
  return json;
}

function summaryOf(
  { createdAt, generation, counter, records: expected }: BackupHeader,
  records: RecordChecks,
): BackupSummary {
  records.assertCounts(expected);
  return { did: records.primary(), createdAt, generation, counter, records: expected };
}

/** Says in which line it was; what is too large or too new is told as that. */
function atLine<T>(number: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    if (error.code === "TOO_LARGE" || error.code === "FORMAT_TOO_NEW") throw error;
    throw invalidBackup(`line ${String(number)}: ${error.message}`, error);
  }
}
