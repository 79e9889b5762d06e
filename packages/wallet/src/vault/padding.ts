import { concatBytes, utf8 } from "@writ/core";

import { tampered } from "./damage.js";

/** Contents are padded to a multiple of this, so that a size says little about them. */
const BLOCK = 1024;
const LENGTHS = 8;
const DAMAGED = "a record's padding is damaged";

/** What a record holds: a text, and with keys their secret, which never becomes a text. */
export interface Content {
  readonly text: Uint8Array;
  readonly secret: Uint8Array;
}

/** Both after their lengths, filled up with zeros to whole blocks. */
export function pad(text: string, secret: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = utf8(text);
  const lengths = new Uint8Array(LENGTHS);
  const view = new DataView(lengths.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, secret.length);
  const filling = -(LENGTHS + bytes.length + secret.length) & (BLOCK - 1);
  return concatBytes(lengths, bytes, secret, new Uint8Array(filling));
}

/**
 * What {@link pad} was given, as parts of the padded bytes.
 *
 * @throws WritError `RECORD_TAMPERED`.
 */
export function unpad(padded: Uint8Array): Content {
  if (padded.length < LENGTHS) throw tampered(DAMAGED);
  const view = new DataView(padded.buffer, padded.byteOffset);
  const end = LENGTHS + view.getUint32(0);
  const secretEnd = end + view.getUint32(4);
  if (secretEnd > padded.length) throw tampered(DAMAGED);
  return { text: padded.subarray(LENGTHS, end), secret: padded.subarray(end, secretEnd) };
}
