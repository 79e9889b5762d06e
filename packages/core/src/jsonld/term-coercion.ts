import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { loadContext, PINNED_CONTEXTS } from "./pinned-contexts.js";

/**
 * As what a context reads the plain values of a term: texts as IRIs, as terms, or as the text of a number;
 * or numbers as texts. The same RDF then comes of more than one JSON value.
 */
export type Coercion = "iri" | "vocabulary" | "number" | "text";

const COERCIONS: ReadonlyMap<JsonValue, Coercion | undefined> = new Map<JsonValue, Coercion | undefined>([
  ["@id", "iri"],
  ["@vocab", "vocabulary"],
  // Covers the value as it is.
  ["@json", undefined],
  // As the context of VC Data Model 2.0 writes it.
  ["https://www.w3.org/2001/XMLSchema#integer", "number"],
  ["https://www.w3.org/2001/XMLSchema#nonNegativeInteger", "number"],
]);

/** How the terms of a pinned context are coerced, wherever in it they are defined; of no other context any. */
export function coercionsOf(url: string): ReadonlyMap<string, Coercion> {
  if (!PINNED_CONTEXTS.has(url)) return NONE;
  const known = found.get(url) ?? new Map(coercionsIn(loadContext(url)));
  found.set(url, known);
  return known;
}

const NONE: ReadonlyMap<string, Coercion> = new Map();
const found = new Map<string, ReadonlyMap<string, Coercion>>();

function* coercionsIn(context: JsonObject): Generator<readonly [term: string, coercion: Coercion]> {
  for (const [term, definition] of Object.entries(context)) {
    if (!isJsonObject(definition)) continue;
    const { "@type": type } = definition;
    const coercion = type === undefined || COERCIONS.has(type) ? COERCIONS.get(type ?? "@json") : "text";
    if (coercion !== undefined) yield [term, coercion];
    yield* coercionsIn(definition);
  }
}
