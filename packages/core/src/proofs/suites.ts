import { sha256 } from "../crypto/sha256.js";
import { hashUnsecured } from "../documents/digest.js";
import type { Proof } from "../documents/proof.js";
import { concatBytes } from "../encoding/bytes.js";
import { WritError } from "../errors/writ-error.js";
import { canonicalize } from "../json/canonicalize.js";
import { isJsonArray, omit, type JsonObject, type JsonValue } from "../json/json-value.js";

/** What a suite signs: hashes of the proof's options and of the document. */
export interface CryptographicSuite {
  /** The bytes to sign, from a document and its proof's options (all members but `proofValue`). */
  hash(document: JsonObject, options: JsonObject): Uint8Array | Promise<Uint8Array>;
  /** The options as they will stand in the proof, for a document that is being signed. */
  optionsFor(document: JsonObject, options: JsonObject): JsonObject;
}

/** eddsa-jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.3). */
const eddsaJcs2022: CryptographicSuite = {
  /** 3.3.1, step 2: the proof repeats the document's contexts. */
  optionsFor(document, options) {
    const context = document["@context"];
    return context === undefined ? options : { ...options, "@context": context };
  },

  /** 3.3.4: the options' hash, then the document's. */
  hash(document, options) {
    return concatBytes(sha256(canonicalize(options)), hashUnsecured(withProofContext(document, options)));
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

/** The suites by name. `eddsa-rdfc-2022` and `Ed25519Signature2020` take their rows here. */
const SUITES: ReadonlyMap<string, CryptographicSuite> = new Map([["eddsa-jcs-2022", eddsaJcs2022]]);

/** The name of a suite that Writ signs and verifies with. */
export type SuiteName = "eddsa-jcs-2022";

/** The suite by which Writ signs unless told otherwise. */
export const DEFAULT_SUITE: SuiteName = "eddsa-jcs-2022";

/**
 * The suite that a proof names.
 *
 * @throws WritError `SUITE_UNKNOWN`; nothing is guessed.
 */
export function suiteOf({ cryptosuite }: Pick<Proof, "cryptosuite">): CryptographicSuite {
  const suite = SUITES.get(cryptosuite);
  if (suite === undefined) throw new WritError("SUITE_UNKNOWN", "the cryptosuite is not supported");
  return suite;
}
