import type { ProofPurpose } from "../did/verification-key.js";
import { proof as proofShape, type Proof } from "../documents/proof.js";
import { formatTimestamp } from "../documents/timestamp.js";
import { encodeBase58 } from "../encoding/base58.js";
import { WritError } from "../errors/writ-error.js";
import { asJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.js";
import { snapshot } from "../json/strict-json.js";
import type { Signer } from "../keys/signer.js";
import { parseProofSet } from "./proof-set.js";
import { DEFAULT_SUITE, suiteNamed, type SuiteName } from "./suites.js";

/** What a new proof says. */
export interface SignOptions {
  readonly signer: Signer;
  readonly purpose: ProofPurpose;
  /** When the proof is made, in milliseconds since 1970. */
  readonly created: number;
  /** When it ends. */
  readonly expires?: number;
  readonly challenge?: string;
  readonly domain?: string;
  /** `eddsa-jcs-2022` unless given. */
  readonly suite?: SuiteName | undefined;
  /** An absolute URI, by which a later proof can follow on this one. */
  readonly id?: string;
}

/** What a further proof says. */
export interface AddProofOptions extends SignOptions {
  /** Ids of the proofs that it follows on: they are signed with the document. */
  readonly previousProof?: string | readonly string[];
}

/**
 * A frozen copy of a document, with a proof (VC Data Integrity 1.0, section 4.2). Any proof that it had is
 * replaced. Where the document's contexts lack the terms of the suite's proofs, the suite's own is appended
 * to them.
 *
 * @throws what the signer throws, the codes of strict JSON where the document is not such, those of the
 *   schema where the proof would not be of its form, and under the RDF suites `JSON_LD_INVALID`,
 *   `CONTEXT_NOT_ALLOWED`, `CANON_LIMIT`, and `SCHEMA_INVALID` for what the reference library would not verify.
 */
export async function signDocument<T extends object>(
  document: T,
  options: SignOptions,
): Promise<T & { readonly proof: Proof }> {
  const unsecured = withSuiteContext(snapshot({ ...document, proof: undefined }), options);
  const proof = await createProof(unsecured, options, []);
  return snapshot({ ...unsecured, proof }) as JsonObject as T & { readonly proof: Proof };
}

/**
 * A frozen copy of a document, with one proof more than it had (VC Data Integrity 1.0, section 4.5): beside
 * the others, or as the next of a chain.
 *
 * @throws as {@link signDocument}, and `PROOF_CHAIN_INVALID` for a proof that would follow on none of the
 *   document's; `CONTEXT_NOT_ALLOWED` where the suite needs a context that the others have not signed.
 */
export async function addProof<T extends object>(
  document: T,
  options: AddProofOptions,
): Promise<T & { readonly proof: readonly Proof[] }> {
  const copy = snapshot(document);
  const { proof: existing = [], ...unsecured } = asJson(copy);
  const proofs = isJsonArray(existing) ? existing : [existing];
  if (withSuiteContext(unsecured, options) !== unsecured) {
    throw new WritError(
      "CONTEXT_NOT_ALLOWED",
      "the proofs that are there have not signed the suite's context",
    );
  }
  const ids: readonly unknown[] = [options.previousProof ?? []].flat();
  const previous = proofs.filter((proof) => isJsonObject(proof) && ids.includes(proof["id"]));
  const signed = snapshot({
    ...unsecured,
    proof: [...proofs, await createProof(unsecured, options, previous)],
  });
  parseProofSet(signed);
  return signed as JsonObject as T & { readonly proof: readonly Proof[] };
}

/** The document with all contexts that its proof needs; the same object where it has them. */
function withSuiteContext(document: JsonObject, { suite = DEFAULT_SUITE }: SignOptions): JsonObject {
  const { "@context": context = [] } = document;
  const contexts = isJsonArray(context) ? context : [context];
  const missing = suiteNamed(suite).contextFor(contexts);
  return missing === undefined ? document : { ...document, "@context": [...contexts, missing] };
}

async function createProof(
  unsecured: JsonObject,
  options: AddProofOptions,
  previous: readonly JsonValue[],
): Promise<JsonObject> {
  const { signer, purpose, created, expires, challenge, domain, id, previousProof } = options;
  const suite = suiteNamed(options.suite ?? DEFAULT_SUITE);
  const proofOptions = suite.optionsFor(
    unsecured,
    snapshot({
      id,
      ...suite.names,
      created: formatTimestamp(created),
      expires: expires === undefined ? undefined : formatTimestamp(expires),
      verificationMethod: signer.verificationMethod,
      proofPurpose: purpose,
      challenge,
      domain,
      previousProof,
    }),
  );
  const hash = await suite.hash(unsecured, proofOptions, previous);
  const proof = (await suite.createProof?.(unsecured, proofOptions, previous, signer)) ?? {
    ...proofOptions,
    proofValue: `z${encodeBase58(await signer.sign(hash))}`,
  };
  // What a verifier would refuse, such as an empty challenge, does not leave here.
  proofShape.check(proof, "/proof");
  return proof;
}
