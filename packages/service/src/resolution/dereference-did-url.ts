import { isJsonArray, isJsonObject, sameJson, type JsonObject, type JsonValue } from "@writ/core";

import { parseDidUrl } from "./did-url.js";
import { resolveDid } from "./resolve-did.js";
import type { ResolutionOptions } from "./resolution-options.js";
import { failure, isFailure, type DereferencingResult, type ResolutionFailure } from "./resolution-result.js";

/**
 * Dereferences a DID URL (DID Core 1.0, section 7.2): to the document, or with a fragment to the one
 * verification method, service or other object that stands in a list of the document and has the DID
 * URL as its `id`, whole or as `#fragment`. It is given the document's `@context`.
 *
 * Paths and queries name nothing: neither did:key nor this service says what they stand for.
 *
 * Never throws: `dereferencingMetadata.error` is `invalidDidUrl`, `notFound`, or that of
 * {@link resolveDid}, whose `invalidDid` is `invalidDidUrl` here.
 */
export async function dereferenceDidUrl(
  didUrl: string,
  options: ResolutionOptions = {},
): Promise<DereferencingResult> {
  const parts = parseDidUrl(didUrl);
  if (parts === undefined) return failed(failure("invalidDidUrl", "not a DID URL"));
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = await resolveDid(parts.did, options);
  if (isFailure(didResolutionMetadata)) return failed(asUrlFailure(didResolutionMetadata));
  if (parts.path !== "" || parts.query !== undefined) {
    return failed(failure("notFound", "no path or query of the DID leads to anything"));
  }
  const resolved = {
    content: didDocument,
    dereferencingMetadata: didResolutionMetadata,
    contentMetadata: didDocumentMetadata,
  };
  if (didDocument === null || parts.fragment === undefined) return resolved;
  const object = objectOf(didDocument, parts.did, parts.fragment);
  if (object === undefined) return failed(failure("notFound", "the document has no such object"));
  return { ...resolved, content: withContext(object, didDocument["@context"]) };
}

function asUrlFailure(cause: ResolutionFailure): ResolutionFailure {
  return cause.error === "invalidDid" ? failure("invalidDidUrl", cause.message) : cause;
}

/** The object that a fragment names. Two that differ under one id name nothing. */
function objectOf(document: JsonObject, did: string, fragment: string): JsonObject | undefined {
  const ids: readonly JsonValue[] = [`${did}#${fragment}`, `#${fragment}`];
  const [object, ...others] = Object.values(document)
    .flatMap((member) => (isJsonArray(member) ? member : []))
    .filter((entry): entry is JsonObject => isJsonObject(entry) && ids.includes(entry["id"] ?? null));
  if (object === undefined || others.some((other) => !sameJson(object, other))) return undefined;
  return object;
}

function withContext(object: JsonObject, context: JsonValue | undefined): JsonObject {
  return context === undefined ? object : { "@context": context, ...object };
}

function failed(dereferencingMetadata: ResolutionFailure): DereferencingResult {
  return { content: null, dereferencingMetadata, contentMetadata: {} };
}
