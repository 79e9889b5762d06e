import {
  addProof,
  asJson,
  signDocument,
  type JsonObject,
  type Signer,
  type SignOptions,
  type SuiteName,
} from "@writ/core";

import {
  noStatusSource,
  unbound,
  verifyGenericCredential,
  verifyGenericPresentation,
} from "../../src/index.js";
import {
  CLAIMING,
  CREDENTIAL,
  CREDENTIAL_OPEN,
  CREDENTIAL_V1,
  ISSUER,
  LIST,
  OPEN,
  OTHER,
  presentationOf,
  PRESENTING,
  sign,
  statusList,
  V1,
  V2,
} from "../generic/documents.js";
import { countingSource, signerOf } from "../world.js";
import { COMMON, signable, type Subject } from "./subject.js";

/** So that nothing but the signature can refuse another challenge or domain. */
const WITHOUT_OCCASION = { expectedChallenge: unbound, expectedDomain: unbound } as const;

/** A JCS proof repeats the contexts of its document, which must be addresses then. */
function openFor(suite: SuiteName): JsonObject {
  if (suite !== "eddsa-jcs-2022") return CREDENTIAL_OPEN;
  return { ...CREDENTIAL_OPEN, "@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"] };
}

const CHAIN = ["urn:proof:a", "urn:proof:b", "urn:proof:c"] as const;

/** Proofs of several parties: beside each other, or each on the one before. */
async function withProofs(suite: SuiteName, ids?: typeof CHAIN): Promise<JsonObject> {
  const [a, b, c] = ids ?? [];
  const options = (signer: Signer, id?: string, previousProof?: string): SignOptions => ({
    ...CLAIMING,
    signer,
    suite,
    ...(id && { id }),
    ...(previousProof && { previousProof }),
  });
  const first = await signDocument(CREDENTIAL, options(OTHER, a));
  const second = await addProof(first, options(ISSUER, b, a));
  return asJson(await addProof(second, options(signerOf("witness"), c, b)));
}

/** Documents of others under a suite; all that is asked of them is their form and their proofs. */
export async function genericSubjects(suite: SuiteName): Promise<readonly Subject[]> {
  const options = {
    ...COMMON,
    trust: "anybody",
    status: noStatusSource,
    scope: "proofs",
    contexts: {},
  } as const;
  const open = { ...options, contexts: OPEN };

  const credential: Subject["verifies"] = async (altered) =>
    (await verifyGenericCredential(JSON.stringify(altered), options)).verified;
  const openCredential: Subject["verifies"] = async (altered) =>
    (await verifyGenericCredential(JSON.stringify(altered), open)).verified;
  const presentation: Subject["verifies"] = async (altered) =>
    (await verifyGenericPresentation(JSON.stringify(altered), { ...open, ...WITHOUT_OCCASION })).verified;
  /** Whoever presents what it has altered can sign that. */
  const presented: Subject["verifies"] = async (altered) => {
    const signed = await signable(sign(presentationOf(V2, altered), PRESENTING));
    return signed !== undefined && presentation(signed);
  };
  /** A credential that is in force, if the list is one. */
  const entry = { type: "BitstringStatusListEntry", statusPurpose: "revocation", statusListIndex: "5" };
  const subject = await sign({ ...CREDENTIAL, credentialStatus: { ...entry, statusListCredential: LIST } });
  const listed: Subject["verifies"] = async (altered) => {
    const status = countingSource(new Map([[LIST, JSON.stringify(altered)]]));
    return (await verifyGenericCredential(JSON.stringify(subject), { ...COMMON, trust: "anybody", status }))
      .verified;
  };

  const [signed, signedV1] = [await sign(CREDENTIAL, { suite }), await sign(CREDENTIAL_V1, { suite })];
  const showing = { ...PRESENTING, suite };
  const subjects: Readonly<Record<string, readonly [JsonObject, Subject["verifies"]]>> = {
    "credential of VC 2.0": [signed, credential],
    "credential of VC 1.1": [signedV1, credential],
    "credential with all that can be allowed": [await sign(openFor(suite), { suite }), openCredential],
    "credential, in a presentation": [signed, presented],
    "proof set": [await withProofs(suite), credential],
    // Ed25519Signature2020 has no name for what a proof follows on.
    ...(suite !== "Ed25519Signature2020" && { "proof chain": [await withProofs(suite, CHAIN), credential] }),
    "presentation of VC 2.0": [await sign(presentationOf(V2, signed, signedV1), showing), presentation],
    "presentation of VC 1.1": [await sign(presentationOf(V1, signedV1), showing), presentation],
    "another's status list": [await sign(statusList(LIST, ["revocation", "refresh"], 77), { suite }), listed],
  };
  return Object.entries(subjects).map(([name, [document, verifies]]) => ({
    name,
    suite,
    document,
    verifies,
  }));
}
