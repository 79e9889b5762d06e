import { WritError } from "@writ/core";

/** Contents are padded to a multiple of this, so that a size says little about them. */
const BLOCK = 1024;

/** Content after its length, filled up with zeros to whole blocks. */
export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((content.length + 4) / BLOCK) * BLOCK);
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, 4);
  return padded;
}

/** What {@link pad} was given. */
export function unpad(padded: Uint8Array): Uint8Array {
  const length = padded.length < 4 ? Infinity : new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4) throw new WritError("RECORD_TAMPERED", "a record's padding is damaged");
  return padded.subarray(4, 4 + length);
}
