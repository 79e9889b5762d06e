import type { JsonObject } from "@writ/core";

/**
 * Why an identifier was not resolved: the words of DID Core 1.0 (sections 7.1.2 and 7.2.2), of did:key
 * (section 3.1) and of DID Resolution (section 11).
 */
export type ResolutionError =
  | "invalidDid"
  | "invalidDidUrl"
  | "invalidOptions"
  | "methodNotSupported"
  | "notFound"
  | "representationNotSupported"
  | "invalidPublicKey"
  | "invalidPublicKeyLength"
  | "invalidPublicKeyType"
  | "unsupportedPublicKeyType"
  | "internalError";

/** About the process: the media type of what was found, or why nothing was. */
export type ResolutionMetadata = ResolutionSuccess | ResolutionFailure | NoContent;

/** The media type of the document that was found, or that the object found is in. */
export interface ResolutionSuccess {
  readonly contentType: string;
  readonly error?: never;
}

/** Why nothing was found, with a sentence for a person. It never repeats what was asked. */
export interface ResolutionFailure {
  readonly error: ResolutionError;
  readonly message: string;
  readonly contentType?: never;
}

/** Neither an error nor a document: the DID has been deactivated. */
export interface NoContent {
  readonly contentType?: never;
  readonly error?: never;
}

/** What resolving a DID answers (DID Core 1.0, section 7.1). */
export interface ResolutionResult {
  /** Null where there is an error, or where a deactivated DID has no document any more. */
  readonly didDocument: JsonObject | null;
  readonly didResolutionMetadata: ResolutionMetadata;
  readonly didDocumentMetadata: JsonObject;
}

/** What dereferencing a DID URL answers (DID Core 1.0, section 7.2). */
export interface DereferencingResult {
  /** The document, or the object in it that the fragment names. */
  readonly content: JsonObject | null;
  readonly dereferencingMetadata: ResolutionMetadata;
  /** The metadata of the document that the content is, or is in. */
  readonly contentMetadata: JsonObject;
}

/** Makes a {@link ResolutionFailure}. */
export function failure(error: ResolutionError, message: string): ResolutionFailure {
  return { error, message };
}

/** Tells a failure from what else a step may give. */
export function isFailure(value: object): value is ResolutionFailure {
  return "error" in value;
}
