import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { assertDistinct } from "../schema/shape.js";

/**
 * The strict profile (DESIGN 4.2), for every document with a Writ type or context, before any
 * JSON-LD. Under it a JSON-LD processor and a reader of plain JSON see the same statements: no key is
 * a keyword or an IRI, no context stands anywhere but where a secured document begins, and nothing
 * is written that an RDF signature would not cover.
 *
 * Which members a document may have, and what its context is, says its own shape.
 *
 * @throws WritError `KEY_NOT_PLAIN`, `CONTEXT_NOT_ALLOWED`, `VALUE_NULL`, `ARRAY_EMPTY`,
 *   `DUPLICATE_ITEM`.
 */
export function assertStrictProfile(document: JsonObject): void {
  walk(document, [], "document");
}

/**
 * `document`: the top of a secured document. `proof`: a proof, whose JCS form may repeat the
 * context. `plain`: anywhere else.
 */
type Place = "document" | "proof" | "plain";

function walk(value: JsonValue, path: readonly (string | number)[], place: Place): void {
  if (value === null) fail("VALUE_NULL", "null is not allowed here", path);
  if (isJsonArray(value)) {
    if (value.length === 0) fail("ARRAY_EMPTY", "an empty array is not allowed here", path);
    value.forEach((item, index) => {
      walk(item, [...path, index], place);
    });
    assertDistinct(value, pointerOf(path));
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      const here = [...path, key];
      if (key === "@context") {
        if (place === "plain") fail("CONTEXT_NOT_ALLOWED", "a context may not stand here", here);
      } else if (key.startsWith("@") || key.includes(":")) {
        fail("KEY_NOT_PLAIN", "a member name must be a plain term", here);
      }
      if (!isArgs(here)) walk(member, here, placeOf(key, place));
    }
  }
}

function placeOf(key: string, parent: Place): Place {
  if (parent !== "document") return "plain";
  if (key === "proof") return "proof";
  return key === "verifiableCredential" ? "document" : "plain";
}

/** An invocation's arguments are ordinary JSON; a grant's are keyed by pointers and hold such values. */
function isArgs(path: readonly (string | number)[]): boolean {
  const place = path.map((token) => (typeof token === "number" ? "*" : token)).join("/");
  return ARGS.has(place.replace(/^verifiableCredential\/\*\//, ""));
}

const ARGS: ReadonlySet<string> = new Set(["invocation/args", "credentialSubject/grants/*/args"]);

function fail(code: ErrorCode, detail: string, path: readonly (string | number)[]): never {
  throw new WritError(code, detail, { pointer: pointerOf(path) });
}

function pointerOf(path: readonly (string | number)[]): string {
  return path.reduce<string>(joinPointer, "");
}
