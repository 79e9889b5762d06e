import { WritError } from "../errors/writ-error.js";
import { isJsonArray, omit, type JsonObject } from "../json/json-value.js";
import { documentLoader } from "../jsonld/canonicalize-rdf.js";
import { DATA_INTEGRITY_V1 } from "../jsonld/context-addresses.js";
import type { Signer } from "../keys/signer.js";

/**
 * The proof that `@digitalbazaar/vc` makes of a credential or presentation by one of its RDF suites; it
 * refuses what it would not verify itself. `undefined` for documents that are neither, which it does not
 * sign.
 *
 * @param options the proof as it shall be, but for `proofValue`
 * @throws WritError `SCHEMA_INVALID` for what the library refuses, and what the signer throws.
 */
export async function proveByReference(
  document: JsonObject,
  options: JsonObject,
  signer: Signer,
): Promise<JsonObject | undefined> {
  const { type = [] } = document;
  const types = isJsonArray(type) ? type : [type];
  const isCredential = types.includes("VerifiableCredential");
  if (!isCredential && !types.includes("VerifiablePresentation")) return undefined;
  const { issue, signPresentation } = await import("@digitalbazaar/vc");
  // The library writes into what it is given.
  const unsecured = structuredClone(omit(document, "proof"));
  const failures = new Set<unknown>();
  const suite = await referenceSuite(unsecured, options, telling(signer, failures));
  const common = { suite, documentLoader, purpose: { update: (proof: object) => proof } };
  try {
    const signed = isCredential
      ? await issue({ ...common, credential: unsecured })
      : await signPresentation({ ...common, presentation: unsecured });
    return (signed as { readonly proof: JsonObject }).proof;
  } catch (cause) {
    if (failures.has(cause)) throw cause;
    // The library's own words may hold parts of the document, so they stay in the cause.
    throw new WritError("SCHEMA_INVALID", "the reference library does not sign such a document", { cause });
  }
}

/** The same signer, whose failures can be told from those of the document. */
function telling(signer: Signer, failures: Set<unknown>): Signer {
  return {
    did: signer.did,
    verificationMethod: signer.verificationMethod,
    async sign(data) {
      try {
        return await signer.sign(data);
      } catch (error) {
        failures.add(error);
        throw error;
      }
    },
  };
}

async function referenceSuite(document: JsonObject, options: JsonObject, signer: Signer): Promise<object> {
  const { type, cryptosuite: _, verificationMethod: __, created, ...proof } = options;
  const date = typeof created === "string" ? { date: created } : {};
  const common = {
    signer: {
      id: signer.verificationMethod,
      algorithm: "Ed25519",
      sign: ({ data }: { readonly data: Uint8Array }) => signer.sign(data),
    },
    ...date,
  };
  if (type === "Ed25519Signature2020") {
    const { Ed25519Signature2020 } = await import("@digitalbazaar/ed25519-signature-2020");
    return new Ed25519Signature2020({ ...common, proof });
  }
  const { DataIntegrityProof } = await import("@digitalbazaar/data-integrity");
  const { cryptosuite } = await import("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
  // Without this it would read the proof by version 2 as well, which does not go with version 1.
  const { "@context": context } = document;
  const legacyContext = isJsonArray(context) && context.includes(DATA_INTEGRITY_V1);
  const suite = new DataIntegrityProof({ ...common, cryptosuite, legacyContext });
  suite.proof = proof;
  return suite;
}
