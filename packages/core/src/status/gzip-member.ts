import { WritError } from "../errors/writ-error.js";
import { nodeModule } from "../runtime/node.js";

/** A gzip member's fixed header, without optional fields, and its trailer (RFC 1952, section 2.3). */
const HEADER_LENGTH = 10;
const TRAILER_LENGTH = 8;

/**
 * Packs bytes as one plain gzip member.
 *
 * @throws WritError `STATUS_UNAVAILABLE` where the runtime cannot pack.
 */
export function gzipMember(bytes: Uint8Array): Uint8Array {
  return requireZlib().gzipSync(bytes);
}

/**
 * Unpacks exactly one plain gzip member of bounded size, with nothing after it. `gunzipSync` would
 * take several members, and ignore what follows the last.
 *
 * @throws WritError `STATUS_LIST_MALFORMED`; `STATUS_UNAVAILABLE` where the runtime cannot unpack.
 */
export function gunzipMember(packed: Uint8Array, maxOutputLength: number): Uint8Array {
  const zlib = requireZlib();
  const [magic1, magic2, method, flags] = packed;
  if (magic1 !== 0x1f || magic2 !== 0x8b || method !== 8 || flags !== 0) throw invalid();
  const body = packed.subarray(HEADER_LENGTH);
  let output: Uint8Array;
  let read: number;
  try {
    // With `info`, the result also tells how far the deflate stream reached.
    const result = zlib.inflateRawSync(body, { maxOutputLength, info: true }) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: { readonly bytesWritten: number };
    };
    output = result.buffer;
    read = result.engine.bytesWritten;
  } catch (cause) {
    throw invalid(cause);
  }
  if (body.length !== read + TRAILER_LENGTH) throw invalid();
  const trailer = new DataView(body.buffer, body.byteOffset + read, TRAILER_LENGTH);
  if (trailer.getUint32(0, true) !== zlib.crc32(output) || trailer.getUint32(4, true) !== output.length) {
    throw invalid();
  }
  return output;
}

function requireZlib(): typeof import("node:zlib") {
  const zlib = nodeModule("node:zlib");
  if (zlib === undefined) throw new WritError("STATUS_UNAVAILABLE", "this runtime has no gzip");
  return zlib;
}

function invalid(cause?: unknown): WritError {
  return new WritError("STATUS_LIST_MALFORMED", "not exactly one plain gzip member of bounded size", {
    cause,
  });
}
