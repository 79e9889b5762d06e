import { sha256 } from "../crypto/sha256.js";
import { hashUnsecured } from "../documents/digest.js";
import { concatBytes } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { isJsonArray, omit, type JsonObject, type JsonValue } from "../json/json-value.js";
import { contextForDataIntegrity } from "./proof-context.js";
import type { CryptographicSuite } from "./suites.js";

/** eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.3). */
export const eddsaJcs2022: CryptographicSuite = {
  names: { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022" },
  /** JSON that is no JSON-LD can be signed as well, and stays so. */
  contextFor: (contexts) => (contexts.length === 0 ? undefined : contextForDataIntegrity(contexts)),

  /** 3.3.1, step 2: the proof repeats the document's contexts. */
  optionsFor(document, options) {
    const context = document["@context"];
    return context === undefined ? options : { ...options, "@context": context };
  },

  /** 3.3.4: the options' hash, then the document's. */
  hash(document, options, previous) {
    const input = withProofContext(document, options);
    const documentHash =
      previous.length === 0 ? hashUnsecured(input) : sha256(canonicalize({ ...input, proof: previous }));
    return concatBytes(sha256(canonicalize(options)), documentHash);
  },
};

/**
 * 3.3.2, step 4: the document's contexts begin with the proof's, and are replaced by them. Whatever
 * the document's own schema demands of its contexts holds for the document as it came.
 */
function withProofContext(document: JsonObject, options: JsonObject): JsonObject {
  const proofContext = options["@context"];
  if (proofContext === undefined) return document;
  const documentContext = asList(document["@context"]);
  const begins = asList(proofContext).every(
    (context, index) => canonicalize(context) === canonicalize(documentContext[index] ?? null),
  );
  if (!begins) {
    throw new WritError("CONTEXT_NOT_ALLOWED", "the document's contexts do not begin with the proof's");
  }
  const same = canonicalize(proofContext) === canonicalize(document["@context"] ?? null);
  return same ? document : { ...omit(document, "proof"), "@context": proofContext };
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isJsonArray(value) ? value : [value];
}
