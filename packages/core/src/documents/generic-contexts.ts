import { WritError } from "../errors/writ-error.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import {
  CREDENTIALS_EXAMPLES_V2,
  CREDENTIALS_V1,
  CREDENTIALS_V2,
  WRIT_V1,
} from "../jsonld/context-addresses.js";
import { isPinnedIri, isPinnedTerm, PINNED_CONTEXTS } from "../jsonld/pinned-contexts.js";
import { coercionsOf, type Coercion } from "../jsonld/term-coercion.js";

/** What the caller allows beyond the pinned contexts. */
export interface GenericContexts {
  /** The terms of the examples in VC Data Model 2.0, under which every name is a term. */
  readonly examples?: "refused" | "allowed";
  /** Context objects inside a document, with new plain terms for absolute IRIs. */
  readonly inline?: "refused" | "plain-terms";
}

const MAX_INLINE_TERMS = 128;

type Refuse = (detail: string, ...tokens: readonly (string | number)[]) => never;

/**
 * The contexts of a document under the generic profile (DESIGN 4.2): first that of the data model, then
 * other pinned ones; what else the caller allows. Returns how they read the values of terms.
 *
 * @param pointerTo the place of a context, or of a term in one
 * @throws WritError `CONTEXT_NOT_ALLOWED`, and `CANON_LIMIT` for more terms than a processor can be asked to
 *   copy for each object.
 */
export function readGenericContexts(
  contexts: JsonValue | undefined,
  allowed: GenericContexts,
  pointerTo: (tokens: readonly (string | number)[]) => string,
): ReadonlyMap<string, Coercion> {
  const refuse: Refuse = (detail, ...tokens) => {
    throw new WritError("CONTEXT_NOT_ALLOWED", detail, { pointer: pointerTo(tokens) });
  };
  if (!isJsonArray(contexts)) return refuse("must be a list");
  const [base] = contexts;
  if (base !== CREDENTIALS_V1 && base !== CREDENTIALS_V2) {
    refuse("must begin with the context of VC Data Model 1.1 or 2.0");
  }
  const coercions = new Map<string, Coercion>();
  const terms = new Map<string, string>();
  contexts.forEach((context, index) => {
    if (isJsonObject(context)) {
      if (allowed.inline !== "plain-terms") refuse("a context object is not allowed", index);
      readInlineContext(context, terms, (detail, term) => refuse(detail, index, term));
      if (terms.size > MAX_INLINE_TERMS) {
        throw new WritError("CANON_LIMIT", `more than ${String(MAX_INLINE_TERMS)} terms`, {
          pointer: pointerTo([index]),
        });
      }
      return;
    }
    if (contexts.indexOf(context) < index) refuse("is there already", index);
    if (typeof context !== "string" || (index > 0 && !isFurther(context, allowed))) {
      return refuse("is not a context that may stand here", index);
    }
    for (const [term, coercion] of coercionsOf(context)) coercions.set(term, coercion);
  });
  return coercions;
}

/** Whether a context may follow on that of the data model. Writ's own documents are under the strict profile. */
function isFurther(context: string, { examples }: GenericContexts): boolean {
  if (context === CREDENTIALS_EXAMPLES_V2) return examples === "allowed";
  return PINNED_CONTEXTS.has(context) && ![CREDENTIALS_V1, CREDENTIALS_V2, WRIT_V1].includes(context);
}

/**
 * New names for IRIs that have none. Each is what its IRI ends in: with another name for the same IRI, or
 * with names exchanged, members could be renamed.
 */
function readInlineContext(
  context: JsonObject,
  terms: Map<string, string>,
  refuse: (detail: string, term: string) => never,
): void {
  for (const [term, iri] of Object.entries(context)) {
    const isNew = PLAIN_TERM.test(term) && !isPinnedTerm(term) && !terms.has(term);
    if (!isNew || typeof iri !== "string" || !TERM_IRI.test(iri) || isPinnedIri(iri)) {
      return refuse("must be a new plain term for an absolute IRI that has no other", term);
    }
    if (/[^/#:]*$/.exec(iri)?.[0] !== term) refuse("must be what its IRI ends in", term);
    terms.set(term, iri);
  }
}

/** A term that can be nothing else: no keyword, no IRI. */
export const PLAIN_TERM: RegExp = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Ends in nothing by which a term could become a prefix of others. */
const TERM_IRI = /^(?:https?|urn|did):[!-~]*[A-Za-z0-9]$/;
