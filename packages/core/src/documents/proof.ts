import type { ProofPurpose } from "../did/verification-key.js";
import { timestamp } from "../schema/common.js";
import {
  choice,
  object,
  oneOrMany,
  refined,
  refuse,
  text,
  type Members,
  type Shape,
} from "../schema/shape.js";

/** A proof of a document of Writ's (VC Data Integrity 1.0, section 2.1), with the members that Writ knows. */
export interface Proof {
  /** Proofs that other proofs follow on have an id. */
  readonly id?: string;
  readonly type: "DataIntegrityProof" | "Ed25519Signature2020";
  /** Of a `DataIntegrityProof`, and only of that. */
  readonly cryptosuite?: string;
  readonly created?: string;
  readonly expires?: string;
  readonly verificationMethod: string;
  readonly proofPurpose: ProofPurpose;
  readonly challenge?: string;
  readonly domain?: string;
  readonly nonce?: string;
  /** Ids of the proofs that were there before, and are signed with the document. */
  readonly previousProof?: string | readonly string[];
  /** A JCS proof repeats the document's contexts. */
  readonly "@context"?: string | readonly string[];
  readonly proofValue: string;
}

/** A proof of a document of others, which may be for several domains. */
export interface GenericProof extends Omit<Proof, "domain"> {
  readonly domain?: string | readonly string[];
}

/** A document carries at most this many proofs. */
export const MAX_PROOFS = 8;

/** A proof is for at most this many domains. */
const MAX_DOMAINS = 16;

const proofId = text({ maxLength: 512, pattern: /^[a-z][a-z0-9+.-]*:[!-~]+$/, what: "an absolute URI" });

const members: Members<Proof> = {
  id: proofId,
  type: choice("DataIntegrityProof", "Ed25519Signature2020"),
  cryptosuite: text({ maxLength: 64 }),
  created: timestamp,
  expires: timestamp,
  verificationMethod: text({ maxLength: 4096, what: "a DID URL" }),
  proofPurpose: choice("assertionMethod", "authentication"),
  challenge: text({ maxLength: 512 }),
  domain: text({ maxLength: 512 }),
  nonce: text({ maxLength: 512 }),
  previousProof: oneOrMany(proofId, MAX_PROOFS),
  "@context": oneOrMany(text({ maxLength: 2048 }), 8),
  proofValue: text({ maxLength: 256 }),
};

const OPTIONAL = [
  "id",
  "cryptosuite",
  "created",
  "expires",
  "challenge",
  "domain",
  "nonce",
  "previousProof",
  "@context",
] as const;

/** Whether the members go with the suite. */
function assertOfSuite(proof: GenericProof, pointer: string): void {
  const isDataIntegrity = proof.type === "DataIntegrityProof";
  if (isDataIntegrity && proof.cryptosuite === undefined) refuse(`${pointer}/cryptosuite`, "missing");
  if (!isDataIntegrity && proof.cryptosuite !== undefined)
    refuse(`${pointer}/cryptosuite`, "only a DataIntegrityProof has one");
  // Nobody would have signed it.
  if (proof["@context"] !== undefined && signsRdf(proof)) {
    refuse(`${pointer}/@context`, "a proof over RDF has no contexts of its own", "CONTEXT_NOT_ALLOWED");
  }
}

/** The shape of a {@link Proof}. */
export const proof: Shape<Proof> = refined(object<Proof>(members, OPTIONAL), assertOfSuite);

/** The shape of a {@link GenericProof}. */
export const genericProof: Shape<GenericProof> = refined(
  object<GenericProof>({ ...members, domain: oneOrMany(members.domain, MAX_DOMAINS) }, OPTIONAL),
  assertOfSuite,
);

/** The `proof` member: one proof, or a set of them. */
export const proofs: Shape<Proof | readonly Proof[]> = oneOrMany(proof, MAX_PROOFS);

/** The same, of a document of others. */
export const genericProofs: Shape<GenericProof | readonly GenericProof[]> = oneOrMany(
  genericProof,
  MAX_PROOFS,
);

/** Whether what a proof of a suite that Writ knows signs is what the JSON says in RDF, rather than the JSON itself. */
export function signsRdf({ type, cryptosuite }: Pick<Proof, "type" | "cryptosuite">): boolean {
  return type === "Ed25519Signature2020" || cryptosuite === "eddsa-rdfc-2022";
}

/** A proof, and where it lies. */
export interface ProofAt {
  readonly proof: GenericProof;
  /** JSON Pointer. */
  readonly pointer: string;
}

/** What a document of Writ's or of others has of proofs. */
export interface Proven {
  readonly proof?: GenericProof | readonly GenericProof[];
}

/**
 * Every proof of a document, in its order.
 *
 * @param pointer where the document lies
 */
export function proofsOf({ proof = [] }: Proven, pointer = ""): readonly ProofAt[] {
  if (!isList(proof)) return [{ proof, pointer: `${pointer}/proof` }];
  return proof.map((each, index) => ({ proof: each, pointer: `${pointer}/proof/${String(index)}` }));
}

function isList(proof: GenericProof | readonly GenericProof[]): proof is readonly GenericProof[] {
  return Array.isArray(proof);
}
