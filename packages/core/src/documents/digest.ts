import { sha256 } from "../crypto/sha256.js";
import { encodeBase64url } from "../encoding/base64url.js";
import { concatBytes } from "../encoding/bytes.js";
import { canonicalize } from "../json/canonicalize.js";
import { asJson, omit, type JsonObject } from "../json/json-value.js";
import { isParsed } from "../json/strict-json.js";

/** Multihash prefix: SHA-256, 32 bytes. */
const MULTIHASH_SHA256 = Uint8Array.of(0x12, 0x20);

/** Hashes of parsed documents; they cannot change, so the hash is computed once for all its uses. */
const hashes = new WeakMap<JsonObject, Uint8Array>();

/** SHA-256 of the canonical form (RFC 8785) of a document without its `proof`. */
export function hashUnsecured(document: JsonObject): Uint8Array {
  const known = hashes.get(document);
  if (known !== undefined) return known;
  const hash = sha256(canonicalize(omit(document, "proof")));
  if (isParsed(document)) hashes.set(document, hash);
  return hash;
}

/**
 * The digest by which a child names its parent and an invocation its authority: multibase
 * base64url of the SHA-256 multihash of the document without `proof` (DESIGN 2).
 */
export function digestMultibase(document: object): string {
  return `u${encodeBase64url(concatBytes(MULTIHASH_SHA256, hashUnsecured(asJson(document))))}`;
}
