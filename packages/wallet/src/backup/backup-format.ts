import {
  decodeBase64url,
  integer,
  literal,
  object,
  refined,
  refuse,
  text,
  timestamp,
  WritError,
  type Shape,
} from "@writ/core";

import { COLLECTIONS, type Collection } from "../vault/record.js";

/**
 * What is inside a backup: lines of JSON in UTF-8, each ended by a line feed.
 *
 *     {"magic":"writ-wallet-backup","format":1,…}     a {@link BackupHeader}
 *     {"collection":…,"labels":…,"value":…,"secret"?:…}   for each record
 *     {"lines":…,"sha256":…}                          a {@link BackupEnd}
 */
export const FORMAT = 1;
export const MAGIC = "writ-wallet-backup";

/** How many records of each kind. */
export type RecordCounts = Readonly<Partial<Record<Collection, number>>>;

/** The first line. */
export interface BackupHeader {
  readonly magic: typeof MAGIC;
  readonly format: typeof FORMAT;
  /** Of the wallet, when it was backed up. */
  readonly generation: number;
  readonly counter: number;
  readonly createdAt: string;
  readonly records: RecordCounts;
}

/** The last line. */
export interface BackupEnd {
  /** How many lines come before. */
  readonly lines: number;
  /** SHA-256 of their bytes, base64url. */
  readonly sha256: string;
}

/** What a backup says of itself, after all of it was checked. */
export interface BackupSummary {
  /** The DID of the wallet's primary key. */
  readonly did: string;
  /** When it was made, RFC 3339. */
  readonly createdAt: string;
  /** Of the wallet, when it was backed up. */
  readonly generation: number;
  readonly counter: number;
  readonly records: RecordCounts;
}

/** What of a backup is read at most. */
export interface BackupLimits {
  readonly maxRecords: number;
  /** Of the decrypted content. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: BackupLimits = { maxRecords: 1_000_000, maxBytes: 8 * 1024 ** 3 };
/** A line holds a record, which is not larger than 320 KiB, its kind and its secret. */
export const MAX_LINE_BYTES: number = 512 * 1024;

const recordCounts: Shape<RecordCounts> = object<RecordCounts>(
  {
    key: integer(0),
    credential: integer(0),
    generic: integer(0),
    delegation: integer(0),
    renewal: integer(0),
  },
  COLLECTIONS,
);

export const backupHeader: Shape<BackupHeader> = object<BackupHeader>({
  magic: literal(MAGIC),
  format: literal(FORMAT),
  generation: integer(1),
  counter: integer(0),
  createdAt: timestamp,
  records: recordCounts,
});

export const backupEnd: Shape<BackupEnd> = object<BackupEnd>({
  lines: integer(1),
  sha256: refined(text({ what: "a SHA-256 digest" }), (value, pointer) => {
    if (decodeBase64url(value).length !== 32) refuse(pointer, "must be a SHA-256 digest");
  }),
});

/** How many records there are in all. */
export function totalOf(records: RecordCounts): number {
  return COLLECTIONS.reduce((sum, collection) => sum + (records[collection] ?? 0), 0);
}

/** A backup that is none, or is damaged. */
export function invalidBackup(detail: string, cause?: unknown): WritError {
  return new WritError("BACKUP_INVALID", detail, { cause });
}
