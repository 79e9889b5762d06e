import { sha256 } from "../crypto/sha256.js";
import { concatBytes } from "../encoding/bytes.js";
import { ED25519_2020_V1 } from "../jsonld/context-addresses.js";
import { WritError } from "../errors/writ-error.js";
import { isJsonArray, omit, type JsonObject, type JsonValue } from "../json/json-value.js";
import { isParsed } from "../json/strict-json.js";
import {
  canonicalizeEd25519Signature2020,
  canonicalizeEddsaRdfc2022,
  type RdfCanonicalizer,
} from "../jsonld/canonicalize-rdf.js";

import { contextForDataIntegrity } from "./proof-context.js";
import { proveByReference } from "./reference-signing.js";
import type { CryptographicSuite } from "./suites.js";

/** eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.2). */
export const eddsaRdfc2022: CryptographicSuite = rdfSuite(
  { type: "DataIntegrityProof", cryptosuite: "eddsa-rdfc-2022" },
  canonicalizeEddsaRdfc2022,
  contextForDataIntegrity,
);

/** Ed25519Signature2020 (Data Integrity EdDSA Cryptosuites 1.0, appendix; Ed25519 Signature 2020, section 3). */
export const ed25519Signature2020: CryptographicSuite = rdfSuite(
  { type: "Ed25519Signature2020" },
  canonicalizeEd25519Signature2020,
  (contexts) => (contexts.includes(ED25519_2020_V1) ? undefined : ED25519_2020_V1),
);

/** A suite that signs the canonical RDF of the proof's options and of the document. */
function rdfSuite(
  names: CryptographicSuite["names"],
  canonicalize: RdfCanonicalizer,
  contextFor: CryptographicSuite["contextFor"],
): CryptographicSuite {
  /** Hashes of parsed documents, which cannot change: canonicalising costs more than all else. */
  const hashes = new WeakMap<JsonObject, Promise<Uint8Array>>();

  async function hashOf(document: JsonObject): Promise<Uint8Array> {
    return sha256(await canonicalize(document));
  }

  function hashUnsecured(document: JsonObject): Promise<Uint8Array> {
    const known = hashes.get(document);
    if (known !== undefined) return known;
    const hash = hashOf(omit(document, "proof"));
    if (isParsed(document)) hashes.set(document, hash);
    return hash;
  }

  return {
    names,
    contextFor,
    optionsFor: (_, options) => options,

    /** It knows no chains, and is left out of them. */
    createProof: (document, options, previous, signer) =>
      previous.length > 0 ? Promise.resolve(undefined) : proveByReference(document, options, signer),

    /** 3.2.4: the hash of the options, which are read by the document's contexts, then the document's. */
    async hash(document, options, previous) {
      const { "@context": context = [] } = document;
      assertContext(context, contextFor);
      const optionsHash = await hashOf({ ...options, "@context": context });
      const documentHash = await (previous.length === 0
        ? hashUnsecured(document)
        : hashOf({ ...document, proof: previous }));
      return concatBytes(optionsHash, documentHash);
    },
  };
}

/** Without it the proof would say nothing, in RDF. */
function assertContext(context: JsonValue, contextFor: CryptographicSuite["contextFor"]): void {
  const missing = contextFor(isJsonArray(context) ? context : [context]);
  if (missing === undefined) return;
  throw new WritError("CONTEXT_NOT_ALLOWED", `the document's contexts lack ${missing}`);
}
