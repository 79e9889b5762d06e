import { parseShape, parseStrictJsonObject, WritError, type JsonLimits, type Shape } from "@writ/core";

/** The limits of a request's body: a document of the largest size, and what stands around it. */
export const BODY_LIMITS: JsonLimits = { maxBytes: 288 * 1024, maxDepth: 34, maxItems: 256 };

/** Parameters such as `charset` say nothing that JSON leaves open (RFC 8259, section 11). */
const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i;

/**
 * Reads a request's body, which must be strict JSON in a form. No more than the limit is ever kept.
 * Only `application/json` will do: bodies are requests around a document, not documents, and a page of
 * another origin cannot send that type unasked.
 *
 * @throws WritError `MEDIA_TYPE_UNSUPPORTED`, `TOO_LARGE`, `REQUEST_MALFORMED` for a body that breaks off,
 *   what the parse refuses, and what the shape does.
 */
export async function readBody<T>(request: Request, shape: Shape<T>, limits: JsonLimits): Promise<T> {
  checkContent(request.headers);
  return parseShape(shape, parseStrictJsonObject(await readBytes(request, limits.maxBytes), limits));
}

function checkContent(headers: Headers): void {
  if (!JSON_TYPE.test(headers.get("content-type") ?? "")) {
    throw new WritError("MEDIA_TYPE_UNSUPPORTED", "the body must be application/json");
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new WritError("MEDIA_TYPE_UNSUPPORTED", "the body must not be compressed");
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): WritError => new WritError("TOO_LARGE", `more than ${String(maxBytes)} bytes`);
  // What says that it is too large is not read at all.
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  // In one piece: of a chunk with one byte, the chunk takes a hundred times as much as the byte.
  let bytes = new Uint8Array(FIRST_BYTES);
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const chunk = await nextChunk(reader);
    if (chunk === undefined) return bytes.subarray(0, length);
    const before = length;
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    if (length > bytes.length) bytes = grown(bytes, Math.max(length, 2 * bytes.length));
    bytes.set(chunk, before);
  }
}

const FIRST_BYTES = 4096;

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

type ByteReader = ReadableStreamDefaultReader<Uint8Array>;

async function nextChunk(reader: ByteReader | undefined): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (cause) {
    throw new WritError("REQUEST_MALFORMED", "the body broke off", { cause });
  }
}
