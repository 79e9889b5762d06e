import type { DIDDocument, DIDResolutionResult, DIDResolver } from "did-resolver";

import { WritError } from "../errors/writ-error.js";
import { DOCUMENT_LIMITS, parseStrictJsonObject } from "../json/strict-json.js";
import type { SafeFetch } from "../ports/safe-fetch.js";
import { isDid } from "./did.js";

const ACCEPT = "application/did, application/did+json, application/did+ld+json, application/json";

/** Lower-case letters, digits and inner hyphens. */
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** A host of two labels or more, whose last is no number; then segments of a path. */
const DID_WEB = new RegExp(
  `^did:web:(?<host>(?:${LABEL}\\.)+(?![0-9])${LABEL})(?<path>(?::(?!\\.{1,2}(?::|$))[A-Za-z0-9._-]+)*)$`,
);

/** No name of a host is longer (RFC 1035). */
const MAX_HOST_LENGTH = 253;

/**
 * Where the document of a did:web lies (W3C CCG did:web, section 2.5.2). Stricter than the method: no
 * port and no percent escape, so that one DID is one address.
 *
 * @throws WritError `DID_SYNTAX`.
 */
export function didWebAddress(did: string): string {
  const { host = "", path = "" } = (isDid(did) ? DID_WEB.exec(did)?.groups : undefined) ?? {};
  if (host === "" || host.length > MAX_HOST_LENGTH) {
    throw new WritError("DID_SYNTAX", "not a did:web of a host and plain segments of a path");
  }
  return `https://${host}${path === "" ? "/.well-known" : path.replaceAll(":", "/")}/did.json`;
}

/**
 * The did:web driver for {@link createResolver}: `createResolver({ web: createDidWebDriver(fetch) })`.
 * Without it did:web is not resolved. A document is fetched at each question and is whatever the host
 * says at that time: whoever trusts a did:web trusts the host, its domain and its certificates.
 *
 * Answers `invalidDid`, `notFound` or `invalidDidDocument` as drivers do.
 *
 * @throws WritError `FETCH_REFUSED`, `FETCH_UNAVAILABLE`.
 */
export function createDidWebDriver(fetch: SafeFetch): DIDResolver {
  return async (did) => {
    let address: string;
    try {
      address = didWebAddress(did);
    } catch (error) {
      return failed("invalidDid", error);
    }
    const fetched = await fetch(address, { maxBytes: DOCUMENT_LIMITS.maxBytes, accept: ACCEPT });
    if (fetched.status !== "ok") return { ...NOTHING, didResolutionMetadata: { error: "notFound" } };
    try {
      return documentOf(did, fetched.body);
    } catch (error) {
      return failed("invalidDidDocument", error);
    }
  };
}

const NOTHING = { didDocument: null, didDocumentMetadata: {} } as const;

function failed(error: string, cause: unknown): DIDResolutionResult {
  if (!(cause instanceof WritError)) throw cause;
  return { ...NOTHING, didResolutionMetadata: { error, message: cause.message } };
}

function documentOf(did: string, body: Uint8Array): DIDResolutionResult {
  const document = parseStrictJsonObject(body);
  if (document["id"] !== did) throw new WritError("DID_UNAVAILABLE", "the document is another DID's");
  return {
    didResolutionMetadata: { contentType: "application/did+json" },
    // Its form is looked at where a key is taken from it.
    didDocument: document as unknown as DIDDocument,
    // The method has no word for it but to remove the document; what says so of itself is believed.
    didDocumentMetadata: document["deactivated"] === true ? { deactivated: true } : {},
  };
}
