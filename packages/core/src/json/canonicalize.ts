import { WritError } from "../errors/writ-error.js";
import { isJsonArray, type JsonValue } from "./json-value.js";

/**
 * The JSON Canonicalization Scheme, RFC 8785: members sorted by UTF-16 code units, no white space,
 * ECMAScript's form of numbers and strings.
 *
 * @throws WritError `NUMBER_UNSAFE` for NaN and infinities, `JSON_SURROGATE` for half a pair.
 */
export function canonicalize(value: JsonValue): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      if (!Number.isFinite(value)) throw new WritError("NUMBER_UNSAFE", "not a finite number");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
  }
  if (value === null) return "null";
  if (isJsonArray(value)) return `[${value.map(canonicalize).join(",")}]`;
  let text = "{";
  for (const member of Object.keys(value).sort()) {
    if (text.length > 1) text += ",";
    text += `${quote(member)}:${canonicalize(value[member] as JsonValue)}`;
  }
  return `${text}}`;
}

/** Printable ASCII that needs no escape, which is nearly every text there is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new WritError("JSON_SURROGATE", "half of a surrogate pair");
  return JSON.stringify(text);
}

/** Whether two JSON values are the same value, typed and without coercion. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && canonicalize(a) === canonicalize(b));
}
