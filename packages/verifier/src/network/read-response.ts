import type { IncomingMessage } from "node:http";

import { concatBytes, WritError, type FetchDemand, type Fetched } from "@writ/core";

/** An entity tag (RFC 9110, section 8.8.3) that is short enough to be kept and sent back. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;

/** Whether a text is an entity tag that may be sent to a server. */
export function isEntityTag(text: string): boolean {
  return ENTITY_TAG.test(text);
}

/**
 * What a server's answer comes to. Exactly 200, 304 and "not there" mean something: a redirect is not
 * followed, and part of a document is none.
 *
 * @param demand as it was sent
 * @throws WritError `FETCH_UNAVAILABLE`; whatever the connection fails with.
 */
export async function readResponse(response: IncomingMessage, demand: FetchDemand): Promise<Fetched> {
  const { statusCode = 0, headers } = response;
  if (statusCode === 404 || statusCode === 410) return { status: "not-found" };
  if (statusCode === 304 && demand.etag !== undefined) return { status: "unchanged" };
  if (statusCode !== 200) throw unavailable(`the server answered with ${String(statusCode)}`);
  // What is packed has no size that could be known beforehand, and was not asked for.
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    throw unavailable("the server packed what it was asked to send plain");
  }
  const body = await readBody(response, demand.maxBytes);
  const { etag, "content-type": contentType } = headers;
  return {
    status: "ok",
    body,
    ...(etag !== undefined && isEntityTag(etag) ? { etag } : {}),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => unavailable(`what lies there is larger than ${String(maxBytes)} bytes`);
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}

function unavailable(why: string): WritError {
  return new WritError("FETCH_UNAVAILABLE", why);
}
