import type { JsonValue } from "../json/json-value.js";
import { DECEPTIVE_CHARACTERS, refuse, type Shape } from "../schema/shape.js";

/** Prefixes that a pinned context declares: an id that began with one would be read as another. */
const PREFIXES: ReadonlySet<string> = new Set(["cred", "sec", "xsd"]);

/** Whether a value is an absolute IRI as it stands, and no name of a blank node. */
export function isAbsoluteIri(value: JsonValue | undefined): value is string {
  if (typeof value !== "string" || value.length > 2048) return false;
  const [scheme] = /^[A-Za-z][A-Za-z0-9+.-]*(?=:[^\s<>"{}|\\^`]+$)/u.exec(value) ?? [];
  return (
    scheme !== undefined &&
    !PREFIXES.has(scheme) &&
    !DECEPTIVE_CHARACTERS.test(value) &&
    value.normalize("NFC") === value
  );
}

/** An absolute URL, as it stands. */
export const absoluteIri: Shape<string> = {
  check(value, pointer) {
    if (!isAbsoluteIri(value)) refuse(pointer, "must be an absolute URL", "ID_INVALID");
  },
  jsonSchema: { type: "string", format: "iri" },
};
