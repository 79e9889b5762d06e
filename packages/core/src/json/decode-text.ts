import { WritError } from "../errors/writ-error.js";

/** A document as it came in: bytes, or the text that they decode to. */
export type JsonText = Uint8Array | string;

/**
 * The text of a document: UTF-8 without byte order mark, of bounded size. Nothing is replaced.
 *
 * @throws WritError `TOO_LARGE`, `JSON_ENCODING`, `JSON_SURROGATE`; `ARGUMENT_INVALID` for what is
 *   neither bytes nor text.
 */
export function decodeText(text: JsonText, maxBytes: number): string {
  if (typeof text === "string") {
    if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes) {
      throw new WritError("TOO_LARGE", `more than ${String(maxBytes)} bytes`);
    }
    if (!text.isWellFormed()) throw new WritError("JSON_SURROGATE", "half of a surrogate pair");
    return refuseByteOrderMark(text);
  }
  if (byteLengthOf(text) > maxBytes) throw new WritError("TOO_LARGE", `more than ${String(maxBytes)} bytes`);
  try {
    return refuseByteOrderMark(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text));
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw new WritError("JSON_ENCODING", "not UTF-8", { cause });
  }
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the object that it reads
const intrinsicByteLength = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  "byteLength",
)?.get;

/** The true length of bytes, whatever a property of the object says; what holds no bytes is refused. */
function byteLengthOf(bytes: Uint8Array): number {
  try {
    if (bytes instanceof Uint8Array) return intrinsicByteLength?.call(bytes) as number;
  } catch {
    // It only pretends to be an array of bytes.
  }
  throw new WritError("ARGUMENT_INVALID", "documents are given as bytes or text, not as objects");
}

function refuseByteOrderMark(text: string): string {
  if (text.startsWith("\uFEFF")) throw new WritError("JSON_ENCODING", "starts with a byte order mark");
  return text;
}
