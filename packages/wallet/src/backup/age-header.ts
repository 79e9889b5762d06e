import { concatBytes, WritError } from "@writ/core";

import { invalidBackup } from "./backup-format.js";
import { MAX_WORK_FACTOR } from "./backup-secret.js";

/** The beginning of a file of age, which says who can open it, and what was read beyond that. */
export interface AgeHeader {
  readonly header: Uint8Array;
  readonly rest: Uint8Array;
}

const VERSION_LINE = "age-encryption.org/v1\n";
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_STANZAS = 64;

/**
 * Reads the header of a file of age, within limits, before any of it is tried (age-encryption.org/v1).
 *
 * @throws WritError `BACKUP_INVALID`, `TOO_LARGE`, `KDF_LIMIT`.
 */
export async function readAgeHeader(bytes: AsyncIterator<Uint8Array>): Promise<AgeHeader> {
  for (let read: Uint8Array = new Uint8Array(); ;) {
    const text = new TextDecoder("latin1").decode(read.subarray(0, MAX_HEADER_BYTES));
    if (!VERSION_LINE.startsWith(text.slice(0, VERSION_LINE.length))) {
      throw invalidBackup("this is not a file of age");
    }
    const [found] = /^[^]*?\n---[^\n]*\n/.exec(text) ?? [];
    if (found !== undefined) {
      checkStanzas(found);
      return { header: Uint8Array.from(read.subarray(0, found.length)), rest: read.subarray(found.length) };
    }
    if (read.length >= MAX_HEADER_BYTES) throw tooLarge();
    const next = await bytes.next();
    if (next.done === true) throw invalidBackup("it is cut short");
    read = concatBytes(read, next.value);
  }
}

/** Whether it is for who knows a passphrase; then it is for nobody else (age-encryption.org/v1). */
export function hasPassphrase(header: Uint8Array): boolean {
  return /^-> scrypt /m.test(new TextDecoder("latin1").decode(header));
}

function checkStanzas(header: string): void {
  const stanzas = header.match(/^-> .*$/gm) ?? [];
  if (stanzas.length > MAX_STANZAS) throw tooLarge();
  for (const stanza of stanzas) {
    const [, workFactor] = /^-> scrypt \S+ (\d+)$/.exec(stanza) ?? [];
    if (workFactor !== undefined && Number(workFactor) > MAX_WORK_FACTOR) {
      throw new WritError("KDF_LIMIT", `scrypt's work factor is above ${String(MAX_WORK_FACTOR)}`);
    }
  }
}

function tooLarge(): WritError {
  return new WritError("TOO_LARGE", "the backup names more recipients than are tried");
}
