import { utf8, WritError } from "@writ/core";
import type { Decrypter, Encrypter } from "age-encryption";

/** For whom a backup is encrypted. */
export type BackupRecipient =
  | {
      readonly type: "passphrase";
      readonly passphrase: string;
      /** Base-2 logarithm of scrypt's cost; 18 unless given. */
      readonly workFactor?: number;
    }
  /** Public keys of age, `age1…`: each of them alone can open it. */
  | { readonly type: "recipients"; readonly recipients: readonly string[] };

/** What opens a backup: a passphrase, or secret keys of age, `AGE-SECRET-KEY-1…`. */
export type BackupSecret =
  | { readonly type: "passphrase"; readonly passphrase: string }
  | { readonly type: "identities"; readonly identities: readonly string[] };

const MAX_PASSPHRASE_BYTES = 1024;
/** The most that is tried on the way back, and the least that is worth its name. */
export const MAX_WORK_FACTOR = 20;
const MIN_WORK_FACTOR = 10;
const DEFAULT_WORK_FACTOR = 18;
/** X25519, and its hybrid with ML-KEM: others need a program of their own to be opened. */
const RECIPIENT = /^age1(?:pq1)?[02-9ac-hj-np-z]+$/;

/**
 * Encrypts for somebody.
 *
 * @throws WritError `ARGUMENT_INVALID`, `KDF_LIMIT`.
 */
export function setRecipient(encrypter: Encrypter, to: BackupRecipient): void {
  if (to.type === "passphrase") {
    const { passphrase, workFactor = DEFAULT_WORK_FACTOR } = to;
    const isFit = Number.isInteger(workFactor) && workFactor >= MIN_WORK_FACTOR;
    if (!isFit || workFactor > MAX_WORK_FACTOR) {
      const limits = `${String(MIN_WORK_FACTOR)} to ${String(MAX_WORK_FACTOR)}`;
      throw new WritError("KDF_LIMIT", `the work factor must be from ${limits}`);
    }
    encrypter.setPassphrase(normalised(passphrase));
    encrypter.setScryptWorkFactor(workFactor);
    return;
  }
  if (to.recipients.length === 0) throw new WritError("ARGUMENT_INVALID", "nobody could open this backup");
  for (const recipient of to.recipients) {
    if (!RECIPIENT.test(recipient)) throw noRecipient();
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw noRecipient(cause);
    }
  }
}

/**
 * Decrypts as somebody.
 *
 * @throws WritError `ARGUMENT_INVALID`.
 */
export function setSecret(decrypter: Decrypter, secret: BackupSecret): void {
  if (secret.type === "passphrase") {
    const { passphrase } = secret;
    decrypter.addPassphrase(normalised(passphrase));
    // Other programs take it as it was typed.
    if (passphrase !== normalised(passphrase)) decrypter.addPassphrase(passphrase);
    return;
  }
  if (secret.identities.length === 0) throw noIdentity();
  for (const identity of secret.identities) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      // Without a cause: the library's message may quote what it was given.
      throw noIdentity();
    }
  }
}

/** In normalisation form C, so that it opens whatever keyboard it is typed on. */
function normalised(passphrase: string): string {
  if (!passphrase.isWellFormed()) throw new WritError("ARGUMENT_INVALID", "the passphrase is not a text");
  const text = passphrase.normalize("NFC");
  const { length } = utf8(text);
  if (length === 0 || length > MAX_PASSPHRASE_BYTES) {
    throw new WritError("ARGUMENT_INVALID", `a passphrase has 1 to ${String(MAX_PASSPHRASE_BYTES)} bytes`);
  }
  return text;
}

function noRecipient(cause?: unknown): WritError {
  return new WritError("ARGUMENT_INVALID", "this is not a recipient of age", {
    hint: "Such as age1…; `age-keygen` makes one, and the identity that opens what is sent to it.",
    cause,
  });
}

function noIdentity(): WritError {
  return new WritError("ARGUMENT_INVALID", "this is not an identity of age", {
    hint: "Such as AGE-SECRET-KEY-1…, as `age-keygen` writes it.",
  });
}
