import { proofsOf, signsRdf } from "../documents/proof.js";
import { relocate, type Problem } from "../errors/writ-error.js";
import { assertTermsDefined } from "../jsonld/canonicalize-rdf.js";
import type { JsonObject } from "../json/json-value.js";
import { checkSignedAmong, checkSignedBy } from "./check-signed-by.js";
import type { ProofVerification } from "./verify-proofs.js";

/** Under which profile a document is, and so who may have signed it beside its issuer. */
export type Profile = "strict" | "generic";

/** A document that its issuer must have signed. */
export interface IssuerSigned {
  readonly json: JsonObject;
  /** DID. */
  readonly issuer: string;
  readonly profile: Profile;
  /** Where it lies; it is the whole unless given. */
  readonly pointer?: string;
}

/**
 * Whether all proofs verify and the issuer's own is among them (DESIGN 4.5): the only one, for a document of
 * Writ's; for one of others, whoever else has signed it. Those must say nothing that nobody has defined.
 */
export async function checkIssuerSigned(
  { json, issuer: did, profile, pointer = "" }: IssuerSigned,
  now: number,
  proofs: ProofVerification,
): Promise<readonly Problem[]> {
  const expected = { did, purpose: "assertionMethod", now } as const;
  if (profile === "strict") return (await checkSignedBy(json, expected, proofs, pointer)).problems;
  const { problems } = await checkSignedAmong(json, expected, proofs, pointer);
  if (problems.length === 0) await assertTerms(json, pointer);
  return problems;
}

/**
 * Refuses a document of others with a member that says nothing. RDF suites have found out while they
 * verified; a JCS proof signs names that nobody has defined as well as others.
 *
 * @throws WritError `JSON_LD_INVALID`, `CANON_LIMIT`.
 */
export async function assertTerms(json: JsonObject, pointer = ""): Promise<void> {
  const isJcs = proofsOf(json).some(({ proof }) => !signsRdf(proof));
  if (!isJcs) return;
  try {
    await assertTermsDefined(json);
  } catch (error) {
    throw relocate(error, pointer);
  }
}
