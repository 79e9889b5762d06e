import { WritError } from "../errors/writ-error.js";
import { isJsonObject, type JsonValue } from "./json-value.js";

/** Longer names are cut in the pointers of problems, so that no input is echoed at length. */
const MAX_TOKEN_LENGTH = 128;

/** Appends one reference token to a JSON Pointer (RFC 6901) that tells a person where. */
export function joinPointer(pointer: string, token: string | number): string {
  const text = typeof token === "number" ? String(token) : escapeToken(token);
  return `${pointer}/${text}`;
}

function escapeToken(token: string): string {
  const shown = token.length > MAX_TOKEN_LENGTH ? `${token.slice(0, MAX_TOKEN_LENGTH)}…` : token;
  return /[~/]/.test(shown) ? shown.replaceAll("~", "~0").replaceAll("/", "~1") : shown;
}

/**
 * Splits a JSON Pointer into its reference tokens.
 *
 * @throws WritError `SCHEMA_INVALID` where the text is not a pointer (RFC 6901, section 3).
 */
export function parsePointer(pointer: string): readonly string[] {
  const known = parsedPointers.get(pointer);
  if (known !== undefined) return known;
  const tokens = splitPointer(pointer);
  // Pointers come from documents: whoever sends many does not fill the memory.
  if (parsedPointers.size >= MAX_PARSED) parsedPointers.clear();
  parsedPointers.set(pointer, tokens);
  return tokens;
}

/** Grants are judged by the same few pointers again and again. */
const parsedPointers = new Map<string, readonly string[]>();
const MAX_PARSED = 4096;

function splitPointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) {
    throw new WritError("SCHEMA_INVALID", "not a JSON Pointer");
  }
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * The value at a pointer, or `undefined`. Descends into objects only: in Writ's vocabulary an
 * array is one value, so that no index can slip past a constraint.
 */
export function valueAt(root: JsonValue, tokens: readonly string[]): JsonValue | undefined {
  let value = root;
  for (const token of tokens) {
    if (!isJsonObject(value) || !Object.hasOwn(value, token)) return undefined;
    value = value[token] as JsonValue;
  }
  return value;
}
