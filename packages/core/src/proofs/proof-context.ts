import { CREDENTIALS_V2, DATA_INTEGRITY_V2 } from "../jsonld/context-addresses.js";
import type { JsonValue } from "../json/json-value.js";
import { PINNED_CONTEXTS } from "../jsonld/pinned-contexts.js";

/** The contexts that define the terms of a Data Integrity proof. */
const WITH_DATA_INTEGRITY: ReadonlySet<JsonValue> = new Set(
  [...PINNED_CONTEXTS.keys()].filter(
    (url) => url === CREDENTIALS_V2 || url.startsWith("https://w3id.org/security/data-integrity/"),
  ),
);

/** What a document with these contexts needs for a Data Integrity proof (VC Data Integrity 1.0, section 2.4.1). */
export function contextForDataIntegrity(contexts: readonly JsonValue[]): string | undefined {
  return contexts.some((context) => WITH_DATA_INTEGRITY.has(context)) ? undefined : DATA_INTEGRITY_V2;
}
