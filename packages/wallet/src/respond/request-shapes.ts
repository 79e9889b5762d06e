import { oneOrMany, refuse, sequence, text, type JsonLimits, type JsonValue, type Shape } from "@writ/core";

/** The limits for a request, which anybody may send. */
export const REQUEST_LIMITS: JsonLimits = { maxBytes: 64 * 1024, maxDepth: 20, maxItems: 128 };

/** A request asks at most this many questions. */
export const MAX_QUERIES = 16;

/** In all its questions a request names at most this many claims, since each is sought in each credential. */
export const MAX_CLAIMS = 128;

/** A text that a proof can bear: the challenge, the domain. */
export const proofText: Shape<string> = text({ maxLength: 512 });

/** A name, or an IRI. */
export const nameText: Shape<string> = text({ maxLength: 2048 });

/** Yes or no. */
export const flag: Shape<boolean> = {
  check(value, pointer) {
    if (typeof value !== "boolean") refuse(pointer, "must be true or false");
  },
  jsonSchema: { type: "boolean" },
};

/** One of these, or a list of them; one that stands there twice is none the worse for it. */
export function itemOrItems<T>(item: Shape<T>, maxItems: number): Shape<T | readonly T[]> {
  return oneOrMany(item, maxItems, sequence(item, maxItems));
}

/** Whatever JSON there is. */
export const anyJson: Shape<JsonValue> = { check: () => undefined, jsonSchema: {} };

/** What a sender says of its reasons, if it is a short text. */
export function reasonOf(reason: JsonValue | undefined): { readonly reason?: string } {
  return typeof reason === "string" && reason.length <= 1024 ? { reason } : {};
}

/** The last part of an IRI, which is the name of the type in a document that has contexts for it. */
export function localName(iri: string): string {
  const at = Math.max(...["/", "#", ":"].map((separator) => iri.lastIndexOf(separator)));
  return iri.slice(at + 1);
}
