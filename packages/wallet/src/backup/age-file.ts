import { WritError } from "@writ/core";

import { hasPassphrase, readAgeHeader } from "./age-header.js";
import { invalidBackup } from "./backup-format.js";
import { setRecipient, setSecret, type BackupRecipient, type BackupSecret } from "./backup-secret.js";
import { bytesIn, streamOf } from "./byte-streams.js";

/** A file of age whose key is known. */
export interface AgeFile {
  /**
   * What is in it, from the beginning. Throws WritError `BACKUP_INVALID` where it was changed or cut
   * short, as soon as that shows, and what its source throws.
   */
  read(): AsyncIterable<Uint8Array>;
  /** Overwrites its key as far as JavaScript allows. */
  close(): void;
}

/**
 * Encrypts in the format of age (age-encryption.org/v1). What `plaintext` throws goes on its way.
 *
 * @throws WritError `ARGUMENT_INVALID`, `KDF_LIMIT`.
 */
export async function* encryptAge(
  plaintext: AsyncIterable<Uint8Array>,
  to: BackupRecipient,
): AsyncGenerator<Uint8Array, undefined> {
  // Loaded only here: nothing else needs it.
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  setRecipient(encrypter, to);
  yield* bytesIn(await encrypter.encrypt(streamOf(plaintext)));
}

/**
 * Finds the key of a file of age.
 *
 * @param open begins to read it; called again for each reading
 * @throws WritError `UNLOCK_FAILED`, `BACKUP_INVALID`, `TOO_LARGE`, `KDF_LIMIT`, `ARGUMENT_INVALID`.
 */
export async function openAgeFile(
  open: () => AsyncIterable<Uint8Array>,
  secret: BackupSecret,
): Promise<AgeFile> {
  const header = await headerOf(open());
  const fileKey = await unwrapFileKey(header, secret);
  return {
    read: () => decryptAge(open(), fileKey),
    close() {
      fileKey.fill(0);
    },
  };
}

async function headerOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    return (await readAgeHeader(iterator)).header;
  } finally {
    await iterator.return?.();
  }
}

async function unwrapFileKey(header: Uint8Array, secret: BackupSecret): Promise<Uint8Array> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  setSecret(decrypter, secret);
  let isForOthers = false as boolean;
  // Identities are asked in turn: this one only where none before opened it, or found it malformed.
  decrypter.addIdentity({
    unwrapFileKey() {
      isForOthers = true;
      return null;
    },
  });
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    if (!isForOthers) throw invalidBackup("its header was changed", cause);
    throw new WritError("UNLOCK_FAILED", "the passphrase or identity does not open this backup", {
      hint: hintFor(hasPassphrase(header) ? "passphrase" : "identities", secret.type),
    });
  }
}

function hintFor(needed: BackupSecret["type"], given: BackupSecret["type"]): string {
  if (needed === "passphrase") {
    return given === needed ? "It is another passphrase." : "A passphrase opens it, no identity of age.";
  }
  return given === needed ? "It is for another identity." : "An identity of age opens it, no passphrase.";
}

async function* decryptAge(
  source: AsyncIterable<Uint8Array>,
  fileKey: Uint8Array,
): AsyncGenerator<Uint8Array, undefined> {
  const { Decrypter } = await import("age-encryption");
  const iterator = source[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  try {
    // Within its limits once more: it may have been changed since. The key is of the first header alone.
    const { header, rest } = await readAgeHeader(iterator);
    const whole = streamOf(following([header, rest], iterator, failures));
    yield* bytesIn(await decrypter.decrypt(whole));
  } catch (error) {
    if (error instanceof WritError || failures.includes(error)) throw error;
    throw invalidBackup("it was changed, or is cut short", error);
  } finally {
    await iterator.return?.();
  }
}

/** What was read already, and what follows; notes what the source throws. */
async function* following(
  read: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  failures: unknown[],
): AsyncGenerator<Uint8Array, undefined> {
  yield* read;
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    failures.push(error);
    throw error;
  }
}
