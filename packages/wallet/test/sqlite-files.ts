import type { ReadBytes } from "../src/index.js";

/** Bytes as those of a file. */
export const bytesOf =
  (bytes: Uint8Array): ReadBytes =>
  (offset, length) =>
    Promise.resolve(bytes.subarray(offset, offset + length));
