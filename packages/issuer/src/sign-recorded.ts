import {
  asJson,
  checkSignedBy,
  checkValidity,
  createResolver,
  digestMultibase,
  parseDocument,
  refusal,
  signDocument,
  WritError,
  type CredentialFrame,
  type Shape,
  type SuiteName,
} from "@writ/core";

import { commitTogether } from "./commit-together.js";
import type { RecordedCredential } from "./issued-before.js";
import { assertCurrentKey, type Organisation } from "./organisation.js";

/** How a credential is signed that is on record. */
interface RecordedSigning<Type extends string, Subject> {
  readonly suite: SuiteName | undefined;
  readonly shape: Shape<CredentialFrame<Type, Subject>>;
}

/**
 * Signs a credential that is on record, applies the checks of a verifier, and notes what is about to be handed out.
 * Signed again, it is the same with the same signature: Ed25519 signs without randomness.
 *
 * @throws WritError of what a verifier would find; as {@link noteSigned}.
 */
export async function signRecorded<Type extends string, Subject>(
  organisation: Organisation,
  { unsigned, issued }: RecordedCredential<Type, Subject>,
  { suite, shape }: RecordedSigning<Type, Subject>,
): Promise<CredentialFrame<Type, Subject>> {
  const signed = await signDocument(unsigned, {
    signer: organisation.signer,
    purpose: "assertionMethod",
    created: issued,
    suite,
  });
  await assertVerifies(organisation, signed, shape);
  await noteSigned(organisation, unsigned.id, digestMultibase(signed));
  return signed;
}

/**
 * Notes the digest of what is about to be handed out.
 *
 * @param record by which its row is known
 * @throws WritError `RECORD_TAMPERED` where another was noted before; `KEY_ROTATED`: a key that was replaced hands out
 *   nothing.
 */
export async function noteSigned(organisation: Organisation, record: string, digest: string): Promise<void> {
  const noted = await commitTogether(organisation.database, async (transaction) => {
    await assertCurrentKey(transaction, organisation);
    return transaction.query(
      "UPDATE credentials SET digest = $2 WHERE id = $1 AND (digest IS NULL OR digest = $2) RETURNING id",
      [record, digest],
    );
  });
  if (noted.length > 0) return;
  throw new WritError("RECORD_TAMPERED", "the credential is not what was signed before");
}

async function assertVerifies(
  { did, clock }: Organisation,
  signed: CredentialFrame<string, unknown>,
  shape: Shape<unknown>,
): Promise<void> {
  parseDocument(asJson(signed), shape);
  const now = clock();
  const { problems } = await checkSignedBy(
    asJson(signed),
    { did, purpose: "assertionMethod", now },
    { resolver: createResolver() },
  );
  const problem = problems[0] ?? checkValidity(signed, now);
  if (problem !== undefined) throw refusal(problem);
}
