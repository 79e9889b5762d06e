import type { Signer } from "@writ/core";

import { addProofs, type Documents } from "./documents.js";
import { namedSigner } from "./forgeries.js";
import { refused, under, type Given, type Vector } from "./vector.js";

const WEB = "did:web:issuer.example";
const KEY = `${WEB}#key-1`;

/** Section C of HOSTILE.md: who signed, by which key, and what for. */
export async function signers(documents: Documents): Promise<readonly Vector[]> {
  const { story, identity, generic, presentation } = documents;
  const { organisation, thief, bot } = story;
  const byWeb = (signer: Signer, didDocument: object): Promise<Given> =>
    under({ trust: [WEB], didDocuments: { [WEB]: didDocument } }, generic({}, signer));
  const webSigner: Signer = { ...organisation, did: WEB, verificationMethod: KEY };
  const multikey = organisation.did.slice("did:key:".length);
  const method = { id: KEY, type: "Multikey", controller: WEB, publicKeyMultibase: multikey };

  return Promise.all([
    refused(
      "044-second-signer",
      "a second proof, by somebody else",
      addProofs(documents, identity(), { signer: thief }),
      "ISSUER_MISMATCH /proof/1/verificationMethod",
    ),
    refused(
      "044-generic-not-the-issuer",
      "two proofs, of which neither is the issuer's",
      addProofs(documents, generic({ "/issuer": organisation.did }, thief), { signer: bot }),
      "ISSUER_MISMATCH /proof",
    ),
    refused(
      "049-authentication",
      "a credential signed to authenticate",
      identity({}, undefined, { purpose: "authentication" }),
      "PROOF_PURPOSE /proof/proofPurpose",
    ),
    refused(
      "049-generic",
      "a credential of others signed to authenticate",
      generic({}, undefined, { purpose: "authentication" }),
      "PROOF_PURPOSE /proof/proofPurpose",
    ),
    refused(
      "050-assertion",
      "a presentation signed to assert",
      presentation({ proof: { purpose: "assertionMethod" } }),
      "PROOF_PURPOSE /proof/proofPurpose",
    ),
    refused(
      "050-generic",
      "a presentation of others signed to assert",
      documents.genericPresentation({}, { purpose: "assertionMethod" }),
      "PROOF_PURPOSE /proof/proofPurpose",
    ),
    refused(
      "051-other-fragment",
      "another fragment than the one method of a did:key",
      identity({}, namedSigner(organisation.did, `${organisation.did}#key-1`)),
      "METHOD_NOT_AUTHORIZED /proof",
    ),
    refused(
      "051-other-relationship",
      "a method that its DID document has for another purpose",
      byWeb(webSigner, { id: WEB, verificationMethod: [method], authentication: [KEY] }),
      "METHOD_NOT_AUTHORIZED /proof",
    ),
    refused(
      "051-not-resolved",
      "a DID over the network, which is trusted and whose document is not to be had",
      under({ trust: [WEB] }, generic({}, webSigner)),
      "DID_UNAVAILABLE /proof",
    ),
    refused(
      "052-controller",
      "a method that its DID document says another controls",
      byWeb(webSigner, {
        id: WEB,
        verificationMethod: [{ ...method, controller: thief.did }],
        assertionMethod: [KEY],
      }),
      "METHOD_NOT_AUTHORIZED /proof",
    ),
    refused(
      "052-other-document",
      "a DID whose document is that of another",
      byWeb(webSigner, { id: `${WEB}:other`, verificationMethod: [method], assertionMethod: [KEY] }),
      "DID_UNAVAILABLE /proof",
    ),
    refused(
      "053-other-did",
      "a method of another DID",
      identity({ "/issuer": organisation.did }, thief),
      "ISSUER_MISMATCH /proof/verificationMethod",
    ),
    refused(
      "053-generic",
      "a method of another DID",
      generic({ "/issuer": organisation.did }, thief),
      "ISSUER_MISMATCH /proof",
    ),
    refused(
      "054-issuers",
      "two issuers",
      identity({ "/issuer": [organisation.did, thief.did] }),
      "SCHEMA_INVALID /issuer",
    ),
    refused(
      "054-generic",
      "two issuers of others",
      generic({ "/issuer": [organisation.did, thief.did] }),
      "ID_INVALID /issuer",
    ),
  ]);
}
