import type { ErrorCode } from "../errors/codes.js";
import { WritError } from "../errors/writ-error.js";
import { sameJson } from "../json/canonicalize.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { joinPointer } from "../json/pointer.js";
import { ED25519_2020_V1 } from "../jsonld/context-addresses.js";

/**
 * The strict profile (DESIGN 4.2), for every document with a Writ type or context, before any
 * JSON-LD. Under it a JSON-LD processor and a reader of plain JSON see the same statements: no key is
 * a keyword or an IRI, no context stands anywhere but where a secured document begins, and nothing
 * is written that an RDF signature would not cover.
 *
 * The closed shape of the document is the other half: it says which members there may be and what
 * the context is, and its lists are neither empty nor repeat an item.
 *
 * @throws WritError `KEY_NOT_PLAIN`, `CONTEXT_NOT_ALLOWED`, `VALUE_NULL`, `PROOF_CHAIN_INVALID`.
 */
export function assertStrictProfile(document: JsonObject): void {
  walk(document, [], "document");
}

/**
 * `document`: the top of a secured document. `proof`: a proof, whose JCS form may repeat the
 * context. `plain`: anywhere else.
 */
type Place = "document" | "proof" | "plain";

/** Where the walk is; the one list grows and shrinks with it. */
type Path = (string | number)[];

function walk(value: JsonValue, path: Path, place: Place): void {
  if (value === null) fail("VALUE_NULL", "null is not allowed here", path);
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) {
      path.push(index);
      walk(item, path, place);
      path.pop();
    }
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      path.push(key);
      if (key === "@context") {
        if (place === "plain") fail("CONTEXT_NOT_ALLOWED", "a context may not stand here", path);
        if (!isAddresses(member)) fail("CONTEXT_NOT_ALLOWED", "contexts are named by their addresses", path);
      } else if (key.startsWith("@") || key.includes(":")) {
        fail("KEY_NOT_PLAIN", "a member name must be a plain term", path);
      }
      if (!isArgs(path)) walk(member, path, placeOf(key, place));
      path.pop();
    }
    if (place === "document") assertProofs(value, path);
  }
}

/**
 * A proof repeats the document's contexts or has none: one that had only the first of them would be good
 * for the document without the others, which can be added by anybody. And the context of a suite is there
 * if a proof of that suite is, which alone decides it.
 */
function assertProofs({ "@context": context = null, proof }: JsonObject, path: Path): void {
  if (proof === undefined) return;
  const set = isJsonArray(proof) ? proof : [proof];
  for (const [index, entry] of set.entries()) {
    const place = [...path, ...(isJsonArray(proof) ? ["proof", index] : ["proof"])];
    const { "@context": repeated, previousProof } = isJsonObject(entry) ? entry : {};
    if (repeated !== undefined && !sameJson(repeated, context)) {
      fail("CONTEXT_NOT_ALLOWED", "a proof's context must be the document's", [...place, "@context"]);
    }
    // Only its issuer signs a document of Writ's, who has nobody to follow; each link would cost a reading of all.
    if (previousProof !== undefined) {
      fail("PROOF_CHAIN_INVALID", "a document of Writ's has no chain of proofs", [...place, "previousProof"]);
    }
  }
  const needed = set.some((entry) => isJsonObject(entry) && entry["type"] === "Ed25519Signature2020");
  const there = isJsonArray(context) && context.includes(ED25519_2020_V1);
  if (needed !== there) {
    fail("CONTEXT_NOT_ALLOWED", `${ED25519_2020_V1} goes with an Ed25519Signature2020`, [
      ...path,
      "@context",
    ]);
  }
}

/** Whether contexts are all named: one that is written out could say anything. */
function isAddresses(context: JsonValue): boolean {
  return (isJsonArray(context) ? context : [context]).every((each) => typeof each === "string");
}

function placeOf(key: string, parent: Place): Place {
  if (parent !== "document") return "plain";
  if (key === "proof") return "proof";
  return key === "verifiableCredential" ? "document" : "plain";
}

/** An invocation's arguments are ordinary JSON; a grant's are keyed by pointers and hold such values. */
function isArgs(path: Path): boolean {
  if (path.at(-1) !== "args") return false;
  const place = path.map((token) => (typeof token === "number" ? "*" : token)).join("/");
  return ARGS.has(place.replace(/^verifiableCredential\/\*\//, ""));
}

const ARGS: ReadonlySet<string> = new Set(["invocation/args", "credentialSubject/grants/*/args"]);

function fail(code: ErrorCode, detail: string, path: Path): never {
  throw new WritError(code, detail, { pointer: path.reduce<string>(joinPointer, "") });
}
