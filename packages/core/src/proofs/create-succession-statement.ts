import { randomUuidUrn } from "../crypto/random.js";
import { WRIT_CONTEXT } from "../documents/contexts.js";
import { parseDocument } from "../documents/parse-document.js";
import { successionStatement, type SuccessionStatement } from "../documents/succession-statement.js";
import { formatTimestamp } from "../documents/timestamp.js";
import { WritError } from "../errors/writ-error.js";
import { asJson } from "../json/json-value.js";
import { snapshot } from "../json/strict-json.js";
import type { Signer } from "../keys/signer.js";
import { systemEnvironment, type Environment } from "../ports/environment.js";
import { addProof } from "./sign-document.js";

/** Whose key follows whose, and from when. */
export interface Succession {
  /** DID of the old key. */
  readonly predecessor: string;
  /** DID of the new key. */
  readonly successor: string;
  /** When it begins, in milliseconds since 1970; now unless given. */
  readonly from?: number;
}

/** A succession whose keys are both at hand. */
export interface SigningSuccession extends Pick<Succession, "from"> {
  readonly predecessor: Signer;
  readonly successor: Signer;
}

/**
 * A statement by which verifiers that trust the old key come to trust the new one instead (DESIGN 4.8),
 * signed by both.
 *
 * @throws WritError `SUCCESSION_INVALID` where both are the same, and what a signer throws.
 */
export async function createSuccessionStatement(
  { predecessor, successor, ...time }: SigningSuccession,
  environment: Environment = systemEnvironment,
): Promise<SuccessionStatement> {
  const dids = { predecessor: predecessor.did, successor: successor.did };
  const unsigned = composeSuccessionStatement({ ...dids, ...time }, environment);
  const handedOver = await signSuccessionStatement(unsigned, predecessor, environment);
  return await signSuccessionStatement(handedOver, successor, environment);
}

/**
 * The statement without its proofs, where the two keys are not in one place. Each side signs it with
 * {@link signSuccessionStatement}, the second what the first has signed.
 *
 * @throws WritError `SUCCESSION_INVALID` where both are the same, `DID_SYNTAX`.
 */
export function composeSuccessionStatement(
  { predecessor, successor, from }: Succession,
  { clock, random }: Environment = systemEnvironment,
): SuccessionStatement {
  const statement = snapshot<SuccessionStatement>({
    "@context": WRIT_CONTEXT,
    id: randomUuidUrn(random),
    type: ["SuccessionStatement"],
    predecessor,
    successor,
    validFrom: formatTimestamp(from ?? clock()),
  });
  return parseDocument(statement, successionStatement);
}

/**
 * The statement with one more proof, beside the one that it may have. That the other's proof verifies is
 * for whoever relies on the statement to check.
 *
 * @throws WritError `ARGUMENT_INVALID` where it is not this signer's to sign, `ALREADY_EXISTS` where it has
 *   signed, and the codes of strict JSON and of the schema.
 */
export async function signSuccessionStatement(
  statement: SuccessionStatement,
  signer: Signer,
  { clock }: Pick<Environment, "clock"> = systemEnvironment,
): Promise<SuccessionStatement> {
  const given = parseDocument(asJson(snapshot(statement)), successionStatement);
  const { predecessor, successor, proof = [] } = given;
  if (signer.did !== predecessor && signer.did !== successor) {
    throw new WritError("ARGUMENT_INVALID", "only the predecessor and the successor sign this");
  }
  if ([proof].flat().some(({ verificationMethod }) => verificationMethod.startsWith(`${signer.did}#`))) {
    throw new WritError("ALREADY_EXISTS", "this DID has signed the statement");
  }
  return addProof(given, { signer, purpose: "assertionMethod", created: clock() });
}
