import type { Proof } from "../documents/proof.js";
import { WritError } from "../errors/writ-error.js";
import type { JsonObject, JsonValue } from "../json/json-value.js";
import type { Signer } from "../keys/signer.js";
import { eddsaJcs2022 } from "./eddsa-jcs-2022.js";
import { ed25519Signature2020, eddsaRdfc2022 } from "./rdf-suites.js";

/** What a suite signs: hashes of the proof's options and of the document. */
export interface CryptographicSuite {
  /** How a proof names the suite. */
  readonly names: Pick<Proof, "type" | "cryptosuite">;
  /**
   * The bytes to sign.
   *
   * @param document its `proof` is not regarded
   * @param options all members of the proof but `proofValue`
   * @param previous the proofs that this one follows on; they are signed with the document
   * @throws WritError where the document cannot be signed by this suite without loss.
   */
  hash(
    document: JsonObject,
    options: JsonObject,
    previous: readonly JsonValue[],
  ): Uint8Array | Promise<Uint8Array>;
  /**
   * The whole proof, where a reference library makes it; `undefined` where that does not sign such a
   * document, and absent where there is none.
   */
  createProof?(
    document: JsonObject,
    options: JsonObject,
    previous: readonly JsonValue[],
    signer: Signer,
  ): Promise<JsonObject | undefined>;
  /** The options as they will stand in the proof, for a document that is being signed. */
  optionsFor(document: JsonObject, options: JsonObject): JsonObject;
  /** The context that a document must have beside its own, so that it can say what the suite's proofs say. */
  contextFor(contexts: readonly JsonValue[]): string | undefined;
}

/** The name of a suite that Writ signs and verifies with. */
export type SuiteName = "eddsa-jcs-2022" | "eddsa-rdfc-2022" | "Ed25519Signature2020";

const SUITES: Readonly<Record<SuiteName, CryptographicSuite>> = {
  "eddsa-jcs-2022": eddsaJcs2022,
  "eddsa-rdfc-2022": eddsaRdfc2022,
  Ed25519Signature2020: ed25519Signature2020,
};

/** The suites, by name. */
export const SUITE_NAMES: readonly SuiteName[] = [
  "eddsa-jcs-2022",
  "eddsa-rdfc-2022",
  "Ed25519Signature2020",
];

/** The suite by which Writ signs unless told otherwise. */
export const DEFAULT_SUITE: SuiteName = "eddsa-jcs-2022";

/**
 * The suite of a name.
 *
 * @throws WritError `SUITE_UNKNOWN`.
 */
export function suiteNamed(name: SuiteName): CryptographicSuite {
  if (!SUITE_NAMES.includes(name)) throw new WritError("SUITE_UNKNOWN", "there is no such suite");
  return SUITES[name];
}

/**
 * The suite that a proof names.
 *
 * @throws WritError `SUITE_UNKNOWN`; nothing is guessed.
 */
export function suiteOf({ type, cryptosuite }: Pick<Proof, "type" | "cryptosuite">): CryptographicSuite {
  const named = SUITE_NAMES.map((name) => SUITES[name]);
  const suite = named.find(({ names }) => names.type === type && names.cryptosuite === cryptosuite);
  if (suite === undefined) throw new WritError("SUITE_UNKNOWN", "the cryptosuite is not supported");
  return suite;
}
