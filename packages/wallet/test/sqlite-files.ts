import type { ReadBytes } from "../src/index.js";

/** Bytes as those of a file. */
export const bytesOf =
  (bytes: Uint8Array): ReadBytes =>
  (offset, length) =>
    offset < 0
      ? Promise.reject(new RangeError("no file begins before its beginning"))
      : Promise.resolve(bytes.subarray(offset, offset + length));
