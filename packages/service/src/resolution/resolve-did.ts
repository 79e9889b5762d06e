import { isDid, isJsonObject, snapshot, type DidResolver, type JsonObject, type JsonValue } from "@writ/core";

import { expandDidKey } from "./expand-did-key.js";
import type { ResolutionOptions } from "./resolution-options.js";
import { failure, isFailure, type ResolutionFailure, type ResolutionResult } from "./resolution-result.js";

/**
 * Resolves a DID (DID Core 1.0, section 7.1). A did:key is expanded here; the other methods are asked of
 * `options.resolver`, whose answer is passed on only if it is well-formed and of this very DID.
 *
 * Never throws: `didResolutionMetadata.error` is `invalidDid`, `methodNotSupported`, `notFound`,
 * `invalidPublicKey`, `invalidPublicKeyLength`, `invalidPublicKeyType`, `unsupportedPublicKeyType`,
 * `representationNotSupported` or `internalError`.
 */
export async function resolveDid(did: string, options: ResolutionOptions = {}): Promise<ResolutionResult> {
  if (!isDid(did)) return failed(failure("invalidDid", "not a DID"));
  if (did.startsWith("did:key:")) {
    const document = expandDidKey(did, options);
    return isFailure(document) ? failed(document) : found(document, {});
  }
  if (options.resolver === undefined) return failed(METHOD_NOT_SUPPORTED);
  return await resolveByDriver(did, options.resolver);
}

const METHOD_NOT_SUPPORTED = failure("methodNotSupported", "the method of the DID is not supported");

/** The words of drivers that are passed on, with a sentence of our own: theirs may hold what they fetched. */
const DRIVER_ERRORS: ReadonlyMap<JsonValue, ResolutionFailure> = new Map<JsonValue, ResolutionFailure>([
  ["invalidDid", failure("invalidDid", "the method of the DID does not allow it")],
  ["notFound", failure("notFound", "the DID has no document")],
  [
    "representationNotSupported",
    failure("representationNotSupported", "the driver has it in another form only"),
  ],
  ["methodNotSupported", METHOD_NOT_SUPPORTED],
  // The word of the resolver of `did-resolver`.
  ["unsupportedDidMethod", METHOD_NOT_SUPPORTED],
]);

async function resolveByDriver(did: string, resolver: DidResolver): Promise<ResolutionResult> {
  let answer: JsonObject;
  try {
    // A copy, read once: an answer may be anything, and change.
    answer = snapshot(await resolver.resolve(did));
  } catch {
    return failed(failure("internalError", "the driver of the method gave no answer"));
  }
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = answer;
  if (!isJsonObject(didResolutionMetadata) || !isJsonObject(didDocumentMetadata)) return NOT_WELL_FORMED;
  const error = didResolutionMetadata["error"];
  if (error !== undefined) return failed(driverFailure(error));
  if (didDocument === null && didDocumentMetadata["deactivated"] === true) {
    return { didDocument: null, didResolutionMetadata: {}, didDocumentMetadata };
  }
  if (!isDocumentOf(did, didDocument)) return NOT_WELL_FORMED;
  return found(didDocument, didDocumentMetadata);
}

function driverFailure(error: JsonValue): ResolutionFailure {
  return DRIVER_ERRORS.get(error) ?? failure("internalError", "the driver of the method failed");
}

/** Members that hold verification methods or services, embedded or by reference. */
const LISTS = [
  "verificationMethod",
  "authentication",
  "assertionMethod",
  "keyAgreement",
  "capabilityInvocation",
  "capabilityDelegation",
  "service",
] as const;

function isDocumentOf(did: string, document: JsonValue | undefined): document is JsonObject {
  if (!isJsonObject(document) || document["id"] !== did) return false;
  return LISTS.every((name) => {
    const { [name]: list = [] } = document;
    return Array.isArray(list) && list.every((entry: JsonValue) => isEntry(entry, name));
  });
}

function isEntry(entry: JsonValue, list: (typeof LISTS)[number]): boolean {
  if (typeof entry === "string") return list !== "verificationMethod" && list !== "service";
  return isJsonObject(entry) && typeof entry["id"] === "string";
}

function found(didDocument: JsonObject, didDocumentMetadata: JsonObject): ResolutionResult {
  const contentType = "@context" in didDocument ? "application/did+ld+json" : "application/did+json";
  return { didDocument, didResolutionMetadata: { contentType }, didDocumentMetadata };
}

function failed(didResolutionMetadata: ResolutionFailure): ResolutionResult {
  return { didDocument: null, didResolutionMetadata, didDocumentMetadata: {} };
}

const NOT_WELL_FORMED: ResolutionResult = failed(
  failure("internalError", "the driver of the method gave no well-formed document of the DID"),
);
