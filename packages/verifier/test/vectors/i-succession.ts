import { addProof, WRIT_CONTEXT, type Signer } from "@writ/core";

import { altered, resign, textOf, type Changes, type Documents } from "./documents.js";
import { NOW } from "./story.js";
import { refused, under, type Given, type Vector } from "./vector.js";

/** Row 232 of HOSTILE.md, and row 45: statements by which one key follows another. */
export async function successions(documents: Documents): Promise<readonly Vector[]> {
  const { organisation, thief, third } = documents.story;

  return Promise.all([
    refused(
      "045-removed",
      "a statement of succession from which the proof of the new key was taken",
      succession(documents, [organisation]),
      "PROOF_MISSING /0/proof",
    ),
    refused(
      "232-one-key",
      "a statement of succession signed by the new key alone",
      succession(documents, [third]),
      "PROOF_MISSING /0/proof",
    ),
    refused(
      "232-by-another",
      "a statement of succession signed by another key than the new one",
      succession(documents, [organisation, thief]),
      "ISSUER_MISMATCH /0/proof/1/verificationMethod",
    ),
    refused(
      "232-altered",
      "a statement of succession that was altered",
      altered(succession(documents, [organisation, third]), { "/validFrom": "2026-11-23T08:00:00Z" }),
      "SIGNATURE_INVALID /0/proof/0",
    ),
    refused(
      "232-untrusted",
      "a statement by a key that nobody trusts",
      under({ trust: [] }, succession(documents, [organisation, third])),
      "ISSUER_UNTRUSTED /0/predecessor",
    ),
    refused(
      "232-itself",
      "a key that succeeds itself",
      succession(documents, [organisation], { "/successor": organisation.did }),
      "SUCCESSION_INVALID /0/successor",
    ),
    refused(
      "232-not-yet",
      "a succession that begins in a second",
      succession(documents, [organisation, third], { "/validFrom": "2026-11-23T09:00:01Z" }),
      "NOT_YET_VALID /0/validFrom",
    ),
  ]);
}

/** A statement of succession by the organisation, signed by some. */
async function succession(
  { story }: Documents,
  signers: readonly Signer[],
  changes: Changes = {},
): Promise<Given> {
  const [first = story.organisation, ...others] = signers;
  const statement = {
    "@context": WRIT_CONTEXT,
    id: "urn:uuid:9d3f7f0e-52c3-4c0b-a6a9-3f0d3f7a1c22",
    type: ["SuccessionStatement"],
    predecessor: story.organisation.did,
    successor: story.third.did,
    validFrom: NOW,
  };
  let signed: object = await resign(statement, first, changes);
  for (const signer of others)
    signed = await addProof(signed, { signer, purpose: "assertionMethod", created: Date.parse(NOW) });
  return textOf(signed, "succession");
}
