import type { ProofPurpose } from "../did/verification-key.js";
import { proof as proofShape, type Proof } from "../documents/proof.js";
import { formatTimestamp } from "../documents/timestamp.js";
import { encodeBase58 } from "../encoding/base58.js";
import { snapshot } from "../json/strict-json.js";
import type { Signer } from "../keys/signer.js";
import { DEFAULT_SUITE, suiteOf, type SuiteName } from "./suites.js";

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
  readonly suite?: SuiteName;
}

/**
 * A frozen copy of a document, with a Data Integrity proof (VC Data Integrity 1.0, section 4.2). Any
 * proof that it had is replaced.
 *
 * @throws what the signer throws, the codes of strict JSON where the document is not such, and
 *   those of the schema where the proof would not be of its form.
 */
export async function signDocument<T extends object>(
  document: T,
  options: SignOptions,
): Promise<T & { readonly proof: Proof }> {
  const {
    signer,
    purpose,
    created,
    expires,
    challenge,
    domain,
    suite: cryptosuite = DEFAULT_SUITE,
  } = options;
  const suite = suiteOf({ cryptosuite });
  const unsecured = snapshot({ ...document, proof: undefined });
  const proof = suite.optionsFor(unsecured, {
    type: "DataIntegrityProof",
    cryptosuite,
    created: formatTimestamp(created),
    verificationMethod: signer.verificationMethod,
    proofPurpose: purpose,
    ...(expires === undefined ? {} : { expires: formatTimestamp(expires) }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(domain === undefined ? {} : { domain }),
  });
  const signature = await signer.sign(await suite.hash(unsecured, proof));
  const signedProof = { ...proof, proofValue: `z${encodeBase58(signature)}` };
  // What a verifier would refuse, such as an empty challenge, does not leave here.
  proofShape.check(signedProof, "/proof");
  return snapshot({ ...unsecured, proof: signedProof });
}
