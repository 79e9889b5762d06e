import type { DidResolver, JsonObject } from "@writ/core";

import { dereferenceDidUrl } from "./dereference-did-url.js";
import { hasDidUrlParts } from "./did-url.js";
import {
  chooseResolutionMediaType,
  DEFAULT_MEDIA_TYPE,
  type ResolutionMediaType,
} from "./resolution-media-type.js";
import { readResolutionOptions } from "./resolution-options.js";
import { resolveDid } from "./resolve-did.js";
import {
  failure,
  isFailure,
  type ResolutionError,
  type ResolutionFailure,
  type ResolutionMetadata,
} from "./resolution-result.js";

/** A request for `GET /1.0/identifiers/{identifier}`. */
export interface IdentifierRequest {
  /** A DID or DID URL, percent-decoded once. */
  readonly identifier: string;
  /** What {@link readResolutionOptions} reads. */
  readonly query?: URLSearchParams;
  /** The header `Accept`, if there is one. */
  readonly accept?: string | undefined;
  /** For all methods but did:key. */
  readonly resolver?: DidResolver | undefined;
}

/** The answer to an {@link IdentifierRequest}: `body` is JSON, to be sent as `contentType`. */
export interface IdentifierAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: JsonObject;
}

/**
 * Resolves a DID, or dereferences a DID URL, for HTTP (DID Resolution, section 12.1). The body has
 * `didDocument` (the document, or the object that a DID URL names; null on failure),
 * `didResolutionMetadata` (`didDereferencingMetadata` for a DID URL) and `didDocumentMetadata`. Where
 * the request accepts a document alone, the body is what was found; a failure is told in full all the same.
 *
 * Never throws; `error` is a {@link ResolutionError}, the status that of {@link identifierStatus}.
 */
export async function answerIdentifier(request: IdentifierRequest): Promise<IdentifierAnswer> {
  const mediaType = chooseResolutionMediaType(request.accept);
  const outcome = mediaType === undefined ? refused(NOT_REPRESENTABLE) : await lookUp(request);
  return write(outcome, mediaType ?? DEFAULT_MEDIA_TYPE, request.identifier);
}

/**
 * The HTTP status of a result. As in DID Resolution (section 12.1), but that what is wrong with the
 * request, `methodNotSupported` (501 there) and the errors of did:key (500 there), is the client's: 400.
 *
 * @param error undefined for a success
 */
export function identifierStatus(
  error: ResolutionError | undefined,
  { deactivated }: { readonly deactivated: boolean },
): number {
  if (error !== undefined) return STATUS_OF[error];
  return deactivated ? 410 : 200;
}

const STATUS_OF: Readonly<Record<ResolutionError, number>> = {
  invalidDid: 400,
  invalidDidUrl: 400,
  invalidOptions: 400,
  methodNotSupported: 400,
  invalidPublicKey: 400,
  invalidPublicKeyLength: 400,
  invalidPublicKeyType: 400,
  unsupportedPublicKeyType: 400,
  notFound: 404,
  representationNotSupported: 406,
  internalError: 500,
};

const NOT_REPRESENTABLE = failure(
  "representationNotSupported",
  "no media type that is accepted can be given",
);

/** What resolving and dereferencing have in common. */
interface Outcome {
  readonly found: JsonObject | null;
  readonly process: ResolutionMetadata;
  readonly metadata: JsonObject;
}

function refused(process: ResolutionFailure): Outcome {
  return { found: null, process, metadata: {} };
}

async function lookUp({ identifier, query, resolver }: IdentifierRequest): Promise<Outcome> {
  const requested = readResolutionOptions(query ?? new URLSearchParams());
  if (isFailure(requested)) return refused(requested);
  const options = { ...requested, ...(resolver === undefined ? {} : { resolver }) };
  if (hasDidUrlParts(identifier)) {
    const { content, dereferencingMetadata, contentMetadata } = await dereferenceDidUrl(identifier, options);
    return { found: content, process: dereferencingMetadata, metadata: contentMetadata };
  }
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = await resolveDid(identifier, options);
  return { found: didDocument, process: didResolutionMetadata, metadata: didDocumentMetadata };
}

function write(
  outcome: Outcome,
  { form, contentType }: ResolutionMediaType,
  asked: string,
): IdentifierAnswer {
  const { found, process, metadata } = outcome;
  const error = isFailure(process) ? process.error : undefined;
  const status = identifierStatus(error, { deactivated: metadata["deactivated"] === true });
  if (form === "content" && found !== null) {
    // Without a context it is JSON, and no JSON-LD.
    if (contentType === "application/did+ld+json" && found["@context"] === undefined) {
      return write(refused(NOT_REPRESENTABLE), DEFAULT_MEDIA_TYPE, asked);
    }
    return { status, contentType, body: found };
  }
  return {
    status,
    contentType: form === "result" ? contentType : DEFAULT_MEDIA_TYPE.contentType,
    body: {
      "@context": "https://w3id.org/did-resolution/v1",
      didDocument: found,
      [hasDidUrlParts(asked) ? "didDereferencingMetadata" : "didResolutionMetadata"]: { ...process },
      didDocumentMetadata: metadata,
    },
  };
}
