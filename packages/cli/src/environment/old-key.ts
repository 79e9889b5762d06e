import { discardKey, requiredKeySource, WritError } from "@writ/core";

import { writeNotice } from "../terminal/output.js";
import { show } from "../terminal/safe-text.js";
import { keyringSource } from "./outer-keys.js";

/**
 * Takes the key of a wallet's header out of the keyring, once another header is in its place: it opens nothing but
 * copies from before. Only for a header with which the wallet was opened: any other may be that of a copy, and its
 * key that of a wallet in use. The work is done by then, so that a keyring which fails is a notice and no error.
 *
 * @param header that was replaced; one that cannot be read names no key
 * @returns whether a keyring kept a key for it, and keeps it no more
 */
export async function discardOldKey(header: string): Promise<boolean> {
  if (!isInKeyring(header)) return false;
  try {
    return await discardKey("wallet", header, await keyringSource());
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    writeNotice(
      show`The keyring still has the key of before, which opens copies from before: ${error.code}: ${error.message}`,
    );
    return false;
  }
}

/**
 * Says of a header that was replaced unopened that the keyring keeps its key.
 *
 * @param header one that cannot be read names no key
 */
export function tellOfKeptKey(header: string): void {
  if (!isInKeyring(header)) return;
  writeNotice(
    show`The key of the wallet that was there is left in the keyring: it opens copies of that wallet.`,
  );
}

function isInKeyring(header: string): boolean {
  try {
    return requiredKeySource("wallet", header).type === "keyring";
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    return false;
  }
}
