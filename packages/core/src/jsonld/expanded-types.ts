import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { loadContext, PINNED_CONTEXTS } from "./pinned-contexts.js";

/**
 * The types of a document as IRIs, as its own contexts define them. A name that none of them defines stays
 * as it is. Of the contexts, those that are pinned are read, and objects in the document; nothing is fetched.
 *
 * @throws WritError `CONTEXT_CORRUPT`.
 */
export function expandedTypes({ "@context": context = [], type = [] }: JsonObject): readonly string[] {
  const contexts = isJsonArray(context) ? context : [context];
  const definitions = contexts.flatMap(definitionsOf);
  return (isJsonArray(type) ? type : [type])
    .filter((name) => typeof name === "string")
    .map((name) => expand(name, definitions));
}

/** The objects with the terms of one context. */
function definitionsOf(context: JsonValue): readonly JsonObject[] {
  if (isJsonObject(context)) return [context];
  if (typeof context !== "string" || !PINNED_CONTEXTS.has(context)) return [];
  const { "@context": definitions = [] } = loadContext(context);
  return (isJsonArray(definitions) ? definitions : [definitions]).filter(isJsonObject);
}

/** What is defined last holds; only a name without a definition falls under a vocabulary. */
function expand(name: string, definitions: readonly JsonObject[]): string {
  const found = definitions
    .map((terms) => (Object.hasOwn(terms, name) ? terms[name] : undefined))
    .findLast((definition) => definition !== undefined);
  const iri = isJsonObject(found) ? found["@id"] : found;
  if (typeof iri === "string") return iri;
  const vocabulary = definitions.map((terms) => terms["@vocab"]).findLast((iri) => iri !== undefined);
  return typeof vocabulary === "string" && !name.includes(":") ? vocabulary + name : name;
}
