import { concatBytes, WritError } from "@writ/core";

import { invalidBackup, MAX_LINE_BYTES } from "./backup-format.js";

const LINE_FEED = 0x0a;

/**
 * Lines without their line feeds, each a copy; the bytes that come in are overwritten.
 *
 * @throws WritError `TOO_LARGE`, `BACKUP_INVALID` where the last has no line feed.
 */
export async function* splitLines(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, undefined> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let total = 0;
  const hold = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > MAX_LINE_BYTES) throw new WritError("TOO_LARGE", "a line of the backup is too long");
    // Not `slice`: of a Buffer that is no copy.
    pieces.push(Uint8Array.from(piece));
  };
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > maxBytes) throw new WritError("TOO_LARGE", "the backup holds more than is read");
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end));
      yield concatBytes(...pieces);
      for (const piece of pieces) piece.fill(0);
      pieces = [];
      length = 0;
      from = end + 1;
    }
    hold(chunk.subarray(from));
    chunk.fill(0);
  }
  if (length > 0) throw invalidBackup("its last line has no end");
}
