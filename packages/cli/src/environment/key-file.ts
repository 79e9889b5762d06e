import type { Stats } from "node:fs";

import { decodeBase64url, WritError } from "@writ/core";

import { readInput } from "./files.js";

/**
 * The 32 bytes of a key file: as they are, or as 64 hexadecimal or 43 base64url digits in one line, with
 * the padding of the latter or without. The file's name is not told: somebody may have put the key in its place.
 *
 * @param named the option or variable that names the file
 * @throws WritError `FILE_UNREADABLE`, `FILE_UNSAFE`, `SECRET_MISSING` where it holds no key.
 */
export async function readKeyFile(file: string, named: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readInput(file, (stats) => {
      assertPrivate(stats, named);
    });
  } catch (error) {
    if (error instanceof WritError && error.code === "FILE_UNSAFE") throw error;
    throw new WritError("FILE_UNREADABLE", `the file that ${named} names cannot be read`);
  }
  const key = keyIn(bytes);
  if (key === undefined) {
    throw new WritError("SECRET_MISSING", `the file that ${named} names holds no key`, {
      hint: "A key has 32 random bytes: as they are, or as 64 hexadecimal or 43 base64url digits.",
    });
  }
  return key;
}

function keyIn(bytes: Uint8Array): Uint8Array | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  // Random bytes are not all letters: these are the digits of a shorter key, or a passphrase.
  if (bytes.length === 32) return /^[\x20-\x7e]*$/.test(text) ? undefined : bytes;
  const digits = text.replace(/\r?\n$/, "");
  if (/^[0-9a-f]{64}$/i.test(digits)) return new Uint8Array(Buffer.from(digits, "hex"));
  const [, base64url] = /^([A-Za-z0-9_-]{43})=?$/.exec(digits) ?? [];
  if (base64url === undefined) return undefined;
  try {
    return decodeBase64url(base64url);
  } catch {
    // The last digit says more than 32 bytes hold.
    return undefined;
  }
}

/** A pipe will do, so that a program can hand over the key. */
function assertPrivate(stats: Stats, named: string): void {
  if (!stats.isFile() && !stats.isFIFO()) {
    throw new WritError("FILE_UNSAFE", `what ${named} names is not a file`);
  }
  // Windows has neither owners nor permission bits of this kind.
  const user = process.geteuid?.();
  if (user === undefined) return;
  // A container's secrets belong to root.
  if (stats.uid !== user && stats.uid !== 0) {
    throw new WritError("FILE_UNSAFE", `the file that ${named} names belongs to another user`);
  }
  if ((stats.mode & 0o077) !== 0) {
    throw new WritError("FILE_UNSAFE", `the file that ${named} names is open to other users`, {
      hint: "Run `chmod 600` on it.",
    });
  }
}
